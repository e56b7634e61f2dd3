/* The sheets of a class: their list, and entering one. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "paper.h"
#include "roll.h"

enum { LIST_PAGE = 30 };

/* ---- entering ---- */

struct entering {
	struct sheet_class class;
	struct sheet_entering it;
};

/* The lesson to which trainees signed in, of which the form, or the link to it, has the id. */
static int find_roll(struct curb_req *req, struct credit *c, struct sheet_class *class)
{
	struct curb_str id = curb_req_query(req, "roll");
	if (!id.len)
		id = curb_req_field(req, "roll");
	if (!id.len)
		return 0;
	struct roll *roll = curb_alloc(curb_req_arena(req), sizeof *roll);
	int err = roll_by_id(c, curb_req_tx(req), id, roll);
	if (!err && strcmp(roll->lesson.cohort.text, class->cohort.id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "No lesson of yours has this code now");
	class->roll = roll;
	return err;
}

/* The printed sheet, likewise by its code. */
static int find_paper(struct curb_req *req, struct credit *c, struct sheet_class *class)
{
	struct curb_str code = curb_req_query(req, "paper");
	if (!code.len)
		code = curb_req_field(req, "paper");
	if (!code.len)
		return 0;
	struct paper *paper = curb_alloc(curb_req_arena(req), sizeof *paper);
	int err = paper_by_code(c, curb_req_tx(req), code, paper);
	if (!err && strcmp(paper->cohort.text, class->cohort.id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "There is no printed sheet with this code");
	class->paper = paper;
	return err;
}

int sheet_class_of(struct curb_req *req, struct credit *c, struct sheet_class *ret_class)
{
	const struct credit_part everybody = { .find = curb_str(""),
		                               .most = SHEET_TRAINEES_MOST,
		                               .here = true };
	ret_class->c = c;
	ret_class->paper = NULL;
	ret_class->roll = NULL;
	int err = credit_class_of(req, c, &ret_class->cohort);
	if (!err)
		err = credit_trainees(c, curb_req_tx(req), &ret_class->cohort.id, &everybody,
		                      &ret_class->roster, &ret_class->n, &ret_class->total);
	if (!err)
		err = find_paper(req, c, ret_class);
	return err ? err : find_roll(req, c, ret_class);
}

/* Why there is nothing to enter; absent when there is. */
static struct curb_str refusal_of(struct curb_req *req, const struct sheet_class *class,
                                  const struct curb_value *model)
{
	if (curb_value_count(curb_value_get(model, "units")) == 0)
		return curb_tr(req, "This class has no offline units.", NULL);
	if (class->n == 0)
		return curb_tr(req, "Nobody is on the roster yet.", NULL);
	if (class->total > SHEET_TRAINEES_MOST)
		return curb_tr(req,
		               "This class has more trainees than a page can hold. Enter its sheets by "
		               "program.",
		               NULL);
	return curb_str(NULL);
}

static int show_form(struct curb_req *req, const struct sheet_class *class, int status,
                     struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	const char *sheets = curb_printf(arena, "/classes/%s/sheets", class->cohort.id.text);
	struct curb_str refusal = refusal_of(req, class, model);
	curb_put_str(model, "title", curb_tr(req, "Mark who came", NULL));
	curb_put_str(model, "programme", class->cohort.programme);
	curb_put_text(model, "back", sheets);
	curb_put_str(model, "refusal", refusal);
	curb_put_str(model, "shown", sheet_shown(req, class));
	if (class->roll)
		curb_put_str(model, "roll", curb_id_str(&class->roll->id));
	if (class->paper)
		curb_put_str(model, "paper", class->paper->code);
	else
		curb_put_text(model, "papers",
		              curb_printf(arena, "/classes/%s/papers", class->cohort.id.text));
	if (!refusal.ptr) {
		curb_put_text(model, "action", curb_printf(arena, "%s/new", sheets));
		curb_put_text(model, "file_action", curb_printf(arena, "%s/file", sheets));
		curb_put_text(model, "template", curb_printf(arena, "%s/template", sheets));
		curb_put_text(model, "workbook", curb_printf(arena, "%s/workbook", sheets));
	}
	return curb_reply_page(req, status, "sheet_new", model);
}

/* `about`: sentences above the form; NULL: none. */
static int show_new(struct curb_req *req, const struct sheet_class *class, int status,
                    struct curb_value *errors, struct curb_value *about)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	int err = sheet_form_model(req, class, NULL, errors, model);
	if (err)
		return err;
	if (about)
		curb_put(model, "about", about);
	if (curb_value_count(errors) > 0 && class->n > 0)
		curb_put(model, "mistakes", sheet_mistakes(req, class->roster, class->n, errors));
	return show_form(req, class, status, model);
}

int sheet_show_file(struct curb_req *req, const struct sheet_class *class, const struct sheet_filled *filled,
                    struct curb_str error, struct curb_value *faults)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *notice = curb_object(arena);
	int err = sheet_form_model(req, class, filled, curb_object(arena), model);
	if (err)
		return err;
	curb_put_text(notice, "kind", error.ptr ? "error" : "good");
	curb_put_str(notice, "text",
	             error.ptr ? error :
	                         curb_tr(req,
	                                 "The list was read. Look at it, fill in the lesson, then enter the "
	                                 "sheet. Nothing is saved yet.",
	                                 NULL));
	if (filled && filled->about)
		curb_put(model, "about", filled->about);
	if (faults)
		curb_put(model, "faults", faults);
	curb_put(model, "notice", notice);
	curb_put_str(model, "file_error", error);
	return show_form(req, class, error.ptr ? 422 : 200, model);
}

/* Who signed in was there: looked at and sent as any other form. */
static int show_of_roll(struct curb_req *req, const struct sheet_class *class)
{
	struct sheet_filled filled = { .hours_c = 0 };
	if (curb_id_some(&class->roll->sheet))
		return sheet_reply_done(req, curb_id_str(&class->cohort.id), curb_id_str(&class->roll->sheet),
		                        "");
	int err = roll_fill(req, class, &filled);
	return err ? err : sheet_show_file(req, class, &filled, curb_str(NULL), NULL);
}

int sheet_show_announce(struct curb_req *req, const struct sheet_class *class, int status,
                        struct curb_value *errors, struct curb_value *model)
{
	int err = sheet_form_model(req, class, NULL, errors, model);
	if (err)
		return err;
	if (curb_value_count(errors) > 0 && class->n > 0)
		curb_put(model, "mistakes", sheet_mistakes(req, class->roster, class->n, errors));
	curb_put_str(model, "refusal", refusal_of(req, class, model));
	if (curb_get_str(model, "refusal").ptr)
		curb_put(model, "action", NULL);
	return curb_reply_page(req, status, "rolls", model);
}

int credit_page_new_sheet(struct curb_req *req, void *state)
{
	struct sheet_class class;
	int err = sheet_class_of(req, state, &class);
	if (!err && class.paper && (!curb_id_some(&class.paper->photo) || curb_id_some(&class.paper->sheet)))
		return curb_reply_redirect(req, curb_str(paper_address(req, class.paper, "/enter")));
	if (!err && class.roll)
		return show_of_roll(req, &class);
	return err ? err : show_new(req, &class, 200, curb_object(curb_req_arena(req)), NULL);
}

static int enter(struct curb_tx *tx, void *arg)
{
	struct entering *entering = arg;
	return sheet_enter(entering->class.c, tx, &entering->it);
}

int sheet_reply_done(struct curb_req *req, struct curb_str cohort, struct curb_str sheet, const char *done)
{
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/classes/%.*s/sheets/%.*s?done=%s",
	                                  (int)cohort.len, cohort.ptr, (int)sheet.len, sheet.ptr, done)));
}

static int answer_entered(struct curb_req *req, void *arg)
{
	const struct entering *entering = arg;
	return sheet_reply_done(req, curb_id_str(&entering->it.sheet.cohort),
	                        curb_id_str(&entering->it.sheet.id), "entered");
}

/* As far as the form does not say it. The form has a key of its own, so it is sent once. */
static void begin_entering(struct curb_req *req, struct entering *entering)
{
	struct sheet_entering *it = &entering->it;
	const struct sheet_class *class = &entering->class;
	it->now_ms = curb_wall_ms();
	it->role = sheet_role_of(req, SHEET_ENTERERS, &class->cohort.institution);
	it->sheet.cohort = class->cohort.id;
	it->sheet.entered_by = curb_req_user(req)->id;
	const struct curb_id key = curb_id_new(it->now_ms);
	it->sheet.key = curb_dup(curb_req_arena(req), curb_id_str(&key));
	if (class->paper)
		it->sheet.paper = class->paper->code;
	if (class->roll)
		it->sheet.roll = curb_id_str(&class->roll->id);
}

int credit_post_sheet(struct curb_req *req, void *state)
{
	struct entering entering = { .it = { .field = NULL } };
	struct sheet_entering *it = &entering.it;
	struct curb_value *errors = curb_object(curb_req_arena(req)),
			  *changes = curb_array(curb_req_arena(req));
	int err = sheet_class_of(req, state, &entering.class);
	if (err)
		return err;
	begin_entering(req, &entering);
	if (entering.class.total >
	    SHEET_TRAINEES_MOST) /* the page says so; who stands behind the last one would be forgotten */
		return show_new(req, &entering.class, 422, errors, NULL);
	bool good = sheet_form_read(req, &entering.class, it, errors);
	err = sheet_shown_changes(req, &entering.class, changes);
	if (err)
		return err;
	if (curb_value_count(changes) > 0) {
		curb_put_str(errors, "absent",
		             curb_tr(req,
		                     "The class has other trainees than when this form was shown. Nothing is "
		                     "saved yet: look once more at who came, then enter the sheet",
		                     NULL));
		return show_new(req, &entering.class, 409, errors, changes);
	}
	if (!good)
		return show_new(req, &entering.class, 422, errors, NULL);
	err = curb_write_reply(req, curb_id_str(&entering.class.cohort.id), enter, answer_entered, &entering);
	if (err != CURB_EUNFIT && err != CURB_EINVAL)
		return err;
	curb_put_str(errors, it->field ? it->field : "unit", curb_str(curb_error_local()));
	return show_new(req, &entering.class, 422, errors, NULL);
}

/* ---- the list ---- */

static struct curb_value *list_row(struct curb_req *req, const struct credit *c, const struct sheet_row *row)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *made = curb_object(arena), *cells = curb_array(arena),
			  *values = curb_object(arena);
	curb_put_int(values, "people", row->people);
	curb_push(cells,
	          credit_head(req, CURB_TEXT("Time of the lesson"), sheet_when_words(req, c, &row->sheet),
	                      curb_printf(arena, "/classes/%s/sheets/%s", row->sheet.cohort.text,
	                                  row->sheet.id.text)));
	curb_push(cells, credit_cell(req, CURB_TEXT("Offline unit"), row->unit_name));
	curb_push(cells, credit_cell(req, CURB_TEXT("Trainees"), curb_tr(req, "{people} people", values)));
	curb_push(cells, credit_cell(req, CURB_TEXT("State"),
	                             row->waiting ? curb_tr(req, "Waiting for countersignature", NULL) :
	                                            curb_tr(req, "Countersigned", NULL)));
	curb_put(made, "cells", cells);
	return made;
}

int credit_page_sheets(struct curb_req *req, void *state)
{
	static const char *const labels[] = { CURB_TEXT("Time of the lesson"), CURB_TEXT("Offline unit"),
		                              CURB_TEXT("Trainees"), CURB_TEXT("State"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	struct credit_cohort cohort;
	struct sheet_row *found = NULL;
	size_t n = 0;
	int64_t page = credit_asked_page(req, "page"), total = 0;
	const struct credit_lines_part part = { (page - 1) * LIST_PAGE, LIST_PAGE };
	int err = credit_class_seen(req, state, &cohort);
	if (!err)
		err = sheet_rows(state, curb_req_tx(req), &cohort.id, &part, &found, &n, &total);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		curb_push(rows, list_row(req, state, &found[i]));
	const char *here = curb_printf(arena, "/classes/%s", cohort.id.text);
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_text(model, "back", here);
	curb_put_str(model, "programme", cohort.programme);
	if (curb_may(req, SHEET_ENTERERS, &cohort.institution)) {
		curb_put_text(model, "enter", curb_printf(arena, "%s/sheets/new", here));
		curb_put_text(model, "papers", curb_printf(arena, "%s/papers", here));
		curb_put_text(model, "rolls", curb_printf(arena, "%s/rolls", here));
	}
	curb_put_pager(req, model, curb_printf(arena, "%s/sheets?page={page}", here), page, LIST_PAGE, total);
	curb_put_str(model, "title", credit_page_title(req, curb_tr(req, "Attendance sheets", NULL), page));
	return curb_reply_page(req, 200, "sheets", model);
}
