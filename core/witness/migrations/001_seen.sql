-- The latest checkpoint of each ledger that was cosigned. note: it, with the ledger's signatures and ours.
CREATE TABLE witness_seen (
	origin TEXT PRIMARY KEY,
	size {INT64} NOT NULL,
	root {BLOB} NOT NULL,
	note {BLOB} NOT NULL
) {STRICT}, {CLUSTERED};

CREATE TRIGGER witness_seen_grows BEFORE UPDATE ON witness_seen
	WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
BEGIN
	SELECT RAISE (ABORT, 'a witness goes forward alone');
END;

CREATE TRIGGER witness_seen_kept BEFORE DELETE ON witness_seen
BEGIN
	SELECT RAISE (ABORT, 'a witness forgets no ledger');
END;
