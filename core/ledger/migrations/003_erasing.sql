-- What stood for persons who are being erased, until the last entry about them has lost its body.
CREATE TABLE ledger_erasing (
	pseudonym {BLOB} PRIMARY KEY
) {STRICT}, {CLUSTERED};

-- Places of entries that were erased and that no entry of the kind "erase" tells of yet.
CREATE TABLE ledger_erased (
	n {INT64} PRIMARY KEY
) {STRICT};
