/* How a token is made and kept: random, and as its hash. And how digits that people type are read. */
#ifndef CURB_PEOPLE_TOKEN_H
#define CURB_PEOPLE_TOKEN_H

#include "curb/str.h"

enum { PEOPLE_TOKEN_HASH = 32 };

/* What is kept of a token; in hex it has 2 * PEOPLE_TOKEN_HASH digits and a NUL. */
void people_token_hash(struct curb_str token, unsigned char *ret_hash);
void people_token_hex(struct curb_str token, char *ret_hex);
/* PEOPLE_TOKEN_SIZE characters: 32 random bytes in base64 for addresses. */
void people_token_random(char *ret_token);

/* The digits of a text, ASCII and full-width, with signs of `between` among them; `ret_digits` has room for most + 1.
 * Their number; 0 when there is anything else or more than `most`. */
size_t people_digits(struct curb_str text, const char *between, char *ret_digits, size_t most);

#endif
