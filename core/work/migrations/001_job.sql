-- A job that is waiting, running or ended. An event is one row per subscriber: kind is its name, event_id the same
-- for all of them. run_after_ms is moved on before each try, so a try that takes the server down is not repeated at once.
CREATE TABLE core_job (
	id TEXT PRIMARY KEY,
	owner TEXT NOT NULL,
	kind TEXT NOT NULL,
	event_id TEXT,
	person TEXT NOT NULL,
	payload TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
	tries {INT64} NOT NULL,
	tries_max {INT64} NOT NULL,
	cancel {INT64} NOT NULL,
	run_after_ms {INT64} NOT NULL,
	permille {INT64} NOT NULL,
	progress TEXT,
	result TEXT,
	error TEXT,
	made_ms {INT64} NOT NULL,
	ended_ms {INT64}
) {STRICT};
CREATE INDEX core_job_due ON core_job (state, owner, run_after_ms);
CREATE INDEX core_job_ended ON core_job (ended_ms) WHERE ended_ms IS NOT NULL;

-- Who hooks what, as the last start found it: events reach also a plugin that is set aside just now.
CREATE TABLE core_subscription (
	event TEXT NOT NULL,
	plugin TEXT NOT NULL,
	PRIMARY KEY (event, plugin)
) {STRICT};
