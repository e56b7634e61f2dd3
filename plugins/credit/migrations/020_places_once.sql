-- What is done at the next start, once, and taken out with it. "places": entries of before the places of entries were kept.
CREATE TABLE credit_once (
	what TEXT PRIMARY KEY
) {STRICT};

INSERT INTO credit_once SELECT 'places' FROM credit_play LIMIT 1;
