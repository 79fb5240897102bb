-- The console: who may use it, who is signed in, and what was changed by whom.

-- `last_step` is the time step of the last code that was used: a code works once. `role` is operator or support.
CREATE TABLE operators (
    operator_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    totp_secret TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    role TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL
);

-- Somebody who is signed in: an operator, or, with an enterprise, somebody who came by a link.
CREATE TABLE console_sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    operator_id BIGINT REFERENCES operators ON DELETE CASCADE,
    enterprise_id BIGINT REFERENCES enterprises ON DELETE CASCADE,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    seen_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX console_sessions_by_operator ON console_sessions (operator_id) WHERE operator_id IS NOT NULL;
CREATE INDEX console_sessions_by_enterprise ON console_sessions (enterprise_id) WHERE enterprise_id IS NOT NULL;
CREATE INDEX console_sessions_by_time ON console_sessions (expire_time);

-- A link that signs in once, as admin or support of an enterprise.
CREATE TABLE console_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX console_links_by_enterprise ON console_links (enterprise_id);
CREATE INDEX console_links_by_time ON console_links (expire_time);

-- What was changed. Entries outlive their enterprise, so that they do not refer to its row. Nothing changes or deletes them.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT,
    actor TEXT NOT NULL,
    origin TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    details TEXT NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX audit_entries_by_enterprise ON audit_entries (enterprise_id, id) WHERE enterprise_id IS NOT NULL;
CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries do not change');
END;
CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'audit entries are not deleted');
END;
