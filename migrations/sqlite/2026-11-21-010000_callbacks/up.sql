-- What happened, and who is told of it.

-- An event never changes. `sequence` counts the events of a class from 1.
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    fact TEXT NOT NULL,
    create_time BIGINT NOT NULL
);
CREATE INDEX events_by_enterprise ON events (enterprise_id, event_id);
CREATE INDEX events_by_class ON events (enterprise_id, class_id, event_id);

-- One event for one receiver. `lane` names what is delivered in order, such as a class; empty for what is not. Of a lane at
-- most one delivery is ready or claimed: the others wait.
CREATE TABLE deliveries (
    delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id BIGINT NOT NULL REFERENCES events ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_token TEXT,
    lease_until BIGINT,
    settled_time BIGINT
);
CREATE INDEX deliveries_ready ON deliveries (enterprise_id, due, delivery_id) WHERE state = 'ready';
CREATE INDEX deliveries_claimed ON deliveries (lease_until) WHERE state = 'claimed';
CREATE INDEX deliveries_lane ON deliveries (enterprise_id, lane, delivery_id) WHERE settled_time IS NULL;
CREATE INDEX deliveries_by_event ON deliveries (event_id);
CREATE INDEX deliveries_dead ON deliveries (enterprise_id, delivery_id) WHERE state = 'dead';

-- One try. Rows are only ever added.
CREATE TABLE attempts (
    attempt_id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id BIGINT NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    begin_time BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    url TEXT NOT NULL,
    status BIGINT,
    answer TEXT NOT NULL,
    problem TEXT NOT NULL
);
CREATE INDEX attempts_by_delivery ON attempts (delivery_id, attempt_id);
