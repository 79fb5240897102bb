-- The chat of a class: private messages, images, recalled messages, and the words that an enterprise masks.

-- The user who recalled a message; empty while nobody did. A recalled message has no content.
ALTER TABLE messages ADD COLUMN recalled_by TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Messages of one person in a class to another, numbered from 1 in the class. `after_sequence` is the last message of the chat
-- group before it: both together give one order.
CREATE TABLE private_messages (
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    number BIGINT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    after_sequence BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    receiver_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    random BIGINT,
    create_time BIGINT NOT NULL,
    recalled_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (class_id, number)
);
CREATE INDEX private_messages_by_sender ON private_messages (class_id, user_id, number);
CREATE INDEX private_messages_by_receiver ON private_messages (class_id, receiver_id, number);
CREATE INDEX private_messages_by_position ON private_messages (class_id, after_sequence, number);
CREATE UNIQUE INDEX private_messages_by_random ON private_messages (class_id, user_id, random) WHERE random IS NOT NULL;

-- Images that were uploaded for the chat of a class. Each is for one message at most.
CREATE TABLE chat_images (
    file_key TEXT COLLATE "C" PRIMARY KEY,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    is_sent BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX chat_images_by_class ON chat_images (class_id);

-- The words that an enterprise masks in messages. `folded` is the form in which they are compared.
CREATE TABLE filter_words (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    folded TEXT COLLATE "C" NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, folded)
);

-- The entries of the log of a class that contain a message, so that a recall finds them.
CREATE TABLE logged_messages (
    class_id BIGINT NOT NULL REFERENCES live_classes ON DELETE CASCADE,
    message_id TEXT COLLATE "C" NOT NULL,
    enterprise_id BIGINT NOT NULL,
    log_sequence BIGINT NOT NULL,
    PRIMARY KEY (class_id, message_id)
);

-- Private messages count as messages.
CREATE FUNCTION private_message_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'message', '', count(*)) FROM added GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER private_message_comes AFTER INSERT ON private_messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION private_message_comes();
CREATE FUNCTION private_message_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'message', '', -count(*)) FROM removed GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER private_message_goes AFTER DELETE ON private_messages REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION private_message_goes();
CREATE FUNCTION chat_image_comes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'chat_image', '', count(*)) FROM added GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER chat_image_comes AFTER INSERT ON chat_images REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION chat_image_comes();
CREATE FUNCTION chat_image_goes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_total(enterprise_id, 'chat_image', '', -count(*)) FROM removed GROUP BY enterprise_id;
    RETURN NULL;
END $$;
CREATE TRIGGER chat_image_goes AFTER DELETE ON chat_images REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION chat_image_goes();
