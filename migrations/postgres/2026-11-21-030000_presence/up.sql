-- Components in classrooms: what they sign in with, and what keeps their stays open.

-- What `user/login` gives out: good until it expires or the user's token is renewed.
CREATE TABLE tokens (
    token_hash TEXT COLLATE "C" PRIMARY KEY,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL,
    create_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL
);
CREATE INDEX tokens_by_user ON tokens (enterprise_id, user_id);
CREATE INDEX tokens_by_time ON tokens (expire_time);

-- `token_hash` is of the token that opened the stay, nothing for a signed call; `lease_until` is when the stay ends unless
-- its component says that it lives, nothing for a stay without heartbeats.
ALTER TABLE sessions ADD COLUMN token_hash TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN lease_until BIGINT;
ALTER TABLE sessions ADD COLUMN enable_draw BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN screen BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_leased ON sessions (lease_until) WHERE quit_time IS NULL AND lease_until IS NOT NULL;

-- Who was kicked out of a class and may not come back.
CREATE TABLE bans (
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL,
    enterprise_id BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (class_id, user_id)
);

-- When classes end by themselves.
CREATE INDEX classes_open ON classes (stop_time, class_id) WHERE class_status <> 'end';
