-- Who came, when and where. A sheet has lines: the first of a trainee says how long she was there; a correction is one more,
-- with its reason. A line counts once somebody else has countersigned it. entry and signed_entry: where it stands in the ledger.
-- unit: position of the offline unit in the class's plan.
CREATE TABLE credit_sheet (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	unit {INT64} NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('onsite', 'visit', 'live')),
	from_ms {INT64} NOT NULL,
	to_ms {INT64} NOT NULL,
	place TEXT NOT NULL,
	teacher TEXT NOT NULL,
	key TEXT NOT NULL,
	entered_ms {INT64} NOT NULL,
	entered_by TEXT NOT NULL,
	CHECK (from_ms < to_ms),
	UNIQUE (cohort, key)
) {STRICT};

CREATE INDEX credit_sheet_when ON credit_sheet (cohort, from_ms);

CREATE TABLE credit_attended (
	sheet TEXT NOT NULL REFERENCES credit_sheet (id),
	person TEXT NOT NULL,
	number {INT64} NOT NULL,
	seconds {INT64} NOT NULL CHECK (seconds <> 0),
	reason TEXT NOT NULL,
	entry {INT64} NOT NULL,
	entered_ms {INT64} NOT NULL,
	entered_by TEXT NOT NULL,
	signed_ms {INT64},
	signed_by TEXT,
	signed_as TEXT,
	signed_entry {INT64},
	PRIMARY KEY (sheet, person, number)
) {STRICT}, {CLUSTERED};

CREATE INDEX credit_attended_person ON credit_attended (person);
CREATE INDEX credit_attended_waiting ON credit_attended (sheet) WHERE signed_ms IS NULL;

CREATE TRIGGER credit_attended_stays BEFORE UPDATE OF sheet, person, number, seconds, reason, entry, entered_ms, entered_by
	ON credit_attended
BEGIN
	SELECT RAISE (ABORT, 'lines of a sheet are never changed');
END;

CREATE TRIGGER credit_attended_signed_once BEFORE UPDATE ON credit_attended WHEN OLD.signed_ms IS NOT NULL
BEGIN
	SELECT RAISE (ABORT, 'a line is countersigned once');
END;

CREATE TRIGGER credit_attended_kept BEFORE DELETE ON credit_attended
BEGIN
	SELECT RAISE (ABORT, 'lines of a sheet are never deleted');
END;

-- Of the countersigned lines, by mode, and of those that wait: caches that can be made anew.
ALTER TABLE credit_trainee ADD COLUMN offline_s {INT64} NOT NULL DEFAULT 0;
ALTER TABLE credit_trainee ADD COLUMN live_s {INT64} NOT NULL DEFAULT 0;
ALTER TABLE credit_trainee ADD COLUMN pending_s {INT64} NOT NULL DEFAULT 0;
