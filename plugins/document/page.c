/* The page of a part: its text, the form that goes on from it, and the table of contents. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"
#include "document.h"
#include "player.h"

/* ?part=N, from 1, or ?from=SECONDS, else where she was. */
static int choose(struct curb_req *req, const struct text *text, int64_t resume_s, size_t *ret_part)
{
	struct curb_str part = curb_req_query(req, "part"), from = curb_req_query(req, "from");
	int64_t number = 0, from_s = -1;
	if (part.ptr && (!curb_str_int(part, &number) || number < 1 || (uint64_t)number > text->part_count))
		return curb_fail(CURB_ENOTFOUND, "This document has no such part");
	if (!from.ptr || !curb_str_int(from, &from_s) || from_s < 0)
		from_s = resume_s < text->unit.duration_ms / 1000 ? resume_s : 0;
	*ret_part = part.ptr ? (size_t)number - 1 : text_part_at(text, from_s);
	return 0;
}

/* ---- what going on counts ---- */

struct opening {
	const struct credit_api *credit;
	struct credit_reading reading;
	struct curb_id play;
};

static int begin(struct curb_tx *tx, void *arg)
{
	struct opening *opening = arg;
	return opening->credit->open_page(opening->credit, tx, &opening->reading, &opening->play);
}

struct keeping {
	const struct credit_api *credit;
	struct credit_delivery part;
	int64_t now_ms;
};

static int keep(struct curb_tx *tx, void *arg)
{
	const struct keeping *keeping = arg;
	return keeping->credit->keep_place(keeping->credit, tx, &keeping->part.person, &keeping->part.unit,
	                                   keeping->part.from_s, keeping->now_ms);
}

/* Her clock for this part begins. Where nothing counts the text is there all the same. */
static int open_part(struct document *d, struct curb_req *req, const struct text *text, size_t part,
                     struct curb_value *model)
{
	struct opening opening = { .credit = d->delivery.credit,
		                   .reading = { text_part_of(req, text, part),
		                                curb_get_str(model, "cohort") } };
	const struct curb_str key = curb_id_str(&opening.reading.part.person);
	if (!(curb_req_user(req)->roles & CURB_LEARNER) || curb_req_needs(req)->as)
		return 0;
	if (!opening.reading.cohort.len) {
		struct keeping keeping = { opening.credit, opening.reading.part, curb_wall_ms() };
		return curb_write(req, key, keep, &keeping);
	}
	int err = curb_write(req, key, begin, &opening);
	if (!err)
		curb_put_text(model, "play", opening.play.text);
	return err == CURB_ECONFLICT || err == CURB_ENOTFOUND ? 0 : err;
}

/* ---- words ---- */

static const struct {
	const char *word, *text;
} told[] = {
	{ "clock",
	  CURB_TEXT("You went on sooner than this can be read aloud, so some of the part before is not "
	            "counted yet. Open it again, take your time, and it counts.") },
	{ "share_full",
	  CURB_TEXT("The online hours of this class are full. Everything you read is kept. You can "
	            "read on as much as you like; it adds no hours. The rest is earned in class.") },
	{ "hours_full",
	  CURB_TEXT("This lesson has earned all its class hours. You can read it again as often as "
	            "you like.") },
	{ "day_full",
	  CURB_TEXT("Today's online hours are full. Everything you read is kept, and you can read on. "
	            "Read this part again tomorrow and it can count.") },
	{ "class_over", CURB_TEXT("This class has ended; you may read on, but it adds no hours.") },
};

static void put_notice(struct curb_req *req, struct curb_value *model)
{
	struct curb_value *notice = curb_object(curb_req_arena(req));
	struct curb_str word = curb_req_query(req, "told");
	bool end = curb_str_is(curb_req_query(req, "end"), "yes");
	const char *text = NULL;
	if (curb_value_get(model, "notice"))
		return;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (curb_str_is(word, told[i].word))
			text = told[i].text;
	if (!text && end)
		text = CURB_TEXT("You have come to the end of this document.");
	if (!text)
		return;
	curb_put_text(notice, "kind", end && !word.len ? "good" : "status");
	curb_put_str(notice, "text", curb_tr(req, text, NULL));
	curb_put(model, "notice", notice);
}

static void put_title(struct curb_req *req, const struct text *text, size_t part, struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str name = text->unit.name, label = text->parts[part]->label;
	curb_put_str(values, "part", label);
	curb_put_str(values, "lesson", name);
	curb_put_str(model, "title",
	             !label.len || curb_str_eq(label, name) ? name :
	                                                      curb_tr(req, "{part}: {lesson}", values));
}

/* ---- where else to go ---- */

static int put_points(struct curb_req *req, const struct text *text, size_t part, struct curb_value *model)
{
	struct curb_value *rows = NULL, *here = NULL;
	int err = player_points(req, &text->unit, &rows);
	if (err)
		return err;
	for (size_t i = 0; i < curb_value_count(rows); i++) {
		struct curb_value *row = curb_value_at(rows, i);
		curb_put_bool(row, "deeper", curb_get_int(row, "level", 1) > 1);
		if (text_part_at(text, curb_get_int(row, "start_s", 0)) <= part)
			here = row;
	}
	if (here)
		curb_put_bool(here, "here", true);
	curb_put(model, "chapters", rows);
	return 0;
}

static const char *part_href(struct curb_req *req, const struct text *text, size_t part)
{
	return curb_req_looked(req, curb_printf(curb_req_arena(req), "/documents/%s?part=%zu",
	                                        text->unit.id.text, part + 1));
}

static void put_text(struct curb_req *req, const struct text *text, size_t part, struct curb_value *model)
{
	const struct content_unit *unit = &text->unit;
	curb_put_text(model, "unit", unit->id.text);
	curb_put_text(model, "base", curb_printf(curb_req_arena(req), "/documents/%s", unit->id.text));
	curb_put_str(model, "length", curb_words_span(req, unit->duration_ms / 1000));
	curb_put_int(model, "number", (int64_t)part + 1);
	curb_put_int(model, "behind", (int64_t)part + (part + 1 == text->part_count ? 1 : 2));
	curb_put_int(model, "count", (int64_t)text->part_count);
	curb_put_str(model, "part_time", curb_words_span(req, text->parts[part]->duration_ms / 1000));
	if (part > 0)
		curb_put_text(model, "previous", part_href(req, text, part - 1));
	curb_put_bool(model, "last", part + 1 == text->part_count);
}

int text_page(struct curb_req *req, void *state)
{
	struct document *d = state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct text text;
	size_t part = 0;
	int err = text_open(d, req, curb_req_param(req, "id"), &text);
	if (!err)
		err = player_put_course(&d->delivery, req, &text.unit, model);
	if (!err)
		err = player_put_standing(&d->delivery, req, &text.unit, model);
	if (!err)
		err = choose(req, &text, curb_get_int(model, "resume_s", 0), &part);
	if (!err)
		err = text_put_part(d, req, &text, part, model);
	if (!err)
		err = put_points(req, &text, part, model);
	if (err)
		return err;
	put_text(req, &text, part, model);
	put_title(req, &text, part, model);
	put_notice(req, model);
	player_put_needs(req, model);
	err = player_put_view(&d->delivery, req, &text.unit, model);
	if (!err && curb_value_get(curb_value_get(model, "show"), "player"))
		err = open_part(d, req, &text, part, model);
	return err ? err : curb_reply_page(req, 200, "document", model);
}
