#include <string.h>

#include "curb/err.h"
#include "pages.h"

/* Trainees come first: this language is meant when nothing is said or nothing fits. */
#define PREFERRED "zh-CN"
#define EASY "easy" /* msgctxt of the texts in easy words */

const char *pages_lang(const struct pages *pages, size_t i)
{
	return i < pages->lang_count ? pages->langs[i] : NULL;
}

static const char *find_text(const struct pages *pages, const char *owner, size_t lang, const char *context,
                             const char *source)
{
	for (size_t i = 0; i < pages->catalog_count; i++) {
		const struct pages_catalog *row = &pages->catalogs[i];
		if (row->lang != lang || (owner && strcmp(row->owner, owner) != 0))
			continue;
		const char *text = mo_find_in(&row->mo, context, source);
		if (text)
			return text;
	}
	return NULL;
}

/* Templates that several plugins build in have their texts in the core's. */
static const char *owner_text(const struct pages *pages, const char *owner, size_t lang, const char *context,
                              const char *source)
{
	const char *const owners[] = { owner, PAGES_COMMON, "core" };
	const char *text = NULL;
	for (size_t i = 0; !text && i < sizeof owners / sizeof *owners; i++)
		text = find_text(pages, owners[i], lang, context, source);
	return text;
}

const char *pages_owner_text(const struct pages *pages, const char *owner, size_t lang, bool easy,
                             const char *source)
{
	const char *text = easy ? owner_text(pages, owner, lang, EASY, source) : NULL;
	if (!text)
		text = owner_text(pages, owner, lang, NULL, source);
	return text ? text : source;
}

const char *pages_tr(const struct pages *pages, struct curb_str lang, const char *source)
{
	const char *text = find_text(pages, NULL, pages_lang_number(pages, lang), NULL, source);
	return text ? text : source;
}

const char *pages_text(const struct pages *pages, const char *owner, struct curb_str lang, const char *source)
{
	const char *text = find_text(pages, owner, pages_lang_number(pages, lang), NULL, source);
	return text ? text : pages_tr(pages, lang, source);
}

const char *pages_easy_text(const struct pages *pages, const char *owner, struct curb_str lang,
                            const char *source)
{
	size_t number = pages_lang_number(pages, lang);
	const char *text = find_text(pages, owner, number, EASY, source);
	if (!text)
		text = find_text(pages, owner, number, NULL, source);
	if (!text)
		text = find_text(pages, NULL, number, EASY, source);
	return text ? text : pages_tr(pages, lang, source);
}

static struct curb_str value_text(struct curb_arena *arena, const struct curb_value *value)
{
	switch (curb_value_type(value)) {
	case CURB_STRING: return curb_value_str(value);
	case CURB_INT:
	case CURB_DECIMAL: return curb_value_digits(value);
	case CURB_BOOL: return curb_dup(arena, curb_str(curb_value_bool(value, false) ? "true" : "false"));
	default: return curb_str("");
	}
}

static struct curb_str named(struct curb_arena *arena, const struct curb_value *values, struct curb_str path)
{
	struct curb_str part;
	while (curb_str_cut(&path, '.', &part))
		values = curb_value_type(values) == CURB_OBJECT ?
		                 curb_value_get(values, curb_cstr(arena, part)) :
		                 NULL;
	return value_text(arena, values);
}

struct curb_str pages_fill(struct curb_arena *arena, const char *text, const struct curb_value *values)
{
	if (!strchr(text, '{'))
		return curb_str(text);
	struct curb_buf out = curb_buf(64 << 10);
	struct curb_str rest = curb_str(text), part;
	for (bool name = false; curb_str_cut(&rest, name ? '}' : '{', &part); name = !name)
		curb_buf_str(&out, name ? named(arena, values, part) : part);
	struct curb_str filled = curb_dup(arena, curb_buf_view(&out));
	curb_buf_free(&out);
	return filled;
}

int pages_quality(struct curb_str params)
{
	struct curb_str part;
	while (curb_str_cut(&params, ';', &part)) {
		part = curb_str_trim(part);
		if (!curb_str_starts(part, "q=") && !curb_str_starts(part, "Q="))
			continue;
		part = curb_str_from(part, 2);
		if (!part.len || part.len > 5 || (part.ptr[0] != '0' && part.ptr[0] != '1') ||
		    (part.len > 1 && part.ptr[1] != '.'))
			return 0;
		int q = (part.ptr[0] - '0') * 1000, unit = 100;
		for (size_t i = 2; i < part.len; i++, unit /= 10)
			q += part.ptr[i] >= '0' && part.ptr[i] <= '9' ? (part.ptr[i] - '0') * unit : 0;
		return q <= 1000 ? q : 0;
	}
	return 1000;
}

static bool same(struct curb_str a, struct curb_str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static struct curb_str primary_of(struct curb_str tag)
{
	struct curb_str primary;
	(void)curb_str_cut(&tag, '-', &primary);
	return primary;
}

/* True when Chinese of this tag is written with traditional characters: it says so, or its place does. */
static bool is_traditional(struct curb_str tag)
{
	static const char *const traditional[] = { "Hant", "TW", "HK", "MO" };
	struct curb_str part;
	while (curb_str_cut(&tag, '-', &part)) {
		if (curb_str_is_nocase(part, "Hans"))
			return false;
		for (size_t i = 0; i < sizeof traditional / sizeof *traditional; i++)
			if (curb_str_is_nocase(part, traditional[i]))
				return true;
	}
	return false;
}

/* How near a language is to what is asked for; 0: another. Who reads zh-TW reads zh-CN sooner than English, but zh-HK before it. */
static int nearness(struct curb_str range, struct curb_str lang)
{
	if (same(range, lang))
		return 4;
	if (!same(primary_of(range), primary_of(lang)))
		return 0;
	if (range.len < lang.len && lang.ptr[range.len] == '-' &&
	    same(range, curb_str_n(lang.ptr, range.len)) && !is_traditional(lang))
		return 3; /* zh, of which zh-CN is one */
	return is_traditional(range) == is_traditional(lang) ? 2 : 1;
}

static const char *match(const struct pages *pages, struct curb_str range)
{
	const char *best = NULL;
	int best_nearness = 0;
	for (size_t i = 0; i < pages->lang_count; i++) {
		int near = nearness(range, curb_str(pages->langs[i]));
		if (near > best_nearness) {
			best = pages->langs[i];
			best_nearness = near;
		}
	}
	return best;
}

static const char *preferred(const struct pages *pages)
{
	return pages->langs[pages_lang_number(pages, curb_str(PREFERRED))];
}

const char *pages_best_lang(const struct pages *pages, struct curb_str accept_language)
{
	const char *best = NULL;
	int best_quality = 0;
	struct curb_str item, range;
	while (curb_str_cut(&accept_language, ',', &item)) {
		(void)curb_str_cut(&item, ';', &range);
		range = curb_str_trim(range);
		int q = pages_quality(item);
		const char *lang = curb_str_is(range, "*") ? preferred(pages) : match(pages, range);
		if (lang && q > best_quality) {
			best = lang;
			best_quality = q;
		}
	}
	return best ? best : preferred(pages);
}
