-- Exceptions to the online share: asked for, decided, ended; each a row that stays. person '': the whole class. region: whose
-- federation decides. reason and words are sealed: they may tell of a person's health.
CREATE TABLE credit_waiver (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	person TEXT NOT NULL,
	region TEXT NOT NULL,
	share_m {INT64} NOT NULL CHECK (share_m BETWEEN 1 AND 1000),
	until_ms {INT64} NOT NULL,
	document TEXT NOT NULL,
	sealed_reason {BLOB},
	asked_ms {INT64} NOT NULL,
	asked_by TEXT NOT NULL
) {STRICT};

CREATE INDEX credit_waiver_cohort ON credit_waiver (cohort, asked_ms);
CREATE INDEX credit_waiver_order ON credit_waiver (asked_ms, id);

-- The document itself, sealed.
CREATE TABLE credit_waiver_paper (
	waiver TEXT PRIMARY KEY REFERENCES credit_waiver (id),
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	sealed_bytes {BLOB} NOT NULL
) {STRICT};

-- What a beat asks for is beside the decision: whose share, how much, from when to when.
CREATE TABLE credit_waiver_decision (
	waiver TEXT PRIMARY KEY REFERENCES credit_waiver (id),
	cohort TEXT NOT NULL,
	person TEXT NOT NULL,
	granted {INT64} NOT NULL CHECK (granted IN (0, 1)),
	share_m {INT64} NOT NULL,
	from_ms {INT64} NOT NULL,
	until_ms {INT64} NOT NULL,
	sealed_words {BLOB} NOT NULL,
	decided_by TEXT NOT NULL
) {STRICT};

CREATE INDEX credit_waiver_decision_cohort ON credit_waiver_decision (cohort);
CREATE INDEX credit_waiver_decision_until ON credit_waiver_decision (until_ms);

-- Those whose end stands in the ledger.
CREATE TABLE credit_waiver_end (
	waiver TEXT PRIMARY KEY REFERENCES credit_waiver (id)
) {STRICT};

CREATE TRIGGER credit_waiver_stays BEFORE UPDATE ON credit_waiver
BEGIN
	SELECT RAISE (ABORT, 'exceptions are never changed');
END;

CREATE TRIGGER credit_waiver_decision_stays BEFORE UPDATE ON credit_waiver_decision
BEGIN
	SELECT RAISE (ABORT, 'decisions are never changed');
END;
