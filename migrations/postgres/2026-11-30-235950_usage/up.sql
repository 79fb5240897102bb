-- What an enterprise used on each day (UTC), counted from its rows by a worker, so that no page counts millions of them.

-- `day` is the number of days since 1970-01-01. `storage_bytes` is unknown for days before the first count.
CREATE TABLE usage_days (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    day BIGINT NOT NULL,
    classes BIGINT NOT NULL,
    people BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    storage_bytes BIGINT,
    delivered BIGINT NOT NULL,
    given_up BIGINT NOT NULL,
    count_time BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, day)
);

-- The classes of a day: by when they began, or are planned to begin.
CREATE INDEX classes_by_begin ON classes
    (enterprise_id, (CASE WHEN real_start_time > 0 THEN real_start_time ELSE start_time END), class_id);
