/* What changed from one version of a course to another, in sentences. */
#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

struct changes {
	struct curb_req *req;
	struct curb_value *list;
	size_t most;
};

static void add(struct changes *c, const char *source, struct curb_str lesson, struct curb_str was,
                struct curb_str now)
{
	struct curb_value *values = curb_object(curb_req_arena(c->req));
	if (curb_value_count(c->list) >= c->most)
		return;
	curb_put_str(values, "lesson", lesson);
	curb_put_str(values, "was", was);
	curb_put_str(values, "now", now);
	curb_push(c->list, curb_string(curb_req_arena(c->req), curb_tr(c->req, source, values)));
}

static bool same_text(const struct curb_value *a, const struct curb_value *b, const char *key)
{
	struct curb_str x = curb_get_str(a, key), y = curb_get_str(b, key);
	return curb_str_eq(x.ptr ? x : curb_str(""), y.ptr ? y : curb_str(""));
}

static void put_value(const struct curb_value *value, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	if (value)
		curb_json_value(&j, value);
}

static void put_version(const struct curb_value *package, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	pack_put_version(package, &j);
}

/* What cannot be written down is taken for different. */
static bool same_as(const struct curb_value *a, const struct curb_value *b,
                    void (*put)(const struct curb_value *value, struct curb_buf *out))
{
	enum { TEXT_MOST = 4 << 20 };
	CURB_AUTO(buf) struct curb_buf x = curb_buf(TEXT_MOST);
	CURB_AUTO(buf) struct curb_buf y = curb_buf(TEXT_MOST);
	put(a, &x);
	put(b, &y);
	return !x.failed && !y.failed && curb_str_eq(curb_buf_view(&x), curb_buf_view(&y));
}

/* What is only said to be another, by the name of its member; ended by an empty row. */
struct other {
	const char *key, *text;
};

static void compare_others(struct changes *c, const struct other *others, struct curb_str lesson,
                           const struct curb_value *was, const struct curb_value *now)
{
	for (; others->key; others++)
		if (!same_as(curb_value_get(was, others->key), curb_value_get(now, others->key), put_value))
			add(c, others->text, lesson, curb_str(""), curb_str(""));
}

/* ---- tracks ---- */

/* What authors call a track; "": it is made of others, and changes with them. */
static struct curb_str track_name(struct curb_req *req, const struct curb_value *track)
{
	static const struct {
		const char *kind, *text;
	} names[] = {
		{ "audio", CURB_TEXT("the sound") },
		{ "captions", CURB_TEXT("captions in {lang}") },
		{ "subtitles", CURB_TEXT("subtitles in {lang}") },
		{ "descriptions", CURB_TEXT("descriptions in {lang}") },
		{ "audio-description", CURB_TEXT("the spoken description") },
		{ "sign", CURB_TEXT("the sign language") },
		{ "transcript", CURB_TEXT("the transcript in {lang}") },
		{ "chapters", CURB_TEXT("the chapters") },
		{ "cover", CURB_TEXT("the cover") },
		{ "part", CURB_TEXT("the text") },
		{ "picture", CURB_TEXT("a picture") },
	};
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "lang", curb_words_lang(req, curb_get_str(track, "lang")));
	if (media_is_picture(curb_get_str(track, "kind")))
		return curb_tr(req, "the picture", NULL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (curb_str_is(curb_get_str(track, "kind"), names[i].kind))
			return curb_tr(req, names[i].text, values);
	return curb_str("");
}

/* The nth of that kind and language; NULL: there are fewer. */
static const struct curb_value *like(const struct curb_value *tracks, const struct curb_value *track,
                                     size_t nth)
{
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *one = curb_value_at(tracks, i);
		if (same_text(one, track, "kind") && same_text(one, track, "lang") && nth-- == 0)
			return one;
	}
	return NULL;
}

/* How many like it stand in front of the track at `at`. */
static size_t before(const struct curb_value *tracks, size_t at)
{
	size_t n = 0;
	const struct curb_value *track = curb_value_at(tracks, at);
	for (size_t i = 0; i < at; i++)
		n += same_text(curb_value_at(tracks, i), track, "kind") &&
		     same_text(curb_value_at(tracks, i), track, "lang");
	return n;
}

/* Of `these` what `others` do not have is told by `gone`, what differs by `differs` (NULL: not told). */
static void compare_tracks(struct changes *c, struct curb_str lesson, const struct curb_value *these,
                           const struct curb_value *others, const char *gone, const char *differs)
{
	for (size_t i = 0; i < curb_value_count(these); i++) {
		const struct curb_value *track = curb_value_at(these, i);
		const struct curb_value *other = like(others, track, before(these, i));
		struct curb_str name = track_name(c->req, track);
		const char *source = !other ? gone :
		                     same_text(curb_value_get(track, "file"), curb_value_get(other, "file"),
		                               "sha256") ?
		                              NULL :
		                              differs;
		if (source && name.len)
			add(c, source, lesson, curb_str(""), name);
	}
}

/* ---- lessons ---- */

static const struct other others_of_unit[] = {
	{ "nav", CURB_TEXT("{lesson}: its chapters are others") },
	{ "questions", CURB_TEXT("{lesson}: its questions are others") },
	{ "easy", CURB_TEXT("{lesson}: its text in easy words is another") },
	{ 0 },
};

static void compare_open(struct changes *c, const struct curb_value *was, const struct curb_value *now)
{
	bool open = curb_value_get(now, "open_captions") != NULL;
	if (open != (curb_value_get(was, "open_captions") != NULL))
		add(c,
		    open ? CURB_TEXT("{lesson}: the captions in its picture count") :
		           CURB_TEXT("{lesson}: the captions in its picture count no more"),
		    curb_get_str(now, "name"), curb_str(""), curb_str(""));
}

static void compare_length(struct changes *c, const struct curb_value *was, const struct curb_value *now)
{
	int64_t length = curb_get_int(was, "duration_ms", 0),
		length_now = curb_get_int(now, "duration_ms", 0);
	if (length != length_now)
		add(c, CURB_TEXT("{lesson}: it takes {now} in place of {was}"), curb_get_str(now, "name"),
		    curb_words_span(c->req, length / 1000), curb_words_span(c->req, length_now / 1000));
}

static void compare_unit(struct changes *c, const struct curb_value *was, size_t was_at,
                         const struct curb_value *now, size_t at)
{
	struct curb_arena *arena = curb_req_arena(c->req);
	struct curb_str name = curb_get_str(now, "name");
	const struct curb_value *tracks = curb_value_get(now, "tracks"),
				*tracks_were = curb_value_get(was, "tracks");
	int64_t hours = curb_get_int(was, "hours", 0), hours_now = curb_get_int(now, "hours", 0);
	if (!same_text(was, now, "name"))
		add(c, CURB_TEXT("The lesson {was} is called {now}"), name, curb_get_str(was, "name"), name);
	if (hours != hours_now)
		add(c, CURB_TEXT("{lesson}: {now} class hours in place of {was}"), name,
		    curb_words_hours(c->req, hours), curb_words_hours(c->req, hours_now));
	if (was_at != at)
		add(c, CURB_TEXT("{lesson}: lesson {now} in place of {was}"), name,
		    curb_str(curb_printf(arena, "%zu", was_at + 1)),
		    curb_str(curb_printf(arena, "%zu", at + 1)));
	compare_length(c, was, now);
	compare_open(c, was, now);
	compare_others(c, others_of_unit, name, was, now);
	compare_tracks(c, name, tracks, tracks_were, CURB_TEXT("{lesson}: new: {now}"),
	               CURB_TEXT("{lesson}: changed: {now}"));
	compare_tracks(c, name, tracks_were, tracks, CURB_TEXT("{lesson}: gone: {now}"), NULL);
}

static const struct curb_value *unit_of_key(const struct curb_value *package, struct curb_str key,
                                            size_t *ret_at)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (curb_str_eq(curb_get_str(curb_value_at(units, i), "key"), key)) {
			*ret_at = i;
			return curb_value_at(units, i);
		}
	return NULL;
}

static void compare_lessons(struct changes *c, const struct curb_value *was, const struct curb_value *now)
{
	const struct curb_value *units = curb_value_get(now, "units"), *before = curb_value_get(was, "units");
	const struct curb_str none = curb_str("");
	size_t at = 0;
	for (size_t i = 0; i < curb_value_count(units); i++) {
		const struct curb_value *unit = curb_value_at(units, i);
		const struct curb_value *old = unit_of_key(was, curb_get_str(unit, "key"), &at);
		if (old)
			compare_unit(c, old, at, unit, i);
		else
			add(c, CURB_TEXT("The lesson {lesson} is new"), curb_get_str(unit, "name"), none,
			    none);
	}
	for (size_t i = 0; i < curb_value_count(before); i++) {
		const struct curb_value *unit = curb_value_at(before, i);
		if (!unit_of_key(now, curb_get_str(unit, "key"), &at))
			add(c, CURB_TEXT("The lesson {lesson} is gone"), curb_get_str(unit, "name"), none,
			    none);
	}
}

static const struct other others_of_course[] = {
	{ "description", CURB_TEXT("The description is another") },
	{ "easy", CURB_TEXT("The description in easy words is another") },
	{ "provider", CURB_TEXT("The provider is another") },
	{ "occupation", CURB_TEXT("The occupation is another") },
	{ "keywords", CURB_TEXT("The keywords are others") },
	{ "programme", CURB_TEXT("The plan of class hours is another") },
	{ 0 },
};

struct curb_value *compare_packages(struct curb_req *req, const struct curb_value *was,
                                    const struct curb_value *now, size_t most)
{
	struct changes c = { req, curb_array(curb_req_arena(req)), most };
	const struct curb_str none = curb_str("");
	if (!same_text(was, now, "name"))
		add(&c, CURB_TEXT("The title is {now} in place of {was}"), none, curb_get_str(was, "name"),
		    curb_get_str(now, "name"));
	if (!same_text(was, now, "lang"))
		add(&c, CURB_TEXT("The language is {now} in place of {was}"), none,
		    curb_words_lang(req, curb_get_str(was, "lang")),
		    curb_words_lang(req, curb_get_str(now, "lang")));
	compare_others(&c, others_of_course, none, was, now);
	compare_lessons(&c, was, now);
	if (!curb_value_count(c.list) && !same_as(was, now, put_version))
		add(&c, CURB_TEXT("Pinyin or names of files are others"), none, none, none);
	return c.list;
}
