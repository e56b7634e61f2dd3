/* Spreadsheets (ISO/IEC 29500, .xlsx) as a list of rows: the first sheet that is shown.
 * The rule: what a person saw in the cell is what comes out, as text; where that cannot be known (digits that the spreadsheet
 * lost, a formula without its result, merged cells) it is refused, or told by its form, never guessed.
 */
#ifndef CONTENT_READ_TABLE_H
#define CONTENT_READ_TABLE_H

#include "content/table.h"
#include "reader.h"

/* Reads the upload at WIRE_UPLOAD_FD to the end: findings (all of them refuse), or the result of wire.h. */
void table_read(struct wire *wire, const struct reader_tools *tools);
/* The same of a job that has its arena, wire, tools and upload. */
void table_read_job(struct reader_job *job);

/* ---- table_cell.c: pure ---- */

/* How a number is shown. */
struct table_look {
	enum { TABLE_PLAIN, TABLE_DAY, TABLE_TIME, TABLE_MOMENT } what;
	int zeros; /* the least digits of a whole number: "0000" is 4 */
};
/* By the number of a format (18.8.30) and its code, which may be absent where the number is one of the standard's own. */
struct table_look table_look_of(int64_t id, struct curb_str code);
/* The text of a number as it stands in the file, arena; absent when it is none. */
struct curb_str table_number(struct curb_arena *arena, struct curb_str digits, const struct table_look *look,
                             bool since_1904);
/* Column (from 0) and row of "B7"; the row is 0 for "B". False when it is no such thing. */
bool table_place(struct curb_str text, int64_t *ret_column, int64_t *ret_row);

/* ---- table_book.c: what the sheets share ---- */

struct table_book {
	struct reader_job *job;
	struct curb_str *strings;
	struct table_look *looks; /* by the style of a cell */
	size_t string_count, look_count;
	bool since_1904;
	struct curb_str sheet, path; /* name of the sheet that is read, and of its part */
	int64_t others;
};
/* False after a finding. */
bool table_open_book(struct reader_job *job, struct table_book *ret_book);
/* The bytes of a part; false after a finding, also when it is not there. */
bool table_part(struct reader_job *job, struct curb_str path, struct curb_str *ret_bytes);
/* Always false, after the finding. */
bool table_refuse(struct reader_job *job, const char *code, struct curb_str fact);
/* Text that is gathered up to the longest cell and cut at a whole character. */
struct table_text {
	char bytes[CONTENT_TABLE_CELL + 4];
	size_t n;
};
void table_text_add(struct table_text *text, struct curb_str more);
struct curb_str
table_text_end(struct table_text *text); /* the text, without blanks around it; it is empty then */

/* ---- table_sheet.c ---- */

/* Fills job->package. False after a finding. */
bool table_read_sheet(const struct table_book *book);

#endif
