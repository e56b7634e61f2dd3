/* The gates of a class: what was decided, what is still open, and the form of the federation. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "gate.h"
#include "sheet.h"

enum { HOME_MOST = 6 };

static const char *const texts[GATES] = { CURB_TEXT("Opening request"), CURB_TEXT("Process check"),
	                                  CURB_TEXT("Use of funds"), CURB_TEXT("Completion review") };

const char *gate_text(enum gate gate)
{
	return texts[gate];
}

/* What somebody typed. */
struct gate_form {
	struct curb_str gate, result, document, note;
	struct curb_value *errors; /* {field: text} */
};

/* ---- the page ---- */

static const char *const labels[] = { CURB_TEXT("Gate"),     CURB_TEXT("Result"), CURB_TEXT("Day"),
	                              CURB_TEXT("Document"), CURB_TEXT("Note"),   NULL };
enum { GATE, RESULT, DAY, DOCUMENT, NOTE };

static struct curb_value *row_of(struct curb_req *req, const struct gate_decision *decision)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	curb_push(cells, credit_head(req, labels[GATE], curb_tr(req, gate_text(decision->gate), NULL), NULL));
	curb_push(cells, credit_cell(req, labels[RESULT],
	                             decision->passed ? curb_tr(req, "Passed", NULL) :
	                                                curb_tr(req, "Not passed", NULL)));
	curb_push(cells, credit_cell(req, labels[DAY], curb_words_date(req, decision->decided_ms)));
	curb_push(cells, credit_cell(req, labels[DOCUMENT], decision->document));
	curb_push(cells, credit_cell(req, labels[NOTE], decision->note));
	curb_put(row, "cells", cells);
	return row;
}

int gate_put_decisions(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                       struct curb_value *model)
{
	struct curb_value *rows = curb_array(curb_req_arena(req)), *left = curb_array(curb_req_arena(req));
	struct gate_decision *list = NULL;
	bool passed[GATES] = { false };
	size_t n = 0;
	int err = gate_decisions(c, curb_req_tx(req), &cohort->id, &list, &n);
	for (size_t i = 0; !err && i < n; i++) {
		passed[list[i].gate] = list[i].passed;
		curb_push(rows, row_of(req, &list[i]));
	}
	for (int i = 0; i < GATES; i++)
		if (!passed[i])
			curb_push(left, curb_string(curb_req_arena(req), curb_tr(req, texts[i], NULL)));
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put(model, "left", left);
	return err;
}

static void push_number(struct curb_req *req, struct curb_value *list, const char *source, int64_t number)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "number", number);
	if (number > 0)
		curb_push(list, curb_string(curb_req_arena(req), curb_tr(req, source, values)));
}

static int put_open_ends(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                         struct curb_value *model)
{
	struct curb_value *list = curb_array(curb_req_arena(req));
	struct gate_open_ends ends;
	int err = gate_open_ends(c, curb_req_tx(req), cohort, curb_wall_ms(), &ends);
	if (err)
		return err;
	if (ends.under_way)
		curb_push(list,
		          curb_string(curb_req_arena(req), curb_tr(req, "The class has not ended.", NULL)));
	push_number(req, list, CURB_TEXT("Attendance that waits for a countersignature: {number} lines"),
	            ends.sheets);
	push_number(req, list, CURB_TEXT("Questions about hours that wait for an answer: {number}"),
	            ends.questions);
	curb_put(model, "open_ends", list);
	return 0;
}

static void put_form(struct curb_req *req, const struct credit_cohort *cohort, const struct gate_form *form,
                     struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *gates = curb_array(arena), *results = curb_array(arena);
	for (int i = 0; i < GATES; i++)
		typed_option(gates, curb_str(gate_word((enum gate)i)), curb_tr(req, texts[i], NULL),
		             form->gate);
	typed_option(results, curb_str("passed"), curb_tr(req, "Passed", NULL), form->result);
	typed_option(results, curb_str("refused"), curb_tr(req, "Not passed", NULL), form->result);
	curb_put_text(model, "action", curb_printf(arena, "/classes/%s/gates", cohort->id.text));
	curb_put(model, "gates", gates);
	curb_put(model, "results", results);
	curb_put_str(model, "document", form->document);
	curb_put_str(model, "note", form->note);
	for (size_t i = 0; i < curb_value_count(form->errors); i++) {
		struct curb_str field = curb_value_key(form->errors, i);
		curb_put_str(model, curb_printf(arena, "%.*s_error", (int)field.len, field.ptr),
		             curb_value_str(curb_value_member(form->errors, i)));
	}
}

static int show(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort, int status,
                const struct gate_form *form)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	struct curb_str institution;
	int64_t trainees = 0;
	int err = curb_institution_name(curb_req_tx(req), &cohort->institution, &institution);
	if (!err)
		err = credit_trainee_count(c, curb_req_tx(req), &cohort->id, &trainees);
	if (!err)
		err = gate_put_decisions(req, c, cohort, model);
	if (!err)
		err = put_open_ends(req, c, cohort, model);
	if (err)
		return err;
	curb_put_int(values, "trainees", trainees);
	credit_push_fact(req, facts, CURB_TEXT("Institution"), institution);
	credit_push_fact(req, facts, CURB_TEXT("Days"), credit_words_days(req, c, cohort));
	credit_push_fact(req, facts, CURB_TEXT("Trainees"), curb_tr(req, "{trainees} people", values));
	curb_put(model, "facts", facts);
	if (curb_may(req, CREDIT_READERS, &cohort->institution))
		curb_put_text(model, "back", curb_printf(arena, "/classes/%s", cohort->id.text));
	curb_put_str(model, "programme", cohort->programme);
	if (curb_may(req, CURB_REVIEWER, &cohort->institution))
		put_form(req, cohort, form, model);
	if (curb_str_is(curb_req_query(req, "done"), "yes")) {
		struct curb_value *notice = curb_object(arena);
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text", curb_tr(req, "The decision is entered.", NULL));
		curb_put(model, "notice", notice);
	}
	curb_put_str(values, "programme", cohort->programme);
	curb_put_str(model, "title", curb_tr(req, "Gates of the class {programme}", values));
	return curb_reply_page(req, status, "gates", model);
}

/* The class of the path, for its readers and the federation. */
static int class_of_gates(struct curb_req *req, struct credit *c, uint32_t roles, struct credit_cohort *ret)
{
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), ret);
	if (!err && !curb_may(req, roles, &ret->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	return err;
}

int credit_page_gates(struct curb_req *req, void *state)
{
	struct credit_cohort cohort;
	const struct gate_form blank = { .errors = curb_object(curb_req_arena(req)) };
	int err = class_of_gates(req, state, CREDIT_READERS | CURB_REVIEWER, &cohort);
	return err ? err : show(req, state, &cohort, 200, &blank);
}

/* ---- deciding ---- */

static void fault(struct curb_req *req, struct gate_form *form, const char *field, const char *text)
{
	curb_put_str(form->errors, field, curb_tr(req, text, NULL));
}

/* True when nothing is wrong with what was typed. */
static bool read_form(struct curb_req *req, struct gate_form *form, struct gate_decision *decision)
{
	*form = (struct gate_form){
		.gate = curb_str_trim(curb_req_field(req, "gate")),
		.result = curb_str_trim(curb_req_field(req, "result")),
		.document = curb_str_trim(curb_req_field(req, "document")),
		.note = curb_str_trim(curb_req_field(req, "note")),
		.errors = curb_object(curb_req_arena(req)),
	};
	decision->passed = curb_str_is(form->result, "passed");
	decision->document = form->document;
	decision->note = form->note.ptr ? form->note : curb_str(""); /* programs leave it out */
	if (!gate_named(form->gate, &decision->gate))
		fault(req, form, "gate", CURB_TEXT("Choose a gate"));
	if (!decision->passed && !curb_str_is(form->result, "refused"))
		fault(req, form, "result", CURB_TEXT("Choose whether it passed"));
	if (form->document.len == 0)
		fault(req, form, "document", CURB_TEXT("Give the number of the document that decides"));
	else if (curb_utf8_count(form->document) > GATE_DOCUMENT_MOST)
		fault(req, form, "document",
		      CURB_TEXT("This is longer than 100 characters; give its number alone"));
	if (curb_utf8_count(form->note) > GATE_NOTE_MOST)
		fault(req, form, "note", CURB_TEXT("This is longer than 1,000 characters. Write it shorter"));
	else if (form->note.len == 0 && curb_str_is(form->result, "refused"))
		fault(req, form, "note", CURB_TEXT("Say what must be mended"));
	return curb_value_count(form->errors) == 0;
}

static int decided(struct curb_req *req, void *arg)
{
	const struct gate_deciding *deciding = arg;
	return curb_reply_redirect(req,
	                           curb_str(curb_printf(curb_req_arena(req), "/classes/%s/gates?done=yes",
	                                                deciding->cohort.id.text)));
}

int credit_post_gate(struct curb_req *req, void *state)
{
	struct gate_deciding deciding = { .c = state };
	struct gate_form form;
	int err = class_of_gates(req, state, CURB_REVIEWER, &deciding.cohort);
	if (err)
		return err;
	if (!read_form(req, &form, &deciding.decision))
		return show(req, state, &deciding.cohort, 400, &form);
	deciding.decision.by = curb_req_user(req)->id;
	deciding.decision.decided_ms = curb_wall_ms();
	err = curb_write_reply(req, curb_id_str(&deciding.cohort.id), gate_decide, decided, &deciding);
	if (err != CURB_EUNFIT)
		return err;
	curb_put_str(form.errors, "result", curb_dup(curb_req_arena(req), curb_str(curb_error_local())));
	return show(req, state, &deciding.cohort, curb_err_status(err), &form);
}

/* ---- first page, page of the class ---- */

static int push_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *items)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *facts = curb_array(arena);
	struct curb_str institution;
	int err = curb_institution_name(curb_req_tx(req), &cohort->institution, &institution);
	if (err)
		return err;
	curb_put_str(item, "title", cohort->programme);
	curb_put_text(item, "href", curb_printf(arena, "/classes/%s/gates", cohort->id.text));
	curb_push(facts, curb_string(arena, institution));
	curb_push(facts, curb_string(arena, credit_words_days(req, c, cohort)));
	curb_put(item, "facts", facts);
	curb_push(items, item);
	return 0;
}

int gate_home(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena), *section = curb_object(arena);
	const struct curb_id *ids = NULL;
	size_t n = 0;
	int err = curb_req_institutions(req, CURB_REVIEWER, &ids, &n);
	for (size_t i = 0; !err && i < n && curb_value_count(items) < HOME_MOST; i++) {
		struct credit_cohort *cohorts = NULL;
		size_t count = 0;
		err = gate_waiting(c, curb_req_tx(req), &ids[i], curb_wall_ms(),
		                   HOME_MOST - (int64_t)curb_value_count(items), &cohorts, &count);
		for (size_t k = 0; !err && k < count; k++)
			err = push_class(req, c, &cohorts[k], items);
	}
	if (err || curb_value_count(items) == 0)
		return err;
	curb_put_str(section, "title", curb_tr(req, "Classes whose completion is to be reviewed", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
	return 0;
}

void gate_put_link(struct curb_req *req, const struct credit_cohort *cohort, struct curb_value *model)
{
	curb_put_text(model, "gates", curb_printf(curb_req_arena(req), "/classes/%s/gates", cohort->id.text));
}
