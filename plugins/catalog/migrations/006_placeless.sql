-- Courses whose place is still to be found: a start asks for them, and there are hardly any.
CREATE INDEX catalog_course_placeless ON catalog_course (id) WHERE place IS NULL;
