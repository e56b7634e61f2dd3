/* The tasks of a class, for who looks after it; and what an author owes. */
#include <stdlib.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "task.h"

#define WHAT_LABEL CURB_TEXT("What is missing")
#define BY_LABEL CURB_TEXT("By which day")
#define STATE_LABEL CURB_TEXT("State")
static const char *const labels[] = { WHAT_LABEL, CURB_TEXT("Who sees to it"), BY_LABEL, STATE_LABEL, NULL };
static const char *const labels_of_owner[] = { WHAT_LABEL, CURB_TEXT("Classes that wait"), BY_LABEL,
	                                       STATE_LABEL, NULL };
enum { WHAT, WHO, BY, STATE };

static const struct curb_value *words_of(struct curb_req *req, const struct credit *c,
                                         const struct task *task)
{
	const struct content_lack lack = { .name = task->name,
		                           .fact = task->fact,
		                           .code = curb_cstr(curb_req_arena(req), task->code) };
	return c->content->lack_words(c->content, req, &lack);
}

/* With what it means for whom. */
static struct curb_str whole_words(struct curb_req *req, const struct credit *c, const struct task *task)
{
	const struct curb_value *words = words_of(req, c, task);
	struct curb_str what = curb_get_str(words, "what"), means = curb_get_str(words, "means");
	return curb_str(curb_printf(curb_req_arena(req), "%.*s %.*s", (int)what.len, what.ptr, (int)means.len,
	                            means.ptr));
}

static int state_words(struct curb_req *req, const struct credit *c, const struct task *task,
                       struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str name = curb_str("");
	int err = task->done_ms ? credit_name_of(req, &task->done_by, &name) : 0;
	bool overdue = task->due_day < count_day(curb_wall_ms(), c->utc_offset_ms);
	curb_put_str(values, "name", name);
	curb_put_str(values, "words", task->words);
	if (task->done_ms)
		*ret_words = curb_tr(req, "Done, says {name}: {words}", values);
	else if (task->there)
		*ret_words = curb_tr(
			req, "A newer version has it; where the recording is the same, this class has it too",
			NULL);
	else
		*ret_words = overdue ? curb_tr(req, "Overdue", NULL) : curb_tr(req, "Still missing", NULL);
	return err;
}

/* `mine`: for who owes it, with how many classes wait in place of who she is. */
static int push_row(struct curb_req *req, const struct credit *c, const struct task *task, bool mine,
                    struct curb_value *rows)
{
	const char *href = mine ? curb_printf(curb_req_arena(req), "/courses/%s", task->course.text) : NULL;
	const char *number = curb_printf(curb_req_arena(req), "%lld", (long long)task->classes);
	struct curb_value *row = curb_object(curb_req_arena(req)), *cells = curb_array(curb_req_arena(req));
	struct curb_str owner, state;
	int err = credit_name_of(req, &task->owner, &owner);
	if (!err)
		err = state_words(req, c, task, &state);
	if (err)
		return err;
	curb_push(cells, credit_head(req, labels[WHAT], whole_words(req, c, task), href));
	curb_push(cells, mine ? credit_cell(req, labels_of_owner[WHO], curb_str(number)) :
	                        credit_cell(req, labels[WHO], owner));
	curb_push(cells, credit_cell(req, labels[BY], curb_words_day(req, task->due_day)));
	curb_push(cells, credit_cell(req, labels[STATE], state));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

/* ---- of a class ---- */

static int put_help(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    struct typed_form *form)
{
	struct curb_value *facts = curb_array(curb_req_arena(req)), *named = curb_array(curb_req_arena(req));
	struct task_help *list = NULL;
	size_t n = 0;
	int err = task_help_of(c, curb_req_tx(req), &cohort->id, &list, &n);
	for (size_t i = 0; !err && i < n; i++) {
		credit_push_fact(req, facts, support_kind_text(list[i].kind), list[i].name);
		typed_option(named, curb_str(support_kind_word(list[i].kind)), list[i].name,
		             curb_get_str(form->v, "gone"));
	}
	curb_put(form->model, "help", facts);
	curb_put(form->model, "named", named);
	return err;
}

static void put_kinds(struct curb_req *req, struct typed_form *form)
{
	struct curb_value *kinds = curb_array(curb_req_arena(req));
	for (int i = SUPPORT_INTERPRETER; i <= SUPPORT_CAPTIONER; i++)
		typed_option(kinds, curb_str(support_kind_word((enum support_kind)i)),
		             curb_tr(req, support_kind_text((enum support_kind)i), NULL),
		             curb_get_str(form->v, "kind"));
	curb_put(form->model, "kinds", kinds);
}

/* A page of the table at a time; what is open can be called done from every one, and what was called done open again. */
static int put_tasks(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct typed_form *form)
{
	enum { ROWS = 30 };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *open = curb_array(arena), *done = curb_array(arena);
	struct task *list = NULL;
	size_t n = 0, page = (size_t)credit_asked_page(req, "page");
	int err = tasks_of(c, curb_req_tx(req), &cohort->id, &list, &n);
	if (!err)
		err = tasks_look(c, curb_req_tx(req), list, n);
	for (size_t i = (page - 1) * ROWS; !err && i < n && i < page * ROWS; i++) {
		err = push_row(req, c, &list[i], false, rows);
		typed_option(list[i].done_ms ? done : open, curb_id_str(&list[i].id),
		             curb_get_str(words_of(req, c, &list[i]), "what"),
		             curb_get_str(form->v, list[i].done_ms ? "early" : "task"));
	}
	credit_put_columns(req, form->model, labels);
	curb_put(form->model, "rows", rows);
	curb_put(form->model, "open", open);
	curb_put(form->model, "done", done);
	curb_put_bool(form->model, "full", n == TASKS_MOST);
	curb_put_pager(req, form->model, curb_printf(arena, "/classes/%s/tasks?page={page}", cohort->id.text),
	               (int64_t)page, ROWS, (int64_t)n);
	return err;
}

const char *task_at_page(struct curb_req *req)
{
	int64_t page = credit_asked_page(req, "page");
	return page > 1 ? curb_printf(curb_req_arena(req), "?page=%lld", (long long)page) : "";
}

int task_show(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
              struct typed_form *form, int status)
{
	struct curb_value *model = form->model;
	const char *here = curb_printf(curb_req_arena(req), "/classes/%s", cohort->id.text);
	int err = put_tasks(req, c, cohort, form);
	if (!err)
		err = put_help(req, c, cohort, form);
	if (err)
		return err;
	put_kinds(req, form);
	if (curb_may(req, SHEET_ENTERERS, &cohort->institution))
		curb_put_text(model, "action", curb_printf(curb_req_arena(req), "%s/tasks", here));
	curb_put_text(model, "at", task_at_page(req));
	curb_put_text(model, "back", here);
	curb_put_str(model, "programme", cohort->programme);
	curb_put_str(model, "title",
	             credit_page_title(req, curb_tr(req, "What is missing in this class", NULL),
	                               credit_asked_page(req, "page")));
	return curb_reply_page(req, status, "tasks", model);
}

int task_page_class(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = credit_class_seen(req, state, &cohort);
	return err ? err : task_show(req, state, &cohort, &form, 200);
}

void task_put_link(struct curb_req *req, const struct credit_cohort *cohort, struct curb_value *model)
{
	curb_put_text(model, "tasks", curb_printf(curb_req_arena(req), "/classes/%s/tasks", cohort->id.text));
}

/* ---- what an author owes ---- */

static int by_day(const void *a, const void *b)
{
	const struct task *x = a, *y = b;
	return x->due_day < y->due_day ? -1 : x->due_day > y->due_day;
}

/* Those of hers that new classes still lack, by the first of their days. */
static int owed(struct curb_req *req, struct credit *c, struct task **ret_list, size_t *ret_n)
{
	struct task *list = NULL;
	size_t n = 0, kept = 0;
	int err = tasks_owed(c, curb_req_tx(req), &curb_req_user(req)->id, curb_wall_ms(), &list, &n);
	if (!err)
		err = tasks_look(c, curb_req_tx(req), list, n);
	for (size_t i = 0; !err && i < n; i++)
		if (!list[i].there)
			list[kept++] = list[i];
	if (kept)
		qsort(list, kept, sizeof *list, by_day);
	*ret_list = list;
	*ret_n = kept;
	return err;
}

int task_page_mine(struct curb_req *req, void *state)
{
	enum { ROWS = 50 };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	struct task *list = NULL;
	size_t n = 0, page = (size_t)credit_asked_page(req, "page");
	int err = owed(req, state, &list, &n);
	for (size_t i = (page - 1) * ROWS; !err && i < n && i < page * ROWS; i++)
		err = push_row(req, state, &list[i], true, rows);
	if (err)
		return err;
	credit_put_columns(req, model, labels_of_owner);
	curb_put(model, "rows", rows);
	curb_put_pager(req, model, "/tasks?page={page}", (int64_t)page, ROWS, (int64_t)n);
	curb_put_str(
		model, "title",
		credit_page_title(req, curb_tr(req, "What classes still wait for", NULL), (int64_t)page));
	return curb_reply_page(req, 200, "tasks_mine", model);
}

int task_home(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena), *section = curb_object(arena),
			  *item = curb_object(arena), *values = curb_object(arena);
	struct task *list = NULL;
	size_t n = 0;
	int err = owed(req, c, &list, &n);
	if (err || n == 0)
		return err;
	curb_put_int(values, "number", (int64_t)n);
	curb_put_str(item, "title", curb_tr(req, "Missing in your courses: {number}", values));
	curb_put_text(item, "href", "/tasks");
	curb_push(items, item);
	curb_put_str(section, "title", curb_tr(req, "What classes still wait for", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
	return 0;
}
