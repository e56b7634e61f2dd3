-- A class keeps the policy of the day it opened: share, minutes of a class hour, playback rate.
CREATE TABLE credit_cohort (
	id TEXT PRIMARY KEY,
	programme TEXT NOT NULL,
	institution TEXT NOT NULL,
	total_c {INT64} NOT NULL CHECK (total_c > 0),
	share_m {INT64} NOT NULL CHECK (share_m BETWEEN 0 AND 1000),
	hour_s {INT64} NOT NULL CHECK (hour_s > 0),
	rate_m {INT64} NOT NULL CHECK (rate_m > 0),
	starts_ms {INT64} NOT NULL,
	ends_ms {INT64} NOT NULL,
	opened_ms {INT64} NOT NULL,
	opened_by TEXT NOT NULL,
	CHECK (starts_ms < ends_ms)
) {STRICT};

CREATE INDEX credit_cohort_institution ON credit_cohort (institution, opened_ms);

CREATE TABLE credit_cohort_course (
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	version TEXT NOT NULL,
	position {INT64} NOT NULL,
	PRIMARY KEY (cohort, version)
) {STRICT};

CREATE INDEX credit_cohort_course_version ON credit_cohort_course (version);

CREATE TABLE credit_offline (
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	position {INT64} NOT NULL,
	name TEXT NOT NULL,
	hours_c {INT64} NOT NULL CHECK (hours_c > 0),
	PRIMARY KEY (cohort, position)
) {STRICT};

-- online_s is a cache of the entries: it can be made anew from them.
CREATE TABLE credit_trainee (
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	person TEXT NOT NULL,
	shown TEXT NOT NULL,
	online_s {INT64} NOT NULL DEFAULT 0,
	added_ms {INT64} NOT NULL,
	added_by TEXT NOT NULL,
	PRIMARY KEY (cohort, person)
) {STRICT};

CREATE INDEX credit_trainee_person ON credit_trainee (person);

-- budget_ms: what the server's own clock has counted while this play held the lease; spent_s: media seconds
-- credited against it. seqs: the beats that came, as ranges.
CREATE TABLE credit_play (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	unit TEXT NOT NULL,
	version TEXT NOT NULL,
	unit_s {INT64} NOT NULL,
	media_s {INT64} NOT NULL,
	live {INT64} NOT NULL,
	budget_ms {INT64} NOT NULL,
	spent_s {INT64} NOT NULL,
	seqs {BLOB} NOT NULL,
	boot TEXT NOT NULL,
	boot_ms {INT64} NOT NULL,
	wall_ms {INT64} NOT NULL,
	doubted {INT64} NOT NULL DEFAULT 0,
	opened_ms {INT64} NOT NULL
) {STRICT};

-- One live play a person.
CREATE UNIQUE INDEX credit_play_live ON credit_play (person) WHERE live = 1;

-- Ranges of whole seconds of the unit's time axis. seen and credited are per class; delivered is not.
CREATE TABLE credit_coverage (
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	unit TEXT NOT NULL,
	seen {BLOB} NOT NULL,
	credited {BLOB} NOT NULL,
	seen_s {INT64} NOT NULL,
	credited_s {INT64} NOT NULL,
	position_s {INT64} NOT NULL,
	at_ms {INT64} NOT NULL,
	PRIMARY KEY (person, cohort, unit)
) {STRICT};

CREATE TABLE credit_delivered (
	person TEXT NOT NULL,
	unit TEXT NOT NULL,
	ranges {BLOB} NOT NULL,
	PRIMARY KEY (person, unit)
) {STRICT};

CREATE TABLE credit_place (
	person TEXT NOT NULL,
	unit TEXT NOT NULL,
	position_s {INT64} NOT NULL,
	at_ms {INT64} NOT NULL,
	PRIMARY KEY (person, unit)
) {STRICT};

-- What counted and what did not, and why. Nothing is edited: a correction is a new entry.
-- played_s = granted_s + again_s + share_s + hours_s + clock_s + undelivered_s
CREATE TABLE credit_entry (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('online')),
	at_ms {INT64} NOT NULL,
	day {INT64} NOT NULL,
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	unit TEXT NOT NULL,
	version TEXT NOT NULL,
	play TEXT NOT NULL,
	seq {INT64} NOT NULL,
	played_s {INT64} NOT NULL,
	granted_s {INT64} NOT NULL CHECK (granted_s >= 0),
	again_s {INT64} NOT NULL,
	share_s {INT64} NOT NULL,
	hours_s {INT64} NOT NULL,
	clock_s {INT64} NOT NULL,
	undelivered_s {INT64} NOT NULL,
	actor TEXT NOT NULL,
	UNIQUE (play, seq)
) {STRICT};

CREATE INDEX credit_entry_record ON credit_entry (person, cohort, day, unit);

CREATE TRIGGER credit_entry_stays BEFORE UPDATE ON credit_entry
BEGIN
	SELECT RAISE (ABORT, 'entries are never changed');
END;

CREATE TRIGGER credit_entry_kept BEFORE DELETE ON credit_entry
BEGIN
	SELECT RAISE (ABORT, 'entries are never deleted');
END;
