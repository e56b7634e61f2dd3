-- The person whom somebody turned out to be: whoever looks for her by number or id finds that one. Never one who was merged herself.
ALTER TABLE core_person ADD COLUMN merged_into TEXT REFERENCES core_person (id);

CREATE INDEX core_person_merged ON core_person (merged_into) WHERE merged_into IS NOT NULL;
