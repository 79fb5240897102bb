-- Messages for the command group of a class in the hosted chat service, until it has them. Those of a class are sent in the
-- order of their ids: only the first of them is tried when it is due.
CREATE TABLE hosted_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    group_id TEXT NOT NULL,
    notice TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);
CREATE INDEX hosted_messages_by_class ON hosted_messages (class_id, id);
CREATE INDEX hosted_messages_by_time ON hosted_messages (due, id);

-- A question and a check-in are ended at their time limit. What passed it before this version is ended here, so that no notice
-- is sent for it.
UPDATE questions SET cancel_time = launch_time + limit_time WHERE cancel_time IS NULL AND limit_time > 0;
UPDATE check_ins SET end_time = start_time + time_limit WHERE end_time IS NULL AND time_limit > 0;
CREATE INDEX questions_by_limit ON questions (launch_time + limit_time) WHERE cancel_time IS NULL AND limit_time > 0;
CREATE INDEX check_ins_by_limit ON check_ins (start_time + time_limit) WHERE end_time IS NULL AND time_limit > 0;
