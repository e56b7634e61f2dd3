-- A lesson whose trainees sign in themselves, by a code that the teacher shows or says; and who did, with the entry in the ledger.
-- A sheet that is entered of it names it.
CREATE TABLE credit_roll (
	id TEXT PRIMARY KEY,
	code TEXT NOT NULL,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	unit {INT64} NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('onsite', 'visit', 'live')),
	from_ms {INT64} NOT NULL,
	to_ms {INT64} NOT NULL,
	seconds {INT64} NOT NULL CHECK (seconds > 0),
	place TEXT NOT NULL,
	teacher TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	made_by TEXT NOT NULL,
	CHECK (from_ms < to_ms)
) {STRICT};

CREATE INDEX credit_roll_code ON credit_roll (code, to_ms);
CREATE INDEX credit_roll_cohort ON credit_roll (cohort, from_ms);

CREATE TABLE credit_rolled (
	roll TEXT NOT NULL REFERENCES credit_roll (id),
	person TEXT NOT NULL,
	helper TEXT NOT NULL,
	at_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL,
	PRIMARY KEY (roll, person)
) {STRICT}, {CLUSTERED};

CREATE TRIGGER credit_rolled_stays BEFORE UPDATE ON credit_rolled
BEGIN
	SELECT RAISE (ABORT, 'who signed in is never changed');
END;

CREATE TRIGGER credit_rolled_kept BEFORE DELETE ON credit_rolled
BEGIN
	SELECT RAISE (ABORT, 'who signed in is never deleted');
END;

ALTER TABLE credit_sheet ADD COLUMN roll TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX credit_sheet_roll ON credit_sheet (roll) WHERE roll <> '';
