-- Classes as rooms: what a protocol without schedules shows of them, what was recorded of them, and what it asks of an
-- enterprise.

-- `silence_limit` is for how long the teacher may give no sign of life before the class ends, 0 for ever; `teacher_seen` is the
-- last such sign from outside the class. `replay_url` is where the class is played back, since `replay_time`.
-- `begin_sequence` and `end_sequence` number the messages of the group that told of its begin and its end.
ALTER TABLE classes ADD COLUMN silence_limit BIGINT NOT NULL DEFAULT 0;
ALTER TABLE classes ADD COLUMN teacher_seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE classes ADD COLUMN cover TEXT NOT NULL DEFAULT '';
ALTER TABLE classes ADD COLUMN replay_url TEXT NOT NULL DEFAULT '';
ALTER TABLE classes ADD COLUMN replay_time BIGINT NOT NULL DEFAULT 0;
ALTER TABLE classes ADD COLUMN begin_sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE classes ADD COLUMN end_sequence BIGINT NOT NULL DEFAULT 0;

-- What lists of rooms go by: the newer of reservation and begin, and the state (3 when it is over and can be played back).
ALTER TABLE classes ADD COLUMN active_time BIGINT GENERATED ALWAYS AS (max(create_time, real_start_time)) VIRTUAL;
ALTER TABLE classes ADD COLUMN room_state BIGINT GENERATED ALWAYS AS (
    CASE WHEN class_status = 'will' THEN 0 WHEN class_status = 'ing' THEN 1 WHEN replay_url = '' THEN 2 ELSE 3 END
) VIRTUAL;
CREATE INDEX classes_by_state ON classes (enterprise_id, room_state, active_time, class_id);
CREATE INDEX classes_silent ON classes (class_id) WHERE class_status = 'ing' AND silence_limit > 0;

-- Classes that can be played back are counted, as all classes are.
CREATE TRIGGER replay_comes_along AFTER INSERT ON classes WHEN NEW.replay_url <> '' BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'replay', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER replay_comes AFTER UPDATE OF replay_url ON classes WHEN OLD.replay_url = '' AND NEW.replay_url <> '' BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'replay', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER replay_goes AFTER DELETE ON classes WHEN OLD.replay_url <> '' BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'replay';
END;

-- What was recorded of a class, once each however often it is reported. Times of the recorder are its own, in its own units.
CREATE TABLE recordings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    stream_id TEXT NOT NULL,
    video_id TEXT NOT NULL,
    video_url TEXT NOT NULL,
    video_format TEXT NOT NULL,
    start_time BIGINT NOT NULL,
    stop_time BIGINT NOT NULL,
    play_time BIGINT NOT NULL,
    video_size BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, video_id)
);
CREATE INDEX recordings_by_class ON recordings (class_id, id);

-- Accounts that people open themselves differ in more than the case of their letters.
CREATE INDEX users_by_folded_id ON users (enterprise_id, lower(user_id));

-- Of a document that was added to be bound to a class or an account: 0 courseware, 1 a video. Nothing of any other.
ALTER TABLE documents ADD COLUMN media BIGINT;

-- What rooms need of an enterprise, as JSON: nothing that rows are found by.
ALTER TABLE enterprises ADD COLUMN room_settings TEXT NOT NULL DEFAULT '{}';
