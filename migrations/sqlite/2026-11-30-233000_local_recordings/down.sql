DROP INDEX recordings_uploaded;
DELETE FROM recordings WHERE task_id IS NOT NULL;
ALTER TABLE recordings DROP COLUMN task_id;
