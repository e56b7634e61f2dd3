-- What helps a person, and as it was before: sealed, of one length whatever was chosen.
CREATE TABLE core_needs (
	id TEXT PRIMARY KEY REFERENCES core_person (id),
	needs {BLOB} NOT NULL,
	before {BLOB}
) {STRICT};

-- Who may set it for the person, until when.
CREATE TABLE core_needs_consent (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	helper TEXT NOT NULL REFERENCES core_person (id),
	until_ms {INT64} NOT NULL,
	UNIQUE (person, helper)
) {STRICT};

CREATE INDEX core_needs_consent_helper ON core_needs_consent (helper);

-- Who set it, looked at it or took a copy.
CREATE TABLE core_needs_use (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	actor TEXT NOT NULL REFERENCES core_person (id),
	deed {INT64} NOT NULL,
	at_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX core_needs_use_person ON core_needs_use (person, at_ms);
