/* Numbers on certificates that let a person be a trainee.
 * The rule: a number is read as people type it and kept as one plain text; what is wrong with it is said by the place of the
 * character, never with the number itself.
 */
#ifndef CURB_PEOPLE_NUMBER_H
#define CURB_PEOPLE_NUMBER_H

#include "curb/arena.h"
#include "curb/str.h"

enum { NUMBER_CATEGORIES = 7, NUMBER_GRADES = 4, NUMBER_SOLDIER_GRADES = 8, NUMBER_SHOWN = 6 };

/* The number of a certificate of disability: the 18 characters of a citizen number (GB 11643-1999, its last one by ISO 7064 MOD
 * 11-2), a digit of the category (1 visual, 2 hearing, 3 speech, 4 physical, 5 intellectual, 6 psychosocial, 7 multiple), one of
 * the grade (1 the most severe, to 4), and B with a digit or two when it was issued again. */
struct people_number {
	struct curb_str plain; /* 20, 22 or 23 ASCII characters; arena */
	int category, grade;
};
/* Blanks and hyphens between, full-width characters and small letters are fine. CURB_EINVAL, worded for the field. */
int people_number_read(struct curb_arena *arena, struct curb_str typed, struct people_number *ret_number);

/* What is shown of a number unless somebody says why she must see it: its first six characters, which tell a county and nothing of
 * the person. Absent when there are no more than those. */
struct curb_str people_number_shown(struct curb_str plain);

/* A number that was read, in its parts, as it is heard and felt: county, day of birth, the rest of the citizen number, what
 * follows. Arena. */
struct curb_str people_number_spaced(struct curb_arena *arena, struct curb_str plain);

#endif
