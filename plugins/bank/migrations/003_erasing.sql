-- Who is being erased: there is a row only within the function that does it, and in it rows that are kept else may go.
CREATE TABLE bank_erasing (
	person TEXT PRIMARY KEY
) {STRICT};

DROP TRIGGER bank_line_kept;
CREATE TRIGGER bank_line_kept BEFORE DELETE ON bank_line
	WHEN NOT EXISTS (SELECT 1 FROM bank_erasing)
BEGIN
	SELECT RAISE (ABORT, 'lines of accounts are never deleted');
END;

DROP TRIGGER bank_transfer_kept;
CREATE TRIGGER bank_transfer_kept BEFORE DELETE ON bank_transfer
	WHEN NOT EXISTS (SELECT 1 FROM bank_erasing)
BEGIN
	SELECT RAISE (ABORT, 'transfers are never deleted');
END;
