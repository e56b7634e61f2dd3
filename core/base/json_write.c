#include "curb/err.h"
#include "curb/json.h"

static void separate(struct curb_json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->filled >> j->depth & 1)
		curb_buf_char(j->out, ',');
	j->filled |= UINT64_C(1) << j->depth;
}

void curb_json_begin(struct curb_json *j, char open)
{
	separate(j);
	CURB_ASSERT(j->depth < 63);
	j->depth++;
	j->filled &= ~(UINT64_C(1) << j->depth);
	curb_buf_char(j->out, open);
}

void curb_json_end(struct curb_json *j, char close)
{
	CURB_ASSERT(j->depth > 0 && !j->after_key);
	j->depth--;
	curb_buf_char(j->out, close);
}

static void add_escape(struct curb_buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[] = "\\u0000";
	switch (c) {
	case '"': curb_buf_text(out, "\\\""); return;
	case '\\': curb_buf_text(out, "\\\\"); return;
	case '\n': curb_buf_text(out, "\\n"); return;
	case '\t': curb_buf_text(out, "\\t"); return;
	case '\r': curb_buf_text(out, "\\r"); return;
	default: break;
	}
	text[4] = hex[c >> 4];
	text[5] = hex[c & 15];
	curb_buf_add(out, text, 6);
}

/* Nearly every text: nothing to look at twice. */
static bool add_plain(struct curb_buf *out, struct curb_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
			return false;
	}
	char *room = curb_buf_room(out, s.len + 2);
	if (!room)
		return true;
	room[0] = room[s.len + 1] = '"';
	if (s.len)
		memcpy(room + 1, s.ptr, s.len);
	return true;
}

static void add_quoted(struct curb_buf *out, struct curb_str s)
{
	if (add_plain(out, s))
		return;
	bool valid = curb_utf8_valid(s);
	curb_buf_char(out, '"');
	size_t plain = 0;
	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.ptr[i];
		size_t next = i + 1;
		bool broken = !valid && c >= 0x80 && curb_utf8_next(s, (next = i, &next)) == 0xfffd;
		if (c >= 0x20 && c != '"' && c != '\\' && !broken) {
			i = next;
			continue;
		}
		curb_buf_add(out, s.ptr + plain, i - plain);
		if (broken)
			curb_buf_text(out, "\xef\xbf\xbd");
		else
			add_escape(out, c);
		i = plain = next;
	}
	curb_buf_add(out, s.ptr + plain, s.len - plain);
	curb_buf_char(out, '"');
}

void curb_json_key(struct curb_json *j, const char *key)
{
	separate(j);
	add_quoted(j->out, curb_str(key));
	curb_buf_char(j->out, ':');
	j->after_key = true;
}

void curb_json_str(struct curb_json *j, struct curb_str s)
{
	if (!s.ptr) {
		curb_json_null(j);
		return;
	}
	separate(j);
	add_quoted(j->out, s);
}

void curb_json_text(struct curb_json *j, const char *text)
{
	curb_json_str(j, curb_str(text));
}

void curb_json_int(struct curb_json *j, int64_t value)
{
	separate(j);
	curb_buf_int(j->out, value);
}

void curb_json_bool(struct curb_json *j, bool value)
{
	separate(j);
	curb_buf_text(j->out, value ? "true" : "false");
}

void curb_json_null(struct curb_json *j)
{
	separate(j);
	curb_buf_text(j->out, "null");
}

void curb_json_raw(struct curb_json *j, struct curb_str json)
{
	separate(j);
	curb_buf_str(j->out, json);
}

void curb_json_milli(struct curb_json *j, int64_t thousandths)
{
	separate(j);
	uint64_t size = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;
	if (thousandths < 0)
		curb_buf_char(j->out, '-');
	curb_buf_int(j->out, (int64_t)(size / 1000));
	unsigned rest = (unsigned)(size % 1000);
	if (!rest)
		return;
	char digits[] = { '.', (char)('0' + rest / 100), (char)('0' + rest / 10 % 10),
		          (char)('0' + rest % 10) };
	size_t n = sizeof digits;
	while (digits[n - 1] == '0')
		n--;
	curb_buf_add(j->out, digits, n);
}

void curb_json_kstr(struct curb_json *j, const char *key, struct curb_str s)
{
	curb_json_key(j, key);
	curb_json_str(j, s);
}

void curb_json_ktext(struct curb_json *j, const char *key, const char *text)
{
	curb_json_kstr(j, key, curb_str(text));
}

void curb_json_kint(struct curb_json *j, const char *key, int64_t value)
{
	curb_json_key(j, key);
	curb_json_int(j, value);
}

void curb_json_kbool(struct curb_json *j, const char *key, bool value)
{
	curb_json_key(j, key);
	curb_json_bool(j, value);
}
