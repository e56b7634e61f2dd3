#include "curb/words.h"

#include <string.h>

#include "curb/err.h"
#include "curb/needs.h"
#include "curb/ruby.h"
#include "inside.h"

static struct curb_value *numbers(struct curb_req *req, const char *a, int64_t x, const char *b, int64_t y)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, a, x);
	curb_put_int(values, b, y);
	return values;
}

struct curb_str curb_words_span(struct curb_req *req, int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	struct curb_value *values = numbers(req, "minutes", seconds / 60, "seconds", seconds % 60);
	if (seconds < 60)
		return curb_tr(req, "{seconds} s", values);
	if (seconds % 60 == 0)
		return curb_tr(req, "{minutes} min", values);
	return curb_tr(req, "{minutes} min {seconds} s", values);
}

struct civil {
	int64_t year;
	int month, day;
};

/* Days since 1970-01-01 to a Gregorian date, by eras of 400 years that begin on 1 March. */
static struct civil civil_of(int64_t days)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * of_year + 2) / 153;
	int day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
	int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	return (struct civil){ year_of_era + era * 400 + (month <= 2), month, day };
}

static struct curb_str month_name(struct curb_req *req, int month)
{
	switch (month) {
	case 1: return curb_tr(req, "January", NULL);
	case 2: return curb_tr(req, "February", NULL);
	case 3: return curb_tr(req, "March", NULL);
	case 4: return curb_tr(req, "April", NULL);
	case 5: return curb_tr(req, "May", NULL);
	case 6: return curb_tr(req, "June", NULL);
	case 7: return curb_tr(req, "July", NULL);
	case 8: return curb_tr(req, "August", NULL);
	case 9: return curb_tr(req, "September", NULL);
	case 10: return curb_tr(req, "October", NULL);
	case 11: return curb_tr(req, "November", NULL);
	default: return curb_tr(req, "December", NULL);
	}
}

struct curb_str curb_words_day(struct curb_req *req, int64_t day)
{
	struct civil date = civil_of(day);
	struct curb_value *values = numbers(req, "day", date.day, "year", date.year);
	curb_put_str(values, "month", month_name(req, date.month));
	return curb_tr(req, "{day} {month} {year}", values);
}

enum { DAY_MS = 24 * 3600 * 1000, HOME_MS = 8 * 3600 * 1000 };

int64_t curb_day_of(int64_t ms)
{
	int64_t home = ms + HOME_MS;
	return home >= 0 ? home / DAY_MS : -((DAY_MS - 1 - home) / DAY_MS);
}

int64_t curb_day_begins(int64_t day)
{
	return day * DAY_MS - HOME_MS;
}

struct curb_str curb_words_date(struct curb_req *req, int64_t ms)
{
	return curb_words_day(req, curb_day_of(ms));
}

struct curb_str curb_words_hours(struct curb_req *req, int64_t hundredths)
{
	long long whole = hundredths / 100, rest = hundredths % 100;
	struct curb_arena *arena = curb_req_arena(req);
	if (rest == 0)
		return curb_str(curb_printf(arena, "%lld", whole));
	if (rest % 10 == 0)
		return curb_str(curb_printf(arena, "%lld.%lld", whole, rest / 10));
	return curb_str(curb_printf(arena, "%lld.%02lld", whole, rest));
}

struct curb_str curb_words_masked(struct curb_arena *arena, struct curb_str name)
{
	enum { HAN_FIRST = 0x2e80 };
	size_t first = 0;
	if (name.len == 0)
		return name;
	bool han = curb_utf8_next(name, &first) >= HAN_FIRST;
	return curb_str(curb_printf(arena, han ? "%.*s某" : "%.*s …", (int)first, name.ptr));
}

struct curb_str curb_words_size(struct curb_req *req, int64_t bytes)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	static const int64_t giga = 1000000000;
	int64_t megabytes = (bytes + 500000) / 1000000;
	if (bytes >= 10 * giga) {
		curb_put_int(values, "size", (bytes + giga / 2) / giga);
		return curb_tr(req, "about {size} GB", values);
	}
	curb_put_int(values, "size", megabytes > 0 ? megabytes : 1);
	return curb_tr(req, "about {size} MB", values);
}

struct curb_str curb_words_lang(struct curb_req *req, struct curb_str tag)
{
	static const struct {
		const char *tag, *name;
	} names[] = {
		{ "zh-CN", CURB_TEXT("Chinese") }, { "zh", CURB_TEXT("Chinese") },
		{ "en", CURB_TEXT("English") },    { "bo", CURB_TEXT("Tibetan") },
		{ "ug", CURB_TEXT("Uyghur") },     { "mn", CURB_TEXT("Mongolian") },
		{ "kk", CURB_TEXT("Kazakh") },     { "ko", CURB_TEXT("Korean") },
		{ "za", CURB_TEXT("Zhuang") },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (curb_str_is_nocase(tag, names[i].tag))
			return curb_tr(req, names[i].name, NULL);
	return tag.len ? tag : curb_tr(req, "Unknown language", NULL);
}

/* ---- the pages of a list ---- */

static void put_page(struct curb_value *pager, const char *name, const char *list, int64_t page)
{
	static const char mark[] = "{page}";
	struct curb_arena *arena = curb_value_arena(pager);
	const char *at = strstr(list, mark);
	CURB_ASSERT(at);
	curb_put_text(pager, name,
	              curb_printf(arena, "%.*s%lld%s", (int)(at - list), list, (long long)page,
	                          at + sizeof mark - 1));
}

void curb_put_pager(struct curb_req *req, struct curb_value *model, const char *list, int64_t page,
                    int64_t per_page, int64_t total)
{
	int64_t pages = total > per_page ? (total + per_page - 1) / per_page : 1;
	if (pages == 1 && page == 1)
		return;
	struct curb_value *pager = curb_object(curb_req_arena(req));
	curb_put_str(pager, "text",
	             curb_tr(req, "Page {page} of {pages}", numbers(req, "page", page, "pages", pages)));
	if (page > 1)
		put_page(pager, "previous", list, page > pages ? pages : page - 1);
	if (page < pages)
		put_page(pager, "next", list, page + 1);
	curb_put(model, "pager", pager);
}

/* ---- pinyin ---- */

static void push_piece(struct curb_req *req, struct curb_value *pieces, struct curb_str text,
                       struct curb_str syllable)
{
	struct curb_value *piece = curb_object(curb_req_arena(req));
	if (!text.len)
		return;
	curb_put_str(piece, "text", text);
	curb_put_str(piece, "pinyin", syllable);
	curb_push(pieces, piece);
}

enum { RUBY_MOST = 20000 }; /* syllables of one page */

struct curb_value *curb_words_ruby(struct curb_req *req, struct curb_str text, struct curb_str name,
                                   struct curb_str pinyin)
{
	const struct curb_str none = { NULL, 0 };
	struct curb_str piece, syllable;
	if (!pinyin.len || !name.len || !text.len || !curb_req_needs(req)->pinyin)
		return NULL;
	const char *at = memmem(text.ptr, text.len, name.ptr, name.len);
	size_t syllables = curb_ruby_syllables(pinyin);
	if (!at || syllables != curb_ruby_characters(name) || syllables > RUBY_MOST - req->ruby)
		return NULL;
	req->ruby += syllables;
	struct curb_value *pieces = curb_array(curb_req_arena(req));
	push_piece(req, pieces, curb_str_n(text.ptr, (size_t)(at - text.ptr)), none);
	struct curb_str behind = curb_str_from(text, (size_t)(at - text.ptr) + name.len);
	while (curb_ruby_next(&name, &pinyin, &piece, &syllable))
		push_piece(req, pieces, piece, syllable);
	push_piece(req, pieces, behind, none);
	return pieces;
}
