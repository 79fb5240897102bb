DROP INDEX sessions_of_user;
ALTER TABLE sessions DROP COLUMN hand_up_time;
