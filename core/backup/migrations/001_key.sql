-- Each master key that this database was sealed with: a keyed hash that only this key gives.
CREATE TABLE core_key (
	id {INT64} PRIMARY KEY,
	mac TEXT NOT NULL
) {STRICT};
