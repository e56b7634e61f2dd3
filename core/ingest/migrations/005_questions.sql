-- What the author of a unit asks about its chapters, at most one question a chapter. answers: a JSON list of texts; right_answer: which
-- of them is right, from 1.
CREATE TABLE core_question (
	unit TEXT NOT NULL REFERENCES core_unit (id),
	chapter {INT64} NOT NULL CHECK (chapter > 0),
	text TEXT NOT NULL,
	answers TEXT NOT NULL,
	right_answer {INT64} NOT NULL CHECK (right_answer > 0),
	PRIMARY KEY (unit, chapter)
) {STRICT}, {CLUSTERED};
