DROP INDEX sessions_by_token;
ALTER TABLE classes DROP COLUMN end_reason;
