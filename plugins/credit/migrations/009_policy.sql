-- Policy: the figures that hours are counted by. region '': everywhere; kind '': every kind of training. A figure that is NULL
-- was not entered there. A row is never edited: one that begins later takes its place. from_day, until_day: days since
-- 1970-01-01 in the place's own time; until_day is the first day on which it holds no more.
CREATE TABLE credit_policy (
	id TEXT PRIMARY KEY,
	region TEXT NOT NULL,
	kind TEXT NOT NULL,
	from_day {INT64} NOT NULL,
	until_day {INT64} CHECK (until_day > from_day),
	hour_minutes {INT64} CHECK (hour_minutes > 0),
	share_m {INT64} CHECK (share_m BETWEEN 0 AND 1000),
	basis {INT64} CHECK (basis BETWEEN 0 AND 2),
	daily_s {INT64} CHECK (daily_s > 0),
	rate_m {INT64} CHECK (rate_m >= 1000),
	completion_m {INT64} CHECK (completion_m BETWEEN 0 AND 1000),
	presence {INT64} CHECK (presence IN (0, 1)),
	points {INT64} CHECK (points IN (0, 1)),
	decides {INT64} CHECK (decides BETWEEN 1 AND 3),
	title TEXT NOT NULL,
	number TEXT NOT NULL,
	entered_ms {INT64} NOT NULL,
	entered_by TEXT NOT NULL,
	UNIQUE (region, kind, from_day)
) {STRICT};

CREATE INDEX credit_policy_order ON credit_policy (entered_ms, id);

CREATE TRIGGER credit_policy_stays BEFORE UPDATE ON credit_policy
BEGIN
	SELECT RAISE (ABORT, 'rules are never changed');
END;

CREATE TRIGGER credit_policy_kept BEFORE DELETE ON credit_policy
BEGIN
	SELECT RAISE (ABORT, 'rules are never deleted');
END;

-- The one figure that a province has published: of skill training at most 40 % online. The plan bears no number of its own; it
-- is of 2022, and the day it begins with is the first of that year.
INSERT INTO credit_policy (id, region, kind, from_day, share_m, title, number, entered_ms, entered_by)
VALUES ('00000000-0000-7000-8000-000000370000', '370000', 'skill', 18993, 400,
	'山东省“十四五”残疾人职业技能提升计划', '六（二）', 0, '');

-- What a class keeps of the policy of the day it opened, beside share, minutes of a class hour and rate. policy: the row that
-- its share is of, '' the server's settings; daily_s 0: no limit; entry: one more than the index of its entry in the ledger, 0
-- before there was one.
ALTER TABLE credit_cohort ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE credit_cohort ADD COLUMN policy TEXT NOT NULL DEFAULT '';
ALTER TABLE credit_cohort ADD COLUMN basis {INT64} NOT NULL DEFAULT 0;
ALTER TABLE credit_cohort ADD COLUMN daily_s {INT64} NOT NULL DEFAULT 0;
ALTER TABLE credit_cohort ADD COLUMN completion_m {INT64} NOT NULL DEFAULT 1000;
ALTER TABLE credit_cohort ADD COLUMN decides {INT64} NOT NULL DEFAULT 1;
ALTER TABLE credit_cohort ADD COLUMN entry {INT64} NOT NULL DEFAULT 0;

-- Seconds that are not counted because the day's online hours are full.
ALTER TABLE credit_day ADD COLUMN day_s {INT64} NOT NULL DEFAULT 0;

CREATE INDEX credit_day_person ON credit_day (person, day);
