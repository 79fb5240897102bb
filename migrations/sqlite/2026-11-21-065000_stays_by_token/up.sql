-- Without statistics a planner takes the index with the most columns that are given: by class and enterprise it read everyone
-- inside a class for each sign of life of one of them.
DROP INDEX sessions_by_token;
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash, class_id)
    WHERE quit_time IS NULL AND token_hash IS NOT NULL;
