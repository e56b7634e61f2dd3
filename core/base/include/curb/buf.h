/* Growing bytes with a ceiling. The first error sticks: append ten times, check once.
 * The rule: a buffer is given its maximum when it is made.
 */
#ifndef CURB_BUF_H
#define CURB_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_buf {
	char *data; /* NUL behind `len` whenever not NULL */
	size_t len, cap, max;
	bool failed; /* something did not fit; nothing was added since */
};

/* An empty buffer that may grow to `max` bytes. Yours: curb_buf_free. */
static inline struct curb_buf curb_buf(size_t max)
{
	struct curb_buf b;
	b.data = NULL;
	b.len = 0;
	b.cap = 0;
	b.max = max;
	b.failed = false;
	return b;
}

void curb_buf_free(struct curb_buf *buf);  /* empty again, may be used again */
void curb_buf_clear(struct curb_buf *buf); /* keeps the memory, forgets the bytes and the error */

void curb_buf_add(struct curb_buf *buf, const void *bytes, size_t len);
void curb_buf_str(struct curb_buf *buf, struct curb_str s);
void curb_buf_text(struct curb_buf *buf, const char *text);
void curb_buf_char(struct curb_buf *buf, char c);
void curb_buf_int(struct curb_buf *buf, int64_t value);
void curb_buf_printf(struct curb_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Big-endian integers, as ISO base media files and RFC formats want them. */
void curb_buf_u8(struct curb_buf *buf, uint8_t value);
void curb_buf_u16(struct curb_buf *buf, uint16_t value);
void curb_buf_u32(struct curb_buf *buf, uint32_t value);
void curb_buf_u64(struct curb_buf *buf, uint64_t value);

/* Room for `len` more bytes at the end, counted as added; NULL (and failed) when it does not fit. */
void *curb_buf_room(struct curb_buf *buf, size_t len);

/* 0, or CURB_ETOOBIG with a text when anything did not fit. */
int curb_buf_check(const struct curb_buf *buf);
static inline struct curb_str curb_buf_view(const struct curb_buf *buf)
{
	return curb_str_n(buf->data ? buf->data : "", buf->len);
}

#ifdef __cplusplus
}
#endif
#endif
