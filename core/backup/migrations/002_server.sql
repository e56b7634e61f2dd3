-- The mark of this database: several servers may keep backups in one folder, and each removes its own alone.
CREATE TABLE core_server (
	mark TEXT PRIMARY KEY
) {STRICT};
