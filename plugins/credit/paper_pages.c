/* Sheets to print: their list, making one, and the page that goes through the printer. */
#include "codes.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/qr.h"
#include "curb/words.h"
#include "paper.h"

/* ---- what others need ---- */

const char *paper_address(struct curb_req *req, const struct paper *paper, const char *behind)
{
	return curb_printf(curb_req_arena(req), "/classes/%s/papers/%.*s%s", paper->cohort.text,
	                   (int)paper->code.len, paper->code.ptr, behind);
}

int paper_of_path(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                  struct paper *ret_paper)
{
	int err = paper_by_code(c, curb_req_tx(req), curb_req_param(req, "code"), ret_paper);
	if (!err && strcmp(ret_paper->cohort.text, cohort->id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "There is no printed sheet with this code");
	return err;
}

int paper_lesson_words(struct curb_req *req, struct credit *c, const struct paper *paper,
                       struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct credit_offline *units = NULL;
	size_t n = 0;
	int err = credit_cohort_offline(c, curb_req_tx(req), &paper->cohort, &units, &n);
	if (err)
		return err;
	if (paper->unit < (int64_t)n)
		curb_put_str(values, "unit", units[paper->unit].name);
	curb_put_str(values, "day", curb_words_day(req, paper->day));
	*ret_words = curb_tr(req, "{unit}, {day}", values);
	return 0;
}

/* ---- the list, and a new one ---- */

static const char *const labels[] = { CURB_TEXT("Lesson"), CURB_TEXT("Code"), CURB_TEXT("State"), NULL };

static int list_row(struct curb_req *req, struct credit *c, const struct paper *paper,
                    struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	struct curb_str lesson, code = curb_dup(arena, paper->code);
	int err = paper_lesson_words(req, c, paper, &lesson);
	if (err)
		return err;
	curb_push(cells, credit_head(req, labels[0], lesson, paper_address(req, paper, "")));
	curb_push(cells, credit_cell(req, labels[1], digits_shown(arena, code.ptr)));
	curb_push(cells, credit_cell(req, labels[2],
	                             curb_id_some(&paper->sheet) ?
	                                     curb_tr(req, "Entered", NULL) :
	                             curb_id_some(&paper->photo) ?
	                                     curb_tr(req, "Has its photo, not entered yet", NULL) :
	                                     curb_tr(req, "Not entered yet", NULL)));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

static int put_units(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct typed_form *form)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *options = curb_array(arena);
	struct credit_offline *units = NULL;
	struct curb_str chosen = curb_get_str(form->v, "unit");
	size_t n = 0;
	int err = credit_cohort_offline(c, curb_req_tx(req), &cohort->id, &units, &n);
	for (size_t i = 0; !err && i < n; i++)
		typed_option(options, curb_str(curb_printf(arena, "%zu", i + 1)),
		             credit_offline_words(req, &units[i]), chosen);
	if (n > 0)
		curb_put(form->model, "units", options);
	return err;
}

static int show_list(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct typed_form *form, int status)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = form->model, *rows = curb_array(arena);
	struct paper *papers = NULL;
	size_t n = 0;
	int err = papers_of(c, curb_req_tx(req), &cohort->id, &papers, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = list_row(req, c, &papers[i], rows);
	if (!err)
		err = put_units(req, c, cohort, form);
	if (err)
		return err;
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_text(model, "action", curb_printf(arena, "/classes/%s/papers", cohort->id.text));
	curb_put_text(model, "back", curb_printf(arena, "/classes/%s/sheets", cohort->id.text));
	curb_put_str(model, "programme", cohort->programme);
	curb_put_str(model, "title", curb_tr(req, "Attendance sheets to print", NULL));
	return curb_reply_page(req, status, "papers", model);
}

int paper_page_list(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = credit_class_of(req, state, &cohort);
	return err ? err : show_list(req, state, &cohort, &form, 200);
}

struct making {
	struct credit *c;
	struct paper paper;
};

static int make(struct curb_tx *tx, void *arg)
{
	const struct making *making = arg;
	return paper_add(making->c, tx, &making->paper);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct making *making = arg;
	return curb_reply_redirect(req, curb_str(paper_address(req, &making->paper, "")));
}

int paper_post_new(struct curb_req *req, void *state)
{
	struct making making = { .c = state };
	struct paper *paper = &making.paper;
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	struct credit_offline *units = NULL;
	char *code = curb_alloc(curb_req_arena(req), DIGITS_PAPER + 1);
	size_t n = 0;
	int err = credit_class_of(req, state, &cohort);
	if (!err)
		err = credit_cohort_offline(state, curb_req_tx(req), &cohort.id, &units, &n);
	if (err)
		return err;
	if (!curb_str_int(typed_field(&form, "unit"), &paper->unit) || paper->unit < 1 ||
	    paper->unit > (int64_t)n)
		typed_wrong(&form, "unit",
		            curb_tr(req, "Choose one of the offline units of the class", NULL));
	else
		paper->unit--;
	paper->day = typed_date(&form, "when", CURB_TEXT("Day of the lesson"));
	if (!paper->day && !form.wrong)
		typed_wrong(&form, "when", curb_tr(req, "Give the day of the lesson", NULL));
	if (form.wrong)
		return show_list(req, state, &cohort, &form, 422);
	digits_make(DIGITS_PAPER, code);
	paper->code = curb_str(code);
	paper->cohort = cohort.id;
	paper->made_by = curb_req_user(req)->id;
	paper->made_ms = curb_wall_ms();
	return curb_write_reply(req, curb_id_str(&cohort.id), make, answer, &making);
}

/* ---- the page that is printed ---- */

static int put_code(struct curb_req *req, const struct paper *paper, struct curb_value *facts,
                    struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str origin = curb_req_origin(req), path,
			shown = digits_shown(arena, curb_cstr(arena, paper->code));
	int size = 0;
	credit_push_fact(req, facts, CURB_TEXT("Code"), shown);
	credit_push_fact(req, facts, CURB_TEXT("The code, digit by digit"), code_spoken(req, shown));
	credit_push_fact(req, facts, CURB_TEXT("Code for braille print"), code_braille(arena, shown));
	const char *address = curb_printf(arena, "%.*s/attendance/paper?code=%.*s", (int)origin.len,
	                                  origin.ptr, (int)paper->code.len, paper->code.ptr);
	int err = curb_qr(arena, curb_str(address), &path, &size);
	if (err)
		return err;
	curb_put_str(model, "qr", path);
	curb_put_int(model, "qr_size", size);
	return 0;
}

static void put_roster(struct curb_req *req, const struct sheet_class *class, struct curb_value *model)
{
	static const char *const heads[] = { CURB_TEXT("Name"), CURB_TEXT("Came at"), CURB_TEXT("Left at"),
		                             CURB_TEXT("Signature"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	for (size_t i = 0; i < class->n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		curb_push(cells, credit_head(req, heads[0], class->roster[i].shown, NULL));
		for (size_t k = 1; heads[k]; k++)
			curb_push(cells, credit_cell(req, heads[k], curb_str("")));
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	credit_put_columns(req, model, heads);
	curb_put(model, "rows", rows);
}

int paper_page_print(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	struct sheet_class class;
	struct paper paper;
	struct curb_str lesson, institution;
	int err = sheet_class_of(req, state, &class);
	if (!err)
		err = paper_of_path(req, state, &class.cohort, &paper);
	if (!err)
		err = paper_lesson_words(req, state, &paper, &lesson);
	if (!err)
		err = curb_institution_name(curb_req_tx(req), &class.cohort.institution, &institution);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Institution"), institution);
	credit_push_fact(req, facts, CURB_TEXT("Training programme"), class.cohort.programme);
	credit_push_fact(req, facts, CURB_TEXT("Lesson"), lesson);
	err = put_code(req, &paper, facts, model);
	if (err)
		return err;
	put_roster(req, &class, model);
	curb_put(model, "facts", facts);
	curb_put_text(model, "enter", paper_address(req, &paper, "/enter"));
	curb_put_text(model, "back", curb_printf(arena, "/classes/%s/papers", class.cohort.id.text));
	curb_put_str(model, "title", curb_tr(req, "Attendance sheet", NULL));
	return curb_reply_page(req, 200, "paper", model);
}
