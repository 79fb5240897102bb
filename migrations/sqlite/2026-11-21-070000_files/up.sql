-- Stored files, and which documents have them.

-- A folder of the storage under its key, and what is to become of it. No reference to its enterprise: what a tenant left in
-- the storage is removed after the tenant. `due` is when it is removed, empty for what is kept.
CREATE TABLE files (
    file_key TEXT PRIMARY KEY NOT NULL,
    enterprise_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    due BIGINT,
    attempts BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_by_due ON files (due) WHERE due IS NOT NULL;
CREATE INDEX files_by_enterprise ON files (enterprise_id);

-- `file_key` is the original of a document, when it was uploaded here; several documents may share it. `result_key` is what
-- it was converted into.
ALTER TABLE documents ADD COLUMN file_key TEXT;
ALTER TABLE documents ADD COLUMN result_key TEXT;
CREATE INDEX documents_by_file ON documents (enterprise_id, file_key) WHERE file_key IS NOT NULL;

-- The documents that are bound to a class, in the order in which they were.
CREATE TABLE class_documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    document_id BIGINT NOT NULL REFERENCES documents ON DELETE CASCADE,
    UNIQUE (class_id, document_id)
);
CREATE INDEX class_documents_by_number ON class_documents (class_id, enterprise_id, id);
CREATE INDEX class_documents_by_document ON class_documents (document_id);
