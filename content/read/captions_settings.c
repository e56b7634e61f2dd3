#include "captions_inside.h"

struct settings {
	struct curb_str vertical, line, position, size, align, region;
};

static bool one_of(struct curb_str value, const char *const *words)
{
	for (; *words; words++) {
		if (curb_str_is(value, *words))
			return true;
	}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits, with one point between digits; the number without its fraction, capped. */
static bool decimal(struct curb_str text, int *ret_whole, bool *ret_fraction)
{
	int whole = 0;
	size_t i = 0;
	for (; i < text.len && is_digit(text.ptr[i]); i++)
		whole = whole > 1000 ? whole : whole * 10 + (text.ptr[i] - '0');
	if (i == 0)
		return false;
	*ret_fraction = false;
	if (i < text.len) {
		if (text.ptr[i++] != '.' || i == text.len)
			return false;
		for (; i < text.len && is_digit(text.ptr[i]); i++)
			*ret_fraction = *ret_fraction || text.ptr[i] != '0';
	}
	*ret_whole = whole;
	return i == text.len;
}

static bool percentage(struct curb_str text)
{
	int whole;
	bool fraction;
	if (!curb_str_ends(text, "%") || !decimal(curb_str_n(text.ptr, text.len - 1), &whole, &fraction))
		return false;
	return whole < 100 || (whole == 100 && !fraction);
}

/* More than the largest double is no number to a browser: 309 digits, and beyond 1.7976931348623158e308. */
static bool finite(struct curb_str whole)
{
	enum { DIGITS = 309 };
	size_t n = 0;
	while (whole.len && whole.ptr[0] == '0')
		whole = curb_str_from(whole, 1);
	while (n < whole.len && is_digit(whole.ptr[n]))
		n++;
	return n < DIGITS || (n == DIGITS && memcmp(whole.ptr, "17976931348623158", 17) <= 0);
}

static bool line_number(struct curb_str text)
{
	int whole;
	bool fraction;
	struct curb_str number = curb_str_from(text, text.len && text.ptr[0] == '-');
	return decimal(number, &whole, &fraction) && finite(number);
}

/* "value" or "value,word". */
static bool with_align(struct curb_str value, const char *const *words, struct curb_str *ret_first)
{
	struct curb_str rest = value;
	(void)curb_str_cut(&rest, ',', ret_first);
	return ret_first->len == value.len || one_of(curb_str_from(value, ret_first->len + 1), words);
}

static const struct vtt_region *find_region(const struct vtt_regions *regions, struct curb_str id)
{
	for (size_t i = regions->count; i > 0; i--) {
		if (curb_str_eq(regions->items[i - 1].id, id))
			return &regions->items[i - 1];
	}
	return NULL;
}

static bool take(struct settings *s, struct curb_str name, struct curb_str value,
                 const struct vtt_regions *regions)
{
	static const char *const verticals[] = { "rl", "lr", NULL };
	static const char *const aligns[] = { "start", "center", "end", "left", "right", NULL };
	static const char *const line_aligns[] = { "start", "center", "end", NULL };
	static const char *const position_aligns[] = { "line-left", "center", "line-right", NULL };
	struct curb_str first;
	struct curb_str *to = NULL;
	if (curb_str_is(name, "vertical") && one_of(value, verticals))
		to = &s->vertical;
	else if (curb_str_is(name, "line") && with_align(value, line_aligns, &first) &&
	         (percentage(first) || line_number(first)))
		to = &s->line;
	else if (curb_str_is(name, "position") && with_align(value, position_aligns, &first) &&
	         percentage(first))
		to = &s->position;
	else if (curb_str_is(name, "size") && percentage(value))
		to = &s->size;
	else if (curb_str_is(name, "align") && one_of(value, aligns))
		to = &s->align;
	else if (curb_str_is(name, "region") && find_region(regions, value))
		to = &s->region;
	if (to)
		*to = value;
	return to != NULL;
}

static void put(struct curb_buf *out, size_t start, const char *name, struct curb_str value)
{
	if (!value.ptr)
		return;
	if (out->len > start)
		curb_buf_char(out, ' ');
	curb_buf_printf(out, "%s:", name);
	curb_buf_str(out, value);
}

/* Cuts the next word at ASCII white space. */
static bool next_word(struct curb_str *rest, struct curb_str *ret_word)
{
	static const char spaces[] = " \t\n\f\r";
	size_t i = 0, from;
	while (i < rest->len && rest->ptr[i] && strchr(spaces, rest->ptr[i]))
		i++;
	from = i;
	while (i < rest->len && !(rest->ptr[i] && strchr(spaces, rest->ptr[i])))
		i++;
	*ret_word = curb_str_n(rest->ptr + from, i - from);
	*rest = curb_str_from(*rest, i);
	return ret_word->len > 0;
}

/* "name:value" with something on both sides. */
static bool pair(struct curb_str word, struct curb_str *ret_name, struct curb_str *ret_value)
{
	const char *colon = memchr(word.ptr, ':', word.len);
	if (!colon || colon == word.ptr || colon == word.ptr + word.len - 1)
		return false;
	*ret_name = curb_str_n(word.ptr, (size_t)(colon - word.ptr));
	*ret_value = curb_str_from(word, ret_name->len + 1);
	return true;
}

bool vtt_settings(struct curb_str text, const struct vtt_regions *regions, struct curb_buf *out)
{
	struct settings s = { 0 };
	struct curb_str word, name, value;
	bool all = true;
	while (next_word(&text, &word))
		all = pair(word, &name, &value) && take(&s, name, value, regions) && all;
	int whole = 100;
	bool fraction = false;
	if (s.size.ptr)
		(void)decimal(curb_str_n(s.size.ptr, s.size.len - 1), &whole, &fraction);
	if (s.region.ptr && (s.vertical.ptr || s.line.ptr || whole != 100)) {
		s.region = curb_str(NULL);
		all = false;
	}
	size_t start = out->len;
	put(out, start, "vertical", s.vertical);
	put(out, start, "line", s.line);
	put(out, start, "position", s.position);
	put(out, start, "size", s.size);
	put(out, start, "align", s.align);
	put(out, start, "region", s.region);
	return all;
}

static bool anchor(struct curb_str value)
{
	struct curb_str rest = value, x;
	return curb_str_cut(&rest, ',', &x) && x.len < value.len && percentage(x) &&
	       percentage(curb_str_from(value, x.len + 1));
}

static bool whole_number(struct curb_str value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (!is_digit(value.ptr[i]))
			return false;
	}
	return value.len > 0;
}

void vtt_region_parse(struct curb_str block, struct vtt_region *ret_region)
{
	struct vtt_region region = { .id = curb_str("") };
	struct curb_str word, name, value;
	while (next_word(&block, &word)) {
		if (!pair(word, &name, &value))
			continue;
		if (curb_str_is(name, "id"))
			region.id = value;
		else if (curb_str_is(name, "width") && percentage(value))
			region.width = value;
		else if (curb_str_is(name, "lines") && whole_number(value))
			region.lines = value;
		else if (curb_str_is(name, "regionanchor") && anchor(value))
			region.regionanchor = value;
		else if (curb_str_is(name, "viewportanchor") && anchor(value))
			region.viewportanchor = value;
		else if (curb_str_is(name, "scroll") && curb_str_is(value, "up"))
			region.scroll = value;
	}
	*ret_region = region;
}
