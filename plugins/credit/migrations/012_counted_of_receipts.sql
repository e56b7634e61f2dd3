-- What of the seconds of a receipt counted for the end of the class when it was written; NULL in those of before.
ALTER TABLE credit_statement ADD COLUMN counted_s {INT64};

CREATE TRIGGER credit_sheet_stays BEFORE UPDATE ON credit_sheet
BEGIN
	SELECT RAISE (ABORT, 'sheets are never changed');
END;

CREATE TRIGGER credit_sheet_kept BEFORE DELETE ON credit_sheet
BEGIN
	SELECT RAISE (ABORT, 'sheets are never deleted');
END;
