ALTER TABLE enterprises DROP COLUMN transcode_callback;
ALTER TABLE documents DROP COLUMN height;
ALTER TABLE documents DROP COLUMN width;
ALTER TABLE documents DROP COLUMN pages;
DROP TABLE conversion_turns;
DROP TABLE conversions;
