#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "inside.h"

/* ---- what a report looks like ---- */

static const char *state_text(const struct barrier *barrier)
{
	if (barrier->answered_ms)
		return CURB_TEXT("Answered");
	if (curb_wall_ms() > barrier->answer_by_ms)
		return CURB_TEXT("Late: the promised day is over");
	return barrier->seen_ms ? CURB_TEXT("Read, an answer is being prepared") : CURB_TEXT("Not read yet");
}

static void put_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_req_arena(req));
	if (!text.len)
		return;
	curb_put_str(fact, "term", curb_tr(req, term, NULL));
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

/* `by` and how she can be reached are for who answers. */
static struct curb_value *facts_of(struct curb_req *req, const struct barrier *barrier, bool answers,
                                   struct curb_str by)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	put_fact(req, facts, CURB_TEXT("State"), curb_tr(req, state_text(barrier), NULL));
	put_fact(req, facts, CURB_TEXT("Reported"), access_day(req, barrier->made_ms));
	if (answers) {
		put_fact(req, facts, CURB_TEXT("Answer by"), access_day(req, barrier->answer_by_ms));
		put_fact(req, facts, CURB_TEXT("Reported by"), by);
		put_fact(req, facts, CURB_TEXT("Can be reached at"), barrier->contact);
	}
	put_fact(req, facts, CURB_TEXT("Page"), barrier->page);
	return facts;
}

struct curb_value *access_barrier_model(struct curb_req *req, const struct barrier *barrier)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	curb_put_text(model, "id", barrier->id.text);
	curb_put_str(model, "code", barrier->code);
	curb_put_str(model, "text", barrier->text);
	curb_put(model, "facts", facts_of(req, barrier, false, curb_str(NULL)));
	curb_put_str(model, "made", access_day(req, barrier->made_ms));
	curb_put_str(model, "answer_by", access_day(req, barrier->answer_by_ms));
	curb_put_str(model, "state", curb_tr(req, state_text(barrier), NULL));
	curb_put_bool(model, "answered", barrier->answered_ms > 0);
	return model;
}

int access_put_answers(struct curb_req *req, const struct barrier *barrier, struct curb_value *model)
{
	struct barrier_answer *list = NULL;
	size_t n = 0;
	int err = barrier_answers(curb_req_tx(req), &barrier->id, &list, &n);
	struct curb_value *answers = curb_array(curb_req_arena(req));
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *answer = curb_object(curb_req_arena(req));
		curb_put_str(answer, "text", list[i].text);
		curb_put_str(answer, "made", access_day(req, list[i].made_ms));
		curb_push(answers, answer);
	}
	if (!err)
		curb_put(model, "answers", answers);
	return err;
}

/* ---- the list ---- */

static void put_cell(struct curb_value *cells, struct curb_str label, struct curb_str text, const char *href)
{
	struct curb_value *cell = curb_object(curb_value_arena(cells));
	curb_put_str(cell, "label", label);
	curb_put_str(cell, "text", text);
	curb_put_bool(cell, "head", href != NULL);
	if (href)
		curb_put_text(cell, "href", href);
	curb_push(cells, cell);
}

/* As much of a text as fits into a cell. */
static struct curb_str beginning(struct curb_str text)
{
	size_t at = 0;
	for (int i = 0; i < 60 && at < text.len && text.ptr[at] != '\n'; i++)
		(void)curb_utf8_next(text, &at);
	return curb_str_n(text.ptr, at);
}

int access_read_page(struct curb_req *req, const char *name, int64_t *ret_page)
{
	enum { LAST_PAGE = 100000 };
	struct curb_str text = curb_req_query(req, name);
	*ret_page = 1;
	if (text.len && (!curb_str_int(text, ret_page) || *ret_page < 1 || *ret_page > LAST_PAGE))
		return curb_fail(CURB_EINVAL, "page must be a whole number from 1 on");
	return 0;
}

static void put_rows(struct curb_req *req, const struct barrier *list, size_t n, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("What was difficult"), CURB_TEXT("Page"),
		                              CURB_TEXT("Answer by"), CURB_TEXT("State") };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *columns = curb_array(arena);
	struct curb_str label[4];
	for (int i = 0; i < 4; i++) {
		struct curb_value *column = curb_object(arena);
		label[i] = curb_tr(req, labels[i], NULL);
		curb_put_str(column, "label", label[i]);
		curb_push(columns, column);
	}
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		put_cell(cells, label[0], beginning(list[i].text),
		         curb_printf(arena, "/accessibility/inbox/%s", list[i].id.text));
		put_cell(cells, label[1], list[i].page, NULL);
		put_cell(cells, label[2], access_day(req, list[i].answer_by_ms), NULL);
		put_cell(cells, label[3], curb_tr(req, state_text(&list[i]), NULL), NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	curb_put_bool(model, "some", n > 0);
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
}

int access_get_inbox(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct barrier *list = NULL;
	size_t n = 0;
	int64_t page = 1, total = 0;
	int err = access_read_page(req, "page", &page);
	if (!err)
		err = barrier_list(curb_req_tx(req), NULL, (page - 1) * ACCESS_PAGE, ACCESS_PAGE, &list, &n);
	if (!err)
		err = barrier_count(curb_req_tx(req), NULL, &total);
	if (err)
		return err;
	curb_put_pager(req, model, "/accessibility/inbox?page={page}", page, ACCESS_PAGE, total);
	put_rows(req, list, n, model);
	curb_put_str(model, "title", curb_tr(req, "Reports of difficulties", NULL));
	return curb_reply_page(req, 200, "accessibility_inbox", model);
}

/* ---- one of them ---- */

static int see(struct curb_tx *tx, void *arg)
{
	const struct barrier *barrier = arg;
	return barrier_seen(tx, &barrier->id, curb_wall_ms());
}

static int show(struct curb_req *req, int status, struct barrier *barrier, struct curb_str typed,
                const char *error)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct curb_user person = { .name = curb_str(NULL) };
	curb_put_str(model, "title", curb_tr(req, "A report of a difficulty", NULL));
	curb_put(model, "barrier", access_barrier_model(req, barrier));
	curb_put_str(model, "typed", typed);
	if (error)
		curb_put_str(model, "error", curb_tr(req, error, NULL));
	if (curb_id_some(&barrier->person))
		(void)curb_person_find(curb_req_tx(req), curb_id_str(&barrier->person), curb_wall_ms(),
		                       &person);
	curb_put(model, "facts", facts_of(req, barrier, true, person.name));
	int err = access_put_answers(req, barrier, model);
	return err ? err : curb_reply_page(req, status, "accessibility_answer", model);
}

int access_get_one(struct curb_req *req, void *state)
{
	(void)state;
	struct barrier barrier;
	int err = barrier_by_id(curb_req_tx(req), curb_req_param(req, "id"), &barrier);
	if (!err && !barrier.seen_ms) {
		err = curb_write(req, curb_str(NULL), see, &barrier);
		if (!err)
			err = barrier_by_id(curb_req_tx(req), curb_req_param(req, "id"), &barrier);
	}
	return err ? err : show(req, 200, &barrier, (struct curb_str){ NULL, 0 }, NULL);
}

struct answering {
	struct barrier barrier;
	struct curb_id by;
	struct curb_str text;
};

static int answer(struct curb_tx *tx, void *arg)
{
	const struct answering *a = arg;
	return barrier_answer(tx, &a->barrier.id, &a->by, a->text, curb_wall_ms());
}

static int answered(struct curb_req *req, void *arg)
{
	const struct answering *a = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/accessibility/inbox/%s",
	                                                     a->barrier.id.text)));
}

int access_post_answer(struct curb_req *req, void *state)
{
	(void)state;
	struct answering a = { .by = curb_req_user(req)->id, .text = access_typed(req, "text") };
	int err = barrier_by_id(curb_req_tx(req), curb_req_param(req, "id"), &a.barrier);
	if (err)
		return err;
	if (a.text.len == 0)
		return show(req, 400, &a.barrier, a.text, CURB_TEXT("Write the answer"));
	if (curb_utf8_count(a.text) > ACCESS_TEXT_MOST)
		return show(req, 400, &a.barrier, a.text,
		            CURB_TEXT("This is longer than 4,000 characters. Write it shorter"));
	return curb_write_reply(req, curb_str(NULL), answer, answered, &a);
}
