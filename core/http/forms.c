#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/err.h"
#include "inside.h"

enum { FIELDS_MAX = 1000, NAME_MAX_BYTES = 200, BOUNDARY_MAX = 70 };

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX (and + when `plus`) into `to`, which has room for s.len. False on %00, a bad %, control characters in
 * a path, or bytes that are no UTF-8. */
static bool decode(struct curb_str s, bool plus, char *to, struct curb_str *ret_text)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '%') {
			int high = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
			int low = i + 2 < s.len ? hex_digit(s.ptr[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == '\0' || (!plus && ((unsigned char)c < 0x20 || c == 0x7f)))
			return false;
		to[n++] = c;
	}
	*ret_text = curb_str_n(to, n);
	return curb_utf8_valid(*ret_text);
}

int path_split(struct curb_arena *arena, struct curb_str target, struct curb_str *ret_segments, size_t *ret_n,
               struct curb_str *ret_path)
{
	if (target.len == 0 || target.ptr[0] != '/')
		return curb_fail(CURB_EINVAL, "The address does not begin with a slash");
	char *to = curb_alloc(arena, target.len + 1);
	const char *begin = to;
	size_t n = 0, at = 0;
	while (at < target.len) {
		const char *slash = memchr(target.ptr + at + 1, '/', target.len - at - 1);
		size_t end = slash ? (size_t)(slash - target.ptr) : target.len;
		*to++ = '/';
		struct curb_str part;
		if (!decode(curb_str_n(target.ptr + at + 1, end - at - 1), false, to, &part) ||
		    curb_str_is(part, ".") || curb_str_is(part, ".."))
			return curb_fail(CURB_EINVAL, "The address has characters that cannot stand there");
		if (n == HTTP_SEGMENTS_MAX)
			return curb_fail(CURB_ENOTFOUND, "There is nothing at this address");
		ret_segments[n++] = part;
		to += part.len;
		at = end;
	}
	*ret_n = n;
	*ret_path = curb_str_n(begin, (size_t)(to - begin));
	return 0;
}

/* name= puts a string (the first one counts), name[]= pushes into an array. */
static int put_field(struct curb_arena *arena, struct curb_value *form, struct curb_str name,
                     struct curb_str text)
{
	if (name.len > NAME_MAX_BYTES)
		return curb_fail(CURB_EINVAL, "The form has a field with an overlong name");
	bool list = curb_str_ends(name, "[]") && name.len > 2;
	const char *key = curb_cstr(arena, list ? curb_str_n(name.ptr, name.len - 2) : name);
	struct curb_value *there = curb_value_get(form, key);
	if (!list) {
		if (!there)
			curb_put_str(form, key, text);
		return 0;
	}
	if (!there) {
		there = curb_array(arena);
		curb_put(form, key, there);
	}
	if (curb_value_type(there) != CURB_ARRAY)
		return curb_fail(CURB_EINVAL, "The form has a field both once and as a list");
	curb_push(there, curb_string(arena, text));
	return 0;
}

int form_urlencoded(struct curb_arena *arena, struct curb_str text, struct curb_value **ret_value)
{
	struct curb_value *form = curb_object(arena);
	char *room = curb_alloc(arena, text.len + 1);
	struct curb_str part;
	size_t n = 0;
	while (curb_str_cut(&text, '&', &part)) {
		if (part.len == 0)
			continue;
		if (++n > FIELDS_MAX)
			return curb_fail(CURB_EINVAL, "The form has more than 1000 fields");
		const char *equals = memchr(part.ptr, '=', part.len);
		size_t name_len = equals ? (size_t)(equals - part.ptr) : part.len;
		struct curb_str name, value;
		if (!decode(curb_str_n(part.ptr, name_len), true, room, &name))
			return curb_fail(CURB_EINVAL, "The form has a field that is not well-formed text");
		room += name.len;
		if (!decode(curb_str_from(part, name_len + (equals ? 1 : 0)), true, room, &value))
			return curb_fail(CURB_EINVAL, "The form has a field that is not well-formed text");
		room += value.len;
		int err = put_field(arena, form, name, value);
		if (err)
			return err;
	}
	*ret_value = form;
	return 0;
}

/* ---- what is not well-formed text, for whoever typed it ---- */

/* Old programs here send GB18030 where a page asks for UTF-8. False when the bytes are not that either. */
static bool from_gb18030(struct curb_str bytes, char *to, size_t room, struct curb_str *ret_text)
{
	iconv_t cd = iconv_open("UTF-8", "GB18030");
	if (cd == (iconv_t)-1)
		return false;
	char *in = (char *)bytes.ptr, *out = to;
	size_t left = bytes.len, free_bytes = room;
	bool ok = iconv(cd, &in, &left, &out, &free_bytes) != (size_t)-1 && left == 0;
	(void)iconv_close(cd);
	*ret_text = curb_str_n(to, room - free_bytes);
	return ok && curb_utf8_valid(*ret_text);
}

/* `text` decoded, whatever it is: a % that is none stands for itself, bytes that are no text for U+FFFD. */
static struct curb_str legible(struct curb_arena *arena, struct curb_str text)
{
	char *bytes = curb_alloc(arena, text.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		int high = text.ptr[i] == '%' && i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;
		char c = text.ptr[i] == '+' ? ' ' : text.ptr[i];
		if (low >= 0) {
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (c != '\0')
			bytes[n++] = c;
	}
	struct curb_str found = curb_str_n(bytes, n);
	char *room = curb_alloc(arena, 3 * n + 1);
	if (curb_utf8_valid(found) || from_gb18030(found, room, 3 * n, &found))
		return found;
	size_t out = 0;
	for (size_t i = 0; i < n; i++) {
		bool plain = (unsigned char)bytes[i] < 0x80;
		memcpy(room + out, plain ? &bytes[i] : "\xEF\xBF\xBD", plain ? 1 : 3);
		out += plain ? 1 : 3;
	}
	return curb_str_n(room, out);
}

struct curb_value *form_legible(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_bad)
{
	struct curb_value *form = curb_object(arena);
	struct curb_str part, ignored;
	char *room = curb_alloc(arena, text.len + 1);
	*ret_bad = curb_str(NULL);
	for (size_t n = 0; n < FIELDS_MAX && curb_str_cut(&text, '&', &part); n++) {
		const char *equals = memchr(part.ptr, '=', part.len);
		size_t name_len = equals ? (size_t)(equals - part.ptr) : part.len;
		struct curb_str name = legible(arena, curb_str_n(part.ptr, name_len));
		struct curb_str value = curb_str_from(part, name_len + (equals ? 1 : 0));
		if (!ret_bad->ptr && !decode(value, true, room, &ignored))
			*ret_bad = name;
		(void)put_field(arena, form, name, legible(arena, value));
	}
	return form;
}

/* The parameter `name` of a header such as `form-data; name="x"`; absent when it is not there. */
static struct curb_str parameter(struct curb_str header, const char *name)
{
	const char *semicolon = memchr(header.ptr, ';', header.len);
	struct curb_str rest = semicolon ? curb_str_from(header, (size_t)(semicolon - header.ptr) + 1) :
	                                   curb_str_n("", 0);
	while (rest.len > 0) {
		rest = curb_str_trim(rest);
		const char *equals = memchr(rest.ptr, '=', rest.len);
		if (!equals)
			break;
		struct curb_str key = curb_str_n(rest.ptr, (size_t)(equals - rest.ptr)), value;
		rest = curb_str_from(rest, key.len + 1);
		bool quoted = rest.len > 0 && rest.ptr[0] == '"';
		if (quoted)
			rest = curb_str_from(rest, 1);
		const char *end = memchr(rest.ptr, quoted ? '"' : ';', rest.len);
		value = end ? curb_str_n(rest.ptr, (size_t)(end - rest.ptr)) : rest;
		if (quoted && !end)
			break;
		if (curb_str_is_nocase(curb_str_trim(key), name))
			return value;
		rest = curb_str_from(rest, value.len + (quoted ? 1 : 0));
		if (rest.len > 0 && rest.ptr[0] == ';')
			rest = curb_str_from(rest, 1);
		else if (rest.len > 0 && quoted)
			break;
	}
	return curb_str(NULL);
}

/* Where `needle` begins in `hay`, or hay.len. */
static size_t find_bytes(struct curb_str hay, struct curb_str needle)
{
	const char *at = memmem(hay.ptr, hay.len, needle.ptr, needle.len);
	return at ? (size_t)(at - hay.ptr) : hay.len;
}

static struct curb_str disposition_of(struct curb_str head)
{
	struct curb_str line, disposition = curb_str(NULL);
	while (curb_str_cut(&head, '\n', &line)) {
		line = curb_str_trim(line);
		if (line.len > 20 && strncasecmp(line.ptr, "Content-Disposition:", 20) == 0)
			disposition = curb_str_trim(curb_str_from(line, 20));
	}
	return disposition;
}

static int part_field(struct curb_arena *arena, struct curb_str head, struct curb_str text,
                      struct curb_value *form)
{
	struct curb_str disposition = disposition_of(head);
	struct curb_str name = disposition.ptr ? parameter(disposition, "name") : disposition;
	if (!name.ptr)
		return curb_fail(CURB_EINVAL, "The form has a part without a name");
	if (parameter(disposition, "filename").ptr)
		return curb_fail(CURB_EINVAL, "Files are not taken in a form; upload them instead");
	if (!curb_utf8_valid(name) || !curb_utf8_valid(text) || memchr(text.ptr, '\0', text.len))
		return curb_fail(CURB_EINVAL, "The form has a field that is not well-formed text");
	return put_field(arena, form, name, text);
}

/* Some browsers send the whole path of the file. */
static struct curb_str file_name(struct curb_str sent)
{
	for (size_t i = sent.len; i-- > 0;)
		if (sent.ptr[i] == '/' || sent.ptr[i] == '\\')
			return curb_str_from(sent, i + 1);
	return sent;
}

/* True when the part is a file and `file` takes it. */
static bool take_file(struct curb_str whole, struct curb_str head, struct curb_str text, struct curb_str mark,
                      struct form_file *file)
{
	struct curb_str disposition = disposition_of(head);
	struct curb_str name = disposition.ptr ? parameter(disposition, "filename") : disposition;
	if (!file || !name.ptr)
		return false;
	*file = (struct form_file){ .name = file_name(name),
		                    .mark = mark,
		                    .from = (size_t)(text.ptr - whole.ptr) };
	return true;
}

/* The fields of `body`; with `file` up to the first file, which may go on behind the end of `body`. */
static int walk_parts(struct curb_arena *arena, struct curb_str type, struct curb_str body,
                      struct form_file *file, struct curb_value **ret_value)
{
	struct curb_str boundary = parameter(type, "boundary"), whole = body;
	if (!boundary.ptr || boundary.len == 0 || boundary.len > BOUNDARY_MAX)
		return curb_fail(CURB_EINVAL, "The form does not say how its parts are divided");
	struct curb_str mark = curb_str(curb_printf(arena, "\r\n--%.*s", (int)boundary.len, boundary.ptr));
	struct curb_value *form = curb_object(arena);
	struct curb_str first = curb_str_from(mark, 2);
	if (body.len < first.len || memcmp(body.ptr, first.ptr, first.len) != 0)
		return curb_fail(CURB_EINVAL, "The form does not begin with its boundary");
	body = curb_str_from(body, first.len);
	*ret_value = form;
	for (size_t n = 0; curb_str_starts(body, "\r\n"); n++) {
		if (n == FIELDS_MAX)
			return curb_fail(CURB_EINVAL, "The form has more than 1000 fields");
		size_t head_len = find_bytes(body, curb_str("\r\n\r\n"));
		struct curb_str head = curb_str_n(body.ptr, head_len),
				text = curb_str_from(body, head_len + 4);
		if (head_len < body.len && take_file(whole, head, text, mark, file))
			return 0;
		size_t text_len = find_bytes(text, mark);
		if (head_len == body.len || text_len == text.len)
			break;
		int err = part_field(arena, head, curb_str_n(text.ptr, text_len), form);
		if (err)
			return err;
		body = curb_str_from(text, text_len + mark.len);
	}
	if (!curb_str_starts(body, "--"))
		return curb_fail(CURB_EINVAL, "The form is cut short; send it again");
	return 0;
}

int form_multipart(struct curb_arena *arena, struct curb_str type, struct curb_str body,
                   struct curb_value **ret_value)
{
	struct curb_value *form = NULL;
	int err = walk_parts(arena, type, body, NULL, &form);
	if (!err)
		*ret_value = form;
	return err;
}

int form_until_file(struct curb_arena *arena, struct curb_str type, struct curb_str body,
                    struct form_file *ret_file, struct curb_value **ret_value)
{
	struct form_file file = { .name = { NULL, 0 } };
	struct curb_value *form = NULL;
	int err = walk_parts(arena, type, body, &file, &form);
	if (err)
		return err;
	*ret_file = file;
	*ret_value = form;
	return 0;
}

struct curb_str cookie_find(const struct http_head *head, const char *name)
{
	struct curb_str found = curb_str(NULL);
	size_t len = strlen(name);
	for (size_t i = 0; i < head->count; i++) {
		if (!curb_str_is_nocase(head->headers[i].name, "Cookie"))
			continue;
		struct curb_str rest = head->headers[i].value, part;
		while (curb_str_cut(&rest, ';', &part)) {
			part = curb_str_trim(part);
			if (part.len <= len || part.ptr[len] != '=' || memcmp(part.ptr, name, len) != 0)
				continue;
			struct curb_str value = curb_str_from(part, len + 1);
			if (found.ptr && !curb_str_eq(found, value))
				return curb_str(NULL);
			found = value;
		}
	}
	return found;
}
