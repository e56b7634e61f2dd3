/* A compiled file of messages (.mo of gettext), read in place.
 * The rule: nothing of the file is believed before mo_open has checked it.
 */
#ifndef CURB_PAGE_MO_H
#define CURB_PAGE_MO_H

#include <stdbool.h>
#include <stdint.h>

struct mo {
	const unsigned char *bytes;
	uint32_t count, originals, translations;
	bool big_endian;
};

/* Takes any bytes; keeps them. CURB_EINVAL with `name` and what is wrong. */
int mo_open(struct mo *mo, const char *name, const unsigned char *bytes, uint64_t size);

/* The translation of `source`, or NULL. Lives as long as the bytes. */
const char *mo_find(const struct mo *mo, const char *source);
/* The same of an entry with that msgctxt. */
const char *mo_find_in(const struct mo *mo, const char *context, const char *source);

/* Text `i` of mo->count, and its translation. */
const char *mo_source(const struct mo *mo, uint32_t i);
const char *mo_translation(const struct mo *mo, uint32_t i);

#endif
