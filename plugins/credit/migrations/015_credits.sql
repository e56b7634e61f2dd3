-- Of the credit bank: ten-thousandths of a credit for each class hour of a certificate; 0 for none, NULL where it is inherited.
ALTER TABLE credit_policy ADD COLUMN credits_t {INT64};
