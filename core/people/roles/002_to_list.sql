-- People from before there was a list: those who are not in it yet, so that no start looks through everybody for them.
CREATE TABLE core_to_list (
	id TEXT PRIMARY KEY REFERENCES core_person (id)
) {STRICT};

INSERT INTO core_to_list (id) SELECT id FROM core_person WHERE id NOT IN (SELECT id FROM core_listed);
