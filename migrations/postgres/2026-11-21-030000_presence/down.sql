DROP INDEX classes_open;
DROP TABLE bans;
DROP INDEX sessions_leased;
ALTER TABLE sessions DROP COLUMN screen;
ALTER TABLE sessions DROP COLUMN enable_draw;
ALTER TABLE sessions DROP COLUMN lease_until;
ALTER TABLE sessions DROP COLUMN token_hash;
DROP TABLE tokens;
