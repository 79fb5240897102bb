-- Recordings that Lectern makes of classes.

-- `state` is what becomes of one. `spans` are the times in which the class was recorded (JSON). `end_time` is empty as long as
-- it goes on.
CREATE TABLE online_recordings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    task_id TEXT NOT NULL UNIQUE,
    product TEXT NOT NULL,
    state TEXT NOT NULL,
    spans TEXT NOT NULL,
    message TEXT NOT NULL,
    begin_time BIGINT NOT NULL,
    end_time BIGINT
);
CREATE INDEX online_recordings_by_class ON online_recordings (class_id, id);
CREATE INDEX online_recordings_by_enterprise ON online_recordings (enterprise_id, id);
CREATE INDEX online_recordings_collecting ON online_recordings (id) WHERE state = 'collecting';
CREATE INDEX online_recordings_by_end ON online_recordings (end_time) WHERE end_time IS NOT NULL;

-- What instances write of a recording, and the parts of it that are stored. `is_whole`: nothing more comes.
CREATE TABLE recording_logs (
    recording_id BIGINT NOT NULL REFERENCES online_recordings ON DELETE CASCADE,
    log TEXT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    is_whole BOOLEAN NOT NULL,
    PRIMARY KEY (recording_id, log)
) WITHOUT ROWID;
CREATE TABLE recording_parts (
    recording_id BIGINT NOT NULL REFERENCES online_recordings ON DELETE CASCADE,
    log TEXT NOT NULL,
    number BIGINT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    file_key TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (recording_id, log, number)
) WITHOUT ROWID;

-- A video that Lectern made has a file. `video_type` is 0 for a camera, 1 for a screen, 2 for the whole class.
ALTER TABLE recordings ADD COLUMN video_type BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recordings ADD COLUMN file_key TEXT;
ALTER TABLE recordings ADD COLUMN recording_id BIGINT;
CREATE INDEX recordings_by_recording ON recordings (recording_id) WHERE recording_id IS NOT NULL;

-- A conversion may also be that of a recording into a video.
ALTER TABLE conversions ADD COLUMN recording_id BIGINT;
CREATE INDEX conversions_by_recording ON conversions (recording_id) WHERE recording_id IS NOT NULL;

-- What is made of the recordings of an enterprise, and whether everybody who knows its address may see it.
CREATE TABLE recording_settings (
    enterprise_id BIGINT NOT NULL PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    product TEXT NOT NULL,
    is_public BOOLEAN NOT NULL
);
