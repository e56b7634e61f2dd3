/* Who of a class may have a certificate, what is missing for the others, and issuing; for people and for programs. */
#include "certificate.h"
#include "code.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "payment.h"

enum { CLASS_PAGE = 50 };

struct view {
	struct curb_req *req;
	struct certificate *c;
	struct credit_class class;
	int64_t page, total;
	struct credit_member *members;
	size_t n;
};

/* Hours and results are corrected behind it as well. */
static struct curb_str issued_text(const struct view *view, const struct earned *earned,
                                   struct curb_str shown)
{
	if (earned_enough(earned) && shown.len && !curb_str_eq(earned->last.name, shown))
		return curb_tr(view->req, "Issued with another name than now; to be issued again on its page",
		               NULL);
	if (earned_enough(earned))
		return curb_tr(view->req, "Issued", NULL);
	return tr_one(view->req, CURB_TEXT("Issued, but now something is missing: {missing}"), "missing",
	              certificate_missing(view->req, &view->class, earned, false));
}

static struct curb_str ready_text(const struct view *view, const struct earned *earned)
{
	if (!earned_enough(earned))
		return certificate_missing(view->req, &view->class, earned, false);
	return earned_issuer(earned) == CURB_REVIEWER ?
	               curb_tr(view->req, "Was withdrawn; the federation can issue another one", NULL) :
	               curb_tr(view->req, "Can be issued", NULL);
}

/* ---- the page of a class ---- */

static void push_ready(const struct view *view, const struct credit_member *member,
                       struct curb_value *options)
{
	struct curb_value *option = curb_object(curb_req_arena(view->req));
	curb_put_text(option, "value", member->person.text);
	curb_put_str(option, "label", member->shown);
	curb_put_bool(option, "selected", true);
	curb_push(options, option);
}

static int push_member(const struct view *view, const struct credit_member *member, struct curb_value *rows,
                       struct curb_value *options)
{
	struct curb_req *req = view->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	struct earned earned;
	int err = earned_of(view->c, curb_req_tx(req), &view->class, &member->person, &earned);
	if (err)
		return err;
	bool has = issued_in_force(&earned.last), ready = !has && earned_enough(&earned);
	const struct credit_api *credit = view->c->credit;
	push_cell(req, cells, CURB_TEXT("Trainee"),
	          credit->masked(credit, req, &view->class.institution, member->shown),
	          curb_printf(arena, "/assessments/%s/%s", view->class.id.text, member->person.text));
	push_cell(req, cells, CURB_TEXT("Certificate"),
	          has ? issued_text(view, &earned, member->shown) : ready_text(view, &earned),
	          has ? curb_printf(arena, "/certificates/%s", earned.last.id.text) : NULL);
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	if (ready && curb_may(req, earned_issuer(&earned), &view->class.institution) &&
	    strcmp(member->person.text, curb_req_user(req)->id.text) != 0)
		push_ready(view, member, options);
	return 0;
}

static int open_view(struct curb_req *req, struct certificate *c, uint32_t roles, struct view *ret_view)
{
	struct view view = { .req = req, .c = c, .page = 1 };
	if (!curb_str_int(curb_req_query(req, "page"), &view.page) || view.page < 1 || view.page > 10000)
		view.page = 1;
	int err = certificate_class(req, c, roles, &view.class);
	if (!err)
		err = c->credit->members(c->credit, curb_req_tx(req), &view.class.id,
		                         (view.page - 1) * CLASS_PAGE, CLASS_PAGE, &view.members, &view.n,
		                         &view.total);
	if (!err)
		*ret_view = view;
	return err;
}

static void tell(struct curb_req *req, struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t number = 0;
	if (!curb_str_int(curb_req_query(req, "issued"), &number) || number < 1)
		return;
	curb_put_int(values, "number", number);
	put_notice(req, model, "good", curb_tr(req, "Certificates issued: {number}", values));
}

static int show(const struct view *view, int status, struct curb_value *errors)
{
	struct curb_req *req = view->req;
	struct curb_arena *arena = curb_req_arena(req);
	static const char *const labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Certificate"), NULL };
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena),
			  *options = curb_array(arena);
	int err = 0;
	for (size_t i = 0; !err && i < view->n; i++)
		err = push_member(view, &view->members[i], rows, options);
	if (err)
		return err;
	const char *here = curb_printf(arena, "/certificates/class/%s", view->class.id.text);
	curb_put_str(model, "title",
	             tr_one(req, CURB_TEXT("Certificates: {programme}"), "programme", view->class.programme));
	if (curb_may(req, CERTIFICATE_MAKERS | CURB_AUDITOR, &view->class.institution))
		curb_put_text(model, "class", curb_printf(arena, "/classes/%s", view->class.id.text));
	curb_put_str(model, "programme", view->class.programme);
	put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	if (curb_value_count(options))
		curb_put(model, "ready", options);
	curb_put_text(model, "action", here);
	if (curb_may(req, PAYMENT_READERS, &view->class.institution))
		curb_put_text(model, "payments",
		              curb_printf(arena, "/payments?class=%s", view->class.id.text));
	curb_put(model, "e", errors);
	curb_put_pager(req, model, curb_printf(arena, "%s?page={page}", here), view->page, CLASS_PAGE,
	               view->total);
	if (status == 200)
		tell(req, model);
	return curb_reply_page(req, status, "ready", model);
}

int certificate_page_class(struct curb_req *req, void *state)
{
	struct view view;
	int err = open_view(req, state, CERTIFICATE_READERS, &view);
	return err ? err : show(&view, 200, curb_object(curb_req_arena(req)));
}

/* ---- issuing ---- */

struct many {
	struct certificate *c;
	struct issuing issuing;
	const struct curb_value *persons;
	struct issued last;
};

/* All or nobody. */
static int issue_all(struct curb_tx *tx, void *arg)
{
	struct many *many = arg;
	int err = 0;
	for (size_t i = 0; !err && i < curb_value_count(many->persons); i++) {
		many->issuing.person = curb_id_of(curb_value_str(curb_value_at(many->persons, i)));
		err = certificate_issue(many->c, tx, &many->issuing, &many->last);
	}
	return err;
}

static int answer_page(struct curb_req *req, void *arg)
{
	const struct many *many = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/certificates/class/%s?issued=%zu",
	                                  many->issuing.class.id.text, curb_value_count(many->persons))));
}

static uint32_t roles_of(struct curb_req *req, const struct curb_id *institution)
{
	return (curb_may(req, CERTIFICATE_MAKERS, institution) ? CERTIFICATE_MAKERS : 0U) |
	       (curb_may(req, CURB_REVIEWER, institution) ? CURB_REVIEWER : 0U);
}

static struct many many_of(struct curb_req *req, struct certificate *c, const struct credit_class *class)
{
	return (struct many){ .c = c,
		              .issuing = { .class = *class,
		                           .by = curb_req_user(req)->id,
		                           .origin = certificate_origin(req),
		                           .roles = roles_of(req, &class->institution),
		                           .role = certificate_role(req, &class->institution),
		                           .now_ms = curb_wall_ms() } };
}

int certificate_post_class(struct curb_req *req, void *state)
{
	struct view view;
	struct curb_value *errors = curb_object(curb_req_arena(req));
	int err = open_view(req, state, CERTIFICATE_SIGNERS, &view);
	if (err)
		return err;
	struct many many = many_of(req, state, &view.class);
	many.persons = curb_value_get(curb_req_value(req), "trainees");
	size_t n = curb_value_count(many.persons);
	if (n == 0 || n > CLASS_PAGE)
		curb_put_str(errors, "trainees", curb_tr(req, "Tick who gets a certificate", NULL));
	if (!curb_str_is(curb_req_field(req, "sure"), "yes"))
		curb_put_str(errors, "sure", curb_tr(req, "Tick this once you have looked", NULL));
	if (curb_value_count(errors))
		return show(&view, 400, errors);
	return curb_write_reply(req, curb_id_str(&view.class.id), issue_all, answer_page, &many);
}

/* ---- POST /api/v1/certificates ---- */

static int answer_json(struct curb_req *req, void *arg)
{
	const struct many *many = arg;
	char code[CODE_SHOWN + 1];
	struct curb_buf out = curb_buf(1024);
	struct curb_json j = curb_json(&out);
	code_show(many->last.code, code);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", many->last.id.text);
	curb_json_ktext(&j, "code", code);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

int certificate_post(struct curb_req *req, void *state)
{
	struct certificate *c = state;
	struct credit_class class;
	struct curb_value *persons = curb_array(curb_req_arena(req));
	int err = c->credit->class_by_id(c->credit, curb_req_tx(req), curb_req_field(req, "cohort"), &class);
	if (!err && !curb_may(req, CERTIFICATE_SIGNERS, &class.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (err)
		return err;
	struct many many = many_of(req, c, &class);
	curb_push(persons, curb_string(curb_req_arena(req), curb_req_field(req, "trainee")));
	many.persons = persons;
	return curb_write_reply(req, curb_id_str(&class.id), issue_all, answer_json, &many);
}
