-- Why a class ended; nothing before it has.
ALTER TABLE classes ADD COLUMN end_reason TEXT;

-- The open stay that a token opened: a token is in one class at a time.
CREATE INDEX sessions_by_token ON sessions (token_hash) WHERE quit_time IS NULL AND token_hash IS NOT NULL;
