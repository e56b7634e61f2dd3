-- features: bits of catalog.h. sort_key: ICU's for zh. A draft is seen by its author and by those who may publish it.
CREATE TABLE catalog_course (
	id TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('draft', 'published')),
	name TEXT NOT NULL,
	sort_key {BLOB} NOT NULL,
	lang TEXT NOT NULL,
	description TEXT NOT NULL,
	provider TEXT NOT NULL,
	occupation TEXT NOT NULL,
	hours_c {INT64} NOT NULL,
	units {INT64} NOT NULL,
	features {INT64} NOT NULL,
	owner TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	published_ms {INT64}
) {STRICT};

CREATE INDEX catalog_course_list ON catalog_course (state, sort_key, id);
CREATE INDEX catalog_course_owner ON catalog_course (owner, made_ms);

-- What the search knows: published courses alone.
CREATE TABLE catalog_listed (
	id TEXT PRIMARY KEY REFERENCES catalog_course (id),
	name TEXT NOT NULL,
	words TEXT NOT NULL
) {STRICT};
