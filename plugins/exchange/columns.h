/* Columns of a list of another system: what each is called there, what of ours it carries, and in which form. Pure.
 * The rule: what is written in a form is read in it, too; a cell that is not in its form is told and never guessed.
 *
 * Thread rules: no state.
 */
#ifndef EXCHANGE_COLUMNS_H
#define EXCHANGE_COLUMNS_H

#include <stdbool.h>

#include "record.h"

enum {
	COLUMNS_MOST = 40,
	COLUMN_TEXT = 120, /* bytes of a heading or a word */
	CELL_MOST = 300    /* bytes of a cell that is read */
};

enum column_field {
	FIELD_NAME,
	FIELD_NUMBER, /* of the certificate that lets her be a trainee */
	FIELD_PROGRAMME,
	FIELD_INSTITUTION,
	FIELD_STARTS,
	FIELD_ENDS,
	FIELD_PLANNED, /* class hours of the class */
	FIELD_ONLINE,
	FIELD_OFFLINE,
	FIELD_COUNTED,
	FIELD_RESULT, /* of the final assessment */
	FIELD_CODE,   /* of the certificate that she was issued */
	FIELD_ISSUED,
	FIELD_FIXED, /* the same text in each row */
	FIELD_NOTHING
};
enum column_form {
	FORM_TEXT,
	FORM_HOURS,   /* class hours with two decimals */
	FORM_MINUTES, /* whole ones */
	FORM_DASHES,  /* 2026-11-21 */
	FORM_SLASHES, /* 2026/11/21 */
	FORM_DIGITS,  /* 20261121 */
	FORM_WORDS    /* a word for passed and one for not passed */
};

/* What a column can carry, in which form. `word` is kept, `label` is a source text; static. */
struct column_kind {
	const char *word, *label;
	enum column_field field;
	enum column_form form;
};
enum { COLUMN_KINDS = 25 };
extern const struct column_kind column_kinds[COLUMN_KINDS];
/* NULL: none of that word. */
const struct column_kind *column_kind_named(struct curb_str word);

struct column {
	const struct column_kind *kind;
	struct curb_str heading;
	struct curb_str yes, no; /* of FORM_WORDS; yes: also the text of FIELD_FIXED. Else "" */
};

/* True for a text that a heading or a word can be: UTF-8 without control characters, COLUMN_TEXT bytes at most; may be "". */
bool column_text_fits(struct curb_str text);
/* Columns as they are kept, a line each. False when it is none of that. Arena, and views into `text`. */
void columns_write(struct curb_buf *out, const struct column *columns, size_t n);
bool columns_read(struct curb_arena *arena, struct curb_str text, struct column **ret_columns, size_t *ret_n);

/* What a cell says. */
struct cell {
	bool some;      /* false: it is empty */
	int64_t number; /* hundredths, minutes, a day since 1970-01-01, or 1 for passed and 0 for not passed */
	struct curb_str text; /* of FORM_TEXT */
};
/* What a record says in a column. `number`: of her certificate, as it may be written here. */
struct cell cell_of(const struct column *column, const struct record *record, struct curb_str number);
/* As it stands in the list. Arena, or a view into the column or the cell. */
struct curb_str cell_text(struct curb_arena *arena, const struct column *column, const struct cell *cell);

enum cell_fault {
	CELL_RIGHT,
	CELL_LONG,
	CELL_SPOILT, /* a number whose last digits a spreadsheet has lost */
	CELL_NO_FIGURE,
	CELL_NO_DAY,
	CELL_NO_WORD
};
/* Reads one, without blanks around it. A view into `text`; nothing is set unless it is right. */
enum cell_fault cell_read(const struct column *column, struct curb_str text, struct cell *ret_cell);

/* True when both say the same: blanks in texts, and dashes and small letters in codes, make no difference. */
bool cell_same(const struct column *column, const struct cell *one, const struct cell *other);
/* True when two texts are the same but for blanks. */
bool text_same(struct curb_str one, struct curb_str other);
/* What the first has more than the second: "-2.50", "+3"; "" where that makes no sense. Arena. */
struct curb_str cell_difference(struct curb_arena *arena, const struct column *column, const struct cell *one,
                                const struct cell *other);

#endif
