-- The source text that `error` was filled from: with it the reason is told in the language of whoever reads it.
ALTER TABLE core_job ADD COLUMN reason TEXT;
