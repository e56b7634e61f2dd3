/* Comma-separated values (RFC 4180) as spreadsheets write them: also with semicolons or tabs, in GB18030 and in UTF-16. Pure.
 * Built into each plugin that asks for it.
 */
#ifndef PLUGINS_CSV_READ_H
#define PLUGINS_CSV_READ_H

#include <stdbool.h>

#include "curb/arena.h"
#include "curb/str.h"

/* The text of a file in UTF-8 (with or without its mark), UTF-16 with its mark, or GB18030; arena. False when it is none of these,
 * or has a NUL. */
bool csv_text(struct curb_arena *arena, struct curb_str bytes, struct curb_str *ret_text);
/* What stands between its cells: the one of , ; and tab that the first line has most of. */
char csv_mark(struct curb_str text);
/* Cuts the first row off *rest: its cells without blanks around them, the first `most` of them, written to *room, which moves on;
 * all rows together need no more than the text and a byte. False when a quotation is not closed. */
bool csv_row(struct curb_str *rest, char mark, char **room, struct curb_str *cells, size_t most,
             size_t *ret_n);
/* True for a number that a spreadsheet spoilt: 6.22E+17, or more than fifteen digits of which the last are zeros. */
bool csv_is_spoilt(struct curb_str cell);

#endif
