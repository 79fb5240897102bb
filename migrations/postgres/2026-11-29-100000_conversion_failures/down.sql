ALTER TABLE documents ADD COLUMN transcode_code BIGINT NOT NULL DEFAULT 0;
UPDATE documents SET transcode_code = CASE
    WHEN transcode_failure = 'broke_off' THEN -9
    WHEN transcode_failure = 'not_stored' THEN -12
    WHEN transcode_failure = 'not_opened' THEN -24
    WHEN transcode_failure IN ('not_whole', 'original_too_large', 'other_size', 'other_digest', 'not_kept') THEN -26
    WHEN transcode_failure = 'not_in_time' THEN -27
    ELSE 10250
END WHERE transcode_failure IS NOT NULL;
ALTER TABLE documents DROP COLUMN transcode_failure;

ALTER TABLE conversions ADD COLUMN code BIGINT NOT NULL DEFAULT 0;
UPDATE conversions SET code = CASE
    WHEN failure = 'broke_off' THEN -9
    WHEN failure = 'not_stored' THEN -12
    WHEN failure = 'not_opened' THEN -24
    WHEN failure IN ('not_whole', 'original_too_large', 'other_size', 'other_digest', 'not_kept') THEN -26
    WHEN failure = 'not_in_time' THEN -27
    ELSE 10250
END WHERE failure IS NOT NULL;
ALTER TABLE conversions DROP COLUMN failure;
