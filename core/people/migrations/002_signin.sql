-- Signing in for everyone: phones (sealed, looked up by a keyed hash), PINs, known devices, codes for the first time, the
-- steps of a sign-in, the second factor, passkeys, helpers.
ALTER TABLE core_person ADD COLUMN pin {INT64} NOT NULL DEFAULT 0;
ALTER TABLE core_person ADD COLUMN phone {BLOB};
ALTER TABLE core_person ADD COLUMN phone_index TEXT;
CREATE UNIQUE INDEX core_person_phone ON core_person (phone_index);

ALTER TABLE core_session ADD COLUMN agent TEXT;
ALTER TABLE core_session ADD COLUMN seen_ms {INT64} NOT NULL DEFAULT 0;
ALTER TABLE core_session ADD COLUMN helper TEXT REFERENCES core_person (id);

CREATE INDEX core_try_last ON core_try (last_ms);

CREATE TABLE core_device (
	token_hash TEXT NOT NULL,
	person TEXT NOT NULL REFERENCES core_person (id),
	used_ms {INT64} NOT NULL,
	PRIMARY KEY (token_hash, person)
) {STRICT};
CREATE INDEX core_device_person ON core_device (person, used_ms);

CREATE TABLE core_code (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	code_index TEXT NOT NULL,
	made_by TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	ends_ms {INT64} NOT NULL,
	used_ms {INT64}
) {STRICT};
CREATE INDEX core_code_person ON core_code (person, ends_ms);

-- A sign-in that waits for its next step. `data` is sealed.
CREATE TABLE core_step (
	id TEXT PRIMARY KEY,
	token_hash TEXT NOT NULL UNIQUE,
	person TEXT NOT NULL REFERENCES core_person (id),
	kind {INT64} NOT NULL,
	data {BLOB},
	made_ms {INT64} NOT NULL,
	ends_ms {INT64} NOT NULL
) {STRICT};
CREATE INDEX core_step_ends ON core_step (ends_ms);
CREATE INDEX core_step_person ON core_step (person, made_ms);

CREATE TABLE core_factor (
	person TEXT PRIMARY KEY REFERENCES core_person (id),
	secret {BLOB} NOT NULL,
	last_step {INT64} NOT NULL,
	made_ms {INT64} NOT NULL
) {STRICT};

CREATE TABLE core_recovery (
	person TEXT NOT NULL REFERENCES core_person (id),
	code_index TEXT NOT NULL,
	used_ms {INT64},
	PRIMARY KEY (person, code_index)
) {STRICT};

CREATE TABLE core_passkey (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	credential TEXT NOT NULL UNIQUE,
	algorithm {INT64} NOT NULL,
	public_key {BLOB} NOT NULL,
	counter {INT64} NOT NULL,
	name TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	used_ms {INT64} NOT NULL
) {STRICT};
CREATE INDEX core_passkey_person ON core_passkey (person);

-- Challenges that were answered: none is answered twice.
CREATE TABLE core_spent (
	challenge TEXT PRIMARY KEY,
	ends_ms {INT64} NOT NULL
) {STRICT};
CREATE INDEX core_spent_ends ON core_spent (ends_ms);

CREATE TABLE core_help (
	id TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES core_person (id),
	helper TEXT NOT NULL REFERENCES core_person (id),
	from_ms {INT64} NOT NULL,
	until_ms {INT64}
) {STRICT};
CREATE INDEX core_help_person ON core_help (person);
CREATE INDEX core_help_helper ON core_help (helper);
