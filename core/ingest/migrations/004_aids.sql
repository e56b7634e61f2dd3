-- What helps in reading a version or (unit) one of its units: read only for who chose it, so it stands beside them.
CREATE TABLE core_aid (
	version TEXT NOT NULL REFERENCES core_version (id),
	unit TEXT NOT NULL,
	easy TEXT NOT NULL,
	name_pinyin TEXT NOT NULL,
	description_pinyin TEXT NOT NULL,
	easy_pinyin TEXT NOT NULL,
	PRIMARY KEY (version, unit)
) {STRICT}, {CLUSTERED};
