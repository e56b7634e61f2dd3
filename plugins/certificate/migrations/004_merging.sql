-- Whose a result or a certificate is: of whom the entry says (person), until that record turned out to be of somebody who has another
-- one. Only this changes, with an entry each time.
ALTER TABLE certificate_issued ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate_assessment ADD COLUMN holder TEXT NOT NULL DEFAULT '';

DROP TRIGGER certificate_issued_stays;
DROP TRIGGER certificate_assessment_stays;

UPDATE certificate_issued SET holder = person;
UPDATE certificate_assessment SET holder = person;

CREATE TRIGGER certificate_issued_stays BEFORE UPDATE OF id, place, code, cohort, institution, person, name, programme, issuer,
	online_c, offline_c, starts_ms, ends_ms, replaces, token, issued_by, issued_ms, entry ON certificate_issued
BEGIN
	SELECT RAISE (ABORT, 'certificates are never changed');
END;

CREATE TRIGGER certificate_assessment_stays BEFORE UPDATE OF id, cohort, institution, person, theory, practice, theory_points,
	practice_points, resit, day, examiner, adjustments, other, corrects, reason, entered_by, entered_ms, entry
	ON certificate_assessment
BEGIN
	SELECT RAISE (ABORT, 'results are never changed');
END;

DROP INDEX certificate_issued_trainee;
DROP INDEX certificate_issued_person;
DROP INDEX certificate_assessment_trainee;
DROP INDEX certificate_assessment_person;
CREATE INDEX certificate_issued_trainee ON certificate_issued (cohort, holder);
CREATE INDEX certificate_issued_person ON certificate_issued (holder, issued_ms);
CREATE INDEX certificate_assessment_trainee ON certificate_assessment (cohort, holder, entered_ms);
CREATE INDEX certificate_assessment_person ON certificate_assessment (holder);

-- Two records of one person became one: whose a certificate or a result is from then on. what: its id; entry: its place in the ledger.
CREATE TABLE certificate_moved (
	entry {INT64} PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('certificate', 'assessment')),
	what TEXT NOT NULL,
	holder TEXT NOT NULL,
	moved_by TEXT NOT NULL,
	moved_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX certificate_moved_what ON certificate_moved (what, entry);

CREATE TRIGGER certificate_moved_stays BEFORE UPDATE ON certificate_moved
BEGIN
	SELECT RAISE (ABORT, 'whose it became is never changed');
END;

CREATE TRIGGER certificate_moved_kept BEFORE DELETE ON certificate_moved
	WHEN NOT EXISTS (SELECT 1 FROM certificate_erasing)
BEGIN
	SELECT RAISE (ABORT, 'whose it became is never deleted');
END;
