-- Why a person may be a trainee. A row is never changed but in its state: 0 waits for another person, 1 holds, 2 another holds in
-- its place, 3 refused. `sealed`: number, category, grade, whose. number_index: a keyed hash, NULL without a number.
CREATE TABLE core_eligible (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	place TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('disability', 'soldier', 'relative', 'employee')),
	sealed {BLOB} NOT NULL,
	number_index TEXT,
	recorded_ms {INT64} NOT NULL,
	recorded_by TEXT NOT NULL,
	state {INT64} NOT NULL CHECK (state BETWEEN 0 AND 3),
	decided_ms {INT64},
	decided_by TEXT
) {STRICT};

CREATE UNIQUE INDEX core_eligible_holds ON core_eligible (person) WHERE state = 1;
CREATE UNIQUE INDEX core_eligible_waits ON core_eligible (person) WHERE state = 0;
CREATE UNIQUE INDEX core_eligible_number ON core_eligible (number_index) WHERE state = 1;
CREATE INDEX core_eligible_place ON core_eligible (place, recorded_ms) WHERE state = 0;
