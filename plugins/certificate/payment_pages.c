/* Making a list of payments, and the lists so far. */
#include <time.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/person.h"
#include "curb/words.h"
#include "payment.h"

enum { LISTS_SHOWN = 30, PAGES_MOST = 10000, DAY_S = 24 * 3600 };

/* ---- the form ---- */

struct form {
	struct curb_req *req;
	struct certificate *c;
	struct curb_value *model, *v, *e, *mistakes;
	struct payment_wanted wanted;
	struct credit_class class; /* id "": of none */
	bool wrong;
};

static struct form new_form(struct curb_req *req, struct certificate *c)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct form form = { .req = req,
		             .c = c,
		             .model = curb_object(arena),
		             .v = curb_object(arena),
		             .e = curb_object(arena),
		             .mistakes = curb_array(arena) };
	curb_put(form.model, "v", form.v);
	curb_put(form.model, "e", form.e);
	curb_put(form.model, "mistakes", form.mistakes);
	return form;
}

static void add_mistake(struct form *form, const char *name, const char *field, const char *source)
{
	struct curb_value *mistake = curb_object(curb_req_arena(form->req));
	struct curb_str text = curb_tr(form->req, source, NULL);
	form->wrong = true;
	curb_put_text(mistake, "field", field);
	curb_put_str(mistake, "text", text);
	curb_push(form->mistakes, mistake);
	curb_put_str(form->e, name, text);
}

/* Days since 1970-01-01 of the fields NAME-year, NAME-month, NAME-day; what was typed is kept. */
static int64_t read_day(struct form *form, const char *name)
{
	static const char *const parts[] = { "year", "month", "day" };
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *typed = curb_object(arena);
	int64_t numbers[3] = { 0, 0, 0 };
	bool good = true;
	for (size_t i = 0; i < 3; i++) {
		struct curb_str text = curb_str_trim(
			curb_req_field(form->req, curb_printf(arena, "%s-%s", name, parts[i])));
		good = curb_str_int(text, &numbers[i]) && good;
		curb_put_str(typed, parts[i], text.ptr ? text : curb_str(""));
	}
	curb_put(form->v, name, typed);
	good = good && numbers[0] >= 2000 && numbers[0] <= 2999 && numbers[1] >= 1 && numbers[1] <= 12 &&
	       numbers[2] >= 1 && numbers[2] <= 31;
	struct tm date = { .tm_year = 0 };
	if (good) {
		date.tm_year = (int)numbers[0] - 1900;
		date.tm_mon = (int)numbers[1] - 1;
		date.tm_mday = (int)numbers[2];
	}
	int64_t day = timegm(&date) / DAY_S;
	if (!good || date.tm_mday != numbers[2]) /* 30 February became 2 March */
		add_mistake(form, name, curb_printf(arena, "%s-year", name),
		            CURB_TEXT("There is no such day; write year, month and day as numbers"));
	return day;
}

static int find_class(struct form *form, struct curb_str id)
{
	const struct credit_api *credit = form->c->credit;
	int err = credit->class_by_id(credit, curb_req_tx(form->req), id, &form->class);
	if (!err && !curb_may(form->req, PAYMENT_READERS, &form->class.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	form->wanted.cohort = form->class.id;
	form->wanted.institution = form->class.institution;
	return err;
}

static int read_period(struct form *form)
{
	struct curb_str typed = curb_req_field(form->req, "institution");
	const struct curb_id institution = curb_id_of(typed.ptr ? typed : curb_str(""));
	form->wanted.institution = institution;
	if (!curb_id_some(&institution))
		add_mistake(form, "institution", "institution", CURB_TEXT("Choose an institution first"));
	else if (!curb_may(form->req, PAYMENT_READERS, &institution))
		return curb_fail(CURB_ENOTFOUND, "This institution is not among those that you may read");
	form->wanted.first_day = read_day(form, "first");
	form->wanted.last_day = read_day(form, "last");
	if (!form->wrong && form->wanted.last_day < form->wanted.first_day)
		add_mistake(form, "last", "last-year", CURB_TEXT("The last day lies before the first one"));
	return 0;
}

/* ---- the page ---- */

static void push_list(struct form *form, const struct payment *payment, struct curb_value *lists)
{
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena);
	curb_put_str(card, "title", payment_what(req, payment));
	curb_put_text(card, "href", curb_printf(arena, "/payments/%s", payment->id.text));
	curb_push(facts, curb_string(arena, tr_one(req, CURB_TEXT("Made on {day}"), "day",
	                                           curb_words_date(req, payment->made_ms))));
	curb_put(card, "facts", facts);
	curb_push(lists, card);
}

static void push_option(struct form *form, struct curb_value *options, const char *value,
                        struct curb_str label)
{
	struct curb_value *option = curb_object(curb_req_arena(form->req));
	curb_put_text(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", strcmp(value, form->wanted.institution.text) == 0);
	curb_push(options, option);
}

static int put_options(struct form *form, const struct curb_id *institutions, size_t n)
{
	struct curb_req *req = form->req;
	struct curb_value *options = curb_array(curb_req_arena(req));
	int err = 0;
	if (n > 1)
		push_option(form, options, "", curb_tr(req, "Choose an institution", NULL));
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_str name;
		err = curb_institution_name(curb_req_tx(req), &institutions[i], &name);
		if (!err)
			push_option(form, options, institutions[i].text, name);
	}
	curb_put(form->model, "institutions", options);
	return err;
}

/* One page of those of all her institutions, one institution behind the other. */
static int put_lists(struct form *form, const struct curb_id *institutions, size_t n)
{
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *lists = curb_array(arena);
	int64_t page = 1, total = 0, here = 0;
	int err = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > PAGES_MOST)
		page = 1;
	struct payments_part part = { .cohort = form->class.id,
		                      .skip = (page - 1) * LISTS_SHOWN,
		                      .most = LISTS_SHOWN };
	for (size_t i = 0; !err && i < n; i++) {
		struct payment *payments = NULL;
		size_t found = 0;
		part.institution = institutions[i];
		err = payments_of(form->c, curb_req_tx(req), &part, &payments, &found, &here);
		for (size_t k = 0; !err && k < found; k++)
			push_list(form, &payments[k], lists);
		total += here;
		part.most -= (int64_t)found;
		part.skip = part.skip > here ? part.skip - here : 0;
	}
	curb_put(form->model, "lists", lists);
	curb_put_pager(req, form->model,
	               curb_printf(arena, "/payments?%s%s%spage={page}#lists",
	                           curb_id_some(&part.cohort) ? "class=" : "", part.cohort.text,
	                           curb_id_some(&part.cohort) ? "&" : ""),
	               page, LISTS_SHOWN, total);
	return err;
}

static int show(struct form *form, int status)
{
	struct curb_req *req = form->req;
	const struct curb_id *institutions = &form->class.institution;
	bool class = curb_id_some(&form->class.id);
	size_t n = class;
	int err = class ? 0 : curb_req_institutions(req, PAYMENT_READERS, &institutions, &n);
	if (!err)
		err = put_options(form, institutions, n);
	if (!err)
		err = put_lists(form, institutions, n);
	if (err)
		return err;
	if (class) {
		struct curb_value *one = curb_object(curb_req_arena(req));
		curb_put_text(one, "id", form->class.id.text);
		curb_put(form->model, "class", one);
	}
	curb_put_str(
		form->model, "title",
		class ? tr_one(req, CURB_TEXT("Payments: {programme}"), "programme", form->class.programme) :
			curb_tr(req, "Payments", NULL));
	return curb_reply_page(req, status, "payments", form->model);
}

int payment_page_all(struct curb_req *req, void *state)
{
	struct form form = new_form(req, state);
	struct curb_str class = curb_req_query(req, "class");
	int err = class.len ? find_class(&form, class) : 0;
	return err ? err : show(&form, 200);
}

/* ---- making one ---- */

static int answer_made(struct curb_req *req, void *arg)
{
	const struct payment_making *making = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/payments/%s", making->payment.id.text)));
}

static int show_differences(struct form *form, const struct payment_reckoned *reckoned)
{
	struct curb_req *req = form->req;
	curb_put_text(form->model, "back", "/payments");
	curb_put(form->model, "faults", payment_faults(req, reckoned->faults, reckoned->fault_count));
	curb_put_str(form->model, "title", curb_tr(req, "There is no list: entries and totals differ", NULL));
	return curb_reply_page(req, 409, "payment_differs", form->model);
}

static int show_changed(struct form *form, const struct payment_making *making)
{
	struct curb_req *req = form->req;
	struct curb_value *notice = curb_object(curb_req_arena(req));
	curb_put_text(notice, "kind", "error");
	curb_put_str(
		notice, "text",
		curb_tr(req,
	                "No list was made: while it was computed others changed what it says. Make it again, "
	                "and it says what is so now.",
	                NULL));
	curb_put(form->model, "notice", notice);
	curb_put(form->model, "changed", payment_faults(req, making->changed, making->changed_count));
	return show(form, 409);
}

static int write_list(struct form *form, struct payment_making *making)
{
	struct curb_req *req = form->req;
	struct payment *payment = &making->payment;
	struct curb_buf file = curb_buf(PAYMENT_FILE_MOST);
	int err = curb_ledger_checkpoint(req, payment->size, &payment->checkpoint);
	if (!err)
		err = payment_write_file(req, payment, making->reckoned.lines, making->reckoned.n, &file);
	if (!err) {
		making->file = curb_dup(curb_req_arena(req), curb_buf_view(&file));
		payment->hash = sign_hash(curb_req_arena(req), making->file);
	}
	curb_buf_free(&file);
	return err ? err :
	             curb_write_reply(req, curb_id_str(&payment->wanted.institution), payment_make,
	                              answer_made, making);
}

int payment_post(struct curb_req *req, void *state)
{
	struct form form = new_form(req, state);
	struct curb_str class = curb_req_field(req, "class");
	int err = class.len ? find_class(&form, class) : read_period(&form);
	if (err)
		return err;
	if (form.wrong)
		return show(&form, 400);
	struct payment_making making = { .c = form.c };
	err = payment_reckon(form.c, curb_req_tx(req), &form.wanted, &making.reckoned);
	if (err)
		return err;
	if (making.reckoned.fault_count)
		return show_differences(&form, &making.reckoned);
	int64_t now_ms = curb_wall_ms();
	making.payment = (struct payment){
		.id = curb_id_new(now_ms),
		.by = curb_req_user(req)->id,
		.wanted = form.wanted,
		.programme = curb_id_some(&form.class.id) ? form.class.programme : curb_str(""),
		.role = curb_str(curb_may(req, CURB_REVIEWER, &form.wanted.institution) ? "reviewer" :
		                                                                          "auditor"),
		.made_ms = now_ms,
		.size = making.reckoned.size,
	};
	err = curb_institution_name(curb_req_tx(req), &form.wanted.institution, &making.payment.place);
	if (!err)
		err = write_list(&form, &making);
	return err == CURB_ECONFLICT && making.changed_count ? show_changed(&form, &making) : err;
}
