-- Reports of barriers, and the answers to them. What was written is sealed: people tell of themselves there.
CREATE TABLE core_barrier (
	id TEXT PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	page TEXT NOT NULL,
	sealed_text {BLOB} NOT NULL,
	sealed_contact {BLOB},
	person TEXT,
	made_ms {INT64} NOT NULL,
	answer_by_ms {INT64} NOT NULL,
	seen_ms {INT64},
	answered_ms {INT64}
) {STRICT};

CREATE INDEX core_barrier_open ON core_barrier (answered_ms, answer_by_ms);
CREATE INDEX core_barrier_person ON core_barrier (person, made_ms);

CREATE TABLE core_barrier_answer (
	id TEXT PRIMARY KEY,
	barrier TEXT NOT NULL REFERENCES core_barrier (id),
	sealed_text {BLOB} NOT NULL,
	person TEXT NOT NULL,
	made_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX core_barrier_answer_of ON core_barrier_answer (barrier, made_ms);
