/* The package that the worker sent, field by field: only what is known and in its bounds is taken over. */
#include <string.h>

#include "content/file_types.h"
#include "curb/err.h"
#include "inside.h"

enum {
	NAME_MAX_BYTES = 600,
	TEXT_MAX = 20000,
	CODE_MAX = 100,
	KEYWORDS = 100,
	UNITS = 1000,
	TRACKS = 6000,
	NAV = 10000,
	ANSWERS = 6
};

static const char *const readers[] = { "course",   "media",  "folder", "pages", "lpf",
	                               "daisy202", "daisy3", "epub",   NULL };
static const char *const unit_kinds[] = { "video", "audiobook", "document", NULL };
static const char *const track_kinds[] = { "video",        "audio",    "captions",   "subtitles",
	                                   "descriptions", "chapters", "sign",       "audio-description",
	                                   "flat",         "cover",    "transcript", "part",
	                                   "picture",      NULL };

struct field {
	const char *name;
	enum { TEXT, NUMBER, ONE_OF, TEXTS } what;
	bool needed;
	int64_t most; /* bytes or value */
	const char *const *values;
};

#define HOURS_MAX 1000000
#define MS_MAX (INT64_C(1000) * 3600 * 1000)
static const struct field package_fields[] = {
	{ "reader", ONE_OF, true, 0, readers },
	{ "name", TEXT, true, NAME_MAX_BYTES, NULL },
	{ "lang", TEXT, false, CODE_MAX, NULL },
	{ "description", TEXT, false, TEXT_MAX, NULL },
	{ "name_pinyin", TEXT, false, TEXT_MAX, NULL },
	{ "description_pinyin", TEXT, false, TEXT_MAX, NULL },
	{ "easy", TEXT, false, TEXT_MAX, NULL },
	{ "easy_pinyin", TEXT, false, TEXT_MAX, NULL },
	{ "provider", TEXT, false, NAME_MAX_BYTES, NULL },
	{ "occupation", TEXT, false, NAME_MAX_BYTES, NULL },
	{ "keywords", TEXTS, false, KEYWORDS, NULL },
	{ "accessMode", TEXTS, false, KEYWORDS, NULL },
	{ "accessibilityFeature", TEXTS, false, KEYWORDS, NULL },
	{ "accessibilityHazard", TEXTS, false, KEYWORDS, NULL },
	{ NULL, TEXT, false, 0, NULL },
};
static const struct field unit_fields[] = {
	{ "key", TEXT, true, CODE_MAX, NULL },
	{ "name", TEXT, true, NAME_MAX_BYTES, NULL },
	{ "kind", ONE_OF, true, 0, unit_kinds },
	{ "hours", NUMBER, true, HOURS_MAX, NULL },
	{ "name_pinyin", TEXT, false, TEXT_MAX, NULL },
	{ "easy", TEXT, false, TEXT_MAX, NULL },
	{ "easy_pinyin", TEXT, false, TEXT_MAX, NULL },
	{ "duration_ms", NUMBER, false, MS_MAX, NULL },
	{ NULL, TEXT, false, 0, NULL },
};
static const struct field track_fields[] = {
	{ "kind", ONE_OF, true, 0, track_kinds },
	{ "lang", TEXT, false, CODE_MAX, NULL },
	{ "label", TEXT, false, NAME_MAX_BYTES, NULL },
	{ "type", TEXT, false, CODE_MAX, NULL },
	{ "codec", TEXT, false, CODE_MAX, NULL },
	{ "duration_ms", NUMBER, false, MS_MAX, NULL },
	{ "start_ms", NUMBER, false, MS_MAX, NULL },
	{ "width", NUMBER, false, 16384, NULL },
	{ "height", NUMBER, false, 16384, NULL },
	{ "bitrate", NUMBER, false, INT32_MAX, NULL },
	{ NULL, TEXT, false, 0, NULL },
};
static const struct field nav_fields[] = {
	{ "level", NUMBER, true, 20, NULL },
	{ "text", TEXT, true, NAME_MAX_BYTES, NULL },
	{ "start_ms", NUMBER, true, MS_MAX, NULL },
	{ NULL, TEXT, false, 0, NULL },
};
static const struct field question_fields[] = {
	{ "chapter", NUMBER, true, NAV, NULL },
	{ "text", TEXT, true, NAME_MAX_BYTES, NULL },
	{ "answers", TEXTS, true, ANSWERS, NULL },
	{ "right", NUMBER, true, ANSWERS, NULL },
	{ NULL, TEXT, false, 0, NULL },
};
static const struct field programme_fields[] = {
	{ "name", TEXT, false, NAME_MAX_BYTES, NULL },
	{ "total", NUMBER, true, HOURS_MAX, NULL },
	{ NULL, TEXT, false, 0, NULL },
};
static const struct field offline_fields[] = {
	{ "name", TEXT, true, NAME_MAX_BYTES, NULL },
	{ "hours", NUMBER, true, HOURS_MAX, NULL },
	{ NULL, TEXT, false, 0, NULL },
};

static int broken(const char *field)
{
	return curb_fail(CURB_EINVAL, "worker: the package's %s", field);
}

static bool one_of(struct curb_str value, const char *const *values)
{
	for (; *values; values++)
		if (curb_str_is(value, *values))
			return true;
	return false;
}

static bool texts_ok(const struct curb_value *value, int64_t most)
{
	if (curb_value_type(value) != CURB_ARRAY || curb_value_count(value) > (size_t)most)
		return false;
	for (size_t i = 0; i < curb_value_count(value); i++) {
		struct curb_str text = curb_value_str(curb_value_at(value, i));
		if (!text.ptr || text.len > NAME_MAX_BYTES)
			return false;
	}
	return true;
}

static bool field_ok(const struct curb_value *value, const struct field *field)
{
	struct curb_str text = curb_value_str(value);
	int64_t number = curb_value_type(value) == CURB_INT ? curb_value_int(value, -1) : -1;
	switch (field->what) {
	case TEXT: return text.ptr && text.len <= (size_t)field->most && (text.len || !field->needed);
	case NUMBER: return number >= 0 && number <= field->most;
	case ONE_OF: return text.ptr && one_of(text, field->values);
	case TEXTS: return texts_ok(value, field->most);
	}
	return false;
}

static int take(const struct curb_value *from, const struct field *fields, struct curb_value *to)
{
	if (curb_value_type(from) != CURB_OBJECT)
		return broken("shape");
	for (const struct field *field = fields; field->name; field++) {
		struct curb_value *value = curb_value_get(from, field->name);
		if (curb_value_type(value) == CURB_NULL) {
			if (field->needed)
				return broken(field->name);
			continue;
		}
		if (!field_ok(value, field))
			return broken(field->name);
		curb_put(to, field->name, value);
	}
	return 0;
}

typedef int (*take_fn)(struct intake_state *state, const struct curb_value *from, struct curb_value *to);

/* A list of objects, each taken over by `each`. An absent list stays absent. */
static int take_list(struct intake_state *state, const struct curb_value *from, const char *name, size_t most,
                     take_fn each, struct curb_value *to)
{
	const struct curb_value *list = curb_value_get(from, name);
	if (curb_value_type(list) == CURB_NULL)
		return 0;
	if (curb_value_type(list) != CURB_ARRAY || curb_value_count(list) > most)
		return broken(name);
	struct curb_value *taken = curb_array(state->arena);
	for (size_t i = 0; i < curb_value_count(list); i++) {
		struct curb_value *item = curb_object(state->arena);
		int err = each(state, curb_value_at(list, i), item);
		if (err)
			return err;
		curb_push(taken, item);
	}
	curb_put(to, name, taken);
	return 0;
}

static int take_file(struct intake_state *state, const struct curb_value *from, const char *name, bool needed,
                     struct curb_value *to)
{
	const struct curb_value *value = curb_value_get(from, name);
	if (curb_value_type(value) == CURB_NULL && !needed)
		return 0;
	int64_t number = curb_value_type(value) == CURB_INT ? curb_value_int(value, -1) : -1;
	struct curb_value *object = curb_object(state->arena);
	if (intake_take_kept(state, value, object)) {
		curb_put_str(object, "type", curb_get_str(from, "type"));
		curb_put(to, name, object);
		return 0;
	}
	if (number < 0 || (uint64_t)number >= state->file_count || !state->files[number].sealed)
		return broken(name);
	const struct intake_file *file = &state->files[number];
	curb_put_str(object, "sha256", blob_sha256(file->blob));
	curb_put_int(object, "size", (int64_t)blob_size(file->blob));
	curb_put_text(object, "type", file->type);
	curb_put_str(object, "path", file->path);
	curb_put(to, name, object);
	return 0;
}

static int take_track(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	int err = take(from, track_fields, to);
	if (!err && intake_is_pack(state) && !content_file_type(curb_get_str(to, "type")))
		return broken("type"); /* no reader of ours chose it */
	if (!err)
		err = take_file(state, from, "file", true, to);
	return err ? err : take_file(state, from, "index", false, to);
}

static int take_nav(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	(void)state;
	return take(from, nav_fields, to);
}

/* One of two answers or more is right. */
static int take_question(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	(void)state;
	int err = take(from, question_fields, to);
	size_t answers = curb_value_count(curb_value_get(to, "answers"));
	int64_t right = curb_get_int(to, "right", 0);
	if (!err && (answers < 2 || right < 1 || (size_t)right > answers || !curb_get_int(to, "chapter", 0)))
		return broken("questions");
	return err;
}

static bool asks_twice(const struct curb_value *questions)
{
	for (size_t i = 1; i < curb_value_count(questions); i++)
		if (curb_get_int(curb_value_at(questions, i), "chapter", 0) <=
		    curb_get_int(curb_value_at(questions, i - 1), "chapter", 0))
			return true;
	return false;
}

static struct curb_str file_type(const struct curb_value *track)
{
	return curb_get_str(curb_value_get(track, "file"), "type");
}

/* The parts of a document follow each other in whole seconds and are all of it: hours are counted by them. */
static int check_parts(const struct curb_value *unit)
{
	enum { SECOND_MS = 1000 };
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	bool document = curb_str_is(curb_get_str(unit, "kind"), "document");
	int64_t end_ms = 0;
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *track = curb_value_at(tracks, i);
		bool part = curb_str_is(curb_get_str(track, "kind"), "part");
		bool picture = curb_str_is(curb_get_str(track, "kind"), "picture");
		int64_t ms = curb_get_int(track, "duration_ms", 0);
		if ((part || picture) && !document)
			return broken("tracks");
		if (picture && !curb_str_starts(file_type(track), "image/"))
			return broken("pictures");
		if (part && (!curb_str_is(file_type(track), "application/json") || ms <= 0 ||
		             ms % SECOND_MS || curb_get_int(track, "start_ms", 0) != end_ms))
			return broken("parts");
		end_ms += part ? ms : 0;
	}
	bool whole = end_ms > 0 && end_ms == curb_get_int(unit, "duration_ms", 0);
	return document && !whole ? broken("parts") : 0;
}

static int take_unit(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	int err = take(from, unit_fields, to);
	if (!err)
		err = take_list(state, from, "nav", NAV, take_nav, to);
	if (!err)
		err = take_list(state, from, "questions", NAV, take_question, to);
	if (!err && asks_twice(curb_value_get(to, "questions")))
		return broken("questions");
	if (!err)
		err = take_list(state, from, "tracks", TRACKS, take_track, to);
	return err ? err : check_parts(to);
}

static int take_offline(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	(void)state;
	return take(from, offline_fields, to);
}

static int take_programme(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	const struct curb_value *programme = curb_value_get(from, "programme");
	if (curb_value_type(programme) == CURB_NULL)
		return 0;
	struct curb_value *taken = curb_object(state->arena);
	int err = take(programme, programme_fields, taken);
	if (!err)
		err = take_list(state, programme, "offline", KEYWORDS, take_offline, taken);
	curb_put(to, "programme", taken);
	return err;
}

static bool same_key_twice(const struct curb_value *units)
{
	for (size_t i = 0; i < curb_value_count(units); i++)
		for (size_t k = 0; k < i; k++)
			if (curb_str_eq(curb_get_str(curb_value_at(units, i), "key"),
			                curb_get_str(curb_value_at(units, k), "key")))
				return true;
	return false;
}

int intake_take_package(struct intake_state *state, const struct curb_value *from, struct curb_value *to)
{
	int err = take(from, package_fields, to);
	if (!err)
		err = take_list(state, from, "units", UNITS, take_unit, to);
	if (!err)
		err = take_programme(state, from, to);
	const struct curb_value *units = curb_value_get(to, "units");
	return err ? err : curb_value_count(units) == 0 || same_key_twice(units) ? broken("units") : 0;
}

int intake_check_package(struct intake_state *state, struct curb_value **ret_package)
{
	if (!state->package)
		return broken("absence");
	for (size_t i = 0; i < INTAKE_SLOTS; i++)
		if (state->slots[i] >= 0)
			return broken("open file");
	if (intake_is_pack(state))
		return intake_check_pack(state, ret_package);
	struct curb_value *taken = curb_object(state->arena);
	int err = intake_take_package(state, state->package, taken);
	if (!err)
		*ret_package = taken;
	return err;
}
