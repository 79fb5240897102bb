-- The nouns of the classroom. Times are milliseconds since the epoch; 0 means "not yet" where a protocol shows it.

CREATE TABLE enterprises (
    enterprise_id INTEGER PRIMARY KEY AUTOINCREMENT,
    sdkappid BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    busi_type TEXT NOT NULL,
    contact_user TEXT NOT NULL,
    phone_no TEXT NOT NULL,
    e_mail TEXT NOT NULL,
    super_admin TEXT NOT NULL,
    icon TEXT NOT NULL,
    tic_key TEXT NOT NULL,
    old_tic_key TEXT,
    old_tic_key_until BIGINT,
    private_key TEXT NOT NULL,
    bizid BIGINT NOT NULL,
    appid BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    secret_id TEXT NOT NULL,
    secret_key TEXT NOT NULL,
    call_back_url TEXT NOT NULL,
    callback_ordered BOOLEAN NOT NULL,
    callback_on_api BOOLEAN NOT NULL,
    callback_paused BOOLEAN NOT NULL,
    callback_events TEXT NOT NULL,
    webhook_secret TEXT NOT NULL,
    old_webhook_secret TEXT,
    old_webhook_secret_until BIGINT,
    strict_schedule BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL,
    valid_seconds BIGINT NOT NULL
);
INSERT INTO sqlite_sequence (name, seq) VALUES ('enterprises', 10000);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    nickname TEXT NOT NULL,
    gender TEXT NOT NULL,
    avatar TEXT NOT NULL,
    phone_no TEXT NOT NULL,
    e_mail TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    password_hash TEXT,
    regist_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL,
    UNIQUE (enterprise_id, user_id)
);
CREATE INDEX users_by_time ON users (enterprise_id, regist_time, id);
CREATE INDEX users_by_role ON users (enterprise_id, role, regist_time, id);

CREATE TABLE classes (
    class_id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (class_id BETWEEN 100000001 AND 999999999),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_topic TEXT NOT NULL,
    class_type TEXT NOT NULL,
    class_status TEXT NOT NULL,
    class_live_type TEXT NOT NULL,
    teacher_id TEXT NOT NULL,
    assistant_id TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    start_time BIGINT NOT NULL,
    stop_time BIGINT NOT NULL,
    real_start_time BIGINT NOT NULL,
    real_stop_time BIGINT NOT NULL,
    admin_id TEXT NOT NULL,
    admin_sig TEXT NOT NULL,
    max_member_limit BIGINT NOT NULL,
    max_member_num BIGINT NOT NULL,
    password_hash TEXT,
    settings TEXT NOT NULL,
    record_user_id TEXT NOT NULL,
    record_user_sig TEXT NOT NULL,
    last_sequence BIGINT NOT NULL
);
INSERT INTO sqlite_sequence (name, seq) VALUES ('classes', 100000000);
CREATE INDEX classes_by_time ON classes (enterprise_id, create_time, class_id);
CREATE INDEX classes_by_status ON classes (enterprise_id, class_status, create_time, class_id);
CREATE INDEX classes_by_type ON classes (enterprise_id, class_type, create_time, class_id);

-- Who is reserved for a class. `id` keeps the order in which they were added.
CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (class_id, user_id)
);
CREATE INDEX members_by_user ON members (enterprise_id, user_id, class_id);

-- One stay of one person in one class. `ordinal` counts the stays of that person in that class from 1, so that the
-- first stays alone make the list of all who were there.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    enter_time BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    quit_time BIGINT,
    quit_reason TEXT,
    camera BIGINT NOT NULL,
    mic BIGINT NOT NULL,
    speaker BIGINT NOT NULL,
    silence BIGINT NOT NULL,
    hand_up BIGINT NOT NULL,
    UNIQUE (class_id, user_id, ordinal)
);
CREATE UNIQUE INDEX sessions_open ON sessions (class_id, user_id) WHERE quit_time IS NULL;
CREATE INDEX sessions_inside ON sessions (class_id, enter_time, id) WHERE quit_time IS NULL;
CREATE INDEX sessions_first ON sessions (class_id, ordinal, enter_time, id);

CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE,
    doc_url TEXT NOT NULL,
    doc_name TEXT NOT NULL,
    doc_ext TEXT NOT NULL,
    doc_size BIGINT NOT NULL,
    doc_md5 TEXT NOT NULL,
    permission TEXT NOT NULL,
    owner TEXT NOT NULL,
    upload_time BIGINT NOT NULL,
    is_transcode BOOLEAN NOT NULL,
    transcode_status TEXT NOT NULL,
    transcode_code BIGINT NOT NULL,
    transcode_msg TEXT NOT NULL,
    transcode_result TEXT NOT NULL
);
CREATE INDEX documents_by_time ON documents (enterprise_id, upload_time, id);
CREATE INDEX documents_by_owner ON documents (enterprise_id, owner, upload_time, id);
CREATE INDEX documents_by_name ON documents (enterprise_id, doc_name);

-- The first answer to class/create under an Idempotency-Key.
CREATE TABLE idempotency_keys (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    idempotency_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    class_id BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, idempotency_key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (enterprise_id, create_time);
