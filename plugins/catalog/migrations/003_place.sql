-- Where a course belongs: the region or institution of its author, '' for everything. NULL is a course from before: the next
-- start looks its author up; one without an author belongs to no place, so only a reviewer of everything may approve it.
ALTER TABLE catalog_course ADD COLUMN place TEXT;
CREATE INDEX catalog_course_place ON catalog_course (state, place, made_ms);
