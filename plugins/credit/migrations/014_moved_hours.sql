-- Where the entries stand in the ledger that took hours of a trainee out of a class or brought them into it: places.h.
CREATE TABLE credit_moved (
	person TEXT NOT NULL,
	cohort TEXT NOT NULL REFERENCES credit_cohort (id),
	places {BLOB} NOT NULL,
	PRIMARY KEY (person, cohort)
) {STRICT};
