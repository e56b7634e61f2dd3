/* The account of one trainee of a class: its lines, its transfers, and asking for one. */
#include "curb/person.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "transfer.h"

struct view {
	struct curb_req *req;
	struct bank *b;
	struct credit_class class;
	struct curb_id person;
};

static int open_view(struct curb_req *req, struct bank *b, uint32_t roles, struct view *ret_view)
{
	struct view view = { .req = req, .b = b, .person = curb_id_of(curb_req_param(req, "person")) };
	int err = bank_find_class(req, b, roles, &view.class);
	if (!err)
		err = b->credit->member(b->credit, curb_req_tx(req), &view.class.id, &view.person);
	if (!err)
		*ret_view = view;
	return err;
}

static const char *address_of(const struct view *view)
{
	return curb_printf(curb_req_arena(view->req), "/credits/class/%s/%s", view->class.id.text,
	                   view->person.text);
}

/* ---- the form ---- */

struct form {
	struct curb_req *req;
	struct curb_value *v, *e, *mistakes; /* what was typed, {field: text}, and the list of them */
	bool wrong;
};

static struct form form_of(struct curb_req *req)
{
	struct curb_arena *arena = curb_req_arena(req);
	return (struct form){ req, curb_object(arena), curb_object(arena), curb_array(arena), false };
}

static void fault(struct form *form, const char *field, struct curb_str text)
{
	struct curb_value *mistake = curb_object(curb_req_arena(form->req));
	curb_put_text(mistake, "field", field);
	curb_put_str(mistake, "text", text);
	curb_push(form->mistakes, mistake);
	curb_put_str(form->e, field, text);
	form->wrong = true;
}

static void fault_error(struct form *form, const char *field)
{
	fault(form, field, curb_dup(curb_req_arena(form->req), curb_str(curb_error_local())));
}

static struct curb_str typed(struct form *form, const char *field)
{
	struct curb_str text = curb_str_trim(curb_req_field(form->req, field));
	if (!text.ptr)
		text = curb_str("");
	curb_put_str(form->v, field, text);
	return text;
}

static struct curb_str read_text(struct form *form, const char *field, const char *missing)
{
	struct curb_str text = typed(form, field);
	if (!text.len)
		fault(form, field, curb_tr(form->req, missing, NULL));
	else if (text.len > TRANSFER_TEXT_MOST)
		fault(form, field, curb_tr(form->req, "This is too long; 100 characters are the most", NULL));
	return text;
}

static void read_recogniser(struct form *form, struct transfer *transfer)
{
	struct curb_place place = { .institution = false };
	struct curb_str text = read_text(form, "recogniser",
	                                 CURB_TEXT("Type the name of the institution that recognises them"));
	if (curb_value_get(form->e, "recogniser"))
		return;
	int err = curb_place_find(curb_req_tx(form->req), text, &place);
	if (!err && !place.institution)
		err = curb_fail(CURB_EUNFIT, "This is a region; type the name of an institution");
	if (err)
		fault_error(form, "recogniser");
	else
		transfer->recogniser = curb_id_of(place.id);
}

static void read_credits(struct form *form, struct transfer *transfer)
{
	enum { LONGEST = 20 };
	struct curb_str text = typed(form, "credits");
	struct curb_value *number = NULL;
	if (text.len > LONGEST || curb_json_parse(curb_req_arena(form->req), text, &number) != 0 ||
	    !curb_value_fixed(number, 2, &transfer->credits_c) || transfer->credits_c == 0)
		fault(form, "credits",
		      curb_tr(form->req, "Credits are a number with at most two decimals, such as 2 or 0.5",
		              NULL));
}

/* False when something is to be mended. */
static bool read_form(struct form *form, struct transfer *transfer)
{
	read_recogniser(form, transfer);
	transfer->programme = read_text(form, "programme",
	                                CURB_TEXT("Type the programme that they count for"));
	read_credits(form, transfer);
	transfer->document = read_text(form, "document",
	                               CURB_TEXT("Type the number of the paper, or its date"));
	return !form->wrong;
}

static int put_form(const struct view *view, const struct form *form, struct curb_value *model)
{
	struct curb_req *req = view->req;
	struct line standing;
	int64_t free_c = 0;
	bool own = strcmp(view->person.text, curb_req_user(req)->id.text) == 0;
	if (own || !curb_may(req, TRANSFER_ASKERS, &view->class.institution))
		return 0;
	int err = line_standing(view->b, curb_req_tx(req), &view->class.id, &view->person, &standing);
	if (!err)
		err = transfer_free_c(view->b, curb_req_tx(req), &standing.deposit, &free_c);
	if (err || free_c <= 0)
		return err == CURB_ENOTFOUND ? 0 : err;
	curb_put_text(model, "action", address_of(view));
	curb_put_str(model, "free",
	             tr_one(req, CURB_TEXT("{credits} credits of this certificate can be recognised."),
	                    "credits", credits_text(req, free_c)));
	curb_put(model, "v", form->v);
	curb_put(model, "e", form->e);
	curb_put(model, "mistakes", form->mistakes);
	return 0;
}

/* ---- the page ---- */

static int put_transfers(const struct view *view, struct curb_value *model)
{
	struct curb_value *rows = curb_array(curb_req_arena(view->req));
	struct transfer *transfers = NULL;
	size_t n = 0;
	int err = transfers_of_class(view->b, curb_req_tx(view->req), &view->class.id, &view->person,
	                             &transfers, &n);
	if (err)
		return err;
	transfers_push(view->req, transfers, n, true, rows);
	transfers_put(view->req, rows, model);
	return 0;
}

static int show(const struct view *view, int status, const struct form *form)
{
	struct curb_req *req = view->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	struct line *lines = NULL;
	size_t n = 0;
	int err = lines_of_class(view->b, curb_req_tx(req), &view->class.id, &view->person, &lines, &n);
	if (!err)
		err = put_transfers(view, model);
	if (!err)
		err = put_form(view, form, model);
	if (err)
		return err;
	curb_put_str(model, "title",
	             tr_one(req, CURB_TEXT("Credits: {name}"), "name",
	                    bank_name(req, view->b, &view->class.institution, &view->person)));
	curb_put_text(model, "class", curb_printf(arena, "/credits/class/%s", view->class.id.text));
	curb_put_str(model, "programme", view->class.programme);
	statement_put(req, lines, n, model);
	return curb_reply_page(req, status, "person_credits", model);
}

int bank_page_person(struct curb_req *req, void *state)
{
	struct bank *b = state;
	struct view view;
	const struct form form = form_of(req);
	int err = open_view(req, b, BANK_READERS, &view);
	if (!err)
		err = b->credit->note_look(b->credit, req, &view.person, &view.class);
	return err ? err : show(&view, 200, &form);
}

/* ---- asking ---- */

struct asking {
	struct bank *b;
	struct transfer transfer;
	struct transfer_act act;
};

static int ask(struct curb_tx *tx, void *arg)
{
	struct asking *asking = arg;
	return transfer_ask(asking->b, tx, &asking->transfer, &asking->act);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct asking *asking = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/credits/transfers/%s?done=asked",
	                                  asking->transfer.id.text)));
}

int transfer_post_ask(struct curb_req *req, void *state)
{
	struct form form = form_of(req);
	struct view view;
	int err = open_view(req, state, TRANSFER_ASKERS, &view);
	if (err)
		return err;
	struct asking asking = { .b = state,
		                 .transfer = { .deposit = { .cohort = view.class.id, .person = view.person },
		                               .reason = curb_str("") },
		                 .act = transfer_act_of(req, &view.class.institution) };
	if (!read_form(&form, &asking.transfer))
		return show(&view, 422, &form);
	err = curb_write_reply(req, curb_id_str(&view.person), ask, answer, &asking);
	if (err != CURB_EUNFIT)
		return err;
	fault_error(&form, "credits");
	return show(&view, 422, &form);
}
