-- Courses are handed in, sent back or approved, and retired: draft, waiting, returned, published, retired. `state` keeps its
-- name; a column that is added cannot carry a check of its words, so catalog_state does.
ALTER TABLE catalog_course ADD COLUMN stage TEXT NOT NULL DEFAULT 'draft';
UPDATE catalog_course SET stage = state;
DROP INDEX catalog_course_list;
ALTER TABLE catalog_course DROP COLUMN state;
ALTER TABLE catalog_course RENAME COLUMN stage TO state;
CREATE INDEX catalog_course_list ON catalog_course (state, sort_key, id);

-- Who did what with a course, and why; nothing is edited.
CREATE TABLE catalog_step (
	course TEXT NOT NULL REFERENCES catalog_course (id),
	n {INT64} NOT NULL,
	at_ms {INT64} NOT NULL,
	person TEXT NOT NULL,
	act TEXT NOT NULL CHECK (act IN ('submit', 'withdraw', 'approve', 'reject', 'publish', 'retire', 'restore')),
	reason TEXT NOT NULL,
	PRIMARY KEY (course, n)
) {STRICT};
