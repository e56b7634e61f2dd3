-- The courses of an author, to hand in another version of one.
CREATE INDEX core_version_person ON core_version (person, course);
