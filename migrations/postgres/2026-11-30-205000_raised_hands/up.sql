-- When the hand of somebody inside was raised: hands are shown in this order. 0 while it is down.
ALTER TABLE sessions ADD COLUMN hand_up_time BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET hand_up_time = enter_time WHERE quit_time IS NULL AND hand_up = 1;

-- The classes that a user is inside, whose people are told of a change of the name.
CREATE INDEX sessions_of_user ON sessions (user_id, enterprise_id, class_id) WHERE quit_time IS NULL;
