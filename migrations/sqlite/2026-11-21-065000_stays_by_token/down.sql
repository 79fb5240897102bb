DROP INDEX sessions_by_token;
CREATE INDEX sessions_by_token ON sessions (token_hash) WHERE quit_time IS NULL AND token_hash IS NOT NULL;
