-- What the list of people is searched in and ordered by. sort_key: ICU's for zh.
CREATE TABLE core_listed (
	id TEXT PRIMARY KEY REFERENCES core_person (id),
	name TEXT NOT NULL,
	sign_in TEXT NOT NULL,
	sort_key {BLOB} NOT NULL
) {STRICT};

CREATE INDEX core_listed_order ON core_listed (sort_key, id);
CREATE INDEX core_grant_institution ON core_grant (institution, person);
CREATE INDEX core_grant_region ON core_grant (region, person);
CREATE INDEX core_grant_role ON core_grant (role, person);

-- From then on nothing new begins there; what was recorded stays.
ALTER TABLE core_institution ADD COLUMN until_ms {INT64};

-- What a region or an institution was called until then.
CREATE TABLE core_old_name (
	id TEXT PRIMARY KEY,
	place TEXT NOT NULL,
	name TEXT NOT NULL,
	until_ms {INT64} NOT NULL
) {STRICT};

CREATE INDEX core_old_name_place ON core_old_name (place, until_ms);

-- Who changed what about people, places and the machine. about: the person, place or thing; place: where it belongs, '' for
-- everything. act is a source text, its {parts} come from detail (JSON).
CREATE TABLE core_change (
	id TEXT PRIMARY KEY,
	at_ms {INT64} NOT NULL,
	actor TEXT NOT NULL,
	about TEXT NOT NULL,
	place TEXT NOT NULL,
	act TEXT NOT NULL,
	detail TEXT NOT NULL
) {STRICT};

CREATE INDEX core_change_order ON core_change (at_ms, id);
CREATE INDEX core_change_about ON core_change (about, at_ms);

CREATE TRIGGER core_change_stays BEFORE UPDATE ON core_change
BEGIN
	SELECT RAISE (ABORT, 'changes are written once');
END;

CREATE TRIGGER core_change_kept BEFORE DELETE ON core_change
BEGIN
	SELECT RAISE (ABORT, 'changes are kept');
END;
