/* What stood in a spreadsheet, read by the worker: the cells of one sheet as text. Plain data. */
#ifndef CONTENT_TABLE_H
#define CONTENT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cells behind the last column are left out, longer ones are cut; more rows or text are refused. */
enum {
	CONTENT_TABLE_ROWS = 2000,
	CONTENT_TABLE_COLUMNS = 16,
	CONTENT_TABLE_CELL = 300,
	CONTENT_TABLE_TEXT = 256 << 10,
	CONTENT_TABLE_UPLOAD = 2 << 20
};

/* A day is "2027-03-01", a time "9:30" (a span may have more than 24 hours), both "2027-03-01 9:30"; a number has no more digits
 * than the spreadsheet was sure of: 1.23E+17 from 1E15 on. A formula is what it came to. */
struct content_table_row {
	int64_t number; /* as the spreadsheet counts it, from 1 */
	const struct curb_str *cells;
	size_t n; /* up to the last cell that is not empty; never 0 */
};

struct content_table {
	struct curb_str sheet; /* the first that is not hidden */
	int64_t others;        /* more that are not hidden; nobody read them */
	int64_t hidden;        /* rows of `rows` that the spreadsheet does not show */
	const struct content_table_row *rows;
	size_t n; /* empty rows are left out */
};

#ifdef __cplusplus
}
#endif
#endif
