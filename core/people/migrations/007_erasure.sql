-- Persons whose accounts are closed until they are erased. begun: what is kept about them is gone, but for bodies of entries; due:
-- they were erased before, and came back with an older backup.
CREATE TABLE core_erasure (
	person TEXT PRIMARY KEY,
	closed_ms {INT64} NOT NULL,
	begun {INT64} NOT NULL DEFAULT 0,
	due {INT64} NOT NULL DEFAULT 0
) {STRICT};

-- Parts that keep something by person: none is erased while one of them is not there.
CREATE TABLE core_eraser (
	name TEXT PRIMARY KEY
) {STRICT};

-- How many lines of the list of those who were erased (keys/erased) this database knows.
CREATE TABLE core_erased (
	one {INT64} PRIMARY KEY CHECK (one = 1),
	lines {INT64} NOT NULL
) {STRICT};

INSERT INTO core_erased (one, lines) VALUES (1, 0);
