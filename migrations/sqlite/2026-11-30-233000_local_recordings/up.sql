-- What components of teachers recorded and uploaded. `task_id` is the task of the component; empty for all other videos.
ALTER TABLE recordings ADD COLUMN task_id TEXT;
CREATE INDEX recordings_uploaded ON recordings (create_time) WHERE task_id IS NOT NULL;
