-- Attendance on paper: a sheet that was printed for one lesson, photos of it when it was filled in, what they show in words. The
-- newest photo is the one that holds until the sheet is entered from it; words and photos are sealed, for they show people.
CREATE TABLE credit_paper (
	code TEXT PRIMARY KEY,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	unit {INT64} NOT NULL,
	day {INT64} NOT NULL,
	made_ms {INT64} NOT NULL,
	made_by TEXT NOT NULL
) {STRICT};

CREATE INDEX credit_paper_cohort ON credit_paper (cohort, made_ms);

CREATE TABLE credit_paper_photo (
	id TEXT PRIMARY KEY,
	code TEXT NOT NULL REFERENCES credit_paper (code),
	type TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	sealed_bytes {BLOB} NOT NULL,
	added_ms {INT64} NOT NULL,
	added_by TEXT NOT NULL
) {STRICT};

CREATE INDEX credit_paper_photo_code ON credit_paper_photo (code, added_ms);

CREATE TABLE credit_paper_words (
	photo TEXT NOT NULL REFERENCES credit_paper_photo (id),
	number {INT64} NOT NULL,
	sealed_words {BLOB} NOT NULL,
	told_ms {INT64} NOT NULL,
	told_by TEXT NOT NULL,
	PRIMARY KEY (photo, number)
) {STRICT};

CREATE TRIGGER credit_paper_photo_stays BEFORE UPDATE ON credit_paper_photo
BEGIN
	SELECT RAISE (ABORT, 'photos are never changed');
END;

CREATE TRIGGER credit_paper_photo_kept BEFORE DELETE ON credit_paper_photo
BEGIN
	SELECT RAISE (ABORT, 'photos are never deleted');
END;

-- The code of the paper that a sheet was entered from; '': it was not.
ALTER TABLE credit_sheet ADD COLUMN paper TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX credit_sheet_paper ON credit_sheet (paper) WHERE paper <> '';
