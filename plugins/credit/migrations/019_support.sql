-- Support that a class was given (P24): what, from when to when, how many; each line counts once somebody else has countersigned it.
-- corrects: the line of which this one says that it was not so, with its reason in `words`; '': it corrects none.
CREATE TABLE credit_support (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	kind TEXT NOT NULL CHECK (kind IN ('interpreter', 'captioner', 'assistant', 'devices', 'carers')),
	from_day {INT64} NOT NULL,
	until_day {INT64} NOT NULL,
	number {INT64} NOT NULL CHECK (number > 0),
	words TEXT NOT NULL,
	corrects TEXT NOT NULL,
	entry {INT64} NOT NULL,
	entered_ms {INT64} NOT NULL,
	entered_by TEXT NOT NULL,
	signed_ms {INT64},
	signed_by TEXT,
	signed_entry {INT64},
	CHECK (from_day <= until_day)
) {STRICT};

CREATE INDEX credit_support_cohort ON credit_support (cohort, entered_ms);
CREATE UNIQUE INDEX credit_support_corrected ON credit_support (corrects) WHERE corrects <> '';

CREATE TRIGGER credit_support_stays BEFORE UPDATE OF id, cohort, kind, from_day, until_day, number, words, corrects, entry,
	entered_ms, entered_by ON credit_support
BEGIN
	SELECT RAISE (ABORT, 'what was entered of support is never changed');
END;

CREATE TRIGGER credit_support_signed_once BEFORE UPDATE ON credit_support WHEN OLD.signed_ms IS NOT NULL
BEGIN
	SELECT RAISE (ABORT, 'support is countersigned once');
END;

CREATE TRIGGER credit_support_kept BEFORE DELETE ON credit_support
BEGIN
	SELECT RAISE (ABORT, 'what was entered of support is never deleted');
END;
