-- Trainees who move: asked for by one, decided by another; each a row that stays. cohort '': it is about the person, not about a
-- class. target: the class she moves to, or the person who stays of two. receiver: the institution whose staff decide, '' when it
-- is that of the class. reason, value and words are sealed: they tell of a person.
CREATE TABLE credit_move (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('leave', 'return', 'transfer', 'name', 'number', 'merge')),
	person TEXT NOT NULL,
	cohort TEXT NOT NULL,
	institution TEXT NOT NULL,
	target TEXT NOT NULL,
	receiver TEXT NOT NULL,
	sealed_value {BLOB},
	sealed_reason {BLOB} NOT NULL,
	asked_ms {INT64} NOT NULL,
	asked_by TEXT NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE INDEX credit_move_person ON credit_move (person, asked_ms);
CREATE INDEX credit_move_order ON credit_move (asked_ms, id);

CREATE TABLE credit_move_decision (
	move TEXT PRIMARY KEY REFERENCES credit_move (id),
	done {INT64} NOT NULL CHECK (done IN (0, 1)),
	sealed_words {BLOB},
	decided_ms {INT64} NOT NULL,
	decided_by TEXT NOT NULL,
	entry {INT64} NOT NULL
) {STRICT};

CREATE INDEX credit_move_decision_order ON credit_move_decision (decided_ms);

CREATE TRIGGER credit_move_stays BEFORE UPDATE ON credit_move
BEGIN
	SELECT RAISE (ABORT, 'moves are never changed');
END;

CREATE TRIGGER credit_move_kept BEFORE DELETE ON credit_move
BEGIN
	SELECT RAISE (ABORT, 'moves are never deleted');
END;

CREATE TRIGGER credit_move_decision_stays BEFORE UPDATE ON credit_move_decision
BEGIN
	SELECT RAISE (ABORT, 'decisions are never changed');
END;

CREATE TRIGGER credit_move_decision_kept BEFORE DELETE ON credit_move_decision
BEGIN
	SELECT RAISE (ABORT, 'decisions are never deleted');
END;

-- Since when a trainee is not in the class any more, and by which move; 0 and '' while she is. A cache of the decisions.
ALTER TABLE credit_trainee ADD COLUMN left_ms {INT64} NOT NULL DEFAULT 0;
ALTER TABLE credit_trainee ADD COLUMN left_by TEXT NOT NULL DEFAULT '';
