-- Smaller forms of a lesson's picture and first sound ('' when it has none), for bad lines. They belong to those bytes: every version
-- that has them shares what was made. job: the last one that makes it, '' while none was queued; made_ms: 0 while it is not made. They go
-- with those bytes.
CREATE TABLE core_rendition (
	picture TEXT NOT NULL REFERENCES core_blob (sha256) ON DELETE CASCADE,
	sound TEXT NOT NULL,
	form TEXT NOT NULL,
	job TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	PRIMARY KEY (picture, sound, form)
) {STRICT}, {CLUSTERED};

-- A flat one names the others by their position.
CREATE TABLE core_rendition_track (
	picture TEXT NOT NULL,
	sound TEXT NOT NULL,
	form TEXT NOT NULL,
	position {INT64} NOT NULL,
	kind TEXT NOT NULL,
	type TEXT NOT NULL,
	codec TEXT,
	blob TEXT NOT NULL REFERENCES core_blob (sha256) ON DELETE CASCADE,
	idx TEXT NOT NULL REFERENCES core_blob (sha256) ON DELETE CASCADE,
	size {INT64} NOT NULL,
	duration_ms {INT64} NOT NULL,
	width {INT64} NOT NULL,
	height {INT64} NOT NULL,
	bitrate {INT64} NOT NULL,
	PRIMARY KEY (picture, sound, form, position),
	FOREIGN KEY (picture, sound, form) REFERENCES core_rendition (picture, sound, form) ON DELETE CASCADE
) {STRICT}, {CLUSTERED};

CREATE INDEX core_rendition_track_blob ON core_rendition_track (blob);

CREATE INDEX core_rendition_track_idx ON core_rendition_track (idx);
