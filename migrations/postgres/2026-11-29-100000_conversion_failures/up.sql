-- Why a conversion failed is a word, empty for what did not fail; the numbers that a protocol has for it are its own. What was
-- written before tells fewer reasons apart.
ALTER TABLE conversions ADD COLUMN failure TEXT;
UPDATE conversions SET failure = CASE code
    WHEN -9 THEN 'broke_off'
    WHEN -12 THEN 'not_stored'
    WHEN -24 THEN 'not_opened'
    WHEN -26 THEN 'not_whole'
    WHEN -27 THEN 'not_in_time'
    ELSE 'not_converted'
END WHERE code <> 0;
ALTER TABLE conversions DROP COLUMN code;

ALTER TABLE documents ADD COLUMN transcode_failure TEXT;
UPDATE documents SET transcode_failure = CASE transcode_code
    WHEN -9 THEN 'broke_off'
    WHEN -12 THEN 'not_stored'
    WHEN -24 THEN 'not_opened'
    WHEN -26 THEN 'not_whole'
    WHEN -27 THEN 'not_in_time'
    ELSE 'not_converted'
END WHERE transcode_code <> 0;
ALTER TABLE documents DROP COLUMN transcode_code;
