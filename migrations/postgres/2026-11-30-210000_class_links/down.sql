-- The version before would let the tokens of links into every class.
DELETE FROM tokens WHERE class_id IS NOT NULL;
DROP INDEX tokens_by_class;
ALTER TABLE tokens DROP COLUMN class_id;
