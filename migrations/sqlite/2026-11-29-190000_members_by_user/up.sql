-- The members of a class are found by their class. An index that begins with the enterprise drew SQLite to all members of the
-- enterprise instead, so the index for the classes of a user begins with the user.
DROP INDEX members_by_user;
CREATE INDEX members_by_user ON members (user_id, enterprise_id, class_id);
