-- What the federation decided at the four gates of a class. The last row of a gate holds; nothing is edited.
CREATE TABLE credit_gate (
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	gate TEXT NOT NULL CHECK (gate IN ('opening', 'process', 'funds', 'completion')),
	number {INT64} NOT NULL,
	passed {INT64} NOT NULL,
	document TEXT NOT NULL,
	note TEXT NOT NULL,
	person TEXT NOT NULL,
	decided_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL,
	PRIMARY KEY (cohort, gate, number)
) {STRICT};

CREATE TRIGGER credit_gate_stays BEFORE UPDATE ON credit_gate
BEGIN
	SELECT RAISE (ABORT, 'decisions are never changed');
END;

CREATE TRIGGER credit_gate_kept BEFORE DELETE ON credit_gate
BEGIN
	SELECT RAISE (ABORT, 'decisions are never deleted');
END;
