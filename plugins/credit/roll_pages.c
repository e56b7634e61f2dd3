/* Lessons with a code: announcing one, the page to show to the class, and the sheet that it fills in. */
#include "codes.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/qr.h"
#include "curb/words.h"
#include "roll.h"

static const char *address_of(struct curb_req *req, const struct roll *roll)
{
	return curb_printf(curb_req_arena(req), "/classes/%s/rolls/%s", roll->lesson.cohort.text,
	                   roll->id.text);
}

/* ---- the list, and announcing another ---- */

static void put_rolls(struct curb_req *req, struct credit *c, const struct roll *rolls, size_t n,
                      struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Lesson"), CURB_TEXT("State"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	int64_t now_ms = curb_wall_ms();
	for (size_t i = 0; i < n; i++) {
		const struct roll *roll = &rolls[i];
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		curb_push(cells, credit_head(req, labels[0], sheet_when_words(req, c, &roll->lesson),
		                             address_of(req, roll)));
		curb_push(cells, credit_cell(req, labels[1],
		                             curb_id_some(&roll->sheet) ?
		                                     curb_tr(req, "Entered", NULL) :
		                             roll->lesson.to_ms <= now_ms ?
		                                     curb_tr(req, "Over, not entered yet", NULL) :
		                                     curb_tr(req, "Its code can be used", NULL)));
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
}

static int show_list(struct curb_req *req, const struct sheet_class *class, int status,
                     struct curb_value *errors)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	struct roll *rolls = NULL;
	size_t n = 0;
	int err = rolls_of(class->c, curb_req_tx(req), &class->cohort.id, &rolls, &n);
	if (err)
		return err;
	put_rolls(req, class->c, rolls, n, model);
	curb_put_str(model, "title", curb_tr(req, "Sign-in code for a lesson", NULL));
	curb_put_str(model, "programme", class->cohort.programme);
	curb_put_text(model, "back", curb_printf(arena, "/classes/%s/sheets", class->cohort.id.text));
	curb_put_text(model, "action", curb_printf(arena, "/classes/%s/rolls", class->cohort.id.text));
	return sheet_show_announce(req, class, status, errors, model);
}

int roll_page_list(struct curb_req *req, void *state)
{
	struct sheet_class class;
	int err = sheet_class_of(req, state, &class);
	return err ? err : show_list(req, &class, 200, curb_object(curb_req_arena(req)));
}

struct announcing {
	struct credit *c;
	struct roll roll;
	int64_t now_ms;
	const char *field;
};

static int announce(struct curb_tx *tx, void *arg)
{
	struct announcing *announcing = arg;
	return roll_announce(announcing->c, tx, &announcing->roll, announcing->now_ms, &announcing->field);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct announcing *announcing = arg;
	return curb_reply_redirect(req, curb_str(address_of(req, &announcing->roll)));
}

int roll_post_new(struct curb_req *req, void *state)
{
	struct announcing announcing = { .c = state, .now_ms = curb_wall_ms() };
	struct roll *roll = &announcing.roll;
	struct curb_value *errors = curb_object(curb_req_arena(req));
	struct sheet_class class;
	int err = sheet_class_of(req, state, &class);
	if (err)
		return err;
	roll->lesson.cohort = class.cohort.id;
	roll->lesson.entered_by = curb_req_user(req)->id;
	if (!sheet_form_read_lesson(req, &class, &roll->lesson, &roll->seconds, errors))
		return show_list(req, &class, 422, errors);
	err = curb_write_reply(req, curb_id_str(&class.cohort.id), announce, answer, &announcing);
	if (err != CURB_EUNFIT && err != CURB_EINVAL)
		return err;
	curb_put_str(errors, announcing.field ? announcing.field : "unit", curb_str(curb_error_local()));
	return show_list(req, &class, 422, errors);
}

/* ---- one, to be shown to the class ---- */

static int put_code(struct curb_req *req, const struct roll *roll, struct curb_value *facts,
                    struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str origin = curb_req_origin(req), path,
			shown = digits_shown(arena, curb_cstr(arena, roll->code));
	int size = 0;
	const char *address = curb_printf(arena, "%.*s/attendance?code=%.*s", (int)origin.len, origin.ptr,
	                                  (int)roll->code.len, roll->code.ptr);
	int err = curb_qr(arena, curb_str(address), &path, &size);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("The code, digit by digit"), code_spoken(req, shown));
	credit_push_fact(req, facts, CURB_TEXT("The code in braille"), code_braille(arena, shown));
	curb_put_str(model, "code", shown);
	curb_put_str(model, "qr", path);
	curb_put_int(model, "qr_size", size);
	curb_put_text(model, "here", address_of(req, roll));
	return 0;
}

static void put_people(struct curb_req *req, const struct sheet_class *class, const struct rolled *rolled,
                       size_t n, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Signed in at"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *values = curb_object(arena);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		curb_push(cells, credit_head(req, labels[0], rolled[i].shown, NULL));
		curb_push(cells,
		          credit_cell(req, labels[1], sheet_clock_words(req, class->c, rolled[i].at_ms)));
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	curb_put_int(values, "there", (int64_t)n);
	curb_put_int(values, "all", class->total);
	curb_put_str(model, "count", curb_tr(req, "{there} of {all} trainees on the roster", values));
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
}

static void put_state(struct curb_req *req, const struct roll *roll, bool over, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	const char *sheets = curb_printf(arena, "/classes/%s/sheets", roll->lesson.cohort.text);
	if (curb_id_some(&roll->sheet))
		curb_put_text(model, "sheet", curb_printf(arena, "%s/%s", sheets, roll->sheet.text));
	else if (over)
		curb_put_text(model, "enter", curb_printf(arena, "%s/new?roll=%s", sheets, roll->id.text));
	curb_put_bool(model, "over", over && !curb_id_some(&roll->sheet));
}

int roll_page_one(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	struct sheet_class class;
	struct roll roll;
	struct rolled *rolled = NULL;
	size_t n = 0;
	int err = sheet_class_of(req, state, &class);
	if (!err)
		err = roll_by_id(state, curb_req_tx(req), curb_req_param(req, "roll"), &roll);
	if (!err && strcmp(roll.lesson.cohort.text, class.cohort.id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "No lesson of yours has this code now");
	if (!err)
		err = rolled_of(state, curb_req_tx(req), &roll.id, &rolled, &n);
	if (err)
		return err;
	bool over = roll.lesson.to_ms <= curb_wall_ms();
	if (!over)
		err = put_code(req, &roll, facts, model);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Lesson"), sheet_when_words(req, state, &roll.lesson));
	credit_push_fact(req, facts, CURB_TEXT("Announced"),
	                 sheet_length_words(req, &class.cohort, roll.seconds));
	credit_push_fact(req, facts, CURB_TEXT("Place"), sheet_place_words(req, &roll.lesson));
	put_people(req, &class, rolled, n, model);
	put_state(req, &roll, over, model);
	curb_put(model, "facts", facts);
	curb_put_str(model, "programme", class.cohort.programme);
	curb_put_text(model, "back", curb_printf(arena, "/classes/%s/rolls", class.cohort.id.text));
	curb_put_str(model, "title", curb_tr(req, "Sign in to the lesson", NULL));
	return curb_reply_page(req, 200, "roll", model);
}

/* ---- the sheet that is entered of it ---- */

int roll_fill(struct curb_req *req, const struct sheet_class *class, struct sheet_filled *ret_filled)
{
	enum { MINUTE_MS = 60 * 1000, MINUTE_S = 60 };
	struct curb_arena *arena = curb_req_arena(req);
	const struct roll *roll = class->roll;
	const struct sheet *lesson = &roll->lesson;
	int64_t *minutes = curb_alloc_n(arena, class->n + 1, sizeof *minutes),
		day = count_day(lesson->from_ms, class->c->utc_offset_ms),
		midnight_ms = count_day_begins_ms(day, class->c->utc_offset_ms),
		whole = roll->seconds / MINUTE_S;
	struct rolled *rolled = NULL;
	size_t n = 0;
	int err = rolled_of(class->c, curb_req_tx(req), &roll->id, &rolled, &n);
	for (size_t i = 0; !err && i < class->n; i++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(class->roster[i].person.text, rolled[k].person.text) == 0)
				minutes[i] = whole;
	*ret_filled = (struct sheet_filled){
		.minutes = minutes,
		.whole = whole,
		.hours_c = roll->seconds * 100 / class->cohort.hour_s,
		.lesson = { .has_day = true,
		            .has_from = true,
		            .has_to = true,
		            .day = day,
		            .from = (lesson->from_ms - midnight_ms) / MINUTE_MS,
		            .to = (lesson->to_ms - midnight_ms) / MINUTE_MS },
		.like = lesson,
		.about = curb_array(arena),
	};
	curb_push(ret_filled->about,
	          curb_string(arena,
	                      curb_tr(req,
	                              "Who signed in by the code is marked as present, all others as absent.",
	                              NULL)));
	return err;
}
