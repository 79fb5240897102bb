DROP TABLE audit_entries;
DROP TABLE console_links;
DROP TABLE console_sessions;
DROP TABLE operators;
