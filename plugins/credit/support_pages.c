/* The support of a class: its list, one line of it, and the forms. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "support.h"

static const char *address_of(struct curb_req *req, const struct support *support, const char *behind)
{
	return curb_printf(curb_req_arena(req), "/classes/%s/support/%s%s", support->cohort.text,
	                   support->id.text, behind);
}

/* ---- words ---- */

static struct curb_str days_words(struct curb_req *req, const struct support *support)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "from", curb_words_day(req, support->from_day));
	curb_put_str(values, "until", curb_words_day(req, support->until_day));
	return support->from_day == support->until_day ? curb_words_day(req, support->from_day) :
	                                                 curb_tr(req, "{from} to {until}", values);
}

static struct curb_str what_words(struct curb_req *req, const struct support *support)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "what", curb_tr(req, support_kind_text(support->kind), NULL));
	curb_put_int(values, "number", support->number);
	return curb_id_some(&support->corrects) ? curb_tr(req, "Was not so: {what}, {number}", values) :
	                                          curb_tr(req, "{what}, {number}", values);
}

static int state_words(struct curb_req *req, const struct support *support, struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str name;
	const struct curb_id *by = support->signed_ms ? &support->signed_by : &support->entered_by;
	int err = credit_name_of(req, by, &name);
	if (err)
		return err;
	curb_put_str(values, "name", name);
	if (support->corrected_signed)
		*ret_words = curb_tr(req, "Corrected: it was not so", NULL);
	else if (support->signed_ms)
		*ret_words = curb_tr(req, "Countersigned by {name}", values);
	else
		*ret_words = curb_tr(req, "Entered by {name}, waiting for countersignature", values);
	return 0;
}

/* ---- the list ---- */

static const char *const labels[] = { CURB_TEXT("Support"), CURB_TEXT("Days"), CURB_TEXT("In words"),
	                              CURB_TEXT("State"), NULL };

int support_put_rows(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort, bool linked,
                     struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct support *list = NULL;
	size_t n = 0;
	int err = supports_of(c, curb_req_tx(req), &cohort->id, &list, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		struct curb_str state = curb_str(NULL);
		err = state_words(req, &list[i], &state);
		curb_push(cells, credit_head(req, labels[0], what_words(req, &list[i]),
		                             linked ? address_of(req, &list[i], "") : NULL));
		curb_push(cells, credit_cell(req, labels[1], days_words(req, &list[i])));
		curb_push(cells, credit_cell(req, labels[2], list[i].words));
		curb_push(cells, credit_cell(req, labels[3], state));
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	return err;
}

static void put_kinds(struct curb_req *req, struct typed_form *form)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	for (int i = 0; i < SUPPORT_KINDS; i++)
		typed_option(options, curb_str(support_kind_word((enum support_kind)i)),
		             curb_tr(req, support_kind_text((enum support_kind)i), NULL),
		             curb_get_str(form->v, "kind"));
	curb_put(form->model, "kinds", options);
}

/* The class of the path, for its readers and for who countersigns there. */
static int class_of_path(struct curb_req *req, struct credit *c, uint32_t roles, struct credit_cohort *ret)
{
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), ret);
	if (!err && !curb_may(req, roles, &ret->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	return err;
}

static int show_list(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct typed_form *form, int status)
{
	struct curb_value *model = form->model;
	const char *here = curb_printf(curb_req_arena(req), "/classes/%s", cohort->id.text);
	int err = support_put_rows(req, c, cohort, true, model);
	if (err)
		return err;
	if (curb_may(req, SHEET_ENTERERS, &cohort->institution)) {
		put_kinds(req, form);
		curb_put_text(model, "action", curb_printf(curb_req_arena(req), "%s/support", here));
	}
	if (curb_may(req, CREDIT_READERS, &cohort->institution))
		curb_put_text(model, "back", here);
	curb_put_str(model, "programme", cohort->programme);
	curb_put_str(model, "title", curb_tr(req, "Support given to the class", NULL));
	return curb_reply_page(req, status, "supports", model);
}

int support_page_list(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = class_of_path(req, state, CREDIT_READERS | SHEET_SIGNERS, &cohort);
	return err ? err : show_list(req, state, &cohort, &form, 200);
}

/* ---- entering ---- */

static int answer(struct curb_req *req, void *arg)
{
	const struct supporting *supporting = arg;
	return curb_reply_redirect(req, curb_str(address_of(req, &supporting->support, "?done=yes")));
}

static struct curb_str read_words(struct typed_form *form, const char *missing)
{
	struct curb_str words = typed_field(form, "words");
	if (words.len == 0)
		typed_wrong(form, "words", curb_tr(form->req, missing, NULL));
	else if (words.len > SUPPORT_WORDS_MOST)
		typed_wrong(form, "words", curb_tr(form->req, "Say it in at most 200 characters", NULL));
	return words;
}

static void read_form(struct typed_form *form, struct support *support)
{
	struct curb_req *req = form->req;
	if (!support_kind_named(typed_field(form, "kind"), &support->kind))
		typed_wrong(form, "kind", curb_tr(req, "Choose what was given", NULL));
	if (!draft_read_number(typed_field(form, "number"), 0, SUPPORT_NUMBER_MOST, &support->number) ||
	    support->number == 0)
		typed_wrong(form, "number", curb_tr(req, "Say how many, as a whole number", NULL));
	support->from_day = typed_date(form, "from", CURB_TEXT("First day"));
	support->until_day = typed_date(form, "until", CURB_TEXT("Last day"));
	if (!support->from_day && !curb_get_str(form->e, "from").ptr)
		typed_wrong(form, "from", curb_tr(req, "Give the first day", NULL));
	if (!support->until_day && !curb_get_str(form->e, "until").ptr)
		typed_wrong(form, "until", curb_tr(req, "Give the last day", NULL));
	support->words = read_words(form, CURB_TEXT("Say in a few words what it was"));
}

int support_post_new(struct curb_req *req, void *state)
{
	struct supporting supporting = { .c = state };
	struct support *support = &supporting.support;
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = class_of_path(req, state, SHEET_ENTERERS, &cohort);
	if (err)
		return err;
	read_form(&form, support);
	if (form.wrong)
		return show_list(req, state, &cohort, &form, 422);
	support->cohort = cohort.id;
	support->entered_by = curb_req_user(req)->id;
	support->entered_ms = curb_wall_ms();
	supporting.role = sheet_role_of(req, SHEET_ENTERERS, &cohort.institution);
	err = curb_write_reply(req, curb_id_str(&cohort.id), support_enter, answer, &supporting);
	if (err != CURB_EUNFIT)
		return err;
	typed_wrong_error(&form, supporting.field);
	return show_list(req, state, &cohort, &form, 422);
}

/* ---- one line ---- */

static int find_one(struct curb_req *req, struct credit *c, uint32_t roles, struct credit_cohort *ret_cohort,
                    struct support *ret_support)
{
	int err = class_of_path(req, c, roles, ret_cohort);
	if (!err)
		err = support_by_id(c, curb_req_tx(req), curb_req_param(req, "support"), ret_support);
	if (!err && strcmp(ret_support->cohort.text, ret_cohort->id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such line of support");
	return err;
}

static int show_one(struct curb_req *req, const struct credit_cohort *cohort, const struct support *support,
                    struct typed_form *form, int status)
{
	struct curb_value *model = form->model, *facts = curb_array(curb_req_arena(req));
	struct curb_str state, name;
	int err = state_words(req, support, &state);
	if (!err)
		err = credit_name_of(req, &support->entered_by, &name);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Support"), what_words(req, support));
	credit_push_fact(req, facts, CURB_TEXT("Days"), days_words(req, support));
	credit_push_fact(req, facts, CURB_TEXT("In words"), support->words);
	credit_push_fact(req, facts, CURB_TEXT("Entered by"), name);
	credit_push_fact(req, facts, CURB_TEXT("State"), state);
	curb_put(model, "facts", facts);
	bool own = strcmp(support->entered_by.text, curb_req_user(req)->id.text) == 0;
	if (!support->signed_ms && !own && curb_may(req, SHEET_SIGNERS, &cohort->institution))
		curb_put_text(model, "sign", address_of(req, support, "/sign"));
	curb_put_bool(model, "own", own && !support->signed_ms);
	if (!curb_id_some(&support->corrects) && !curb_id_some(&support->corrected) &&
	    curb_may(req, SHEET_ENTERERS, &cohort->institution))
		curb_put_text(model, "correct", address_of(req, support, "/correct"));
	if (curb_str_is(curb_req_query(req, "done"), "yes")) {
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text", state);
		curb_put(model, "notice", notice);
	}
	curb_put_text(model, "back",
	              curb_printf(curb_req_arena(req), "/classes/%s/support", cohort->id.text));
	curb_put_str(model, "programme", cohort->programme);
	curb_put_str(model, "title", what_words(req, support));
	return curb_reply_page(req, status, "support", model);
}

int support_page_one(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	struct support support;
	int err = find_one(req, state, CREDIT_READERS | SHEET_SIGNERS, &cohort, &support);
	return err ? err : show_one(req, &cohort, &support, &form, 200);
}

int support_post_sign(struct curb_req *req, void *state)
{
	struct supporting supporting = { .c = state };
	struct credit_cohort cohort;
	int err = find_one(req, state, SHEET_SIGNERS, &cohort, &supporting.support);
	if (err)
		return err;
	supporting.role = sheet_role_of(req, SHEET_SIGNERS, &cohort.institution);
	supporting.support.signed_by = curb_req_user(req)->id;
	supporting.support.signed_ms = curb_wall_ms();
	return curb_write_reply(req, curb_id_str(&cohort.id), support_sign, answer, &supporting);
}

int support_post_correct(struct curb_req *req, void *state)
{
	struct supporting supporting = { .c = state };
	struct support wrong, *support = &supporting.support;
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = find_one(req, state, SHEET_ENTERERS, &cohort, &wrong);
	if (err)
		return err;
	support->words = read_words(&form, CURB_TEXT("Say in a few words what was wrong"));
	if (form.wrong)
		return show_one(req, &cohort, &wrong, &form, 422);
	support->corrects = wrong.id;
	support->entered_by = curb_req_user(req)->id;
	support->entered_ms = curb_wall_ms();
	supporting.role = sheet_role_of(req, SHEET_ENTERERS, &cohort.institution);
	return curb_write_reply(req, curb_id_str(&cohort.id), support_enter, answer, &supporting);
}
