DROP INDEX classes_by_recorder;
DROP INDEX classes_by_administrator;
DROP TABLE former_users;

ALTER TABLE room_settings ADD COLUMN open_registration BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE room_settings SET open_registration = (registration <> 'off');
ALTER TABLE room_settings DROP COLUMN registration;
INSERT INTO room_settings (enterprise_id, cos_bucket, cos_region, recording_key, open_registration)
SELECT enterprise_id, '', '', '', FALSE FROM enterprises
WHERE enterprise_id NOT IN (SELECT enterprise_id FROM room_settings);

ALTER TABLE enterprises DROP COLUMN im_enabled;
ALTER TABLE enterprises DROP COLUMN rooms_enabled;
ALTER TABLE enterprises DROP COLUMN channels_enabled;
