-- The units of a version and the tracks of a unit lie beside each other in their order: they are nearly always read together.
CREATE TABLE core_unit_new (
	id TEXT NOT NULL UNIQUE,
	version TEXT NOT NULL REFERENCES core_version (id),
	position {INT64} NOT NULL,
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	hours_c {INT64} NOT NULL CHECK (hours_c >= 0),
	duration_ms {INT64} NOT NULL CHECK (duration_ms >= 0),
	nav TEXT,
	PRIMARY KEY (version, position)
) {STRICT}, {CLUSTERED};

INSERT INTO core_unit_new (id, version, position, key, name, kind, hours_c, duration_ms, nav)
SELECT id, version, position, key, name, kind, hours_c, duration_ms, nav FROM core_unit;

CREATE TABLE core_track_new (
	id TEXT NOT NULL UNIQUE,
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
	PRIMARY KEY (unit, position)
) {STRICT}, {CLUSTERED};

INSERT INTO core_track_new (id, unit, position, kind, lang, label, type, codec, blob, idx, size, duration_ms, start_ms, width,
	height, bitrate)
SELECT id, unit, position, kind, lang, label, type, codec, blob, idx, size, duration_ms, start_ms, width, height, bitrate
FROM core_track;

DROP TABLE core_track;

DROP TABLE core_unit;

ALTER TABLE core_unit_new RENAME TO core_unit;

ALTER TABLE core_track_new RENAME TO core_track;

CREATE INDEX core_track_blob ON core_track (blob);
CREATE INDEX core_track_idx ON core_track (idx);
