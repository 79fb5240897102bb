DROP TABLE log_entries;
DROP TABLE live_classes;
