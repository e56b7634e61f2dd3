-- Who opens her first page is asked what she owes in classes that go on: neither what is done nor what classes of earlier years
-- waited for is looked at.
ALTER TABLE credit_task ADD COLUMN ends_ms {INT64} NOT NULL DEFAULT 0;
UPDATE credit_task SET ends_ms = (SELECT c.ends_ms FROM credit_cohort c WHERE c.id = credit_task.cohort);
DROP INDEX credit_task_owner;
CREATE INDEX credit_task_owed ON credit_task (owner, ends_ms) WHERE done_ms IS NULL;
