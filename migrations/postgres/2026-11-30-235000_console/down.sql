DROP TABLE audit_entries;
DROP FUNCTION audit_entries_stay;
DROP TABLE console_links;
DROP TABLE console_sessions;
DROP TABLE operators;
