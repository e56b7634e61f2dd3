/* Codes of digits for a class room: said, heard, typed on any keyboard, felt in braille. Pure.
 * The rule: the last two digits are check digits (ISO/IEC 7064, MOD 97-10), so one wrong digit, and two that changed places, are
 * always told as a slip.
 */
#ifndef CREDIT_DIGITS_H
#define CREDIT_DIGITS_H

#include "curb/arena.h"
#include "curb/str.h"

enum { DIGITS_SIGN_IN = 6, DIGITS_PAPER = 10 };

/* A new code of n digits (4 to 16) and a NUL, by chance. */
void digits_make(size_t n, char *ret_code);

enum digits_read {
	DIGITS_FINE,
	DIGITS_LENGTH,  /* not n digits */
	DIGITS_STRANGE, /* something else than digits */
	DIGITS_SLIP
};
/* Digits of any width and in Chinese, as people type and dictate them, blanks and dashes between. */
enum digits_read digits_read(struct curb_str typed, size_t n, char *ret_code);

/* "371-904", "371-904-8812": in groups of three. Arena. */
struct curb_str digits_shown(struct curb_arena *arena, const char *code);

#endif
