/* Accounts as pages and as files: a trainee's own, and what the classes of a place brought. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "transfer.h"

enum { CLASS_PAGE = 50 };

/* ---- one's own ---- */

static int my_lines(struct curb_req *req, struct bank *b, struct line **ret_lines, size_t *ret_n)
{
	return lines_of_person(b, curb_req_tx(req), &curb_req_user(req)->id, ret_lines, ret_n);
}

int bank_page_mine(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)), *asked = curb_array(curb_req_arena(req));
	struct transfer *waiting = NULL;
	struct line *lines = NULL;
	size_t n = 0, count = 0;
	int64_t credits_c = 0;
	int err = my_lines(req, state, &lines, &n);
	if (!err)
		err = account_of(state, curb_req_tx(req), &curb_req_user(req)->id, &credits_c);
	if (!err)
		err = transfers_waiting_of(state, curb_req_tx(req), &curb_req_user(req)->id, &waiting,
		                           &count);
	if (err)
		return err;
	transfers_push(req, waiting, count, false, asked);
	transfers_put(req, asked, model);
	curb_put_str(model, "title", curb_tr(req, "My credits", NULL));
	curb_put_str(model, "sum",
	             tr_one(req, CURB_TEXT("You have {credits} credits."), "credits",
	                    credits_text(req, credits_c)));
	statement_put(req, lines, n, model);
	return curb_reply_page(req, 200, "credits", model);
}

int bank_get_mine(struct curb_req *req, void *state)
{
	struct line *lines = NULL;
	size_t n = 0;
	int err = my_lines(req, state, &lines, &n);
	return err ? err : statement_reply_csv(req, lines, n, NULL);
}

/* ---- a class ---- */

int bank_find_class(struct curb_req *req, struct bank *b, uint32_t roles, struct credit_class *ret_class)
{
	int err = b->credit->class_by_id(b->credit, curb_req_tx(req), curb_req_param(req, "class"),
	                                 ret_class);
	if (!err && !curb_may(req, roles, &ret_class->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	return err;
}

int bank_has_credits(struct bank *b, struct curb_tx *tx, const struct credit_class *class, bool *ret_has)
{
	struct credit_rule rule = { .value = 0 };
	struct line *lines = NULL;
	size_t n = 0;
	int err = b->credit->rule(b->credit, tx, &class->institution, class->kind, curb_wall_ms(), "credits",
	                          &rule);
	if (err == CURB_ENOTFOUND)
		err = 0;
	if (!err && rule.value == 0)
		err = lines_of_class(b, tx, &class->id, NULL, &lines, &n);
	if (!err)
		*ret_has = rule.value > 0 || n > 0;
	return err;
}

static int push_member(struct curb_req *req, struct bank *b, const struct credit_class *class,
                       const struct credit_member *member, const char *const *labels, struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	struct line *lines = NULL;
	size_t n = 0;
	int64_t sum_c = 0;
	int err = lines_of_class(b, curb_req_tx(req), &class->id, &member->person, &lines, &n);
	for (size_t i = 0; !err && i < n; i++)
		sum_c += lines[i].credits_c;
	if (err)
		return err;
	push_cell(req, cells, labels[0],
	          b->credit->masked(b->credit, req, &class->institution, member->shown),
	          curb_printf(arena, "/credits/class/%s/%s", class->id.text, member->person.text));
	push_cell(req, cells, labels[1], credits_text(req, sum_c), NULL);
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

int bank_page_class(struct curb_req *req, void *state)
{
	static const char *const labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Credits from this class"),
		                              NULL };
	struct bank *b = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	struct credit_class class;
	struct credit_member *members = NULL;
	size_t n = 0;
	int64_t page = 1, total = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > 10000)
		page = 1;
	int err = bank_find_class(req, b, BANK_READERS, &class);
	if (!err)
		err = b->credit->members(b->credit, curb_req_tx(req), &class.id, (page - 1) * CLASS_PAGE,
		                         CLASS_PAGE, &members, &n, &total);
	for (size_t i = 0; !err && i < n; i++)
		err = push_member(req, b, &class, &members[i], labels, rows);
	if (err)
		return err;
	curb_put_str(model, "title",
	             tr_one(req, CURB_TEXT("Credits: {programme}"), "programme", class.programme));
	if (curb_may(req, CURB_STAFF | CURB_TEACHER | CURB_AUDITOR, &class.institution))
		curb_put_text(model, "class", curb_printf(arena, "/classes/%s", class.id.text));
	curb_put_str(model, "programme", class.programme);
	curb_put_text(model, "file", curb_printf(arena, "/credits/class/%s/statement.csv", class.id.text));
	put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_pager(req, model, curb_printf(arena, "/credits/class/%s?page={page}", class.id.text), page,
	               CLASS_PAGE, total);
	return curb_reply_page(req, 200, "class_credits", model);
}

struct curb_str bank_name(struct curb_req *req, struct bank *b, const struct curb_id *institution,
                          const struct curb_id *person)
{
	struct curb_user user;
	if (curb_person_find(curb_req_tx(req), curb_id_str(person), curb_wall_ms(), &user) != 0)
		return curb_tr(req, "somebody whose account is closed", NULL);
	return b->credit->masked(b->credit, req, institution, user.name);
}

int bank_get_class(struct curb_req *req, void *state)
{
	struct bank *b = state;
	struct credit_class class;
	struct line *lines = NULL;
	size_t n = 0;
	int err = bank_find_class(req, b, BANK_READERS, &class);
	if (!err)
		err = b->credit->note_look(b->credit, req, NULL, &class);
	if (!err)
		err = lines_of_class(b, curb_req_tx(req), &class.id, NULL, &lines, &n);
	if (err)
		return err;
	struct curb_str *whose = curb_alloc_n(curb_req_arena(req), n + 1, sizeof *whose);
	for (size_t i = 0; i < n; i++)
		whose[i] = bank_name(req, b, &class.institution, &lines[i].deposit.person);
	return statement_reply_csv(req, lines, n, whose);
}
