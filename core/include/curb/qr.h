/* QR codes (ISO/IEC 18004) for the component "qr": the path of an SVG, one square a module, row by row.
 * The rule: what is in the code stands beside it as text too.
 */
#ifndef CURB_QR_H
#define CURB_QR_H

#include "curb/arena.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `ret_path` is for the attribute d, in units of a module with the quiet zone of four around it; *ret_size is the width.
 * Arena. CURB_ETOOBIG when the text is too long for a code. */
int curb_qr(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_path, int *ret_size);

#ifdef __cplusplus
}
#endif
#endif
