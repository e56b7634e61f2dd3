-- Lists of exceptions are those of the places that a federation decides for.
CREATE INDEX credit_waiver_region ON credit_waiver (region, asked_ms);
