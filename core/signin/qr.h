/* Texts inside the codes of signing in. */
#ifndef CURB_SIGNIN_QR_H
#define CURB_SIGNIN_QR_H

#include "curb/qr.h"

/* Every byte as %XX, for an address. Arena. */
const char *signin_percent(struct curb_arena *arena, struct curb_str text);

#endif
