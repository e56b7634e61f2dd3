/* Asking about hours, answering, and the list of a class's questions. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "question.h"
#include "sheet.h"

enum { LIST_PAGE = 30 };

/* What was typed, with one kind of line end. */
static struct curb_str typed_text(struct curb_req *req)
{
	struct curb_str from = curb_str_trim(curb_req_field(req, "text"));
	char *to = curb_alloc(curb_req_arena(req), from.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < from.len; i++)
		if (from.ptr[i] != '\r')
			to[n++] = from.ptr[i];
	return curb_str_n(to, n);
}

/* What keeps it from being sent, in words for the field; empty when nothing does. */
static struct curb_str fault_of(struct curb_req *req, struct curb_str text)
{
	if (text.len == 0)
		return curb_tr(req, "Write a few words", NULL);
	if (curb_utf8_count(text) > QUESTION_TEXT_MOST)
		return curb_tr(req, "This is longer than 2,000 characters. Write it shorter", NULL);
	return curb_str(NULL);
}

/* After a write that failed for a reason that a person can do something about, the page comes back with it. */
static bool is_told(int err)
{
	return err == CURB_EUNFIT || err == CURB_EBUSY;
}

static struct curb_str told(struct curb_req *req)
{
	return curb_dup(curb_req_arena(req), curb_str(curb_error_local()));
}

static int find_line(struct curb_req *req, struct credit *c, const struct question *question,
                     struct credit_line *ret_line)
{
	const struct credit_line_key key = { question->person, question->cohort, question->unit,
		                             question->day };
	return credit_line_of(c, curb_req_tx(req), &key, ret_line);
}

static int put_line(struct curb_req *req, struct credit *c, const struct question *question,
                    struct curb_value *model)
{
	struct curb_value *lines = curb_array(curb_req_arena(req)), *row = curb_object(curb_req_arena(req));
	struct credit_line line;
	curb_put(model, "lines", lines);
	if (!curb_id_some(&question->unit))
		return 0;
	int err = find_line(req, c, question, &line);
	if (!err)
		err = credit_line_model(req, c, &line, row);
	curb_push(lines, row);
	return err;
}

/* ---- asking ---- */

/* The question that the address or the form is about: of a class of hers, and of a line that is there. */
static int read_subject(struct curb_req *req, struct credit *c, struct curb_str class, struct curb_str unit,
                        struct curb_str day, struct question *ret)
{
	struct question question = { .cohort = curb_id_of(class), .person = curb_req_user(req)->id };
	int64_t online_s = 0;
	int err = credit_online_s(c, curb_req_tx(req), &question.cohort, &question.person, &online_s);
	if (err == CURB_ENOTFOUND)
		return curb_fail(CURB_ENOTFOUND,
		                 "This class is not among yours; look at all your class hours");
	if (!err && unit.len) {
		struct credit_line line;
		question.unit = curb_id_of(unit);
		if (!curb_str_int(day, &question.day))
			return curb_fail(CURB_ENOTFOUND, "There is no such line in your hours");
		err = find_line(req, c, &question, &line);
	}
	if (!err)
		*ret = question;
	return err;
}

static int show_ask(struct curb_req *req, struct credit *c, const struct question *question, int status,
                    struct curb_str typed, struct curb_str error)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct curb_str about;
	int err = question_about(req, c, question, &about);
	if (!err)
		err = put_line(req, c, question, model);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, "Ask about my hours", NULL));
	curb_put_bool(model, "line", curb_id_some(&question->unit));
	curb_put_str(model, "about", about);
	curb_put_text(model, "class", question->cohort.text);
	curb_put_text(model, "unit", question->unit.text);
	curb_put_int(model, "day", question->day);
	curb_put_text(model, "back",
	              curb_printf(curb_req_arena(req), "/record?class=%s", question->cohort.text));
	curb_put_str(model, "typed", typed);
	curb_put_str(model, "error", error);
	return curb_reply_page(req, status, "ask", model);
}

int credit_page_ask(struct curb_req *req, void *state)
{
	struct question question;
	int err = read_subject(req, state, curb_req_query(req, "class"), curb_req_query(req, "unit"),
	                       curb_req_query(req, "day"), &question);
	struct curb_str begun = curb_str(NULL);
	if (!err)
		err = sheet_begin_question(req, state, curb_req_query(req, "sheet"), &begun);
	return err ? err : show_ask(req, state, &question, 200, begun, curb_str(NULL));
}

static int to_question(struct curb_req *req, void *arg)
{
	const struct question_saying *saying = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "%s?sent=yes",
	                                                     question_page(req, &saying->question))));
}

int credit_post_ask(struct curb_req *req, void *state)
{
	struct question_saying saying = {
		.c = state, .by = curb_req_user(req)->id, .role = "learner", .now_ms = curb_wall_ms()
	};
	int err = read_subject(req, state, curb_req_field(req, "class"), curb_req_field(req, "unit"),
	                       curb_req_field(req, "day"), &saying.question);
	if (err)
		return err;
	saying.text = typed_text(req);
	struct curb_str fault = fault_of(req, saying.text);
	if (fault.len)
		return show_ask(req, state, &saying.question, 400, saying.text, fault);
	const struct question asked = saying.question;
	err = curb_write_reply(req, curb_id_str(&saying.by), question_ask, to_question, &saying);
	return is_told(err) ? show_ask(req, state, &asked, curb_err_status(err), saying.text, told(req)) :
	                      err;
}

/* ---- one question, as its trainee and as the class's staff read it ---- */

/* Of somebody who wrote; a trainee's as the asking person may see it. */
static int name_of(struct curb_req *req, const struct credit_cohort *cohort, const struct question *question,
                   const struct curb_id *person, struct curb_str *ret_name)
{
	bool trainee = strcmp(person->text, question->person.text) == 0;
	bool own = strcmp(curb_req_user(req)->id.text, question->person.text) == 0;
	int err = credit_name_of(req, person, ret_name);
	if (!err && trainee && !own)
		*ret_name = audit_name(req, &cohort->institution, *ret_name);
	return err;
}

static int put_messages(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                        const struct question *question, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *list = curb_array(arena);
	struct question_message *messages = NULL;
	size_t n = 0;
	int err = question_messages(c, curb_req_tx(req), question, &messages, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *values = curb_object(arena);
		struct curb_str name;
		err = name_of(req, cohort, question, &messages[i].by, &name);
		curb_put_str(values, "name", name);
		curb_put_str(values, "day", curb_words_date(req, messages[i].at_ms));
		bool asks = strcmp(messages[i].by.text, question->person.text) == 0;
		curb_put_str(row, "who",
		             asks ? curb_tr(req, "Question: {name}, {day}", values) :
		                    curb_tr(req, "Answer: {name}, {day}", values));
		curb_put_str(row, "text", messages[i].text);
		curb_push(list, row);
	}
	curb_put(model, "messages", list);
	return err;
}

static int put_back(struct curb_req *req, struct credit *c, const struct question *question, bool own,
                    struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&question->cohort), &cohort);
	if (err)
		return err;
	curb_put_text(model, "back",
	              own ? curb_printf(arena, "/record?class=%s", cohort.id.text) :
	                    curb_printf(arena, "/classes/%s/questions", cohort.id.text));
	curb_put_str(model, "back_label",
	             own ? curb_tr(req, "My class hours", NULL) :
	                   curb_tr(req, "All questions of the class", NULL));
	if (!own)
		curb_put_text(
			model, "hours",
			curb_printf(arena, "/classes/%s/trainees/%s", cohort.id.text, question->person.text));
	return 0;
}

static void put_notice(struct curb_req *req, const struct question *question, bool own,
                       struct curb_value *model)
{
	struct curb_value *notice = curb_object(curb_req_arena(req));
	if (!curb_str_is(curb_req_query(req, "sent"), "yes"))
		return;
	curb_put_text(notice, "kind", "good");
	curb_put_str(notice, "text",
	             own && question->waiting ?
	                     curb_tr(req, "Sent. The answer will stand on this page, and on your first page.",
	                             NULL) :
	                     curb_tr(req, "Sent.", NULL));
	curb_put(model, "notice", notice);
}

static int show_question(struct curb_req *req, struct credit *c, const struct question *question, int status,
                         struct curb_str typed, struct curb_str error)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	bool own = strcmp(curb_req_user(req)->id.text, question->person.text) == 0;
	struct credit_cohort cohort;
	struct curb_str about;
	int err = question_about(req, c, question, &about);
	if (!err)
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&question->cohort), &cohort);
	if (!err)
		err = put_line(req, c, question, model);
	if (!err)
		err = put_messages(req, c, &cohort, question, model);
	if (!err)
		err = put_back(req, c, question, own, model);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, "A question about hours", NULL));
	curb_put_str(model, "about", about);
	curb_put_str(model, "state", curb_tr(req, question_state(question), NULL));
	curb_put_bool(model, "own", own);
	if (own || curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		curb_put_text(model, "action", question_page(req, question));
	curb_put_str(model, "typed", typed);
	curb_put_str(model, "error", error);
	put_notice(req, question, own, model);
	return curb_reply_page(req, status, "question", model);
}

/* Sends what was typed to the question; page and error as of a form. */
static int post_message(struct curb_req *req, struct question_saying *saying)
{
	saying->by = curb_req_user(req)->id;
	saying->now_ms = curb_wall_ms();
	saying->text = typed_text(req);
	struct curb_str fault = fault_of(req, saying->text);
	if (fault.len)
		return show_question(req, saying->c, &saying->question, 400, saying->text, fault);
	int err = curb_write_reply(req, curb_id_str(&saying->question.cohort), question_say, to_question,
	                           saying);
	return is_told(err) ? show_question(req, saying->c, &saying->question, curb_err_status(err),
	                                    saying->text, told(req)) :
	                      err;
}

static int own_question(struct curb_req *req, struct credit *c, struct question *ret)
{
	int err = question_by_id(c, curb_req_tx(req), curb_req_param(req, "question"), ret);
	if (!err && strcmp(curb_req_user(req)->id.text, ret->person.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such question");
	return err;
}

int credit_page_question(struct curb_req *req, void *state)
{
	struct question question;
	int err = own_question(req, state, &question);
	return err ? err : show_question(req, state, &question, 200, curb_str(NULL), curb_str(NULL));
}

int credit_post_question(struct curb_req *req, void *state)
{
	struct question_saying saying = { .c = state, .role = "learner" };
	int err = own_question(req, state, &saying.question);
	return err ? err : post_message(req, &saying);
}

/* Of the class of the path; a trainee who is staff too does not answer herself. */
static int class_question(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                          struct question *ret)
{
	int err = question_by_id(c, curb_req_tx(req), curb_req_param(req, "question"), ret);
	if (!err && (strcmp(ret->cohort.text, cohort->id.text) != 0 ||
	             strcmp(ret->person.text, curb_req_user(req)->id.text) == 0))
		return curb_fail(CURB_ENOTFOUND, "There is no such question");
	return err;
}

int credit_page_class_question(struct curb_req *req, void *state)
{
	struct credit_cohort cohort;
	struct question question = { .waiting = false };
	int err = credit_class_seen(req, state, &cohort);
	if (!err)
		err = class_question(req, state, &cohort, &question);
	if (!err)
		err = audit_note_look(req, &question.person, &cohort);
	return err ? err : show_question(req, state, &question, 200, curb_str(NULL), curb_str(NULL));
}

int credit_post_class_question(struct curb_req *req, void *state)
{
	struct question_saying saying = { .c = state };
	struct credit_cohort cohort;
	int err = credit_class_of(req, state, &cohort);
	if (!err)
		err = class_question(req, state, &cohort, &saying.question);
	if (err)
		return err;
	saying.role = curb_may(req, CURB_STAFF, &cohort.institution) ? "staff" : "teacher";
	return post_message(req, &saying);
}

/* ---- the list of a class ---- */

static const char *const column_labels[] = { CURB_TEXT("Question"), CURB_TEXT("Asked on"), CURB_TEXT("State"),
	                                     NULL };

static int push_row(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    const struct question *question, struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena), *values = curb_object(arena);
	struct curb_str about, name;
	int err = question_about(req, c, question, &about);
	if (!err)
		err = name_of(req, cohort, question, &question->person, &name);
	if (err)
		return err;
	curb_put_str(values, "name", name);
	curb_put_str(values, "about", about);
	curb_push(cells, credit_head(req, column_labels[0], curb_tr(req, "{name}: {about}", values),
	                             question_page(req, question)));
	curb_push(cells, credit_cell(req, column_labels[1], curb_words_date(req, question->asked_ms)));
	curb_push(cells, credit_cell(req, column_labels[2], curb_tr(req, question_state(question), NULL)));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

int credit_page_questions(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	struct credit_cohort cohort;
	struct question *questions = NULL;
	size_t n = 0;
	int64_t page = credit_asked_page(req, "page"), total = 0;
	int err = credit_class_seen(req, state, &cohort);
	if (!err)
		err = questions_of_class(state, curb_req_tx(req), &cohort.id, (page - 1) * LIST_PAGE,
		                         LIST_PAGE, &questions, &n, &total);
	for (size_t i = 0; !err && i < n; i++)
		err = push_row(req, state, &cohort, &questions[i], rows);
	if (err)
		return err;
	credit_put_columns(req, model, column_labels);
	curb_put(model, "rows", rows);
	curb_put_text(model, "back", curb_printf(arena, "/classes/%s", cohort.id.text));
	curb_put_str(model, "programme", cohort.programme);
	curb_put_pager(req, model, curb_printf(arena, "/classes/%s/questions?page={page}", cohort.id.text),
	               page, LIST_PAGE, total);
	curb_put_str(model, "title",
	             credit_page_title(req, curb_tr(req, "Questions about hours", NULL), page));
	return curb_reply_page(req, 200, "questions", model);
}
