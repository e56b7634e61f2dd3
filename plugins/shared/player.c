#include "player.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"

enum { PLACE_MOST_S = 1000000 };

int player_put_course(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                      struct curb_value *model)
{
	struct content_version version;
	struct catalog_shown shown = { .address = NULL };
	int err = d->content->version(d->content, curb_req_tx(req), curb_id_str(&unit->version), &version);
	if (!err && d->catalog)
		err = d->catalog->shown(d->catalog, req, &version, &shown);
	if (err)
		return err;
	curb_put_str(model, "course", version.name);
	if (version.lang.len)
		curb_put_str(model, "content_lang", version.lang);
	curb_put_text(model, "course_href",
	              curb_req_looked(req, shown.address ? shown.address :
	                                                   curb_printf(curb_req_arena(req), "/courses/%s",
	                                                               version.course.text)));
	return 0;
}

/* ---- words for scripts ---- */

/* A translated text whose {parts} are left for the page's script to fill. */
static void put_pattern(struct curb_req *req, struct curb_value *model, const char *name, const char *source)
{
	static const char *const parts[] = { "minutes", "seconds", "credited", "unit_time", "position",
		                             "length",  "number",  "count",    "chapter" };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *same = curb_object(arena);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		curb_put_text(same, parts[i], curb_printf(arena, "{%s}", parts[i]));
	curb_put_str(model, name, curb_tr(req, source, same));
}

static void put_patterns(struct curb_req *req, struct curb_value *model)
{
	put_pattern(req, model, "seconds_words", "{seconds} s");
	put_pattern(req, model, "minutes_words", "{minutes} min");
	put_pattern(req, model, "both_words", "{minutes} min {seconds} s");
	put_pattern(req, model, "counted_words",
	            CURB_TEXT("Counted in this lesson: {credited} of {unit_time}"));
	put_pattern(req, model, "position_words", CURB_TEXT("Position: {position} of {length}"));
	put_pattern(req, model, "place_words", CURB_TEXT("{position} of {length}"));
	put_pattern(req, model, "chapter_words", CURB_TEXT("Chapter {number} of {count}: {chapter}"));
}

/* ---- the person's place and hours ---- */

static void put_question(struct curb_req *req, const struct content_question *question,
                         struct curb_value *check)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *answers = curb_array(arena);
	if (question->count == 0)
		return;
	for (size_t i = 0; i < question->count; i++) {
		struct curb_value *row = curb_object(arena);
		curb_put_int(row, "number", (int64_t)i + 1);
		curb_put_str(row, "text", question->answers[i]);
		curb_push(answers, row);
	}
	curb_put_str(check, "question", question->text);
	curb_put(check, "answers", answers);
	curb_put_bool(check, "first", curb_str_is(curb_req_needs(req)->presence, "question"));
}

/* The presence check of her class, and, behind the answer of a page without scripts, that it is in. */
static void put_check(struct curb_req *req, const struct credit_standing *standing, struct curb_value *model)
{
	const struct credit_check *wanted = &standing->check;
	struct curb_value *check = curb_object(curb_req_arena(req)),
			  *notice = curb_object(curb_req_arena(req));
	if (!wanted->wanted)
		return;
	curb_put_text(check, "cohort", standing->cohort.text);
	curb_put_int(check, "number", wanted->number);
	curb_put_bool(check, "due", wanted->due);
	if (wanted->to_s) {
		curb_put_int(check, "from", wanted->from_s);
		curb_put_int(check, "to", wanted->to_s);
	}
	put_question(req, &wanted->question, check);
	curb_put_str(check, "how", curb_req_needs(req)->presence);
	curb_put(model, "check", check);
	bool right = curb_str_is(curb_req_query(req, "answered"), "yes") && !wanted->due;
	if (!right && !(wanted->due && curb_str_is(curb_req_query(req, "answered"), "no")))
		return;
	curb_put_text(notice, "kind", right ? "good" : "warn");
	curb_put_str(notice, "text",
	             right ? curb_tr(req,
	                             "Your answer is in, and what had waited for it counts. Go on where you "
	                             "were.",
	                             NULL) :
	                     curb_tr(req,
	                             "It is another one. Try once more, or press Go on: your hours stay as "
	                             "they are, and wrong answers are not kept",
	                             NULL));
	curb_put(model, "notice", notice);
}

int player_put_standing(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                        struct curb_value *model)
{
	struct credit_standing standing = { 0 };
	put_patterns(req, model);
	curb_put_text(model, "person", curb_req_user(req)->id.text);
	if (!d->credit || curb_req_needs(req)->as)
		return 0;
	int err = d->credit->standing(d->credit, curb_req_tx(req), &curb_req_user(req)->id, unit, &standing);
	if (err)
		return err;
	curb_put_int(model, "resume_s", standing.resume_s);
	curb_put_str(model, "resume_time", curb_words_span(req, standing.resume_s));
	curb_put_bool(model, "resumes",
	              standing.resume_s > 0 && standing.resume_s < unit->duration_ms / 1000);
	bool points = !curb_id_some(&standing.cohort) && standing.point_s > 0;
	if (!curb_id_some(&standing.cohort) && !points)
		return 0;
	curb_put_text(model, "cohort", points ? "points" : standing.cohort.text);
	if (points)
		curb_put_str(model, "points", curb_words_span(req, standing.point_s));
	curb_put_str(model, "credited", curb_words_span(req, standing.credited_s));
	curb_put_str(model, "unit_time", curb_words_span(req, standing.unit_s));
	curb_put_str(model, "unit_hours", curb_words_hours(req, unit->hours_c));
	put_check(req, &standing, model);
	curb_put_bool(model, "outlasts", !points && standing.unit_s < unit->duration_ms / 1000);
	return 0;
}

/* ---- chapters ---- */

int player_points(struct curb_req *req, const struct content_unit *unit, struct curb_value **ret_rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *nav = NULL, *rows = curb_array(arena);
	int err = unit->nav.len ? curb_json_parse(arena, unit->nav, &nav) : 0;
	if (err)
		return err;
	for (size_t i = 0; i < curb_value_count(nav); i++) {
		const struct curb_value *point = curb_value_at(nav, i);
		int64_t start_ms = curb_get_int(point, "start_ms", 0);
		struct curb_value *row = curb_object(arena);
		curb_put_str(row, "text", curb_get_str(point, "text"));
		curb_put_int(row, "level", curb_get_int(point, "level", 1));
		curb_put_int(row, "start_ms", start_ms);
		curb_put_int(row, "start_s", start_ms / 1000);
		curb_put_str(row, "time", curb_words_span(req, start_ms / 1000));
		curb_push(rows, row);
	}
	*ret_rows = rows;
	return 0;
}

/* ---- the place outside any class ---- */

struct place {
	const struct credit_api *credit;
	struct curb_id person, unit;
	int64_t position_s, now_ms;
};

static int keep(struct curb_tx *tx, void *arg)
{
	const struct place *place = arg;
	return place->credit->keep_place(place->credit, tx, &place->person, &place->unit, place->position_s,
	                                 place->now_ms);
}

int player_post_place(const struct delivery *d, struct curb_req *req, const struct content_unit *unit)
{
	int64_t position_ms = 0;
	if (!curb_value_fixed(curb_value_get(curb_req_value(req), "position"), 3, &position_ms))
		return curb_fail(CURB_EINVAL, "position must be a number of seconds from 0 on");
	int64_t position_s = position_ms / 1000 < PLACE_MOST_S ? position_ms / 1000 : PLACE_MOST_S;
	struct place place = { d->credit, curb_req_user(req)->id, unit->id, position_s, curb_wall_ms() };
	int err = d->credit ? curb_write(req, curb_id_str(&place.person), keep, &place) : 0;
	return err ? err : curb_reply_empty(req, 204);
}
