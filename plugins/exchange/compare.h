/* What the list of another system says, beside what is kept here: who is on one side alone, who stands twice, which figures differ. Pure.
 * The rule: a row is somebody's by her certificate's number where both sides have one, else by her name; nothing is changed on either
 * side.
 *
 * Thread rules: no state.
 */
#ifndef EXCHANGE_COMPARE_H
#define EXCHANGE_COMPARE_H

#include "columns.h"

enum { LISTED_MOST = 10000, DIFFERENCES_MOST = 8000 /* all of them fit into one file */ };

enum difference_kind {
	DIFFERENCE_ONLY_HERE,
	DIFFERENCE_ONLY_THERE,
	DIFFERENCE_FIGURE,
	DIFFERENCE_TWICE_THERE,
	DIFFERENCE_TWICE_HERE, /* two of our records are those of one row */
	DIFFERENCE_LEFT_HERE,  /* the list has somebody who has left the class here */
	DIFFERENCE_SPOILT,     /* the rest is about a cell of the list, which was not compared */
	DIFFERENCE_NO_NUMBER,  /* no certificate's number */
	DIFFERENCE_LONG,
	DIFFERENCE_NO_FIGURE,
	DIFFERENCE_NO_DAY,
	DIFFERENCE_NO_WORD,
	DIFFERENCE_NOBODY, /* a row without name and number */
	DIFFERENCE_KINDS
};

/* Source texts in English, static. */
struct difference_words {
	const char *code, *meaning, *mend;
};
extern const struct difference_words difference_words[DIFFERENCE_KINDS];

/* A row of the list. */
struct listed {
	int64_t row;                     /* in the file; the headings are row 1 */
	struct curb_str mark;            /* of the certificate's number; absent: none that can be read */
	struct curb_str name, programme; /* "" where the list has no such column */
	struct cell *cells;              /* one for each column of the map */
	bool *wrong;                     /* of each: it could not be read, and is not compared */
	/* what compare_… finds */
	struct curb_str key; /* the name without blanks, as far as it is compared */
	bool taken, twice, left;
	struct curb_str person; /* who has left */
};

struct difference {
	enum difference_kind kind;
	int64_t row;            /* of the list; 0: it is in our records alone */
	struct curb_str person; /* as in struct record; absent: she is not known here */
	struct curb_str mark;   /* of the number in the row; absent: none */
	struct curb_str name, programme;
	struct curb_str heading, ours, theirs, more; /* of a figure or a cell; else "" */
};

struct comparing {
	struct curb_arena *arena; /* of what is found, and of the indexes */
	const struct column *columns;
	size_t column_count;
	struct listed *rows; /* LISTED_MOST at most; in the order of the file */
	size_t row_count;
	const struct listed **numbered, **named; /* the same, in an order to be found by */
	size_t numbered_count, named_count;
	struct difference *found; /* DIFFERENCES_MOST at most */
	size_t n;
	bool more;                /* there were more */
	struct difference behind; /* what has no room */
};

/* Tells of a cell that could not be read; before or after all else. `said`: what stands in it. */
void compare_cell(struct comparing *c, const struct listed *listed, enum difference_kind kind,
                  const struct column *column, struct curb_str said);
/* The rows are there. `found` and the indexes are made, and who stands twice in the list is told. */
void compare_begin(struct comparing *c);
/* Each record of ours, all of them in the first pass and again in the second: those that have the same programme are joined first.
 * `mark`: of her number; absent: none is recorded. What of it is kept is copied. */
enum compare_pass { COMPARE_SAME, COMPARE_REST };
void compare_record(struct comparing *c, enum compare_pass pass, const struct record *record,
                    struct curb_str mark);
/* Who is in the list alone. */
void compare_end(struct comparing *c);

#endif
