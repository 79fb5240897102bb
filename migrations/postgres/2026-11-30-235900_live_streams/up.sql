-- The last pieces of the live picture of a class, for players that load it while the class goes on. The bytes are files that
-- are removed by themselves.
CREATE TABLE live_streams (
    class_id BIGINT NOT NULL PRIMARY KEY REFERENCES classes ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    course_id BIGINT,
    playlist TEXT NOT NULL,
    update_time BIGINT NOT NULL
);
CREATE INDEX live_streams_by_course ON live_streams (course_id);
CREATE INDEX live_streams_by_time ON live_streams (update_time);
