-- For whom an exception is: for the person of its entry ('' for a class), until that record turned out to be of somebody who has another
-- one. Only this changes, with an entry each time.
ALTER TABLE credit_waiver ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE credit_waiver_decision ADD COLUMN holder TEXT NOT NULL DEFAULT '';

DROP TRIGGER credit_waiver_stays;
DROP TRIGGER credit_waiver_decision_stays;

UPDATE credit_waiver SET holder = person;
UPDATE credit_waiver_decision SET holder = person;

CREATE INDEX credit_waiver_holder ON credit_waiver (holder) WHERE holder <> '';

CREATE TRIGGER credit_waiver_stays BEFORE UPDATE OF id, cohort, person, region, share_m, until_ms, document, sealed_reason, asked_ms,
	asked_by ON credit_waiver
BEGIN
	SELECT RAISE (ABORT, 'exceptions are never changed');
END;

CREATE TRIGGER credit_waiver_decision_stays BEFORE UPDATE OF waiver, cohort, person, granted, share_m, from_ms, until_ms,
	sealed_words, decided_by ON credit_waiver_decision
BEGIN
	SELECT RAISE (ABORT, 'decisions are never changed');
END;
