-- Entries are numbered in their order and have no index: a beat adds a row at the end of one tree, and few pages change.
-- The play's own set of numbers sees to it that a beat counts once. What a record shows of a day is added up in the same
-- write.
CREATE TABLE credit_entry_new (
	n {INT64} PRIMARY KEY,
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
	actor TEXT NOT NULL
) {STRICT};

INSERT INTO credit_entry_new (kind, at_ms, day, person, cohort, unit, version, play, seq, played_s, granted_s, again_s,
	share_s, hours_s, clock_s, undelivered_s, actor)
SELECT kind, at_ms, day, person, cohort, unit, version, play, seq, played_s, granted_s, again_s,
	share_s, hours_s, clock_s, undelivered_s, actor FROM credit_entry ORDER BY id;

DROP TABLE credit_entry;

ALTER TABLE credit_entry_new RENAME TO credit_entry;

CREATE TRIGGER credit_entry_stays BEFORE UPDATE ON credit_entry
BEGIN
	SELECT RAISE (ABORT, 'entries are never changed');
END;

CREATE TRIGGER credit_entry_kept BEFORE DELETE ON credit_entry
BEGIN
	SELECT RAISE (ABORT, 'entries are never deleted');
END;

-- The entries of a unit on one day, added up: a cache of them that can be made anew.
CREATE TABLE credit_day (
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	day {INT64} NOT NULL,
	unit TEXT NOT NULL,
	played_s {INT64} NOT NULL,
	granted_s {INT64} NOT NULL,
	again_s {INT64} NOT NULL,
	share_s {INT64} NOT NULL,
	hours_s {INT64} NOT NULL,
	clock_s {INT64} NOT NULL,
	undelivered_s {INT64} NOT NULL,
	PRIMARY KEY (person, cohort, day, unit)
) {STRICT};

INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, hours_s, clock_s, undelivered_s)
SELECT person, cohort, day, unit, sum(played_s), sum(granted_s), sum(again_s), sum(share_s), sum(hours_s), sum(clock_s),
	sum(undelivered_s) FROM credit_entry GROUP BY person, cohort, day, unit;

-- What every beat reads and changes lies in its primary key's own tree: one search in place of two.
CREATE TABLE credit_play_new (
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
) {STRICT}, {CLUSTERED};

INSERT INTO credit_play_new SELECT id, person, cohort, unit, version, unit_s, media_s, live, budget_ms, spent_s, seqs, boot,
	boot_ms, wall_ms, doubted, opened_ms FROM credit_play;

DROP TABLE credit_play;

ALTER TABLE credit_play_new RENAME TO credit_play;

CREATE UNIQUE INDEX credit_play_live ON credit_play (person) WHERE live = 1;

CREATE TABLE credit_trainee_new (
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	person TEXT NOT NULL,
	shown TEXT NOT NULL,
	online_s {INT64} NOT NULL DEFAULT 0,
	added_ms {INT64} NOT NULL,
	added_by TEXT NOT NULL,
	PRIMARY KEY (cohort, person)
) {STRICT}, {CLUSTERED};

INSERT INTO credit_trainee_new SELECT cohort, person, shown, online_s, added_ms, added_by FROM credit_trainee;

DROP TABLE credit_trainee;

ALTER TABLE credit_trainee_new RENAME TO credit_trainee;

CREATE INDEX credit_trainee_person ON credit_trainee (person);
