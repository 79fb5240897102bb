-- Events on their way into `events`, in the order in which they were told. A change appends to this table alone, which every
-- change finds in memory; the events of many changes are then moved together. `hearings` is a list in JSON of who is to hear.
CREATE TABLE outbox (
    outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    fact TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    hearings TEXT NOT NULL
);
CREATE INDEX outbox_by_enterprise ON outbox (enterprise_id, outbox_id);
