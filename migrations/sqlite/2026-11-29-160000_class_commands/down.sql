DROP INDEX check_ins_by_limit;
DROP INDEX questions_by_limit;
DROP TABLE hosted_messages;
