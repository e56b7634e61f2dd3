-- What the courses of a class lacked when it opened: who owes each, and by which day. A task is done by the word of somebody who looks
-- after the class; its owner owes it no more when new classes take a version that has it, which no row says. key: of the lesson, '' for
-- the course as a whole.
CREATE TABLE credit_task (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	position {INT64} NOT NULL,
	course TEXT NOT NULL,
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	fact TEXT NOT NULL,
	code TEXT NOT NULL,
	owner TEXT NOT NULL,
	due_day {INT64} NOT NULL,
	done_ms {INT64},
	done_by TEXT,
	words TEXT
) {STRICT};

CREATE INDEX credit_task_cohort ON credit_task (cohort, position);
CREATE INDEX credit_task_owner ON credit_task (owner, due_day);

-- Who interprets or captions for a class until its tasks are done; the last word holds.
CREATE TABLE credit_task_help (
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	kind TEXT NOT NULL CHECK (kind IN ('interpreter', 'captioner')),
	name TEXT NOT NULL,
	named_by TEXT NOT NULL,
	named_ms {INT64} NOT NULL,
	PRIMARY KEY (cohort, kind)
) {STRICT};
