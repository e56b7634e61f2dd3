-- What a certificate brought, and by which rule: credits_t is ten-thousandths of a credit for each class hour, hours_c hundredths of
-- class hours, title and number are of the rule's document.
CREATE TABLE bank_deposit (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	institution TEXT NOT NULL,
	certificate TEXT NOT NULL,
	programme TEXT NOT NULL,
	hours_c {INT64} NOT NULL,
	credits_t {INT64} NOT NULL CHECK (credits_t > 0),
	rule TEXT NOT NULL,
	title TEXT NOT NULL,
	number TEXT NOT NULL
) {STRICT};

CREATE INDEX bank_deposit_person ON bank_deposit (person);
CREATE INDEX bank_deposit_class ON bank_deposit (cohort, person);

-- The lines of accounts, in hundredths of a credit. Nothing is edited: what takes something back is a line of its own that names the
-- one that it takes back. entry: its place in the ledger, from 0.
CREATE TABLE bank_line (
	id TEXT PRIMARY KEY,
	deposit TEXT NOT NULL REFERENCES bank_deposit (id),
	kind TEXT NOT NULL,
	credits_c {INT64} NOT NULL CHECK (credits_c <> 0),
	corrects TEXT UNIQUE REFERENCES bank_line (id),
	at_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL UNIQUE
) {STRICT};

CREATE INDEX bank_line_deposit ON bank_line (deposit, entry);

-- The sum of a person's lines.
CREATE TABLE bank_account (
	person TEXT PRIMARY KEY,
	credits_c {INT64} NOT NULL
) {STRICT};

CREATE TRIGGER bank_line_stays BEFORE UPDATE ON bank_line
BEGIN
	SELECT RAISE (ABORT, 'lines of accounts are never changed');
END;

CREATE TRIGGER bank_line_kept BEFORE DELETE ON bank_line
BEGIN
	SELECT RAISE (ABORT, 'lines of accounts are never deleted');
END;
