/* The pages of the final assessment: a class, and one trainee of it. */
#include "certificate.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"

enum { CLASS_PAGE = 50 };

/* ---- a class ---- */

static const char *address_of(struct curb_req *req, const struct curb_id *cohort,
                              const struct curb_id *person)
{
	return person ? curb_printf(curb_req_arena(req), "/assessments/%s/%s", cohort->text, person->text) :
	                curb_printf(curb_req_arena(req), "/assessments/%s", cohort->text);
}

/* What waits stands in `first`, the rest in `rows`. */
static int push_trainee(struct curb_req *req, struct certificate *c, const struct credit_class *class,
                        const struct credit_member *member, struct curb_value *first, struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	struct sitting *sittings = NULL;
	size_t n = 0;
	int err = sittings_of(c, curb_req_tx(req), &class->id, &member->person, &sittings, &n);
	if (err)
		return err;
	struct assessed assessed = assessed_of(sittings, n);
	push_cell(req, cells, CURB_TEXT("Trainee"),
	          c->credit->masked(c->credit, req, &class->institution, member->shown),
	          address_of(req, &class->id, &member->person));
	push_cell(req, cells, CURB_TEXT("Theory"), standing_text(req, assessed.theory), NULL);
	push_cell(req, cells, CURB_TEXT("Practice"), standing_text(req, assessed.practice), NULL);
	push_cell(req, cells, CURB_TEXT("Countersignature"),
	          assessed.waits ? curb_tr(req, "Waits", NULL) : curb_str(""), NULL);
	curb_put(row, "cells", cells);
	curb_push(assessed.waits ? first : rows, row);
	return 0;
}

int assess_page_class(struct curb_req *req, void *state)
{
	static const char *const labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Theory"),
		                              CURB_TEXT("Practice"), CURB_TEXT("Countersignature"), NULL };
	struct certificate *c = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *first = curb_array(arena), *rest = curb_array(arena);
	struct credit_class class;
	struct credit_member *members = NULL;
	size_t n = 0;
	int64_t page = 1, total = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > 10000)
		page = 1;
	int err = certificate_class(req, c, CERTIFICATE_READERS, &class);
	if (!err)
		err = c->credit->members(c->credit, curb_req_tx(req), &class.id, (page - 1) * CLASS_PAGE,
		                         CLASS_PAGE, &members, &n, &total);
	for (size_t i = 0; !err && i < n; i++)
		err = push_trainee(req, c, &class, &members[i], first, rest);
	for (size_t i = 0; !err && i < curb_value_count(rest); i++)
		curb_push(first, curb_value_at(rest, i));
	if (err)
		return err;
	curb_put_str(model, "title",
	             tr_one(req, CURB_TEXT("Final assessment: {programme}"), "programme", class.programme));
	if (curb_may(req, CERTIFICATE_MAKERS | CURB_AUDITOR, &class.institution))
		curb_put_text(model, "class", curb_printf(arena, "/classes/%s", class.id.text));
	curb_put_str(model, "programme", class.programme);
	put_columns(req, model, labels);
	curb_put(model, "rows", first);
	curb_put_pager(req, model, curb_printf(arena, "/assessments/%s?page={page}", class.id.text), page,
	               CLASS_PAGE, total);
	return curb_reply_page(req, 200, "assessments", model);
}

/* ---- one trainee ---- */

struct view {
	struct curb_req *req;
	struct certificate *c;
	struct credit_class class;
	struct curb_id person;
	struct sitting *sittings;
	size_t n;
};

static struct curb_str state_text(const struct view *view, const struct sitting *sitting)
{
	if (curb_id_some(&sitting->corrected))
		return curb_tr(view->req, "Corrected by a newer entry. This one is kept as it was.", NULL);
	if (!curb_id_some(&sitting->signed_by))
		return curb_tr(view->req, "Entered, waits for a countersignature. It does not count yet.",
		               NULL);
	struct curb_value *values = curb_object(curb_req_arena(view->req));
	curb_put_str(values, "name", certificate_person(view->req, &sitting->signed_by));
	curb_put_str(values, "day", curb_words_date(view->req, sitting->signed_ms));
	return curb_tr(view->req, "Countersigned by {name} on {day}. It counts.", values);
}

static struct curb_value *facts_of(const struct view *view, const struct sitting *sitting)
{
	struct curb_req *req = view->req;
	struct curb_value *facts = curb_array(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "name", certificate_person(req, &sitting->entered_by));
	curb_put_str(values, "day", curb_words_date(req, sitting->entered_ms));
	push_fact(req, facts, CURB_TEXT("Theory"),
	          outcome_text(req, sitting->theory, sitting->theory_points));
	push_fact(req, facts, CURB_TEXT("Practice"),
	          outcome_text(req, sitting->practice, sitting->practice_points));
	push_fact(req, facts, CURB_TEXT("Sitting"),
	          sitting->resit ? curb_tr(req, "Resit", NULL) : curb_tr(req, "First", NULL));
	push_fact(req, facts, CURB_TEXT("Examiner"), sitting->examiner);
	if (!view->c->credit->is_looking(view->c->credit, req, &view->class.institution))
		push_fact(req, facts, CURB_TEXT("Adjustments given"), adjustments_text(req, sitting));
	push_fact(req, facts, CURB_TEXT("Entered by"), curb_tr(req, "{name}, on {day}", values));
	if (sitting->reason.len)
		push_fact(req, facts, CURB_TEXT("Why it was corrected"), sitting->reason);
	return facts;
}

/* What the one who asks can do about it. */
static void put_acts(const struct view *view, const struct sitting *sitting, struct curb_str day,
                     struct curb_value *item)
{
	struct curb_req *req = view->req;
	const char *here = address_of(req, &view->class.id, &view->person);
	bool newest = !curb_id_some(&sitting->corrected), open = newest && !curb_id_some(&sitting->signed_by);
	if (open && sign_check(&curb_req_user(req)->id, &sitting->entered_by, &view->person) != 0)
		curb_put_str(item, "hindrance", curb_str(curb_error_local()));
	else if (open && curb_may(req, CERTIFICATE_SIGNERS, &view->class.institution)) {
		curb_put_text(item, "sign",
		              curb_printf(curb_req_arena(req), "%s/%s/countersign", here, sitting->id.text));
		curb_put_str(item, "sign_label",
		             tr_one(req, CURB_TEXT("Countersign the result of {day}"), "day", day));
	}
	if (newest && curb_may(req, CERTIFICATE_MAKERS, &view->class.institution)) {
		curb_put_text(
			item, "correct",
			curb_printf(curb_req_arena(req), "%s?corrects=%s#form", here, sitting->id.text));
		curb_put_str(item, "correct_label",
		             tr_one(req, CURB_TEXT("Correct the result of {day}"), "day", day));
	}
}

static struct curb_value *item_of(const struct view *view, const struct sitting *sitting)
{
	struct curb_value *item = curb_object(curb_req_arena(view->req));
	struct curb_str day = curb_words_day(view->req, sitting->day);
	curb_put_str(item, "title", tr_one(view->req, CURB_TEXT("Result of {day}"), "day", day));
	curb_put(item, "facts", facts_of(view, sitting));
	curb_put_str(item, "state", state_text(view, sitting));
	put_acts(view, sitting, day, item);
	return item;
}

static int open_view(struct curb_req *req, struct certificate *c, uint32_t roles, struct view *ret_view)
{
	struct view view = { .req = req, .c = c, .person = curb_id_of(curb_req_param(req, "person")) };
	int err = certificate_class(req, c, roles, &view.class);
	if (!err)
		err = c->credit->member(c->credit, curb_req_tx(req), &view.class.id, &view.person);
	if (!err)
		err = sittings_of(c, curb_req_tx(req), &view.class.id, &view.person, &view.sittings, &view.n);
	if (!err)
		*ret_view = view;
	return err;
}

static const struct sitting *to_correct(const struct view *view, struct curb_str id)
{
	for (size_t i = 0; i < view->n; i++)
		if (curb_str_is(id, view->sittings[i].id.text) && !curb_id_some(&view->sittings[i].corrected))
			return &view->sittings[i];
	return NULL;
}

static int put_form(const struct view *view, const struct sitting *corrected, struct curb_value *model)
{
	struct curb_req *req = view->req;
	struct sitting latest;
	int err = sitting_latest(view->c, curb_req_tx(req), &view->class.id, &curb_req_user(req)->id,
	                         &latest);
	if (err && err != CURB_ENOTFOUND)
		return err;
	curb_put_text(model, "action", address_of(req, &view->class.id, &view->person));
	sitting_put_form(req, corrected, err ? NULL : &latest, model);
	curb_put_str(model, "form_title",
	             corrected ? tr_one(req, CURB_TEXT("Correct the result of {day}"), "day",
	                                curb_words_day(req, corrected->day)) :
	                         curb_tr(req, "Enter a result", NULL));
	if (corrected)
		curb_put_text(model, "corrects", corrected->id.text);
	return 0;
}

/* After one is done the notice leads on: whoever enters to who has no result, whoever signs to what waits. */
static int lead_on(const struct view *view, struct curb_value *model)
{
	struct curb_req *req = view->req;
	const struct credit_api *credit = view->c->credit;
	struct curb_value *notice = curb_value_get(model, "notice");
	struct curb_id next = { "" };
	if (!notice)
		return 0;
	int err = curb_str_is(curb_req_query(req, "done"), "signed") ?
	                  assess_next_waiting(req, view->c, &view->class.id, &next) :
	                  assess_next_without(req, view->c, &view->class.id, &view->person, &next);
	if (err || !curb_id_some(&next))
		return err;
	curb_put_text(notice, "href", address_of(req, &view->class.id, &next));
	curb_put_str(notice, "action",
	             tr_one(req, CURB_TEXT("Next: {name}"), "name",
	                    credit->masked(credit, req, &view->class.institution,
	                                   certificate_person(req, &next))));
	return 0;
}

static void tell(struct curb_req *req, struct curb_value *model)
{
	struct curb_str done = curb_req_query(req, "done");
	if (curb_str_is(done, "entered"))
		put_notice(req, model, "good",
		           curb_tr(req,
		                   "The result is entered. It counts once another person has "
		                   "countersigned it.",
		                   NULL));
	else if (curb_str_is(done, "signed"))
		put_notice(req, model, "good", curb_tr(req, "Countersigned. The result counts now.", NULL));
}

static int show(const struct view *view, int status, const struct sitting *corrected,
                struct curb_value *errors)
{
	struct curb_req *req = view->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *items = curb_array(arena), *facts = curb_array(arena);
	struct assessed assessed = assessed_of(view->sittings, view->n);
	struct curb_str name = view->c->credit->masked(view->c->credit, req, &view->class.institution,
	                                               certificate_person(req, &view->person));
	for (size_t i = 0; i < view->n; i++)
		curb_push(items, item_of(view, &view->sittings[i]));
	push_fact(req, facts, CURB_TEXT("Theory"), standing_text(req, assessed.theory));
	push_fact(req, facts, CURB_TEXT("Practice"), standing_text(req, assessed.practice));
	curb_put_str(model, "title", tr_one(req, CURB_TEXT("Final assessment of {name}"), "name", name));
	curb_put_text(model, "back", address_of(req, &view->class.id, NULL));
	curb_put_str(model, "programme", view->class.programme);
	curb_put(model, "facts", facts);
	curb_put(model, "sittings", items);
	curb_put(model, "e", errors);
	bool own = strcmp(view->person.text, curb_req_user(req)->id.text) == 0;
	int err = !own && curb_may(req, CERTIFICATE_MAKERS, &view->class.institution) ?
	                  put_form(view, corrected, model) :
	                  0;
	if (!err && status == 200) {
		tell(req, model);
		err = lead_on(view, model);
	}
	return err ? err : curb_reply_page(req, status, "assessment", model);
}

int assess_page_person(struct curb_req *req, void *state)
{
	struct certificate *c = state;
	struct view view;
	int err = open_view(req, c, CERTIFICATE_READERS, &view);
	if (!err)
		err = c->credit->note_look(c->credit, req, &view.person, &view.class);
	return err ? err :
	             show(&view, 200, to_correct(&view, curb_req_query(req, "corrects")),
	                  curb_object(curb_req_arena(req)));
}

/* ---- entering and signing ---- */

struct entering {
	struct certificate *c;
	struct sitting sitting;
	const char *role;
};

static int enter(struct curb_tx *tx, void *arg)
{
	struct entering *entering = arg;
	return assess_enter(entering->c, tx, &entering->sitting, entering->role);
}

static int answer_entered(struct curb_req *req, void *arg)
{
	const struct entering *entering = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "%s?done=entered",
	                                                     address_of(req, &entering->sitting.cohort,
	                                                                &entering->sitting.person))));
}

int assess_post(struct curb_req *req, void *state)
{
	struct view view;
	struct curb_value *errors = curb_object(curb_req_arena(req));
	int err = open_view(req, state, CERTIFICATE_MAKERS, &view);
	if (err)
		return err;
	struct entering entering = { .c = state, .role = certificate_role(req, &view.class.institution) };
	entering.sitting = (struct sitting){ .cohort = view.class.id,
		                             .institution = view.class.institution,
		                             .person = view.person,
		                             .corrects = curb_id_of(curb_req_field(req, "corrects")),
		                             .entered_by = curb_req_user(req)->id,
		                             .entered_ms = curb_wall_ms() };
	if (!sitting_read(req, &entering.sitting, errors))
		return show(&view, 400, to_correct(&view, curb_id_str(&entering.sitting.corrects)), errors);
	return curb_write_reply(req, curb_id_str(&view.class.id), enter, answer_entered, &entering);
}

struct signing {
	struct certificate *c;
	struct curb_id id, by;
	const char *role, *back;
	int64_t now_ms;
};

static int sign(struct curb_tx *tx, void *arg)
{
	const struct signing *signing = arg;
	return assess_sign(signing->c, tx, curb_id_str(&signing->id), &signing->by, signing->role,
	                   signing->now_ms);
}

static int answer_signed(struct curb_req *req, void *arg)
{
	const struct signing *signing = arg;
	return curb_reply_redirect(req, curb_str(signing->back));
}

int assess_post_sign(struct curb_req *req, void *state)
{
	struct view view;
	int err = open_view(req, state, CERTIFICATE_SIGNERS, &view);
	if (err)
		return err;
	struct signing signing = { .c = state,
		                   .id = curb_id_of(curb_req_param(req, "id")),
		                   .by = curb_req_user(req)->id,
		                   .role = certificate_role(req, &view.class.institution),
		                   .back = curb_printf(curb_req_arena(req), "%s?done=signed",
		                                       address_of(req, &view.class.id, &view.person)),
		                   .now_ms = curb_wall_ms() };
	for (size_t i = 0; i < view.n; i++)
		if (strcmp(view.sittings[i].id.text, signing.id.text) == 0)
			return curb_write_reply(req, curb_id_str(&view.class.id), sign, answer_signed,
			                        &signing);
	return curb_fail(CURB_ENOTFOUND, "There is no such result");
}
