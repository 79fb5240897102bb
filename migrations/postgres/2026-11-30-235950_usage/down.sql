DROP INDEX classes_by_begin;
DROP TABLE usage_days;
