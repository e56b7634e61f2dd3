-- Servers that bundles go to and come from: what an administrator entered of their cards. Nothing of them is secret.
CREATE TABLE exchange_server (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	region TEXT NOT NULL,
	sign_key TEXT NOT NULL,
	box_key TEXT NOT NULL,
	ledger_key TEXT NOT NULL,
	added_ms {INT64} NOT NULL,
	ended_ms {INT64} NOT NULL DEFAULT 0
) {STRICT};

CREATE INDEX exchange_server_key ON exchange_server (sign_key);

-- Bundles that were made here. sealed: nobody but the receiver reads it. file: once the ledger has signed its entry.
CREATE TABLE exchange_out (
	id TEXT PRIMARY KEY,
	server TEXT NOT NULL REFERENCES exchange_server (id),
	sequence {INT64} NOT NULL,
	place TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	made_by TEXT NOT NULL,
	records {INT64} NOT NULL,
	receiver TEXT NOT NULL,
	sealed {BLOB} NOT NULL,
	file {BLOB},
	entry {INT64} NOT NULL UNIQUE,
	UNIQUE (server, sequence)
) {STRICT};

-- What a receiver was told last of a person in a class: only what differs goes into the next bundle.
CREATE TABLE exchange_sent (
	server TEXT NOT NULL REFERENCES exchange_server (id),
	record TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (server, record)
) {STRICT};

-- Bundles that came in and were applied.
CREATE TABLE exchange_in (
	id TEXT PRIMARY KEY,
	server TEXT NOT NULL REFERENCES exchange_server (id),
	sequence {INT64} NOT NULL,
	made_ms {INT64} NOT NULL,
	records {INT64} NOT NULL,
	news {INT64} NOT NULL,
	applied_ms {INT64} NOT NULL,
	applied_by TEXT NOT NULL,
	entry {INT64} NOT NULL UNIQUE,
	UNIQUE (server, sequence)
) {STRICT};

-- Records from elsewhere, as the newest bundle says that has them. They are read; no figure of this server's own rests on them.
CREATE TABLE exchange_record (
	id TEXT PRIMARY KEY,
	server TEXT NOT NULL REFERENCES exchange_server (id),
	class TEXT NOT NULL,
	person TEXT NOT NULL,
	sequence {INT64} NOT NULL,
	programme TEXT NOT NULL,
	institution TEXT NOT NULL,
	shown TEXT NOT NULL,
	starts_ms {INT64} NOT NULL,
	ends_ms {INT64} NOT NULL,
	hour_s {INT64} NOT NULL,
	total_s {INT64} NOT NULL,
	online_s {INT64} NOT NULL,
	offline_s {INT64} NOT NULL,
	counted_s {INT64} NOT NULL,
	left_ms {INT64} NOT NULL,
	theory {INT64} NOT NULL,
	practice {INT64} NOT NULL,
	code TEXT NOT NULL,
	issued_ms {INT64} NOT NULL,
	their_entry {INT64} NOT NULL,
	number {BLOB},
	number_mark TEXT,
	UNIQUE (server, class, person)
) {STRICT};

CREATE INDEX exchange_record_list ON exchange_record (server, programme, class, shown, person);
CREATE INDEX exchange_record_number ON exchange_record (number_mark);

CREATE TRIGGER exchange_in_stays BEFORE UPDATE ON exchange_in
BEGIN
	SELECT RAISE (ABORT, 'what came in is never changed');
END;

CREATE TRIGGER exchange_in_kept BEFORE DELETE ON exchange_in
BEGIN
	SELECT RAISE (ABORT, 'what came in is never deleted');
END;
