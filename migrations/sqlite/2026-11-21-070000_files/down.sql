DROP TABLE class_documents;
DROP INDEX documents_by_file;
ALTER TABLE documents DROP COLUMN result_key;
ALTER TABLE documents DROP COLUMN file_key;
DROP TABLE files;
