#include "curb/id.h"

#include <sys/random.h>

#include "curb/err.h"

static void set_hex(char *text, const unsigned char *bytes)
{
	char hex[33];
	curb_hex(bytes, 16, hex);
	static const unsigned char lengths[] = { 8, 4, 4, 4, 12 };
	const char *from = hex;
	for (size_t i = 0; i < sizeof lengths; i++) {
		if (i)
			*text++ = '-';
		memcpy(text, from, lengths[i]);
		text += lengths[i];
		from += lengths[i];
	}
	*text = '\0';
}

struct curb_id curb_id_new(int64_t now_ms)
{
	unsigned char bytes[16];
	CURB_ASSERT(getrandom(bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes);
	for (int i = 0; i < 6; i++)
		bytes[i] = (unsigned char)((uint64_t)now_ms >> (40 - 8 * i));
	bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0f));
	bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
	struct curb_id id = { "" };
	set_hex(id.text, bytes);
	return id;
}

static bool is_id_char(char c, size_t i)
{
	if (i == 8 || i == 13 || i == 18 || i == 23)
		return c == '-';
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool curb_id_parse(struct curb_str s, struct curb_id *ret_id)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_id_char(s.ptr[i], i))
			return false;
	*ret_id = curb_id_of(s);
	return true;
}

struct curb_id curb_id_of(struct curb_str s)
{
	struct curb_id id = { "" };
	if (s.ptr && s.len < sizeof id.text)
		memcpy(id.text, s.ptr, s.len);
	return id;
}
