-- The document service of an enterprise is an endpoint of its own, with its own address: -1 in `organization_id`, where 0 is the
-- enterprise itself and the others are organizations. What was queued for it, or may be replayed, goes to it.
UPDATE deliveries SET organization_id = -1
WHERE organization_id = 0 AND event_id IN (
    SELECT event_id FROM events WHERE fact LIKE '{"kind":"transcoded",%' AND fact NOT LIKE '%,"service":"document",%'
);
UPDATE outbox SET hearings = replace(hearings, '"organization_id":0,', '"organization_id":-1,')
WHERE fact LIKE '{"kind":"transcoded",%' AND fact NOT LIKE '%,"service":"document",%';
