-- n counts from 0 and has no gaps. body is NULL once the person that it is about has been erased: its hash stays in the tiles.
CREATE TABLE ledger_entry (
	n {INT64} PRIMARY KEY,
	body {BLOB}
) {STRICT};

-- Tiles of level 0 to 7 as C2SP tlog-tiles has them: up to 256 hashes of 32 bytes; the last of a level grows.
CREATE TABLE ledger_tile (
	level {INT64} NOT NULL,
	n {INT64} NOT NULL,
	hashes {BLOB} NOT NULL,
	PRIMARY KEY (level, n)
) {STRICT};

-- What stands for a person in entries: 16 random bytes that say nothing.
CREATE TABLE ledger_person (
	person TEXT PRIMARY KEY,
	pseudonym {BLOB} NOT NULL
) {STRICT}, {CLUSTERED};

CREATE TRIGGER ledger_entry_kept BEFORE DELETE ON ledger_entry
BEGIN
	SELECT RAISE (ABORT, 'entries of the ledger are never deleted');
END;

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE ON ledger_entry WHEN new.body IS NOT NULL OR new.n <> old.n
BEGIN
	SELECT RAISE (ABORT, 'entries of the ledger are never changed');
END;
