-- The words of `state` are checked: with another one the server could not go on.
CREATE TABLE catalog_course_new (
	id TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'returned', 'published', 'retired')),
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
	published_ms {INT64},
	place TEXT
) {STRICT};

INSERT INTO catalog_course_new SELECT id, version, state, name, sort_key, lang, description, provider, occupation, hours_c,
	units, features, owner, made_ms, published_ms, place FROM catalog_course;

DROP TABLE catalog_course;

ALTER TABLE catalog_course_new RENAME TO catalog_course;

CREATE INDEX catalog_course_list ON catalog_course (state, sort_key, id);
CREATE INDEX catalog_course_owner ON catalog_course (owner, made_ms);
CREATE INDEX catalog_course_place ON catalog_course (state, place, made_ms);
