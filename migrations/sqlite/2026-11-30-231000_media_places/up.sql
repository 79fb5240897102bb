-- The instances with a media server, how many packets each sends in a second, and until when it is known to be alive.
CREATE TABLE media_instances (
    instance_id BIGINT NOT NULL PRIMARY KEY,
    load BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);

-- The instance whose media server has a class, and until when it has it for certain.
CREATE TABLE media_places (
    class_id BIGINT NOT NULL PRIMARY KEY REFERENCES classes ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    instance_id BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
);
CREATE INDEX media_places_by_instance ON media_places (instance_id);

-- Offers to the media server of another instance, until their senders have read the answers. Without an offer it is the end of
-- a media session. Ids are random.
CREATE TABLE media_requests (
    id BIGINT NOT NULL PRIMARY KEY,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    instance_id BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    session TEXT NOT NULL,
    offer TEXT,
    sources TEXT NOT NULL,
    answer TEXT,
    create_time BIGINT NOT NULL
);
CREATE INDEX media_requests_by_class ON media_requests (class_id);
CREATE INDEX media_requests_waiting ON media_requests (instance_id) WHERE answer IS NULL;
