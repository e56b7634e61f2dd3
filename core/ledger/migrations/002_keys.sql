-- Keys that signed before the one of now. entry: the place of the entry that tells of the change. kind: 'rotate', announced by the
-- old key, whose note is the checkpoint that both signed (NULL until then); 'renew', behind a decision to go on with another tree,
-- whose note is the checkpoint that was not reached.
CREATE TABLE ledger_key (
	entry {INT64} PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('rotate', 'renew')),
	old_key TEXT NOT NULL,
	new_key TEXT NOT NULL,
	note TEXT
) {STRICT};
