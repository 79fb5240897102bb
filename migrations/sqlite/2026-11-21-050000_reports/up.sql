-- What is reported from within a class, and what is counted from it.

-- Everything that a component reports. `target` is whom it concerns beside the reporter, empty for nobody: one row for each.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    event TEXT NOT NULL,
    target TEXT NOT NULL,
    data TEXT NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX reports_by_class ON reports (class_id, id);
CREATE INDEX reports_hand_up ON reports (class_id, user_id) WHERE event = 'hand_up';
CREATE INDEX reports_reward ON reports (class_id, target) WHERE event = 'reward';

-- When a camera or a microphone of a stay went on or off; `ordinal` is that of the stay.
CREATE TABLE switches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    device TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX switches_by_user ON switches (class_id, user_id, id);

CREATE TABLE questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    options TEXT NOT NULL,
    correct_answer TEXT NOT NULL,
    limit_time BIGINT NOT NULL,
    launch_time BIGINT NOT NULL,
    cancel_time BIGINT,
    UNIQUE (class_id, question_id)
);
CREATE INDEX questions_by_class ON questions (class_id, id);

CREATE TABLE replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    reply_id TEXT NOT NULL,
    reply_select TEXT NOT NULL,
    is_right BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, question_id, user_id)
);
CREATE INDEX replies_by_user ON replies (class_id, user_id, is_right);

CREATE TABLE check_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    check_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    start_time BIGINT NOT NULL,
    time_limit BIGINT NOT NULL,
    end_time BIGINT,
    UNIQUE (class_id, check_id)
);
CREATE INDEX check_ins_by_class ON check_ins (class_id, id);

-- Who answered a check-in.
CREATE TABLE checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    check_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, check_id, user_id)
);
CREATE INDEX checks_by_user ON checks (class_id, user_id);
