-- Settings that only one protocol or integration reads get a table each, so that a row of `enterprises` has what every request
-- needs and no more. An enterprise without a row in one of these tables has the defaults.
--
-- What stays in `enterprises`: who the tenant is, its keys (`sdkappid`, `tic_key` and `private_key` identify and sign for it in
-- every protocol, and each request reads them), its rules, and both addresses that its events go to (`call_back_url` and
-- `transcode_callback`: whoever publishes an event reads them).

-- The account of the enterprise at the hosted cloud: shown by `business/info`, and signs uploads and calls of clients.
CREATE TABLE cloud_settings (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    bizid BIGINT NOT NULL,
    appid BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    secret_id TEXT COLLATE "C" NOT NULL,
    secret_key TEXT COLLATE "C" NOT NULL
);
INSERT INTO cloud_settings (enterprise_id, bizid, appid, project_id, secret_id, secret_key)
SELECT enterprise_id, bizid, appid, project_id, secret_id, secret_key FROM enterprises
WHERE bizid <> 0 OR appid <> 0 OR project_id <> 0 OR secret_id <> '' OR secret_key <> '';

-- Rooms (Suixinbo edu): where clients upload, how the recorder signs, and who may open accounts.
CREATE TABLE room_settings (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    cos_bucket TEXT COLLATE "C" NOT NULL,
    cos_region TEXT COLLATE "C" NOT NULL,
    recording_key TEXT COLLATE "C" NOT NULL,
    open_registration BOOLEAN NOT NULL
);
INSERT INTO room_settings (enterprise_id, cos_bucket, cos_region, recording_key, open_registration)
SELECT
    enterprise_id,
    coalesce(room_settings::json ->> 'cos_bucket', ''),
    coalesce(room_settings::json ->> 'cos_region', ''),
    coalesce(room_settings::json ->> 'recording_key', ''),
    coalesce((room_settings::json ->> 'open_registration')::boolean, TRUE)
FROM enterprises WHERE room_settings <> '{}';

-- The chat application (IM): what it is called where that is not the `sdkappid`, the key that signs its operations, and whether
-- calls without a token are accepted.
CREATE TABLE chat_settings (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    chat_app_id TEXT COLLATE "C" NOT NULL,
    chat_master_key TEXT COLLATE "C" NOT NULL,
    im_open BOOLEAN NOT NULL
);
CREATE INDEX chat_settings_by_app ON chat_settings (chat_app_id);
INSERT INTO chat_settings (enterprise_id, chat_app_id, chat_master_key, im_open)
SELECT enterprise_id, chat_app_id, chat_master_key, im_open FROM enterprises
WHERE chat_app_id <> '' OR chat_master_key <> '' OR im_open;

DROP INDEX enterprises_by_chat_app;
ALTER TABLE enterprises DROP COLUMN bizid;
ALTER TABLE enterprises DROP COLUMN appid;
ALTER TABLE enterprises DROP COLUMN project_id;
ALTER TABLE enterprises DROP COLUMN secret_id;
ALTER TABLE enterprises DROP COLUMN secret_key;
ALTER TABLE enterprises DROP COLUMN chat_master_key;
ALTER TABLE enterprises DROP COLUMN chat_app_id;
ALTER TABLE enterprises DROP COLUMN im_open;
ALTER TABLE enterprises DROP COLUMN room_settings;
