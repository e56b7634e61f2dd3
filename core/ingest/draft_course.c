/* A draft in its author's hands: its title and language, and the order, names and hours of its lessons. */
#include <stdlib.h>
#include <string.h>

#include "caption_draft.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"
#include "needs.h"

enum { NAME_LONGEST = 600, LESSONS_MOST = 1000, HUNDREDTH_MS = 27000 }; /* a class hour is 45 minutes */

struct editing {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version base;
	struct curb_value *package, *model;
	const char *address;
	bool wrong;
};

static const char *const langs[] = { "zh-CN", "bo", "ug", "mn", "kk", "ko", "za", "en" };
enum { LANGS = sizeof langs / sizeof *langs };

const char *draft_lang(size_t i)
{
	return i < LANGS ? langs[i] : NULL;
}

static int open_draft(struct editing *e)
{
	int err = base_course(e->req, e->ingest, &e->base);
	if (!err)
		err = base_package(e->ingest, curb_req_tx(e->req), &e->base, &e->package);
	if (!err)
		e->address = curb_printf(curb_req_arena(e->req), "/packages/courses/%s", e->base.course.text);
	return err;
}

/* ---- what is typed ---- */

static const char *field_of(struct editing *e, const char *what, size_t lesson)
{
	return curb_printf(curb_req_arena(e->req), "%s%zu", what, lesson + 1);
}

static void mistake(struct editing *e, struct curb_value *row, const char *key, const char *field,
                    const char *source)
{
	struct curb_str text = curb_tr(e->req, source, NULL);
	revise_mistake(e->req, e->model, field, text);
	curb_put_str(row, curb_printf(curb_req_arena(e->req), "%s_error", key), text);
	e->wrong = true;
}

/* A name as it was typed, into the package and back into the form. */
static void read_name(struct editing *e, struct curb_value *row, const char *field, struct curb_value *to)
{
	struct curb_str typed = curb_req_field(e->req, field), name = curb_str_trim(typed);
	curb_put_str(row, "name", typed.ptr ? typed : curb_str(""));
	if (!name.len)
		mistake(e, row, "name", field, CURB_TEXT("Write a name"));
	else if (name.len > NAME_LONGEST)
		mistake(e, row, "name", field,
		        CURB_TEXT("This name is too long; about 200 characters are the most"));
	else if (!curb_str_eq(name, curb_get_str(to, "name"))) {
		curb_put_str(to, "name", name);
		curb_put_str(to, "name_pinyin", curb_str("")); /* it was of another name */
	}
}

static void read_hours(struct editing *e, struct curb_value *row, const char *field, struct curb_value *unit,
                       int64_t *ret_more)
{
	struct curb_str typed = curb_req_field(e->req, field);
	int64_t hours = 0, length = curb_get_int(unit, "duration_ms", 0);
	curb_put_str(row, "hours", typed.ptr ? typed : curb_str(""));
	if (!revise_decimal(curb_req_arena(e->req), typed, 2, &hours) || hours < 0)
		mistake(e, row, "hours", field, CURB_TEXT("Write class hours like 1, 0.5 or 1.25"));
	else if (hours > 0 && hours > length / HUNDREDTH_MS && hours != curb_get_int(unit, "hours", 0))
		mistake(e, row, "hours", field,
		        CURB_TEXT("These are more class hours than the recording lasts; one is 45 minutes"));
	else {
		*ret_more += hours - curb_get_int(unit, "hours", 0);
		curb_put_int(unit, "hours", hours);
	}
}

struct placed_unit {
	int64_t order;
	size_t was;
	struct curb_value *unit;
};

/* Of two for one place the one that was moved up comes first, the one that was moved down last. */
static int way_of(const struct placed_unit *unit)
{
	int64_t was = (int64_t)unit->was + 1;
	return (unit->order > was) - (unit->order < was);
}

static int by_order(const void *a, const void *b)
{
	const struct placed_unit *x = a, *y = b;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (way_of(x) != way_of(y))
		return way_of(x) < way_of(y) ? -1 : 1;
	return (x->was > y->was) - (x->was < y->was);
}

static void read_order(struct editing *e, struct curb_value *row, const char *field, size_t n,
                       struct placed_unit *placed)
{
	struct curb_str typed = curb_req_field(e->req, field);
	curb_put_str(row, "order", typed.ptr ? typed : curb_str(""));
	if (!revise_decimal(curb_req_arena(e->req), typed, 0, &placed->order) || placed->order < 1 ||
	    placed->order > (int64_t)n)
		mistake(e, row, "order", field,
		        CURB_TEXT("Write which lesson it is: 1 for the first, 2 for the second"));
}

/* The plan that a class starts from has the sum of all lessons. */
static void move_total(struct editing *e, int64_t more)
{
	struct curb_value *programme = curb_value_get(e->package, "programme");
	if (programme)
		curb_put_int(programme, "total", curb_get_int(programme, "total", 0) + more);
}

static void read_lessons(struct editing *e, struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(e->req);
	struct curb_value *units = curb_value_get(e->package, "units"), *sorted = curb_array(arena);
	size_t n = curb_value_count(units);
	struct placed_unit *placed = curb_alloc_n(arena, n + 1, sizeof *placed);
	int64_t more = 0;
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = curb_value_at(rows, i), *unit = curb_value_at(units, i);
		placed[i] = (struct placed_unit){ 0, i, unit };
		read_name(e, row, field_of(e, "name", i), unit);
		read_hours(e, row, field_of(e, "hours", i), unit, &more);
		read_order(e, row, field_of(e, "order", i), n, &placed[i]);
	}
	qsort(placed, n, sizeof *placed, by_order);
	for (size_t i = 0; i < n; i++)
		curb_push(sorted, placed[i].unit);
	curb_put(e->package, "units", sorted);
	move_total(e, more);
}

static void read_lang(struct editing *e)
{
	struct curb_str lang = curb_req_field(e->req, "lang");
	for (size_t i = 0; i < LANGS; i++)
		if (curb_str_is(lang, langs[i]))
			curb_put_text(e->package, "lang", langs[i]);
}

/* ---- the page ---- */

static void put_tracks(struct editing *e, const struct curb_value *unit, struct curb_value *row)
{
	static const struct {
		const char *kind, *text;
	} kinds[] = {
		{ "captions", CURB_TEXT("Captions ({lang}): mend them") },
		{ "subtitles", CURB_TEXT("Subtitles ({lang}): mend them") },
		{ "descriptions", CURB_TEXT("Descriptions ({lang}): mend them") },
	};
	struct curb_arena *arena = curb_req_arena(e->req);
	struct curb_value *list = curb_array(arena);
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *track = curb_value_at(tracks, i);
		struct curb_str id = curb_get_str(track, "id"), lang = curb_get_str(track, "lang");
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			struct curb_value *link = curb_object(arena), *values = curb_object(arena);
			if (!curb_str_is(curb_get_str(track, "kind"), kinds[k].kind))
				continue;
			curb_put_str(values, "lang", curb_words_lang(e->req, lang));
			curb_put_str(link, "label", curb_tr(e->req, kinds[k].text, values));
			curb_put_text(link, "href",
			              curb_printf(arena, "%s/tracks/%.*s", e->address, (int)id.len, id.ptr));
			curb_push(list, link);
		}
	}
	curb_put(row, "tracks", list);
}

static struct curb_value *lesson_row(struct editing *e, size_t i, const struct curb_value *unit)
{
	struct curb_value *row = curb_object(curb_req_arena(e->req)),
			  *values = curb_object(curb_req_arena(e->req));
	curb_put_int(values, "n", (int64_t)i + 1);
	curb_put_str(row, "title", curb_tr(e->req, "Lesson {n}", values));
	curb_put_text(row, "name_id", field_of(e, "name", i));
	curb_put_text(row, "hours_id", field_of(e, "hours", i));
	curb_put_text(row, "order_id", field_of(e, "order", i));
	curb_put_str(row, "name", curb_get_str(unit, "name"));
	curb_put_str(row, "hours", curb_words_hours(e->req, curb_get_int(unit, "hours", 0)));
	curb_put_int(row, "order", (int64_t)i + 1);
	put_tracks(e, unit, row);
	return row;
}

struct curb_value *draft_lang_options(struct curb_req *req, struct curb_str now)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *options = curb_array(arena);
	bool known = false;
	for (size_t i = 0; i <= LANGS; i++) {
		struct curb_value *option = curb_object(arena);
		if (i == LANGS && (known || !now.len))
			break;
		struct curb_str tag = i < LANGS ? curb_str(langs[i]) : now;
		bool chosen = curb_str_eq(now, tag);
		known = known || chosen;
		curb_put_str(option, "value", tag);
		curb_put_str(option, "label", curb_words_lang(req, tag));
		curb_put_bool(option, "selected", chosen);
		curb_push(options, option);
	}
	return options;
}

static void put_notice(struct editing *e)
{
	static const struct {
		const char *done, *text;
	} told[] = {
		{ "captions", CURB_TEXT("The mended captions are in the draft now.") },
		{ "lang", CURB_TEXT("The language of the file is changed.") },
		{ "added", CURB_TEXT("The file is in the draft now.") },
		{ "open",
		  CURB_TEXT("The captions in the picture count in this draft. A transcript is still owed.") },
		{ "closed", CURB_TEXT("The captions in the picture count no more.") },
		{ "out", CURB_TEXT("The file is taken out of the draft. The version before still has it.") },
		{ "saved", CURB_TEXT("The draft is changed.") },
		{ "back", CURB_TEXT("The draft is as it was in that version.") },
	};
	struct curb_str done = curb_req_query(e->req, "done");
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (curb_str_is(done, told[i].done))
			curb_put_str(e->model, "done", curb_tr(e->req, told[i].text, NULL));
}

/* The course as learners see it whom these presets help. */
static void put_looks(struct editing *e)
{
	static const char *const helped[] = { "screenReader", "signLanguage", "largePrint", "simplified" };
	struct curb_arena *arena = curb_req_arena(e->req);
	struct curb_value *looks = curb_array(arena);
	const struct needs_preset *preset = NULL;
	for (size_t i = 0; (preset = needs_preset(i)) != NULL; i++)
		for (size_t k = 0; k < sizeof helped / sizeof *helped; k++) {
			if (strcmp(preset->name, helped[k]) != 0)
				continue;
			struct curb_value *look = curb_object(arena);
			curb_put_str(look, "label", curb_tr(e->req, preset->label, NULL));
			curb_put_text(look, "href",
			              curb_printf(arena, "/courses/%s?version=%s&as=%s", e->base.course.text,
			                          e->base.id.text, helped[k]));
			curb_push(looks, look);
		}
	curb_put(e->model, "looks", looks);
}

static int show(struct editing *e, int status)
{
	struct curb_value *base = curb_object(curb_req_arena(e->req));
	int err = version_about(e->ingest, e->req, &e->base, base);
	if (err)
		return err;
	curb_put(e->model, "base", base);
	put_looks(e);
	curb_put(e->model, "langs", draft_lang_options(e->req, curb_get_str(e->package, "lang")));
	put_notice(e);
	curb_put_text(e->model, "version", e->base.id.text);
	curb_put_text(e->model, "course",
	              curb_printf(curb_req_arena(e->req), "/courses/%s", e->base.course.text));
	curb_put_text(e->model, "versions", curb_printf(curb_req_arena(e->req), "%s/versions", e->address));
	curb_put_text(e->model, "forms", curb_printf(curb_req_arena(e->req), "%s/forms", e->address));
	if (draft_add_some(e->package))
		curb_put_text(e->model, "add",
		              curb_printf(curb_req_arena(e->req), "%s/captions", e->address));
	if (draft_machine_some(&e->base, e->package))
		curb_put_text(e->model, "machine",
		              curb_printf(curb_req_arena(e->req), "%s/drafted", e->address));
	if (draft_open_some(&e->base, e->package))
		curb_put_text(e->model, "open",
		              curb_printf(curb_req_arena(e->req), "%s/open-captions", e->address));
	curb_put_str(e->model, "title", curb_tr(e->req, "Edit this draft", NULL));
	return curb_reply_page(e->req, status, "draft_course", e->model);
}

static void put_rows(struct editing *e)
{
	struct curb_value *rows = curb_array(curb_req_arena(e->req));
	const struct curb_value *units = curb_value_get(e->package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++)
		curb_push(rows, lesson_row(e, i, curb_value_at(units, i)));
	curb_put(e->model, "lessons", rows);
	curb_put_str(e->model, "name", curb_get_str(e->package, "name"));
}

int draft_course_page(struct curb_req *req, void *state)
{
	struct editing e = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = open_draft(&e);
	if (err)
		return err;
	put_rows(&e);
	return show(&e, 200);
}

int draft_course_post(struct curb_req *req, void *state)
{
	struct editing e = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = open_draft(&e);
	if (err)
		return err;
	put_rows(&e);
	if (!curb_str_is(curb_req_field(req, "version"), e.base.id.text))
		return curb_fail(CURB_ECONFLICT, "This course was changed meanwhile; look at it again");
	read_name(&e, e.model, "name", e.package);
	read_lang(&e);
	read_lessons(&e, curb_value_get(e.model, "lessons"));
	if (e.wrong)
		return show(&e, 422);
	return revise(req, e.ingest, &e.base, e.package,
	              curb_printf(curb_req_arena(req), "%s?done=saved", e.address));
}
