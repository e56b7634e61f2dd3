-- Captions that a program drafted of a lesson, by its key and its first sound, until its author has read them: only then are they a
-- track. Nobody else sees them. job: the last one that drafts them. cues: JSON [{"s":ms,"e":ms,"t":text}], NULL while they are not drafted;
-- cue_n of them, of which the first read_n were read; edition: counts each change. They go with those bytes.
CREATE TABLE core_caption_draft (
	course TEXT NOT NULL,
	lesson TEXT NOT NULL,
	sound TEXT NOT NULL REFERENCES core_blob (sha256) ON DELETE CASCADE,
	lang TEXT NOT NULL,
	job TEXT NOT NULL,
	cues TEXT,
	cue_n {INT64} NOT NULL,
	read_n {INT64} NOT NULL CHECK (read_n >= 0 AND read_n <= cue_n),
	edition {INT64} NOT NULL,
	PRIMARY KEY (course, lesson)
) {STRICT}, {CLUSTERED};

CREATE INDEX core_caption_draft_sound ON core_caption_draft (sound);
