-- A new version of a published course is a draft beside it: a row of its own with its own way to a reviewer, until it is published
-- and takes the place of the one before. of_course: whose new version a row is, '' for a course itself.
ALTER TABLE catalog_course ADD COLUMN of_course TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX catalog_course_next ON catalog_course (of_course) WHERE of_course <> '';

-- Versions that were published: a class may have each for good. The latest that is not withdrawn is the course's own, which new
-- classes take. withdrawn_by: '' for none.
CREATE TABLE catalog_version (
	version TEXT PRIMARY KEY,
	course TEXT NOT NULL,
	since_ms {INT64} NOT NULL,
	withdrawn_ms {INT64},
	withdrawn_by TEXT NOT NULL DEFAULT ''
) {STRICT};
CREATE INDEX catalog_version_course ON catalog_version (course, since_ms);

INSERT INTO catalog_version (version, course, since_ms) SELECT version, id, coalesce(published_ms, made_ms) FROM catalog_course
	WHERE state IN ('published', 'retired') ON CONFLICT (version) DO NOTHING;
