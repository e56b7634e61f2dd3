#include "curb/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "curb/err.h"

void curb_buf_free(struct curb_buf *buf)
{
	free(buf->data);
	*buf = curb_buf(buf->max);
}

void curb_buf_clear(struct curb_buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->data)
		buf->data[0] = '\0';
}

static bool grow(struct curb_buf *buf, size_t need)
{
	size_t cap = buf->cap ? buf->cap : 256;
	while (cap < need)
		cap *= 2;
	char *data = realloc(buf->data, cap);
	if (!data)
		return false;
	buf->data = data;
	buf->cap = cap;
	return true;
}

void *curb_buf_room(struct curb_buf *buf, size_t len)
{
	if (buf->failed || len > buf->max || buf->len > buf->max - len ||
	    (buf->len + len + 1 > buf->cap && !grow(buf, buf->len + len + 1))) {
		buf->failed = true;
		return NULL;
	}
	char *room = buf->data + buf->len;
	buf->len += len;
	buf->data[buf->len] = '\0';
	return room;
}

void curb_buf_add(struct curb_buf *buf, const void *bytes, size_t len)
{
	void *room = curb_buf_room(buf, len);
	if (room && len)
		memcpy(room, bytes, len);
}

void curb_buf_str(struct curb_buf *buf, struct curb_str s)
{
	curb_buf_add(buf, s.ptr, s.len);
}

void curb_buf_text(struct curb_buf *buf, const char *text)
{
	curb_buf_add(buf, text, strlen(text));
}

void curb_buf_char(struct curb_buf *buf, char c)
{
	curb_buf_add(buf, &c, 1);
}

void curb_buf_int(struct curb_buf *buf, int64_t value)
{
	char digits[24], *p = digits + sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--p = '-';
	curb_buf_add(buf, p, (size_t)(digits + sizeof digits - p));
}

void curb_buf_printf(struct curb_buf *buf, const char *format, ...)
{
	char small[256]; /* nearly always enough: then the text is made once */
	va_list args;
	va_start(args, format);
	int n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	char *room = n < 0 ? NULL : curb_buf_room(buf, (size_t)n);
	if (!room) {
		buf->failed = true;
		return;
	}
	if ((size_t)n < sizeof small) {
		memcpy(room, small, (size_t)n);
		return;
	}
	va_start(args, format);
	(void)vsnprintf(room, (size_t)n + 1, format, args);
	va_end(args);
}

static void add_big_endian(struct curb_buf *buf, uint64_t value, size_t n)
{
	unsigned char *room = curb_buf_room(buf, n);
	for (size_t i = 0; room && i < n; i++)
		room[i] = (unsigned char)(value >> (8 * (n - 1 - i)));
}

void curb_buf_u8(struct curb_buf *buf, uint8_t value)
{
	add_big_endian(buf, value, 1);
}

void curb_buf_u16(struct curb_buf *buf, uint16_t value)
{
	add_big_endian(buf, value, 2);
}

void curb_buf_u32(struct curb_buf *buf, uint32_t value)
{
	add_big_endian(buf, value, 4);
}

void curb_buf_u64(struct curb_buf *buf, uint64_t value)
{
	add_big_endian(buf, value, 8);
}

int curb_buf_check(const struct curb_buf *buf)
{
	if (!buf->failed)
		return 0;
	return curb_fail(CURB_ETOOBIG, "the answer is larger than %zu bytes", buf->max);
}
