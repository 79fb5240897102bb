-- A token of a link signs in to one class only. Other tokens have no class.
ALTER TABLE tokens ADD COLUMN class_id BIGINT REFERENCES classes ON DELETE CASCADE;
CREATE INDEX tokens_by_class ON tokens (class_id) WHERE class_id IS NOT NULL;
