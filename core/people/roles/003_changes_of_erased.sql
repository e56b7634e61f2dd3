-- What was changed about a person goes with her.
DROP TRIGGER core_change_kept;

CREATE TRIGGER core_change_kept BEFORE DELETE ON core_change
	WHEN NOT EXISTS (SELECT 1 FROM core_erasure WHERE begun = 1)
BEGIN
	SELECT RAISE (ABORT, 'changes are kept');
END;
