-- What the columns of another system's list are called there and what of ours they carry (columns.h), a line each. `place`: where
-- whoever made it looks after; "": everywhere.
CREATE TABLE exchange_map (
	id TEXT PRIMARY KEY,
	place TEXT NOT NULL,
	name TEXT NOT NULL,
	columns TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	made_by TEXT
) {STRICT};

-- One to start from, with plain headings.
INSERT INTO exchange_map (id, place, name, columns, made_ms) VALUES ('00000000-0000-7000-8000-000000000001', '', '常用表头', 'name	姓名		
number	残疾人证号		
institution	培训机构		
programme	培训项目		
starts	开班日期		
ends	结业日期		
online	线上学时		
offline	线下学时		
counted	总学时		
result	考核结果	合格	不合格
code	证书编号		
issued	发证日期		
', 0);

-- A list of another system beside what is kept here: who compared them, and how much was found. done: all of it is written.
CREATE TABLE exchange_comparison (
	id TEXT PRIMARY KEY,
	place TEXT NOT NULL,
	scope TEXT NOT NULL,
	list TEXT NOT NULL,
	made_ms {INT64} NOT NULL,
	made_by TEXT NOT NULL,
	listed {INT64} NOT NULL,
	records {INT64} NOT NULL,
	findings {INT64} NOT NULL,
	part {INT64} NOT NULL,
	done {INT64} NOT NULL DEFAULT 0
) {STRICT};

-- What was found, in its order. person, mark: whose it is, and of which number, as keyed hashes; what it says is sealed.
CREATE TABLE exchange_difference (
	id TEXT PRIMARY KEY,
	comparison TEXT NOT NULL REFERENCES exchange_comparison (id),
	n {INT64} NOT NULL,
	code TEXT NOT NULL,
	listed {INT64} NOT NULL,
	person TEXT,
	mark TEXT,
	sealed {BLOB} NOT NULL,
	UNIQUE (comparison, n)
) {STRICT};

CREATE INDEX exchange_difference_person ON exchange_difference (person);
CREATE INDEX exchange_difference_mark ON exchange_difference (mark);
