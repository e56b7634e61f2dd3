/* How a token is kept: as its hash. */
#ifndef CURB_PEOPLE_TOKEN_H
#define CURB_PEOPLE_TOKEN_H

#include "curb/str.h"

enum { PEOPLE_TOKEN_HASH = 32 };

/* What is kept of a token. */
void people_token_hash(struct curb_str token, unsigned char *ret_hash);

#endif
