/* QR codes (ISO/IEC 18004) as the path of an SVG: one square a module, row by row. */
#ifndef CURB_SIGNIN_QR_H
#define CURB_SIGNIN_QR_H

#include "curb/arena.h"
#include "curb/str.h"

/* `ret_path` is for the attribute d, in units of a module with the quiet zone of four around it; *ret_size is the width.
 * Arena. CURB_ETOOBIG when the text is too long for a code. */
int signin_qr(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_path, int *ret_size);

/* Every byte as %XX, for an address. Arena. */
const char *signin_percent(struct curb_arena *arena, struct curb_str text);

#endif
