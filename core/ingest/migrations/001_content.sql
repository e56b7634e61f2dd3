-- The rows of content. A version and all below it are written in one function and never changed.
CREATE TABLE core_blob (
	sha256 TEXT PRIMARY KEY,
	size {INT64} NOT NULL,
	made_ms {INT64} NOT NULL
) {STRICT};

CREATE TABLE core_version (
	id TEXT PRIMARY KEY,
	course TEXT NOT NULL,
	number {INT64} NOT NULL,
	reader TEXT NOT NULL,
	name TEXT NOT NULL,
	lang TEXT NOT NULL,
	description TEXT NOT NULL,
	provider TEXT NOT NULL,
	occupation TEXT NOT NULL,
	keywords TEXT NOT NULL,
	programme TEXT,
	person TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	UNIQUE (course, number)
) {STRICT};

CREATE TABLE core_unit (
	id TEXT PRIMARY KEY,
	version TEXT NOT NULL REFERENCES core_version (id),
	position {INT64} NOT NULL,
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	hours_c {INT64} NOT NULL CHECK (hours_c >= 0),
	duration_ms {INT64} NOT NULL CHECK (duration_ms >= 0),
	nav TEXT,
	UNIQUE (version, position)
) {STRICT};

CREATE TABLE core_track (
	id TEXT PRIMARY KEY,
	unit TEXT NOT NULL REFERENCES core_unit (id),
	position {INT64} NOT NULL,
	kind TEXT NOT NULL,
	lang TEXT,
	label TEXT,
	type TEXT NOT NULL,
	codec TEXT,
	blob TEXT NOT NULL REFERENCES core_blob (sha256),
	idx TEXT REFERENCES core_blob (sha256),
	size {INT64} NOT NULL,
	duration_ms {INT64} NOT NULL,
	start_ms {INT64} NOT NULL,
	width {INT64} NOT NULL,
	height {INT64} NOT NULL,
	bitrate {INT64} NOT NULL,
	UNIQUE (unit, position)
) {STRICT};

CREATE INDEX core_track_blob ON core_track (blob);
CREATE INDEX core_track_idx ON core_track (idx);

-- Resumable uploads (tus 1.0); the bytes lie in uploads/ID.
CREATE TABLE core_upload (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	name TEXT NOT NULL,
	length {INT64} NOT NULL,
	made_ms {INT64} NOT NULL,
	expires_ms {INT64} NOT NULL,
	job TEXT
) {STRICT};

CREATE INDEX core_upload_expires ON core_upload (expires_ms);
CREATE INDEX core_upload_person ON core_upload (person);
