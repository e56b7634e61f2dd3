/* An Excel workbook (ISO/IEC 29500) of one sheet to fill in: headings, rows of text, and room for numbers.
 * The rule: what is written is text and stays text: no cell becomes a formula, no number loses its zeros.
 */
#ifndef PLUGINS_WORKBOOK_H
#define PLUGINS_WORKBOOK_H

#include "curb/request.h"

struct workbook_column {
	struct curb_str heading;
	int width;    /* in characters */
	bool as_text; /* what is typed below the last row is text, too: numbers that are names */
};

struct workbook {
	struct curb_str sheet; /* its name: 31 characters at most, none of : \ / ? * [ ] */
	const struct workbook_column *columns;
	size_t column_count;          /* 26 at most */
	const struct curb_str *cells; /* row by row; absent: an empty cell */
	size_t row_count;
};

/* Sends it as a file of that name. CURB_ETOOBIG: more than 4 MiB. */
int workbook_reply(struct curb_req *req, const struct workbook *book, const char *name);

#endif
