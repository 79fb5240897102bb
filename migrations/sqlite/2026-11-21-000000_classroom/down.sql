DROP TABLE idempotency_keys;
DROP TABLE documents;
DROP TABLE sessions;
DROP TABLE members;
DROP TABLE classes;
DROP TABLE users;
DROP TABLE enterprises;
