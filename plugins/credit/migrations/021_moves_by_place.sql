-- Those that wait, beside whose institution they concern and whose staff decide: few of many, so a first page reads no others. A cache
-- of the decisions.
CREATE TABLE credit_move_waiting (
	move TEXT PRIMARY KEY REFERENCES credit_move (id),
	institution TEXT NOT NULL,
	receiver TEXT NOT NULL,
	asked_ms {INT64} NOT NULL
) {STRICT};

INSERT INTO credit_move_waiting SELECT m.id, m.institution, m.receiver, m.asked_ms FROM credit_move m
	WHERE NOT EXISTS (SELECT 1 FROM credit_move_decision d WHERE d.move = m.id);

CREATE INDEX credit_move_waiting_place ON credit_move_waiting (institution, asked_ms);
CREATE INDEX credit_move_waiting_receiver ON credit_move_waiting (receiver, asked_ms);
CREATE INDEX credit_move_place ON credit_move (institution, receiver);
CREATE INDEX credit_move_receiver ON credit_move (receiver, institution);
