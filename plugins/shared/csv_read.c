/* Comma-separated values as spreadsheets write them. */
#include "csv_read.h"

#include <iconv.h>

char csv_mark(struct curb_str text)
{
	static const char marks[] = { ',', ';', '\t' };
	size_t most = 0;
	char found = ',';
	for (size_t m = 0; m < sizeof marks; m++) {
		size_t n = 0;
		for (size_t i = 0; i < text.len && text.ptr[i] != '\n'; i++)
			n += text.ptr[i] == marks[m];
		if (n > most) {
			most = n;
			found = marks[m];
		}
	}
	return found;
}

/* One cell from *at on, which is then at the mark or line end behind it. False when a quotation is not closed. */
static bool read_cell(struct curb_str text, size_t *at, char mark, char *to, size_t *ret_len)
{
	size_t i = *at, n = 0;
	bool quoted = i < text.len && text.ptr[i] == '"';
	if (quoted)
		i++;
	for (;; i++) {
		bool end = i >= text.len;
		if (quoted && end)
			return false;
		if (quoted && text.ptr[i] == '"') {
			bool twice = i + 1 < text.len && text.ptr[i + 1] == '"';
			quoted = twice;
			i += twice;
			if (!twice)
				continue;
		} else if (!quoted && (end || text.ptr[i] == mark || text.ptr[i] == '\n')) {
			break;
		}
		to[n++] = text.ptr[i];
	}
	*at = i;
	*ret_len = n;
	return true;
}

bool csv_row(struct curb_str *rest, char mark, char **room, struct curb_str *cells, size_t most,
             size_t *ret_n)
{
	size_t at = 0, n = 0;
	*ret_n = 0;
	for (;;) {
		size_t len = 0;
		if (!read_cell(*rest, &at, mark, *room, &len))
			return false;
		if (n < most)
			cells[n++] = curb_str_trim(curb_str_n(*room, len));
		*room += len;
		bool more = at < rest->len && rest->ptr[at] == mark;
		at++;
		if (!more)
			break;
	}
	*rest = curb_str_from(*rest, at);
	*ret_n = n;
	return true;
}

bool csv_is_spoilt(struct curb_str cell)
{
	enum { KEPT_DIGITS = 15, LOST_ZEROS = 3 };
	size_t digits = 0, zeros = 0;
	for (size_t i = 0; i < cell.len; i++) {
		char c = cell.ptr[i];
		if ((c == 'E' || c == 'e') && digits > 0 && i + 1 < cell.len && cell.ptr[i + 1] == '+')
			return true;
		if (c != '.' && (c < '0' || c > '9'))
			return false;
		digits += c != '.';
		zeros = c == '0' ? zeros + 1 : 0;
	}
	return digits > KEPT_DIGITS && zeros >= LOST_ZEROS;
}

/* False when it is not in that encoding, or has a NUL. */
static bool convert(struct curb_arena *arena, struct curb_str bytes, const char *encoding,
                    struct curb_str *ret_text)
{
	iconv_t cd = iconv_open("UTF-8", encoding);
	if (cd == (iconv_t)-1)
		return false;
	size_t room = bytes.len * 2 + 16, left = room, from_left = bytes.len;
	char *begin = curb_alloc(arena, room), *to = begin, *from = (char *)(uintptr_t)bytes.ptr;
	bool ok = iconv(cd, &from, &from_left, &to, &left) != (size_t)-1 && from_left == 0;
	(void)iconv_close(cd);
	*ret_text = curb_str_n(begin, room - left);
	return ok && memchr(begin, '\0', room - left) == NULL;
}

bool csv_text(struct curb_arena *arena, struct curb_str bytes, struct curb_str *ret_text)
{
	if (curb_str_starts(bytes, "\xff\xfe"))
		return convert(arena, curb_str_from(bytes, 2), "UTF-16LE", ret_text);
	if (curb_str_starts(bytes, "\xfe\xff"))
		return convert(arena, curb_str_from(bytes, 2), "UTF-16BE", ret_text);
	if (curb_str_starts(bytes, "\xef\xbb\xbf"))
		bytes = curb_str_from(bytes, 3);
	*ret_text = bytes;
	if (curb_utf8_valid(bytes))
		return memchr(bytes.ptr, '\0', bytes.len) == NULL;
	return convert(arena, bytes, "GB18030", ret_text);
}
