DROP INDEX members_by_user;
CREATE INDEX members_by_user ON members (enterprise_id, user_id, class_id);
