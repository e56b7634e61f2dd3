-- Which chapter of its lesson a check is about, from 1: reading the list of chapters anew at each beat is work of the one writer.
-- 0 in checks of before, about which no question is asked.
ALTER TABLE credit_presence ADD COLUMN chapter {INT64} NOT NULL DEFAULT 0;
