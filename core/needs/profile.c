/* What a profile means, and its two spellings: JSON for people and machines, a line for a cookie. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curb/err.h"
#include "needs.h"

#define FORMAT "ISO/IEC 24751 AccessForAll"
enum { VERSION = 1, NAMED_MOST = 40, LIST_MOST = 256 };

bool needs_same(const struct needs *a, const struct needs *b)
{
	return a->helps == b->helps && memcmp(a->detail, b->detail, sizeof a->detail) == 0;
}

bool needs_empty(const struct needs *needs)
{
	static const struct needs none;
	return needs_same(needs, &none);
}

uint8_t needs_value(enum needs_detail detail, struct curb_str value)
{
	const struct needs_term *term = needs_term(detail);
	for (uint8_t n = 0; n < NEEDS_CHOICES && term->choices[n].value; n++)
		if (curb_str_is(value, term->choices[n].value))
			return n + 1;
	return 0;
}

/* ---- what holds ---- */

static uint8_t of_presets(uint32_t helps, enum needs_detail detail)
{
	uint8_t strongest = 0;
	const struct needs_preset *preset;
	for (size_t i = 0; (preset = needs_preset(i)); i++)
		for (size_t w = 0; helps >> i & 1 && w < NEEDS_WISHES && preset->wishes[w].value; w++) {
			uint8_t n = preset->wishes[w].detail == detail ?
			                    needs_value(detail, curb_str(preset->wishes[w].value)) :
			                    0;
			strongest = n > strongest ? n : strongest;
		}
	return strongest;
}

const char *needs_holds(const struct needs *needs, enum needs_detail detail)
{
	uint8_t n = needs->detail[detail] ? needs->detail[detail] : of_presets(needs->helps, detail);
	return n ? needs_term(detail)->choices[n - 1].value : NULL;
}

static enum curb_wish wish(const struct needs *needs, enum needs_detail detail)
{
	const char *value = needs_holds(needs, detail);
	return !value ? CURB_WISH_NONE : strcmp(value, "true") == 0 ? CURB_WISH_YES : CURB_WISH_NO;
}

struct curb_needs needs_effect(const struct needs *needs)
{
	const char *lang = needs_holds(needs, NEEDS_CAPTIONS_LANG),
		   *presence = needs_holds(needs, NEEDS_PRESENCE);
	return (struct curb_needs){
		.captions = wish(needs, NEEDS_CAPTIONS),
		.captions_lang = curb_str(lang ? lang : ""),
		.sign = wish(needs, NEEDS_SIGN),
		.described = wish(needs, NEEDS_DESCRIBED),
		.transcript_first = wish(needs, NEEDS_TRANSCRIPT) == CURB_WISH_YES,
		.simple = wish(needs, NEEDS_LAYOUT) == CURB_WISH_YES,
		.less_motion = wish(needs, NEEDS_MOTION) == CURB_WISH_YES,
		.sound_cues = wish(needs, NEEDS_CUES) == CURB_WISH_YES,
		.vibrates = wish(needs, NEEDS_VIBRATION) == CURB_WISH_YES,
		.flashes = wish(needs, NEEDS_FLASH) == CURB_WISH_YES,
		.presence = curb_str(presence ? presence : ""),
		.keyboard_hints = wish(needs, NEEDS_HINTS) == CURB_WISH_YES,
		.save_data = wish(needs, NEEDS_DATA) == CURB_WISH_YES,
		.easy_read = wish(needs, NEEDS_EASY) == CURB_WISH_YES,
		.pinyin = wish(needs, NEEDS_PINYIN) == CURB_WISH_YES,
	};
}

/* ---- JSON ---- */

static void write_value(struct curb_json *j, const struct needs_term *term, const char *value)
{
	if (term->kind == NEEDS_WORD)
		curb_json_ktext(j, term->name, value);
	else if (term->kind == NEEDS_NUMBER)
		curb_json_kint(j, term->name, strtol(value, NULL, 10));
	else
		curb_json_kbool(j, term->name, strcmp(value, "true") == 0);
}

void needs_write(const struct needs *needs, struct curb_json *j)
{
	const struct needs_preset *preset;
	curb_json_begin(j, '{');
	curb_json_ktext(j, "format", FORMAT);
	curb_json_kint(j, "version", VERSION);
	curb_json_key(j, "helps");
	curb_json_begin(j, '[');
	for (size_t i = 0; (preset = needs_preset(i)); i++)
		if (needs->helps >> i & 1)
			curb_json_text(j, preset->name);
	curb_json_end(j, ']');
	curb_json_key(j, "preferences");
	curb_json_begin(j, '{');
	for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++)
		if (needs->detail[d])
			write_value(j, needs_term(d), needs_term(d)->choices[needs->detail[d] - 1].value);
	curb_json_end(j, '}');
	curb_json_end(j, '}');
}

/* As much of a name as an error repeats, cut between characters. */
static int named(struct curb_str name)
{
	size_t len = name.len < NAMED_MOST ? name.len : NAMED_MOST;
	while (len > 0 && len < name.len && ((unsigned char)name.ptr[len] & 0xc0) == 0x80)
		len--;
	return (int)len;
}

static void add_name(char list[static LIST_MOST], const char *name)
{
	size_t len = strlen(list);
	(void)snprintf(list + len, LIST_MOST - len, "%s%s", len ? ", " : "", name);
}

static int read_preset(const struct curb_value *value, uint32_t *helps)
{
	const struct needs_preset *preset;
	struct curb_str name = curb_value_str(value);
	char list[LIST_MOST] = "";
	for (size_t i = 0; (preset = needs_preset(i)); i++) {
		if (curb_str_is(name, preset->name)) {
			*helps |= 1u << i;
			return 0;
		}
		add_name(list, preset->name);
	}
	return curb_fail(CURB_EINVAL, "In \"helps\", \"%.*s\" is not known. Take it out, or write one of: %s",
	                 named(name), name.ptr ? name.ptr : "", list);
}

static int read_presets(const struct curb_value *list, uint32_t *helps)
{
	if (curb_value_type(list) != CURB_ARRAY)
		return curb_fail(CURB_EINVAL,
		                 "\"helps\" must be a list of words, for example [\"captions\"]");
	int err = 0;
	for (size_t i = 0; i < curb_value_count(list) && !err; i++)
		err = read_preset(curb_value_at(list, i), helps);
	return err;
}

static struct curb_str as_text(const struct curb_value *value, enum needs_kind kind)
{
	switch (curb_value_type(value)) {
	case CURB_STRING: return kind == NEEDS_WORD ? curb_value_str(value) : curb_str(NULL);
	case CURB_INT: return kind == NEEDS_NUMBER ? curb_value_digits(value) : curb_str(NULL);
	case CURB_BOOL:
		return kind != NEEDS_BOOL ? curb_str(NULL) :
		                            curb_str(curb_value_bool(value, false) ? "true" : "false");
	default: return curb_str(NULL);
	}
}

static int read_preference(struct curb_str name, const struct curb_value *value, struct needs *needs)
{
	char list[LIST_MOST] = "";
	for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++) {
		const struct needs_term *term = needs_term(d);
		add_name(list, term->name);
		if (!curb_str_is(name, term->name))
			continue;
		needs->detail[d] = needs_value(d, as_text(value, term->kind));
		if (needs->detail[d])
			return 0;
		list[0] = '\0';
		for (size_t n = 0; n < NEEDS_CHOICES && term->choices[n].value; n++)
			add_name(list, term->choices[n].value);
		return curb_fail(CURB_EINVAL,
		                 "The value of \"%s\" is not known. Take it out, or write one of: %s",
		                 term->name, list);
	}
	return curb_fail(CURB_EINVAL,
	                 "In \"preferences\", \"%.*s\" is not known. Take it out, or write one of: %s",
	                 named(name), name.ptr, list);
}

static int read_preferences(const struct curb_value *object, struct needs *needs)
{
	if (curb_value_type(object) != CURB_OBJECT)
		return curb_fail(CURB_EINVAL,
		                 "\"preferences\" must be an object, for example {\"fontSize\": 150}");
	int err = 0;
	for (size_t i = 0; i < curb_value_count(object) && !err; i++)
		err = read_preference(curb_value_key(object, i), curb_value_member(object, i), needs);
	return err;
}

static int read_member(struct curb_str name, const struct curb_value *value, struct needs *needs)
{
	if (curb_str_is(name, "helps"))
		return read_presets(value, &needs->helps);
	if (curb_str_is(name, "preferences"))
		return read_preferences(value, needs);
	if (curb_str_is(name, "version") && curb_value_int(value, 0) == VERSION)
		return 0;
	if (curb_str_is(name, "format") && curb_str_is(curb_value_str(value), FORMAT))
		return 0;
	if (curb_str_is(name, "version") || curb_str_is(name, "format"))
		return curb_fail(CURB_EINVAL, "Only format \"%s\", version %d, is understood", FORMAT,
		                 VERSION);
	return curb_fail(CURB_EINVAL,
	                 "\"%.*s\" is not known. Take it out; there are format, version, helps and "
	                 "preferences",
	                 named(name), name.ptr);
}

int needs_read(const struct curb_value *value, struct needs *ret_needs)
{
	struct needs needs = { 0 };
	if (curb_value_type(value) != CURB_OBJECT)
		return curb_fail(CURB_EINVAL,
		                 "This is not what a copy looks like: it begins with { and names \"helps\"");
	int err = 0;
	for (size_t i = 0; i < curb_value_count(value) && !err; i++)
		err = read_member(curb_value_key(value, i), curb_value_member(value, i), &needs);
	if (!err)
		*ret_needs = needs;
	return err;
}

int needs_parse(struct curb_arena *arena, struct curb_str text, struct needs *ret_needs)
{
	if (text.len > NEEDS_TEXT_MOST)
		return curb_fail(CURB_ETOOBIG,
		                 "This is too long for a copy of what helps you: at most %d bytes",
		                 NEEDS_TEXT_MOST);
	struct curb_value *value = NULL;
	int err = curb_json_parse(arena, text, &value);
	return err ? err : needs_read(value, ret_needs);
}

/* ---- the cookie: "1.HELPS.DETAILS.HELPS.DETAILS.FLAGS", helps in hex, a digit a detail ---- */

/* A browser may have been told when there were fewer details, so many; the others were not said. */
enum { DETAILS_FIRST = NEEDS_DATA + 1, DETAILS_SECOND = NEEDS_PINYIN + 1 };
enum { CODE_LEN = 8 + 1 + NEEDS_DETAILS, FLAG_CHANGED = 1, FLAG_ASKED = 2, FLAG_PASSING = 4 };

static void write_code(const struct needs *needs, char ret_code[static CODE_LEN + 1])
{
	(void)snprintf(ret_code, CODE_LEN + 1, "%08x.", needs->helps);
	for (size_t d = 0; d < NEEDS_DETAILS; d++)
		ret_code[9 + d] = (char)('0' + needs->detail[d]);
	ret_code[CODE_LEN] = '\0';
}

static uint32_t all_presets(void)
{
	size_t n = 0;
	while (needs_preset(n))
		n++;
	return (1u << n) - 1;
}

static bool read_code(struct curb_str *text, struct needs *needs)
{
	struct curb_str helps, details;
	unsigned char bytes[4];
	if (!curb_str_cut(text, '.', &helps) || !curb_str_cut(text, '.', &details) ||
	    !curb_unhex(helps, bytes, sizeof bytes) ||
	    (details.len != DETAILS_FIRST && details.len != DETAILS_SECOND && details.len != NEEDS_DETAILS))
		return false;
	needs->helps = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	               bytes[3];
	if (needs->helps & ~all_presets())
		return false;
	for (size_t d = 0; d < details.len; d++) {
		int n = details.ptr[d] - '0';
		if (n < 0 || n > NEEDS_CHOICES ||
		    (n > 0 && !needs_term((enum needs_detail)d)->choices[n - 1].value))
			return false;
		needs->detail[d] = (uint8_t)n;
	}
	return true;
}

void needs_cookie_write(const struct needs_cookie *cookie, char ret_text[static NEEDS_COOKIE_MOST])
{
	char now[CODE_LEN + 1], before[CODE_LEN + 1];
	write_code(&cookie->now, now);
	write_code(&cookie->before, before);
	int flags = (cookie->changed ? FLAG_CHANGED : 0) | (cookie->asked ? FLAG_ASKED : 0) |
	            (cookie->passing ? FLAG_PASSING : 0);
	(void)snprintf(ret_text, NEEDS_COOKIE_MOST, "%d.%s.%s.%d", VERSION, now, before, flags);
}

bool needs_cookie_read(struct curb_str text, struct needs_cookie *ret_cookie)
{
	struct needs_cookie cookie = { 0 };
	struct curb_str version;
	int64_t flags = 0;
	if (!curb_str_cut(&text, '.', &version) || !curb_str_is(version, "1") ||
	    !read_code(&text, &cookie.now) || !read_code(&text, &cookie.before) ||
	    !curb_str_int(text, &flags) || flags < 0 || flags > 7)
		return false;
	cookie.changed = flags & FLAG_CHANGED;
	cookie.asked = flags & FLAG_ASKED;
	cookie.passing = flags & FLAG_PASSING;
	*ret_cookie = cookie;
	return true;
}
