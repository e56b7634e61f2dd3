-- Blobs that nobody holds: since when (NULL: somebody does, or nobody has looked), who may hold some, and what the looks came to.
ALTER TABLE core_blob ADD COLUMN unused_ms {INT64};

CREATE TABLE core_holder (
	name TEXT PRIMARY KEY
) {STRICT};

CREATE TABLE core_unused (
	one {INT64} PRIMARY KEY CHECK (one = 1),
	looked_ms {INT64} NOT NULL,
	waiting {INT64} NOT NULL,
	waiting_bytes {INT64} NOT NULL,
	removed {INT64} NOT NULL,
	removed_bytes {INT64} NOT NULL,
	away TEXT NOT NULL
) {STRICT};

INSERT INTO core_unused (one, looked_ms, waiting, waiting_bytes, removed, removed_bytes, away) VALUES (1, 0, 0, 0, 0, 0, '');
