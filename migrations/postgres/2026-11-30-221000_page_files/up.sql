-- The images of the pages of a converted document, as JSON; NULL before its conversion, and for what earlier versions converted.
ALTER TABLE documents ADD COLUMN page_files TEXT;
