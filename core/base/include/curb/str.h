/* Strings from outside: pointer and length, never assumed to end with NUL.
 * The rule: C strings only for literals and for what a library wants.
 */
#ifndef CURB_STR_H
#define CURB_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct curb_str {
	const char *ptr; /* NULL means absent; "" means empty */
	size_t len;
};

/* The string of a NUL-ended text; NULL gives the absent string. Lives as long as `text`. */
static inline struct curb_str curb_str(const char *text)
{
	struct curb_str s;
	s.ptr = text;
	s.len = text ? strlen(text) : 0;
	return s;
}

static inline struct curb_str curb_str_n(const char *ptr, size_t len)
{
	struct curb_str s;
	s.ptr = ptr;
	s.len = len;
	return s;
}

bool curb_str_eq(struct curb_str a, struct curb_str b);
bool curb_str_is(struct curb_str a, const char *text);        /* exact bytes */
bool curb_str_is_nocase(struct curb_str a, const char *text); /* ASCII letters fold */
bool curb_str_starts(struct curb_str a, const char *prefix);
bool curb_str_ends(struct curb_str a, const char *suffix);
struct curb_str curb_str_trim(struct curb_str a);                /* ASCII space, tab, CR, LF */
struct curb_str curb_str_from(struct curb_str a, size_t offset); /* from offset on; empty past the end */

/* Cuts the part before the first `sep` off `*rest` and returns it. False when `*rest` is used up. */
bool curb_str_cut(struct curb_str *rest, char sep, struct curb_str *ret_part);

/* A whole decimal number, optional '-', no blanks, nothing after it. False on anything else or overflow. */
bool curb_str_int(struct curb_str a, int64_t *ret_value);

/* True when every byte belongs to well-formed UTF-8 (RFC 3629: no overlong, no surrogates, <= U+10FFFF). */
bool curb_utf8_valid(struct curb_str a);

/* Decodes one code point at `*offset` of well-formed UTF-8 and moves past it; U+FFFD on a broken byte. */
uint32_t curb_utf8_next(struct curb_str a, size_t *offset);

/* Number of code points of well-formed UTF-8. */
size_t curb_utf8_count(struct curb_str a);

/* Lower-case hex of `n` bytes, NUL-ended; `ret_text` has room for 2*n+1. */
void curb_hex(const void *bytes, size_t n, char *ret_text);
/* Bytes of `2*n` hex digits. False when `hex` is not exactly that. */
bool curb_unhex(struct curb_str hex, void *ret_bytes, size_t n);

#ifdef __cplusplus
}
#endif
#endif
