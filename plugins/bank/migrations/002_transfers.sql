-- Credits of a certificate that an institution recognises for a programme of its own: asked for by one, countersigned by another.
-- returns: the transfer that this one takes back.
CREATE TABLE bank_transfer (
	id TEXT PRIMARY KEY,
	deposit TEXT NOT NULL REFERENCES bank_deposit (id),
	recogniser TEXT NOT NULL,
	programme TEXT NOT NULL,
	document TEXT NOT NULL,
	credits_c {INT64} NOT NULL CHECK (credits_c > 0),
	returns TEXT REFERENCES bank_transfer (id),
	reason TEXT NOT NULL,
	asked_by TEXT NOT NULL,
	asked_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL UNIQUE
) {STRICT};

CREATE INDEX bank_transfer_deposit ON bank_transfer (deposit, entry);
CREATE INDEX bank_transfer_recogniser ON bank_transfer (recogniser, entry);

-- How it ended: countersigned, or refused and why.
CREATE TABLE bank_transfer_end (
	transfer TEXT PRIMARY KEY REFERENCES bank_transfer (id),
	countersigned {INT64} NOT NULL CHECK (countersigned IN (0, 1)),
	reason TEXT NOT NULL,
	person TEXT NOT NULL,
	at_ms {INT64} NOT NULL,
	entry {INT64} NOT NULL UNIQUE
) {STRICT};

-- The transfer that a line is of; NULL: it is of a certificate alone.
ALTER TABLE bank_line ADD COLUMN transfer TEXT;

CREATE TRIGGER bank_transfer_stays BEFORE UPDATE ON bank_transfer
BEGIN
	SELECT RAISE (ABORT, 'transfers are never changed');
END;

CREATE TRIGGER bank_transfer_kept BEFORE DELETE ON bank_transfer
BEGIN
	SELECT RAISE (ABORT, 'transfers are never deleted');
END;
