-- Conversions of documents, and whose turn it is.

-- `state` is what is told, from queued over processing to finished and never back; who works on it holds a lease, and of what
-- nobody holds `due` says from when it may be taken. One of the document service has no document; it is of its `service`.
CREATE TABLE conversions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    task_id TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    doc_id TEXT REFERENCES documents (doc_id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    extension TEXT NOT NULL,
    size BIGINT NOT NULL,
    md5 TEXT NOT NULL,
    is_private BOOLEAN NOT NULL,
    is_static BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    progress BIGINT NOT NULL,
    code BIGINT NOT NULL,
    message TEXT NOT NULL,
    result TEXT NOT NULL,
    pages BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    title TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    lease_token TEXT,
    lease_until BIGINT,
    create_time BIGINT NOT NULL,
    begin_time BIGINT,
    end_time BIGINT
);
CREATE INDEX conversions_waiting ON conversions (enterprise_id, id) WHERE end_time IS NULL AND lease_token IS NULL;
CREATE INDEX conversions_held ON conversions (lease_until) WHERE lease_token IS NOT NULL;
CREATE INDEX conversions_by_document ON conversions (doc_id) WHERE doc_id IS NOT NULL;

-- Whose turn it is: turns are numbered, and who had the lowest, or none, is next.
CREATE TABLE conversion_turns (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    turn BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversion_turns_by_turn ON conversion_turns (turn);

-- What is known of a document that was converted; sizes in pixels.
ALTER TABLE documents ADD COLUMN pages BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN height BIGINT NOT NULL DEFAULT 0;

-- Where the document service tells how its tasks are doing; empty for where everything is told.
ALTER TABLE enterprises ADD COLUMN transcode_callback TEXT NOT NULL DEFAULT '';
