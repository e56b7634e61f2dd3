-- What trainees had written down to take home. n: the entry of the ledger that says so.
CREATE TABLE credit_statement (
	person TEXT NOT NULL,
	n {INT64} NOT NULL,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	at_ms {INT64} NOT NULL,
	online_s {INT64} NOT NULL,
	live_s {INT64} NOT NULL,
	offline_s {INT64} NOT NULL,
	PRIMARY KEY (person, n)
) {STRICT}, {CLUSTERED};
