-- Public halves of the keys that certificates were ever signed with. The secret ones are in no table.
CREATE TABLE certificate_key (
	thumb TEXT PRIMARY KEY,
	public {BLOB} NOT NULL,
	since_ms {INT64} NOT NULL
) {STRICT};

-- One sitting of a trainee's final assessment. Nothing is edited: a correction is a new row that names the one it corrects.
-- Points in hundredths. entry: its place in the ledger, from 0.
CREATE TABLE certificate_assessment (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL,
	institution TEXT NOT NULL,
	person TEXT NOT NULL,
	theory TEXT NOT NULL CHECK (theory IN ('passed', 'failed', 'none')),
	practice TEXT NOT NULL CHECK (practice IN ('passed', 'failed', 'none')),
	theory_points {INT64},
	practice_points {INT64},
	resit {INT64} NOT NULL CHECK (resit IN (0, 1)),
	day {INT64} NOT NULL,
	examiner TEXT NOT NULL,
	adjustments TEXT NOT NULL,
	other TEXT NOT NULL,
	corrects TEXT REFERENCES certificate_assessment (id),
	reason TEXT NOT NULL,
	entered_by TEXT NOT NULL,
	entered_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE INDEX certificate_assessment_trainee ON certificate_assessment (cohort, person, entered_ms);
CREATE UNIQUE INDEX certificate_assessment_corrects ON certificate_assessment (corrects);

CREATE TABLE certificate_assessment_sign (
	assessment TEXT PRIMARY KEY REFERENCES certificate_assessment (id),
	person TEXT NOT NULL,
	at_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

-- place: in the status list. What is certified stands in the token; beside it what pages show without reading it.
CREATE TABLE certificate_issued (
	id TEXT PRIMARY KEY,
	place {INT64} NOT NULL UNIQUE,
	code TEXT NOT NULL UNIQUE,
	cohort TEXT NOT NULL,
	institution TEXT NOT NULL,
	person TEXT NOT NULL,
	name TEXT NOT NULL,
	programme TEXT NOT NULL,
	issuer TEXT NOT NULL,
	online_c {INT64} NOT NULL,
	offline_c {INT64} NOT NULL,
	starts_ms {INT64} NOT NULL,
	ends_ms {INT64} NOT NULL,
	replaces TEXT REFERENCES certificate_issued (id),
	token TEXT NOT NULL,
	issued_by TEXT NOT NULL,
	issued_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE INDEX certificate_issued_trainee ON certificate_issued (cohort, person);
CREATE INDEX certificate_issued_person ON certificate_issued (person, issued_ms);

-- Asked for by one, done by the signature of another; the newest of a certificate counts. renew: a new certificate with the name
-- of now takes its place.
CREATE TABLE certificate_withdrawal (
	id TEXT PRIMARY KEY,
	certificate TEXT NOT NULL REFERENCES certificate_issued (id),
	institution TEXT NOT NULL,
	reason TEXT NOT NULL,
	renew {INT64} NOT NULL CHECK (renew IN (0, 1)),
	asked_by TEXT NOT NULL,
	asked_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE INDEX certificate_withdrawal_of ON certificate_withdrawal (certificate, asked_ms);

CREATE TABLE certificate_withdrawal_sign (
	withdrawal TEXT PRIMARY KEY REFERENCES certificate_withdrawal (id),
	person TEXT NOT NULL,
	at_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE TRIGGER certificate_assessment_stays BEFORE UPDATE ON certificate_assessment
BEGIN
	SELECT RAISE (ABORT, 'results are never changed');
END;

CREATE TRIGGER certificate_assessment_kept BEFORE DELETE ON certificate_assessment
BEGIN
	SELECT RAISE (ABORT, 'results are never deleted');
END;

CREATE TRIGGER certificate_issued_stays BEFORE UPDATE ON certificate_issued
BEGIN
	SELECT RAISE (ABORT, 'certificates are never changed');
END;

CREATE TRIGGER certificate_issued_kept BEFORE DELETE ON certificate_issued
BEGIN
	SELECT RAISE (ABORT, 'certificates are never deleted');
END;
