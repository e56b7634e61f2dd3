-- Captions that are part of a lesson's picture: who looked at all of it and found them there, and when. They belong to the version: its
-- author marks a draft, and a package cannot bring it.
ALTER TABLE core_unit ADD COLUMN open_captions_by TEXT NOT NULL DEFAULT '';
ALTER TABLE core_unit ADD COLUMN open_captions_ms {INT64} NOT NULL DEFAULT 0;
