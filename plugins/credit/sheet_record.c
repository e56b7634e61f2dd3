/* Attended hours in the record of a trainee: each lesson with its lines, what waits, and what was corrected and why. */
#include "curb/err.h"
#include "curb/words.h"
#include "sheet.h"

/* ---- the page ---- */

static struct curb_value *lesson_of(struct curb_req *req, struct credit *c,
                                    const struct sheet_attended *first, bool own)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *lesson = curb_object(arena), *values = curb_object(arena);
	const struct sheet *sheet = &first->sheet;
	curb_put_str(values, "when", sheet_when_words(req, c, sheet));
	curb_put_str(values, "unit", first->unit_name);
	curb_put_str(lesson, "title", curb_tr(req, "{when}, {unit}", values));
	curb_put_str(values, "mode", curb_tr(req, sheet_mode_text(sheet->mode), NULL));
	curb_put_str(values, "place", sheet_place_words(req, sheet));
	curb_put_str(values, "teacher", sheet->teacher);
	curb_put_str(lesson, "where", curb_tr(req, "{mode}, {place}. Taught by {teacher}", values));
	if (own) {
		curb_put_text(lesson, "ask",
		              curb_printf(arena, "/record/ask?class=%s&sheet=%s", sheet->cohort.text,
		                          sheet->id.text));
		curb_put_str(lesson, "ask_label", curb_tr(req, "Ask about {when}", values));
	} else {
		curb_put_text(
			lesson, "href",
			curb_printf(arena, "/classes/%s/sheets/%s", sheet->cohort.text, sheet->id.text));
	}
	curb_put(lesson, "lines", curb_array(arena));
	return lesson;
}

static int push_line(struct curb_req *req, const struct credit_cohort *cohort, const struct sheet_line *line,
                     int64_t before_s, struct curb_value *lesson)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str state;
	int err = sheet_state_words(req, line, &state);
	if (err)
		return err;
	curb_put_str(values, "time", sheet_line_words(req, cohort, line, before_s));
	curb_put_str(values, "state", state);
	curb_push(curb_value_get(lesson, "lines"),
	          curb_string(curb_req_arena(req), line->reason.len ?
	                                                   curb_tr(req, "{time} {state}", values) :
	                                                   curb_tr(req, "{time}. {state}", values)));
	return 0;
}

int sheet_put_record(struct curb_req *req, struct credit *c, const struct curb_id *person,
                     const struct credit_cohort *cohort, struct curb_value *model)
{
	struct curb_value *lessons = curb_array(curb_req_arena(req)), *lesson = NULL;
	struct sheet_attended *lines = NULL;
	bool own = strcmp(curb_req_user(req)->id.text, person->text) == 0, waits = false;
	size_t n = 0;
	int64_t before_s = 0;
	int err = sheet_attended_of(c, curb_req_tx(req), &cohort->id, person, &lines, &n);
	for (size_t i = 0; !err && i < n; i++) {
		if (i == 0 || strcmp(lines[i].sheet.id.text, lines[i - 1].sheet.id.text) != 0) {
			lesson = lesson_of(req, c, &lines[i], own);
			curb_push(lessons, lesson);
			before_s = 0;
		}
		waits = waits || !lines[i].line.signed_ms;
		err = push_line(req, cohort, &lines[i].line, before_s, lesson);
		before_s += lines[i].line.seconds;
	}
	curb_put(model, "attended", lessons);
	curb_put_bool(model, "attended_waits", waits);
	curb_put_bool(model, "attended_own", waits && own);
	return err;
}

int sheet_begin_question(struct curb_req *req, struct credit *c, struct curb_str id,
                         struct curb_str *ret_begun)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct sheet sheet;
	struct sheet_line *lines = NULL;
	size_t n = 0;
	if (!id.len)
		return 0;
	int err = sheet_by_id(c, curb_req_tx(req), id, &sheet);
	if (!err)
		err = sheet_lines(c, curb_req_tx(req), &sheet.id, &curb_req_user(req)->id, &lines, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such line in your hours");
	if (err)
		return err;
	curb_put_str(values, "when", sheet_when_words(req, c, &sheet));
	*ret_begun = curb_tr(req, "{when}: ", values);
	return 0;
}

/* ---- JSON ---- */

static void put_line(struct curb_json *j, const struct sheet_attended *one)
{
	const struct sheet *sheet = &one->sheet;
	curb_json_begin(j, '{');
	curb_json_ktext(j, "sheet", sheet->id.text);
	curb_json_kint(j, "unit", sheet->unit + 1);
	curb_json_ktext(j, "mode", sheet_mode_word(sheet->mode));
	curb_json_kint(j, "from", sheet->from_ms);
	curb_json_kint(j, "to", sheet->to_ms);
	curb_json_kstr(j, "place", sheet->place);
	curb_json_kstr(j, "teacher", sheet->teacher);
	curb_json_kint(j, "seconds", one->line.seconds);
	curb_json_kint(j, "entry", one->line.entry);
	curb_json_kbool(j, "countersigned", one->line.signed_ms > 0);
	curb_json_kstr(j, "countersigned_as", one->line.signed_as.len ? one->line.signed_as : curb_str(NULL));
	curb_json_kstr(j, "reason", one->line.reason.len ? one->line.reason : curb_str(NULL));
	curb_json_end(j, '}');
}

int sheet_json_record(struct curb_req *req, struct credit *c, const struct curb_id *person,
                      const struct credit_cohort *cohort, struct curb_json *j)
{
	struct sheet_attended *lines = NULL;
	size_t n = 0;
	int err = sheet_attended_of(c, curb_req_tx(req), &cohort->id, person, &lines, &n);
	curb_json_key(j, "attended");
	curb_json_begin(j, '[');
	for (size_t i = 0; !err && i < n; i++)
		put_line(j, &lines[i]);
	curb_json_end(j, ']');
	return err;
}
