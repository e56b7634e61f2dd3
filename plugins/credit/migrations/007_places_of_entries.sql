-- Where the entries of a play stand in the ledger: places.h. The row is written anew by each beat as it is.
ALTER TABLE credit_play ADD COLUMN places {BLOB};

CREATE INDEX credit_play_person ON credit_play (person, cohort, opened_ms);
