/* Short codes of certificates: sixteen characters in four groups, to be read aloud, typed and written down.
 * The rule: no two characters look alike, upper and lower case are one, and one slip or two are always found.
 *
 * Fourteen characters are random (63 bits), two are check characters: a Reed-Solomon code over the 23 characters.
 */
#ifndef CERTIFICATE_CODE_H
#define CERTIFICATE_CODE_H

#include <stdbool.h>

#include "curb/str.h"

enum { CODE_LENGTH = 16, CODE_SHOWN = CODE_LENGTH + 3 };

/* A new code, without its groups. */
void code_make(char ret_code[static CODE_LENGTH + 1]);

/* "7K3M-XA92-HJ4P-RTC8" */
void code_show(struct curb_str code, char ret_text[static CODE_SHOWN + 1]);

enum code_read {
	CODE_FINE,
	CODE_LENGTH_WRONG, /* not sixteen characters */
	CODE_STRANGE,      /* a character that no code has */
	CODE_SLIP          /* one or two characters are not what was printed, or two changed places */
};
/* Blanks, dashes and letters of either case and width are taken. */
enum code_read code_read(struct curb_str typed, char ret_code[static CODE_LENGTH + 1]);

#endif
