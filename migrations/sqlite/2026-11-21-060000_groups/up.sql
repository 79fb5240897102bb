-- Chat groups, what is said in them, and what is still owed to the hosted chat service.

-- `group_id` is what clients call it. A class has two, made and removed with it; a group of an organization stands alone.
-- `engine` is where its messages are. `last_sequence` numbers them, and so counts them too.
CREATE TABLE groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    group_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    engine TEXT NOT NULL,
    class_id BIGINT REFERENCES classes ON DELETE CASCADE,
    organization_id BIGINT,
    name TEXT NOT NULL,
    avatar TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    UNIQUE (enterprise_id, group_id)
);
CREATE INDEX groups_by_class ON groups (class_id, enterprise_id, id);
CREATE INDEX groups_by_organization ON groups (enterprise_id, organization_id, id) WHERE organization_id IS NOT NULL;

-- Who is in a group that is no class's. `id` keeps the order in which they were added; they need not be users.
CREATE TABLE group_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    group_key BIGINT NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    UNIQUE (group_key, user_id)
);
CREATE INDEX group_members_by_user ON group_members (enterprise_id, user_id, group_key);

-- What was said. `sequence` counts from 1 without a gap; `random` is the sender's, who may send a message again with it.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    group_key BIGINT NOT NULL REFERENCES groups ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    random BIGINT,
    create_time BIGINT NOT NULL,
    UNIQUE (group_key, sequence)
);
CREATE UNIQUE INDEX messages_by_random ON messages (group_key, user_id, random) WHERE random IS NOT NULL;

-- Groups that the hosted chat service is to destroy at `due`. `made` says that they are known to be there.
CREATE TABLE group_removals (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    group_id TEXT NOT NULL,
    sdkappid BIGINT NOT NULL,
    admin_id TEXT NOT NULL,
    admin_sig TEXT NOT NULL,
    made BOOLEAN NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, group_id)
) WITHOUT ROWID;
CREATE INDEX group_removals_by_time ON group_removals (due);

-- The classes that are there chat here, where they were to have groups.
INSERT INTO groups (enterprise_id, group_id, kind, engine, class_id, name, avatar, create_time, last_sequence)
SELECT enterprise_id, CAST(class_id AS TEXT) || '_chat', 'chat', 'local', class_id, CAST(class_id AS TEXT) || '_chat', '', create_time, 0
FROM classes WHERE json_extract(settings, '$.auto_create_im') = 1
UNION ALL
SELECT enterprise_id, CAST(class_id AS TEXT), 'command', 'local', class_id, CAST(class_id AS TEXT), '', create_time, 0
FROM classes WHERE json_extract(settings, '$.auto_create_im') = 1;
