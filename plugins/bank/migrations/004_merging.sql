-- On whose account it is: of the person of its entries, until that record turned out to be of somebody who has another one.
ALTER TABLE bank_deposit ADD COLUMN holder TEXT NOT NULL DEFAULT '';

UPDATE bank_deposit SET holder = person;

DROP INDEX bank_deposit_person;
DROP INDEX bank_deposit_class;
CREATE INDEX bank_deposit_person ON bank_deposit (holder);
CREATE INDEX bank_deposit_class ON bank_deposit (cohort, holder);
