-- Who is being erased: there is a row only within the function that does it, and in it rows that are kept else may go.
CREATE TABLE certificate_erasing (
	person TEXT PRIMARY KEY
) {STRICT};

-- Certificates of those who were erased: nothing but their places in the status lists, which say that one was withdrawn as before
-- and are given to no other.
CREATE TABLE certificate_gone (
	place {INT64} PRIMARY KEY,
	withdrawn {INT64} NOT NULL CHECK (withdrawn IN (0, 1))
) {STRICT};

DROP TRIGGER certificate_assessment_kept;
CREATE TRIGGER certificate_assessment_kept BEFORE DELETE ON certificate_assessment
	WHEN NOT EXISTS (SELECT 1 FROM certificate_erasing)
BEGIN
	SELECT RAISE (ABORT, 'results are never deleted');
END;

DROP TRIGGER certificate_issued_kept;
CREATE TRIGGER certificate_issued_kept BEFORE DELETE ON certificate_issued
	WHEN NOT EXISTS (SELECT 1 FROM certificate_erasing)
BEGIN
	SELECT RAISE (ABORT, 'certificates are never deleted');
END;

-- Of a line its sums stay, and of a list with such a line all but the file: that is made of the lines when it is asked for.
DROP TRIGGER certificate_payment_stays;
CREATE TRIGGER certificate_payment_stays BEFORE UPDATE ON certificate_payment
	WHEN NOT EXISTS (SELECT 1 FROM certificate_erasing)
BEGIN
	SELECT RAISE (ABORT, 'lists of payments are never changed');
END;

DROP TRIGGER certificate_payment_line_stays;
CREATE TRIGGER certificate_payment_line_stays BEFORE UPDATE ON certificate_payment_line
	WHEN NOT EXISTS (SELECT 1 FROM certificate_erasing)
BEGIN
	SELECT RAISE (ABORT, 'lists of payments are never changed');
END;

CREATE INDEX certificate_payment_line_person ON certificate_payment_line (person);
CREATE INDEX certificate_assessment_person ON certificate_assessment (person);
