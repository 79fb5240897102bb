ALTER TABLE enterprises ADD COLUMN bizid BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enterprises ADD COLUMN appid BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enterprises ADD COLUMN project_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enterprises ADD COLUMN secret_id TEXT NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN secret_key TEXT NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN chat_master_key TEXT NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN chat_app_id TEXT NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN im_open BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE enterprises ADD COLUMN room_settings TEXT NOT NULL DEFAULT '{}';
CREATE INDEX enterprises_by_chat_app ON enterprises (chat_app_id);

UPDATE enterprises SET (bizid, appid, project_id, secret_id, secret_key) =
    (SELECT c.bizid, c.appid, c.project_id, c.secret_id, c.secret_key
    FROM cloud_settings AS c WHERE c.enterprise_id = enterprises.enterprise_id)
WHERE enterprise_id IN (SELECT enterprise_id FROM cloud_settings);
UPDATE enterprises SET (chat_master_key, chat_app_id, im_open) =
    (SELECT c.chat_master_key, c.chat_app_id, c.im_open
    FROM chat_settings AS c WHERE c.enterprise_id = enterprises.enterprise_id)
WHERE enterprise_id IN (SELECT enterprise_id FROM chat_settings);
UPDATE enterprises SET room_settings =
    (SELECT json_object('cos_bucket', r.cos_bucket, 'cos_region', r.cos_region, 'recording_key', r.recording_key,
        'open_registration', json(CASE WHEN r.open_registration THEN 'true' ELSE 'false' END))
    FROM room_settings AS r WHERE r.enterprise_id = enterprises.enterprise_id)
WHERE enterprise_id IN (SELECT enterprise_id FROM room_settings);

DROP TABLE chat_settings;
DROP TABLE room_settings;
DROP TABLE cloud_settings;
