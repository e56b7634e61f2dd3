-- A question of a trainee about her hours: about the line of a unit on a day, or (unit '', day 0) about the class as a whole.
-- waiting: for an answer of those who look after the class.
CREATE TABLE credit_question (
	id TEXT PRIMARY KEY,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	person TEXT NOT NULL,
	unit TEXT NOT NULL,
	day {INT64} NOT NULL,
	asked_ms {INT64} NOT NULL,
	said_ms {INT64} NOT NULL,
	waiting {INT64} NOT NULL
) {STRICT};

CREATE INDEX credit_question_cohort ON credit_question (cohort, waiting, asked_ms);
CREATE INDEX credit_question_person ON credit_question (person, said_ms);

-- What was written is sealed: people tell of themselves there.
CREATE TABLE credit_message (
	id TEXT PRIMARY KEY,
	question TEXT NOT NULL REFERENCES credit_question (id),
	person TEXT NOT NULL,
	sealed {BLOB} NOT NULL,
	at_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX credit_message_question ON credit_message (question, at_ms);
