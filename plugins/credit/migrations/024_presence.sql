-- Presence checks. After how many minutes that count one is due at the earliest; 0 for none, NULL where it is inherited. The column
-- "presence" of before held playback nowhere and is not read any more.
ALTER TABLE credit_policy ADD COLUMN presence_minutes {INT64};

-- What a class keeps of it, in seconds; 0: no checks.
ALTER TABLE credit_cohort ADD COLUMN presence_s {INT64} NOT NULL DEFAULT 0;

-- Seconds of the day that wait for an answer.
ALTER TABLE credit_day ADD COLUMN held_s {INT64} NOT NULL DEFAULT 0;

-- How a trainee stands in a class with checks. since_s: counted since the last answer; answered: how many were. unit: the lesson and
-- from_s to to_s its chapter in which the next one became due, '' while none has; due_ms: when she left that chapter, 0: she has not.
CREATE TABLE credit_presence (
	person TEXT NOT NULL,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	since_s {INT64} NOT NULL,
	answered {INT64} NOT NULL,
	unit TEXT NOT NULL,
	from_s {INT64} NOT NULL,
	to_s {INT64} NOT NULL,
	due_ms {INT64} NOT NULL,
	PRIMARY KEY (person, cohort)
) {STRICT};

CREATE INDEX credit_presence_due ON credit_presence (cohort, due_ms) WHERE due_ms > 0;

-- What was seen and waits for the answer, by the day on which it was; play: the last one that had it.
CREATE TABLE credit_held (
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	unit TEXT NOT NULL,
	day {INT64} NOT NULL,
	play TEXT NOT NULL REFERENCES credit_play (id),
	ranges {BLOB} NOT NULL,
	PRIMARY KEY (person, cohort, unit, day)
) {STRICT};

-- How each check was answered, and what of the seconds that had waited counted then.
CREATE TABLE credit_answer (
	person TEXT NOT NULL,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	number {INT64} NOT NULL,
	unit TEXT NOT NULL,
	due_ms {INT64} NOT NULL,
	at_ms {INT64} NOT NULL,
	modality TEXT NOT NULL,
	answered_by TEXT NOT NULL,
	held_s {INT64} NOT NULL,
	granted_s {INT64} NOT NULL,
	PRIMARY KEY (person, cohort, number)
) {STRICT};
