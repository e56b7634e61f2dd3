-- A list by which subsidies are paid: as it was computed from the entries of the ledger. cohort is '' in a list of an institution
-- and days. size: entries that were read; entry: the list's own place in the ledger, from 0, which has the file's SHA-256.
CREATE TABLE certificate_payment (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL,
	programme TEXT NOT NULL,
	institution TEXT NOT NULL,
	place TEXT NOT NULL,
	first_day {INT64} NOT NULL,
	last_day {INT64} NOT NULL,
	made_by TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	size {INT64} NOT NULL,
	checkpoint TEXT NOT NULL,
	hash TEXT NOT NULL,
	file {BLOB} NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE INDEX certificate_payment_place ON certificate_payment (institution, made_ms);

-- A line of it: a certificate, and the entries that it rests on as runs of places ("7 12-40"). name is masked. issued: the entry of
-- the certificate, or of the first one when names were corrected.
CREATE TABLE certificate_payment_line (
	payment TEXT NOT NULL REFERENCES certificate_payment (id),
	n {INT64} NOT NULL,
	cohort TEXT NOT NULL,
	person TEXT NOT NULL,
	certificate TEXT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	programme TEXT NOT NULL,
	issued {INT64} NOT NULL,
	issued_ms {INT64} NOT NULL,
	online_s {INT64} NOT NULL,
	offline_s {INT64} NOT NULL,
	hour_s {INT64} NOT NULL,
	days {INT64} NOT NULL,
	assessed_day {INT64} NOT NULL,
	before_ms {INT64} NOT NULL,
	entry_count {INT64} NOT NULL,
	entries TEXT NOT NULL,
	PRIMARY KEY (payment, n)
) {STRICT}, {CLUSTERED};

-- Who had a certificate in force and is in no line, and why: an English source text.
CREATE TABLE certificate_payment_left (
	payment TEXT NOT NULL REFERENCES certificate_payment (id),
	n {INT64} NOT NULL,
	name TEXT NOT NULL,
	programme TEXT NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (payment, n)
) {STRICT}, {CLUSTERED};

CREATE INDEX certificate_payment_line_issued ON certificate_payment_line (issued);
CREATE INDEX certificate_issued_place ON certificate_issued (institution);

CREATE TRIGGER certificate_payment_stays BEFORE UPDATE ON certificate_payment
BEGIN
	SELECT RAISE (ABORT, 'lists of payments are never changed');
END;

CREATE TRIGGER certificate_payment_kept BEFORE DELETE ON certificate_payment
BEGIN
	SELECT RAISE (ABORT, 'lists of payments are never deleted');
END;

CREATE TRIGGER certificate_payment_line_stays BEFORE UPDATE ON certificate_payment_line
BEGIN
	SELECT RAISE (ABORT, 'lists of payments are never changed');
END;

CREATE TRIGGER certificate_payment_line_kept BEFORE DELETE ON certificate_payment_line
BEGIN
	SELECT RAISE (ABORT, 'lists of payments are never deleted');
END;
