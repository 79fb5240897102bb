UPDATE deliveries SET organization_id = 0 WHERE organization_id IN (-2, -3);
UPDATE outbox SET hearings = replace(replace(hearings, '"organization_id":-2,', '"organization_id":0,'), '"organization_id":-3,', '"organization_id":0,');
ALTER TABLE online_recordings DROP COLUMN requested;
ALTER TABLE enterprises DROP COLUMN offline_callback;
ALTER TABLE enterprises DROP COLUMN online_callback;
