-- What IM needs beside the groups that are there: who may call, what signs, and which classes were messaged when.

-- `chat_master_key` signs the operations of the chat application `chat_app_id`, which is the `sdkappid` when it is empty.
-- `im_open` lets calls without a token in.
ALTER TABLE enterprises ADD COLUMN chat_master_key TEXT NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN chat_app_id TEXT NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN im_open BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX enterprises_by_chat_app ON enterprises (chat_app_id);

-- What an enterprise's own programs call with. Only the hash of each token is stored.
CREATE TABLE enterprise_tokens (
    token_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    create_time BIGINT NOT NULL,
    UNIQUE (enterprise_id, name)
);

-- What the chat application calls a group.
ALTER TABLE groups ADD COLUMN conversation_id TEXT NOT NULL DEFAULT '';

-- That a class, or a course, was messaged on a day; days are counted from 1970-01-01 in Beijing.
CREATE TABLE push_records (
    push_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT REFERENCES classes ON DELETE CASCADE,
    course_id BIGINT REFERENCES courses ON DELETE CASCADE,
    day BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, day),
    UNIQUE (course_id, day)
);
