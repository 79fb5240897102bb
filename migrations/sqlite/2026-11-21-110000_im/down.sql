DROP TABLE push_records;
ALTER TABLE groups DROP COLUMN conversation_id;
DROP TABLE enterprise_tokens;
DROP INDEX enterprises_by_chat_app;
ALTER TABLE enterprises DROP COLUMN im_open;
ALTER TABLE enterprises DROP COLUMN chat_app_id;
ALTER TABLE enterprises DROP COLUMN chat_master_key;
