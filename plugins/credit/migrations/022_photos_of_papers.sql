-- later: said of the photo once somebody had countersigned the sheet. What stood there then stays; this is shown below it.
ALTER TABLE credit_paper_words ADD COLUMN later {INT64} NOT NULL DEFAULT 0;

UPDATE credit_paper_words SET later = 1 WHERE told_ms > (SELECT min(a.signed_ms) FROM credit_paper_photo f
	JOIN credit_sheet s ON s.paper = f.code AND s.paper <> '' JOIN credit_attended a ON a.sheet = s.id WHERE f.id = photo);

-- One photo is of one paper.
CREATE INDEX credit_paper_photo_hash ON credit_paper_photo (sha256);
