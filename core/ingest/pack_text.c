/* A version as text for a pack: known members alone, in one order, so that two servers write the same bytes. */
#include "inside.h"

struct member {
	const char *name;
	enum { TEXT, NUMBER, LIST, FILE_NAME } what;
	const struct member *items; /* of a list; NULL: texts */
};

static const struct member nav[] = {
	{ "level", NUMBER, NULL }, { "text", TEXT, NULL }, { "start_ms", NUMBER, NULL }, { 0 }
};
static const struct member questions[] = { { "chapter", NUMBER, NULL },
	                                   { "text", TEXT, NULL },
	                                   { "answers", LIST, NULL },
	                                   { "right", NUMBER, NULL },
	                                   { 0 } };
static const struct member tracks[] = {
	{ "kind", TEXT, NULL },
	{ "lang", TEXT, NULL },
	{ "label", TEXT, NULL },
	{ "type", TEXT, NULL },
	{ "codec", TEXT, NULL },
	{ "file", FILE_NAME, NULL },
	{ "index", FILE_NAME, NULL },
	{ "duration_ms", NUMBER, NULL },
	{ "start_ms", NUMBER, NULL },
	{ "width", NUMBER, NULL },
	{ "height", NUMBER, NULL },
	{ "bitrate", NUMBER, NULL },
	{ 0 },
};
static const struct member units[] = {
	{ "key", TEXT, NULL },         { "name", TEXT, NULL },
	{ "name_pinyin", TEXT, NULL }, { "kind", TEXT, NULL },
	{ "hours", NUMBER, NULL },     { "duration_ms", NUMBER, NULL },
	{ "easy", TEXT, NULL },        { "easy_pinyin", TEXT, NULL },
	{ "nav", LIST, nav },          { "questions", LIST, questions },
	{ "tracks", LIST, tracks },    { 0 },
};
static const struct member package_members[] = {
	{ "reader", TEXT, NULL },
	{ "name", TEXT, NULL },
	{ "name_pinyin", TEXT, NULL },
	{ "lang", TEXT, NULL },
	{ "description", TEXT, NULL },
	{ "description_pinyin", TEXT, NULL },
	{ "easy", TEXT, NULL },
	{ "easy_pinyin", TEXT, NULL },
	{ "provider", TEXT, NULL },
	{ "occupation", TEXT, NULL },
	{ "keywords", LIST, NULL },
	{ "units", LIST, units },
	{ 0 },
};
static const struct member offline[] = { { "name", TEXT, NULL }, { "hours", NUMBER, NULL }, { 0 } };
static const struct member programme[] = {
	{ "name", TEXT, NULL }, { "total", NUMBER, NULL }, { "offline", LIST, offline }, { 0 }
};

static void put_text(struct curb_json *j, const char *name, struct curb_str text)
{
	if (text.len)
		curb_json_kstr(j, name, text);
}

/* Lists are not deeper than a handful, so this comes back to itself no oftener. NOLINTNEXTLINE(misc-no-recursion) */
static void put_members(const struct curb_value *from, const struct member *members, struct curb_json *j)
{
	for (const struct member *m = members; m->name; m++) {
		const struct curb_value *value = curb_value_get(from, m->name);
		size_t n = m->what == LIST ? curb_value_count(value) : 0;
		if (m->what == TEXT)
			put_text(j, m->name, curb_value_str(value));
		else if (m->what == FILE_NAME)
			put_text(j, m->name, curb_get_str(value, "sha256"));
		else if (m->what == NUMBER)
			curb_json_kint(j, m->name, curb_value_int(value, 0));
		if (!n)
			continue;
		curb_json_key(j, m->name);
		curb_json_begin(j, '[');
		for (size_t i = 0; i < n; i++) {
			if (!m->items) {
				curb_json_value(j, curb_value_at(value, i));
				continue;
			}
			curb_json_begin(j, '{');
			put_members(curb_value_at(value, i), m->items, j);
			curb_json_end(j, '}');
		}
		curb_json_end(j, ']');
	}
}

void pack_put_version(const struct curb_value *package, struct curb_json *j)
{
	const struct curb_value *plan = curb_value_get(package, "programme");
	curb_json_begin(j, '{');
	put_members(package, package_members, j);
	if (curb_value_type(plan) == CURB_OBJECT) {
		curb_json_key(j, "programme");
		curb_json_begin(j, '{');
		put_members(plan, programme, j);
		curb_json_end(j, '}');
	}
	curb_json_end(j, '}');
}
