-- Where the results of the recording service go, if not to `call_back_url`: of recordings that were requested while the class
-- went on, and of videos that were requested afterwards. `requested` says which of the two a recording is; empty for neither.
ALTER TABLE enterprises ADD COLUMN online_callback TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE enterprises ADD COLUMN offline_callback TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE online_recordings ADD COLUMN requested TEXT COLLATE "C" NOT NULL DEFAULT '';
