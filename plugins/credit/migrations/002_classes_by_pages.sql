-- A class that is being planned, as it was typed: opened, it names its class; dropped, it can be taken back for a while.
CREATE TABLE credit_draft (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	body TEXT NOT NULL,
	changed_ms {INT64} NOT NULL,
	dropped_ms {INT64},
	cohort TEXT REFERENCES credit_cohort (id)
) {STRICT};

CREATE INDEX credit_draft_person ON credit_draft (person, changed_ms);
CREATE INDEX credit_draft_cohort ON credit_draft (cohort);

-- When and where an offline unit is taught, where that is planned; day: days since 1970-01-01 in the place's own time.
CREATE TABLE credit_meeting (
	cohort TEXT NOT NULL,
	position {INT64} NOT NULL,
	day {INT64} NOT NULL,
	place TEXT NOT NULL,
	PRIMARY KEY (cohort, position)
) {STRICT};

CREATE INDEX credit_cohort_when ON credit_cohort (institution, starts_ms);
