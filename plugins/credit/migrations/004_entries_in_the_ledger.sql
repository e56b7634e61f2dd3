-- Entries stand in the ledger from now on. Those of before are carried into it in their order, with the moments that they have;
-- n: the last that was carried. The table stays as it was.
CREATE TABLE credit_carried (
	one {INT64} PRIMARY KEY CHECK (one = 1),
	n {INT64} NOT NULL
) {STRICT};

INSERT INTO credit_carried (one, n) VALUES (1, 0);
