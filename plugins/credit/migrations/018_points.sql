-- Learning points for self-study outside classes. Minutes of it that make a point; 0 for none, NULL where it is inherited. The
-- column "points" of before counted nothing and is not read any more.
ALTER TABLE credit_policy ADD COLUMN point_minutes {INT64};

-- As credit_play, outside any class.
CREATE TABLE credit_self_play (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	unit TEXT NOT NULL,
	version TEXT NOT NULL,
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

CREATE UNIQUE INDEX credit_self_play_live ON credit_self_play (person) WHERE live = 1;

CREATE TABLE credit_self_coverage (
	person TEXT NOT NULL,
	unit TEXT NOT NULL,
	seen {BLOB} NOT NULL,
	credited {BLOB} NOT NULL,
	credited_s {INT64} NOT NULL,
	PRIMARY KEY (person, unit)
) {STRICT};

-- Seconds that counted towards points.
CREATE TABLE credit_self_day (
	person TEXT NOT NULL,
	day {INT64} NOT NULL,
	unit TEXT NOT NULL,
	granted_s {INT64} NOT NULL,
	points {INT64} NOT NULL,
	PRIMARY KEY (person, day, unit)
) {STRICT};

-- rest_s: of all seconds those that are not a whole point yet.
CREATE TABLE credit_points (
	person TEXT PRIMARY KEY,
	granted_s {INT64} NOT NULL,
	rest_s {INT64} NOT NULL,
	points {INT64} NOT NULL
) {STRICT};
