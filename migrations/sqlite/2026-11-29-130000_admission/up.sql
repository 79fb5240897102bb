-- Which protocols answer for an enterprise. iClass always does. An enterprise that has used another one keeps it.
ALTER TABLE enterprises ADD COLUMN channels_enabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE enterprises ADD COLUMN rooms_enabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE enterprises ADD COLUMN im_enabled BOOLEAN NOT NULL DEFAULT FALSE;

-- NiuClass: everything in it begins with a channel.
UPDATE enterprises SET channels_enabled = TRUE WHERE enterprise_id IN (SELECT enterprise_id FROM channels);

-- Suixinbo edu: rooms, what only its calls write, and settings that only its calls read. The cloud account alone proves nothing,
-- because iClass shows it too; with it, there must be somebody who could sign in.
UPDATE enterprises SET rooms_enabled = TRUE
WHERE enterprise_id IN (SELECT enterprise_id FROM classes WHERE silence_limit > 0 OR replay_url <> '' OR cover <> '')
    OR enterprise_id IN (SELECT enterprise_id FROM recordings)
    OR enterprise_id IN (SELECT enterprise_id FROM documents WHERE media IS NOT NULL)
    OR enterprise_id IN (
        SELECT enterprise_id FROM room_settings WHERE cos_bucket <> '' OR cos_region <> '' OR recording_key <> '')
    OR (enterprise_id IN (SELECT enterprise_id FROM cloud_settings WHERE secret_key <> '')
        AND enterprise_id IN (SELECT enterprise_id FROM users WHERE password_hash IS NOT NULL));

-- IM: its tokens, its settings (a row stands only for one that was changed), its groups, and the classes that it messaged.
UPDATE enterprises SET im_enabled = TRUE
WHERE enterprise_id IN (SELECT enterprise_id FROM enterprise_tokens)
    OR enterprise_id IN (SELECT enterprise_id FROM chat_settings)
    OR enterprise_id IN (SELECT enterprise_id FROM groups WHERE kind = 'free')
    OR enterprise_id IN (SELECT enterprise_id FROM push_records WHERE class_id IS NOT NULL);

-- Who may open an account: nobody, pupils, or teachers too. It was open to all unless it was closed, and stays so where it can be
-- called.
ALTER TABLE room_settings ADD COLUMN registration TEXT NOT NULL DEFAULT 'off';
UPDATE room_settings SET registration = 'teachers'
WHERE open_registration AND enterprise_id IN (SELECT enterprise_id FROM enterprises WHERE rooms_enabled);
ALTER TABLE room_settings DROP COLUMN open_registration;
INSERT INTO room_settings (enterprise_id, cos_bucket, cos_region, recording_key, registration)
SELECT enterprise_id, '', '', '', 'teachers' FROM enterprises
WHERE rooms_enabled AND enterprise_id NOT IN (SELECT enterprise_id FROM room_settings);

-- The ids of deleted users, which nobody can take by opening an account: attendance and messages of the past are under them.
CREATE TABLE former_users (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    delete_time BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, user_id)
) WITHOUT ROWID;

-- The accounts that classes name besides their members. Most classes have neither.
CREATE INDEX classes_by_administrator ON classes (enterprise_id, admin_id) WHERE admin_id <> '';
CREATE INDEX classes_by_recorder ON classes (enterprise_id, record_user_id) WHERE record_user_id <> '';
