-- Years that records of people are kept behind the end of a class; NULL where it is inherited.
ALTER TABLE credit_policy ADD COLUMN keep_years {INT64};

-- Who is being erased: there is a row only within the function that does it, and in it rows that are kept else may go.
CREATE TABLE credit_erasing (
	person TEXT PRIMARY KEY
) {STRICT};

-- What trainees who were erased had in a class, all of them together.
CREATE TABLE credit_gone (
	cohort TEXT PRIMARY KEY REFERENCES credit_cohort (id),
	people {INT64} NOT NULL,
	online_s {INT64} NOT NULL,
	live_s {INT64} NOT NULL,
	offline_s {INT64} NOT NULL
) {STRICT};

-- Two kinds more: to be erased, and to stay after all.
CREATE TABLE credit_move_new (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('leave', 'return', 'transfer', 'name', 'number', 'merge', 'erase', 'keep')),
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	institution TEXT NOT NULL,
	target TEXT NOT NULL,
	receiver TEXT NOT NULL,
	sealed_value {BLOB},
	sealed_reason {BLOB} NOT NULL,
	asked_ms {INT64} NOT NULL,
	asked_by TEXT NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

INSERT INTO credit_move_new (id, kind, person, cohort, institution, target, receiver, sealed_value, sealed_reason, asked_ms,
	asked_by, entry)
SELECT id, kind, person, cohort, institution, target, receiver, sealed_value, sealed_reason, asked_ms, asked_by, entry
FROM credit_move;

DROP TABLE credit_move;

ALTER TABLE credit_move_new RENAME TO credit_move;

CREATE INDEX credit_move_person ON credit_move (person, asked_ms);
CREATE INDEX credit_move_order ON credit_move (asked_ms, id);
CREATE INDEX credit_move_place ON credit_move (institution, receiver);
CREATE INDEX credit_move_receiver ON credit_move (receiver, institution);

CREATE TRIGGER credit_move_stays BEFORE UPDATE ON credit_move
BEGIN
	SELECT RAISE (ABORT, 'moves are never changed');
END;

CREATE TRIGGER credit_move_kept BEFORE DELETE ON credit_move
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'moves are never deleted');
END;

DROP TRIGGER credit_move_decision_kept;
CREATE TRIGGER credit_move_decision_kept BEFORE DELETE ON credit_move_decision
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'decisions are never deleted');
END;

DROP TRIGGER credit_entry_kept;
CREATE TRIGGER credit_entry_kept BEFORE DELETE ON credit_entry
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'entries are never deleted');
END;

DROP TRIGGER credit_attended_kept;
CREATE TRIGGER credit_attended_kept BEFORE DELETE ON credit_attended
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'lines of a sheet are never deleted');
END;

DROP TRIGGER credit_paper_photo_kept;
CREATE TRIGGER credit_paper_photo_kept BEFORE DELETE ON credit_paper_photo
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'photos are never deleted');
END;

DROP TRIGGER credit_rolled_kept;
CREATE TRIGGER credit_rolled_kept BEFORE DELETE ON credit_rolled
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'who signed in is never deleted');
END;
