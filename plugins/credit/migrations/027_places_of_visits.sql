-- The place of a visit is most often somebody's home: it goes with her.
DROP TRIGGER credit_sheet_stays;
CREATE TRIGGER credit_sheet_stays BEFORE UPDATE ON credit_sheet
	WHEN NOT EXISTS (SELECT 1 FROM credit_erasing)
BEGIN
	SELECT RAISE (ABORT, 'sheets are never changed');
END;
