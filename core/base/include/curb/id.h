/* Identifiers: UUID version 7 (RFC 9562, section 5.7) as 36 characters of text.
 * The rule: opaque to everyone; made in one place; sorted by time of making.
 */
#ifndef CURB_ID_H
#define CURB_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_id {
	char text[37]; /* lower case, NUL-ended; "" is no id */
};

/* A new id for the wall-clock time `now_ms` (ms since 1970, UTC). Thread-safe. */
struct curb_id curb_id_new(int64_t now_ms);

/* True and the id when `s` is 36 characters of a UUID in lower case. */
bool curb_id_parse(struct curb_str s, struct curb_id *ret_id);

/* Copies a string that the database gave; "" when it is longer than an id. */
struct curb_id curb_id_of(struct curb_str s);

static inline struct curb_str curb_id_str(const struct curb_id *id)
{
	return curb_str(id->text);
}
static inline bool curb_id_some(const struct curb_id *id)
{
	return id->text[0] != '\0';
}

#ifdef __cplusplus
}
#endif
#endif
