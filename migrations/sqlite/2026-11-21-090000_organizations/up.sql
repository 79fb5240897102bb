-- Organizations, their members and courses, and the channels that manage them. Times are milliseconds.

ALTER TABLE users ADD COLUMN description TEXT NOT NULL DEFAULT '';
CREATE INDEX users_by_phone ON users (enterprise_id, phone_no) WHERE phone_no <> '';
-- Ids of users may be taken before there is one.
INSERT INTO sqlite_sequence (name, seq) SELECT 'users', 0
WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'users');

-- What signs the tokens of an enterprise's channels.
CREATE TABLE signing_keys (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    jwt_key TEXT NOT NULL,
    old_jwt_key TEXT,
    old_jwt_key_until BIGINT
);

-- A partner's login. `user_id` is its own account; a token from before `password_time` is good no more.
CREATE TABLE channels (
    channel_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    mobile TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_time BIGINT NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX channels_by_enterprise ON channels (enterprise_id, channel_id);

CREATE TABLE organizations (
    organization_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    channel_id BIGINT NOT NULL REFERENCES channels ON DELETE CASCADE,
    name TEXT NOT NULL,
    slogan TEXT NOT NULL,
    description TEXT NOT NULL,
    logo TEXT NOT NULL,
    company TEXT NOT NULL,
    max_podium_user BIGINT NOT NULL,
    max_clarity TEXT NOT NULL,
    callback_url TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL
);
CREATE INDEX organizations_by_channel ON organizations (enterprise_id, channel_id, organization_id);

CREATE TABLE memberships (
    member_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    title TEXT NOT NULL,
    bio TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (organization_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (enterprise_id, user_id, organization_id);

-- `start_time` and `stop_time` are those of the whole schedule, nothing before it has one.
CREATE TABLE courses (
    course_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    channel_id BIGINT NOT NULL REFERENCES channels ON DELETE CASCADE,
    organization_id BIGINT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    creator_id TEXT NOT NULL,
    title TEXT NOT NULL,
    poster TEXT NOT NULL,
    description TEXT NOT NULL,
    max_podium_user BIGINT NOT NULL,
    clarity TEXT NOT NULL,
    duration BIGINT NOT NULL,
    period BIGINT NOT NULL,
    start_time BIGINT,
    stop_time BIGINT,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL
);
CREATE INDEX courses_by_channel ON courses (enterprise_id, channel_id, stop_time, course_id);
CREATE INDEX courses_by_organization ON courses (enterprise_id, organization_id, stop_time, course_id);

-- When a course has lessons. `class_start` is minutes after midnight, `points` the days of the week in JSON, from 1 for Monday.
CREATE TABLE course_times (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses ON DELETE CASCADE,
    start_time BIGINT NOT NULL,
    class_start BIGINT NOT NULL,
    repeat_mode TEXT NOT NULL,
    points TEXT NOT NULL
);
CREATE INDEX course_times_by_course ON course_times (course_id, id);

CREATE TABLE course_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES memberships ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (course_id, member_id)
);
CREATE INDEX course_members_by_member ON course_members (member_id);

-- A lesson is a class with the course it is of.
ALTER TABLE classes ADD COLUMN course_id BIGINT REFERENCES courses ON DELETE SET NULL;
CREATE INDEX classes_by_course ON classes (course_id, start_time, class_id) WHERE course_id IS NOT NULL;

-- The group of a course.
ALTER TABLE groups ADD COLUMN course_id BIGINT REFERENCES courses ON DELETE CASCADE;
CREATE INDEX groups_by_course ON groups (course_id) WHERE course_id IS NOT NULL;
-- What somebody who is no user is shown as; empty for a user.
ALTER TABLE messages ADD COLUMN sender_name TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN sender_avatar TEXT NOT NULL DEFAULT '';

-- Who is told: the enterprise itself (0), or one of its organizations.
ALTER TABLE deliveries ADD COLUMN organization_id BIGINT NOT NULL DEFAULT 0;
DROP INDEX deliveries_ready;
CREATE INDEX deliveries_ready ON deliveries (enterprise_id, organization_id, due, delivery_id) WHERE state = 'ready';
