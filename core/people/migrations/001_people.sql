-- Regions are a dated tree, not a number prefix: some have no ordinary code.
CREATE TABLE core_region (
	id TEXT PRIMARY KEY,
	parent TEXT REFERENCES core_region (id),
	name TEXT NOT NULL,
	from_ms {INT64},
	until_ms {INT64}
) {STRICT};

CREATE INDEX core_region_parent ON core_region (parent);

CREATE TABLE core_institution (
	id TEXT PRIMARY KEY,
	region TEXT NOT NULL REFERENCES core_region (id),
	name TEXT NOT NULL,
	made_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX core_institution_region ON core_institution (region);

CREATE TABLE core_person (
	id TEXT PRIMARY KEY,
	sign_in TEXT NOT NULL UNIQUE,
	shown TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	lang TEXT,
	made_ms {INT64} NOT NULL,
	closed_ms {INT64}
) {STRICT};

CREATE TABLE core_grant (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	role {INT64} NOT NULL,
	region TEXT REFERENCES core_region (id),
	institution TEXT REFERENCES core_institution (id),
	from_ms {INT64} NOT NULL,
	until_ms {INT64},
	CHECK (region IS NULL OR institution IS NULL)
) {STRICT};

CREATE INDEX core_grant_person ON core_grant (person);

CREATE TABLE core_session (
	id TEXT PRIMARY KEY,
	token_hash TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL REFERENCES core_person (id),
	csrf TEXT NOT NULL,
	lang TEXT,
	shared {INT64} NOT NULL,
	made_ms {INT64} NOT NULL,
	ends_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX core_session_person ON core_session (person);

CREATE TABLE core_try (
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	failed {INT64} NOT NULL,
	last_ms {INT64} NOT NULL,
	PRIMARY KEY (name, address)
) {STRICT};
