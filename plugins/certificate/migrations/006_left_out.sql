-- Of whom a list says that she was left out: her name goes with her. '' in lists of before.
ALTER TABLE certificate_payment_left ADD COLUMN person TEXT NOT NULL DEFAULT '';
CREATE INDEX certificate_payment_left_person ON certificate_payment_left (person);
