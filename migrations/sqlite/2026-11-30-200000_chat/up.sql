-- The chat of a class: private messages, images, recalled messages, and the words that an enterprise masks.

-- The user who recalled a message; empty while nobody did. A recalled message has no content.
ALTER TABLE messages ADD COLUMN recalled_by TEXT NOT NULL DEFAULT '';

-- Messages of one person in a class to another, numbered from 1 in the class. `after_sequence` is the last message of the chat
-- group before it: both together give one order.
CREATE TABLE private_messages (
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    number BIGINT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    after_sequence BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    receiver_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    random BIGINT,
    create_time BIGINT NOT NULL,
    recalled_by TEXT NOT NULL,
    PRIMARY KEY (class_id, number)
);
CREATE INDEX private_messages_by_sender ON private_messages (class_id, user_id, number);
CREATE INDEX private_messages_by_receiver ON private_messages (class_id, receiver_id, number);
CREATE INDEX private_messages_by_position ON private_messages (class_id, after_sequence, number);
CREATE UNIQUE INDEX private_messages_by_random ON private_messages (class_id, user_id, random) WHERE random IS NOT NULL;

-- Images that were uploaded for the chat of a class. Each is for one message at most.
CREATE TABLE chat_images (
    file_key TEXT PRIMARY KEY,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    address TEXT NOT NULL,
    is_sent BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX chat_images_by_class ON chat_images (class_id);

-- The words that an enterprise masks in messages. `folded` is the form in which they are compared.
CREATE TABLE filter_words (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    folded TEXT NOT NULL,
    word TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, folded)
) WITHOUT ROWID;

-- The entries of the log of a class that contain a message, so that a recall finds them.
CREATE TABLE logged_messages (
    class_id BIGINT NOT NULL REFERENCES live_classes ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    log_sequence BIGINT NOT NULL,
    PRIMARY KEY (class_id, message_id)
) WITHOUT ROWID;

-- Private messages count as messages.
CREATE TRIGGER private_message_comes AFTER INSERT ON private_messages BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'message', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER private_message_goes AFTER DELETE ON private_messages BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'message';
END;
CREATE TRIGGER chat_image_comes AFTER INSERT ON chat_images BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'chat_image', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER chat_image_goes AFTER DELETE ON chat_images BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'chat_image';
END;
