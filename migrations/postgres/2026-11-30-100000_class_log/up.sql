-- Classes that somebody has followed over the channel. Only their events are kept in the log.
CREATE TABLE live_classes (
    class_id BIGINT NOT NULL PRIMARY KEY REFERENCES classes ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    last_sequence BIGINT NOT NULL
);

-- What happened in a class, in the order in which everybody is told. The audience is empty for everyone.
CREATE TABLE log_entries (
    class_id BIGINT NOT NULL REFERENCES live_classes ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    audience TEXT COLLATE "C" NOT NULL,
    event TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (class_id, sequence)
);
