/* A transfer as a page, and as a row of lists: what was asked for, and deciding it. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "transfer.h"

enum { WAITING_MOST = 100 }; /* on one page; when these are decided the next ones stand there */

struct transfer_act transfer_act_of(struct curb_req *req, const struct curb_id *institution)
{
	static const uint32_t all[] = { CURB_STAFF, CURB_TEACHER, CURB_REVIEWER };
	uint32_t roles = 0;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		roles |= curb_may(req, all[i], institution) ? all[i] : 0;
	return (struct transfer_act){ .by = curb_req_user(req)->id,
		                      .role = roles & CURB_STAFF   ? "staff" :
		                              roles & CURB_TEACHER ? "teacher" :
		                                                     "reviewer",
		                      .roles = roles,
		                      .now_ms = curb_wall_ms() };
}

static bool is_me(struct curb_req *req, const struct curb_id *person)
{
	return strcmp(curb_req_user(req)->id.text, person->text) == 0;
}

static struct curb_str state_text(struct curb_req *req, const struct transfer *transfer)
{
	switch (transfer->state) {
	case TRANSFER_WAITS: return curb_tr(req, "Waits for a countersignature", NULL);
	case TRANSFER_SIGNED: return curb_tr(req, "Countersigned", NULL);
	case TRANSFER_REFUSED: return curb_tr(req, "Refused", NULL);
	}
	return curb_str("");
}

/* ---- rows ---- */

static const char *const labels[] = { CURB_TEXT("Recognised by"), CURB_TEXT("For the programme"),
	                              CURB_TEXT("Credits"), CURB_TEXT("State"), NULL };

void transfers_push(struct curb_req *req, const struct transfer *transfers, size_t n, bool links,
                    struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		struct curb_str where = institution_text(req, &transfers[i].recogniser);
		if (curb_id_some(&transfers[i].returns))
			where = tr_one(req, CURB_TEXT("Taking back: {place}"), "place", where);
		push_cell(req, cells, labels[0], where,
		          links ? curb_printf(arena, "/credits/transfers/%s", transfers[i].id.text) : NULL);
		push_cell(req, cells, labels[1], transfers[i].programme, NULL);
		push_cell(req, cells, labels[2], credits_text(req, transfers[i].credits_c), NULL);
		push_cell(req, cells, labels[3], state_text(req, &transfers[i]), NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
}

void transfers_put(struct curb_req *req, struct curb_value *rows, struct curb_value *model)
{
	struct curb_value *table = curb_object(curb_req_arena(req));
	if (curb_value_count(rows) == 0)
		return;
	put_columns(req, table, labels);
	curb_put(table, "rows", rows);
	curb_put(model, "transfers", table);
}

/* ---- one ---- */

struct view {
	struct curb_req *req;
	struct bank *b;
	struct transfer transfer;
	struct curb_id place; /* whose role shows it: of the class, or of whoever recognises */
};

/* Seen from both sides; where she looks after one of them, not as an auditor of the other. */
static int open_view(struct curb_req *req, struct bank *b, uint32_t roles, struct view *ret_view)
{
	struct view view = { .req = req, .b = b };
	int err = transfer_by_id(b, curb_req_tx(req), curb_req_param(req, "id"), &view.transfer);
	if (err)
		return err;
	const struct curb_id *from = &view.transfer.deposit.institution, *to = &view.transfer.recogniser;
	bool may_from = curb_may(req, roles, from), may_to = curb_may(req, roles, to);
	if (!may_from && !may_to)
		return curb_fail(CURB_ENOTFOUND, "There is no such transfer");
	view.place = may_from && (!may_to || !b->credit->is_looking(b->credit, req, from)) ? *from : *to;
	*ret_view = view;
	return 0;
}

static struct curb_str who_when(struct curb_req *req, const struct curb_id *person, int64_t at_ms)
{
	struct curb_user user;
	struct curb_value *values = curb_object(curb_req_arena(req));
	bool there = curb_person_find(curb_req_tx(req), curb_id_str(person), at_ms, &user) == 0;
	curb_put_str(values, "name",
	             there ? user.name : curb_tr(req, "somebody whose account is closed", NULL));
	curb_put_str(values, "day", curb_words_date(req, at_ms));
	return curb_tr(req, "{name}, {day}", values);
}

static struct curb_value *facts_of(const struct view *view)
{
	struct curb_req *req = view->req;
	const struct transfer *t = &view->transfer;
	struct curb_value *facts = curb_array(curb_req_arena(req));
	push_fact(req, facts, CURB_TEXT("Trainee"),
	          bank_name(req, view->b, &view->place, &t->deposit.person));
	push_fact(req, facts, CURB_TEXT("Credits"), credits_text(req, t->credits_c));
	push_fact(req, facts, CURB_TEXT("From the certificate of"), t->deposit.programme);
	push_fact(req, facts, CURB_TEXT("Issued by"), institution_text(req, &t->deposit.institution));
	push_fact(req, facts, CURB_TEXT("Recognised by"), institution_text(req, &t->recogniser));
	push_fact(req, facts, CURB_TEXT("For the programme"), t->programme);
	push_fact(req, facts, CURB_TEXT("Number of the document"), t->document);
	if (t->reason.len)
		push_fact(req, facts, CURB_TEXT("Why they are taken back"), t->reason);
	push_fact(req, facts, CURB_TEXT("Asked for by"), who_when(req, &t->asked_by, t->asked_ms));
	push_fact(req, facts, CURB_TEXT("State"), state_text(req, t));
	if (t->state != TRANSFER_WAITS)
		push_fact(req, facts, CURB_TEXT("Decided by"), who_when(req, &t->ended_by, t->ended_ms));
	if (t->ended_reason.len)
		push_fact(req, facts, CURB_TEXT("Why it was refused"), t->ended_reason);
	return facts;
}

/* Who may countersign it, and who may say no: that can the one who asked, too. */
static bool may_sign(const struct view *view)
{
	return curb_may(view->req, transfer_signers(&view->transfer), &view->transfer.recogniser) &&
	       !is_me(view->req, &view->transfer.asked_by) &&
	       !is_me(view->req, &view->transfer.deposit.person);
}

static bool may_refuse(const struct view *view)
{
	return (curb_may(view->req, TRANSFER_SIGNERS, &view->transfer.recogniser) &&
	        !is_me(view->req, &view->transfer.deposit.person)) ||
	       is_me(view->req, &view->transfer.asked_by);
}

static int put_acts(const struct view *view, struct curb_value *model)
{
	struct curb_req *req = view->req;
	const struct transfer *t = &view->transfer;
	const char *here = curb_printf(curb_req_arena(req), "/credits/transfers/%s", t->id.text);
	if (t->state == TRANSFER_WAITS && may_sign(view))
		curb_put_text(model, "sign", curb_printf(curb_req_arena(req), "%s/countersign", here));
	if (t->state == TRANSFER_WAITS && may_refuse(view))
		curb_put_text(model, "refuse", curb_printf(curb_req_arena(req), "%s/refuse", here));
	if (t->state == TRANSFER_WAITS && transfer_signers(t) == CURB_REVIEWER && !may_sign(view))
		curb_put_str(model, "hindrance",
		             curb_tr(req,
		                     "The institution that recognises the credits issued the certificate "
		                     "itself, so the federation countersigns this.",
		                     NULL));
	else if (t->state == TRANSFER_WAITS && is_me(req, &t->asked_by))
		curb_put_str(model, "hindrance",
		             curb_tr(req,
		                     "You asked for this yourself, so another person must countersign it: "
		                     "somebody of the institution that recognises the credits.",
		                     NULL));
	if (t->state != TRANSFER_SIGNED || curb_id_some(&t->returns) || is_me(req, &t->deposit.person) ||
	    !curb_may(req, TRANSFER_ASKERS, &view->place))
		return 0;
	bool stands = false;
	int err = transfer_stands(view->b, curb_req_tx(req), t, &stands);
	if (!err && stands)
		curb_put_text(model, "take_back", curb_printf(curb_req_arena(req), "%s/return", here));
	return err;
}

static void tell(struct curb_req *req, struct curb_value *model)
{
	static const struct {
		const char *done, *text;
	} texts[] = {
		{ "asked",
		  CURB_TEXT("Asked for. The credits stay on the account until somebody of the institution "
		            "that recognises them has countersigned.") },
		{ "signed", CURB_TEXT("Countersigned. The account says so now.") },
		{ "refused", CURB_TEXT("Refused. The account is as it was.") },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (curb_str_is(curb_req_query(req, "done"), texts[i].done))
			put_notice(req, model, "good", curb_tr(req, texts[i].text, NULL));
}

/* `field`: at which `error` stands; NULL: nothing is wrong. */
static int show(const struct view *view, const char *field, struct curb_str error)
{
	struct curb_req *req = view->req;
	struct curb_value *model = curb_object(curb_req_arena(req));
	int err = put_acts(view, model);
	if (err)
		return err;
	curb_put_str(model, "title",
	             curb_id_some(&view->transfer.returns) ?
	                     curb_tr(req, "Taking back recognised credits", NULL) :
	                     curb_tr(req, "Credits to be recognised", NULL));
	if (curb_may(req, BANK_READERS, &view->transfer.deposit.institution))
		curb_put_text(model, "account",
		              curb_printf(curb_req_arena(req), "/credits/class/%s/%s",
		                          view->transfer.deposit.cohort.text,
		                          view->transfer.deposit.person.text));
	curb_put_str(model, "programme", view->transfer.deposit.programme);
	curb_put(model, "facts", facts_of(view));
	curb_put_str(model, "reason", curb_req_field(req, "reason"));
	if (field)
		curb_put_str(model, field, error);
	else
		tell(req, model);
	return curb_reply_page(req, field ? 422 : 200, "transfer", model);
}

int transfer_page(struct curb_req *req, void *state)
{
	struct bank *b = state;
	struct view view;
	int err = open_view(req, b, BANK_READERS, &view);
	if (err)
		return err;
	const struct credit_class class = { .id = view.transfer.deposit.cohort, .institution = view.place };
	err = b->credit->note_look(b->credit, req, &view.transfer.deposit.person, &class);
	return err ? err : show(&view, NULL, curb_str(NULL));
}

/* ---- deciding ---- */

struct deciding {
	struct bank *b;
	struct curb_id id;
	struct transfer taking; /* back; its reason is known */
	struct curb_str refusal;
	struct transfer_act act;
	const char *done;
};

static int end(struct curb_tx *tx, void *arg)
{
	struct deciding *deciding = arg;
	return transfer_end(deciding->b, tx, curb_id_str(&deciding->id), deciding->refusal, &deciding->act);
}

static int ask_return(struct curb_tx *tx, void *arg)
{
	struct deciding *deciding = arg;
	int err = transfer_ask_return(deciding->b, tx, curb_id_str(&deciding->id), &deciding->taking,
	                              &deciding->act);
	return err;
}

static int answer(struct curb_req *req, void *arg)
{
	const struct deciding *deciding = arg;
	bool taking = curb_id_some(&deciding->taking.id);
	return curb_reply_redirect(
		req,
		curb_str(curb_printf(curb_req_arena(req), "/credits/transfers/%s?done=%s",
	                             taking ? deciding->taking.id.text : deciding->id.text, deciding->done)));
}

static struct deciding deciding_of(const struct view *view, const char *done)
{
	return (struct deciding){ .b = view->b,
		                  .id = view->transfer.id,
		                  .act = transfer_act_of(view->req, &view->place),
		                  .done = done };
}

int transfer_post_sign(struct curb_req *req, void *state)
{
	struct view view;
	int err = open_view(req, state, TRANSFER_SIGNERS, &view);
	if (err)
		return err;
	if (!curb_may(req, TRANSFER_SIGNERS, &view.transfer.recogniser))
		return curb_fail(CURB_EDENIED,
		                 "The institution that recognises the credits countersigns this");
	view.place = view.transfer.recogniser;
	struct deciding deciding = deciding_of(&view, "signed");
	if (transfer_signers(&view.transfer) == CURB_REVIEWER)
		deciding.act.role = "reviewer";
	return curb_write_reply(req, curb_id_str(&view.transfer.deposit.person), end, answer, &deciding);
}

/* The reason that was typed; absent, with its page sent, when it will not do. */
static struct curb_str read_reason(const struct view *view, const char *field, int *ret_err)
{
	struct curb_str reason = curb_str_trim(curb_req_field(view->req, "reason"));
	const char *wrong = !reason.len ? CURB_TEXT("Say why") :
	                    reason.len > TRANSFER_REASON_MOST ?
	                                  CURB_TEXT("This is too long; say it in a sentence or two") :
	                                  NULL;
	*ret_err = wrong ? show(view, field, curb_tr(view->req, wrong, NULL)) : 0;
	return wrong ? curb_str(NULL) : reason;
}

int transfer_post_refuse(struct curb_req *req, void *state)
{
	struct view view;
	int err = open_view(req, state, TRANSFER_SIGNERS, &view);
	if (err)
		return err;
	if (!may_refuse(&view))
		return curb_fail(CURB_EDENIED, "This is not for you to decide");
	struct deciding deciding = deciding_of(&view, "refused");
	deciding.refusal = read_reason(&view, "refuse_error", &err);
	if (!deciding.refusal.ptr)
		return err;
	return curb_write_reply(req, curb_id_str(&view.transfer.deposit.person), end, answer, &deciding);
}

int transfer_post_return(struct curb_req *req, void *state)
{
	struct view view;
	int err = open_view(req, state, TRANSFER_ASKERS, &view);
	if (err)
		return err;
	struct deciding deciding = deciding_of(&view, "asked");
	deciding.taking.reason = read_reason(&view, "return_error", &err);
	if (!deciding.taking.reason.ptr)
		return err;
	return curb_write_reply(req, curb_id_str(&view.transfer.deposit.person), ask_return, answer,
	                        &deciding);
}

/* ---- what waits ---- */

static struct curb_value *card_of(struct curb_req *req, struct bank *b, const struct transfer *transfer)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	curb_put_str(values, "name", bank_name(req, b, &transfer->recogniser, &transfer->deposit.person));
	curb_put_str(values, "programme", transfer->programme);
	curb_put_str(card, "title", curb_tr(req, "{name}: {programme}", values));
	curb_put_text(card, "href", curb_printf(arena, "/credits/transfers/%s", transfer->id.text));
	curb_put_str(card, "text",
	             curb_id_some(&transfer->returns) ? curb_tr(req, "To be taken back", NULL) :
	                                                curb_tr(req, "To be recognised", NULL));
	curb_push(facts, curb_string(arena, tr_one(req, CURB_TEXT("{credits} credits"), "credits",
	                                           credits_text(req, transfer->credits_c))));
	curb_put(card, "facts", facts);
	return card;
}

int transfer_cards(struct curb_req *req, struct bank *b, size_t most, struct curb_value *cards)
{
	const struct curb_id *institutions = NULL;
	size_t n = 0;
	int err = curb_req_institutions(req, TRANSFER_SIGNERS, &institutions, &n);
	for (size_t i = 0; !err && i < n && curb_value_count(cards) < most; i++) {
		const struct transfer_signer signer = { curb_req_user(req)->id,
			                                curb_may(req, CURB_REVIEWER, &institutions[i]) };
		struct transfer *waiting = NULL;
		size_t count = 0;
		err = transfers_waiting_at(b, curb_req_tx(req), &signer, &institutions[i],
		                           (int64_t)(most - curb_value_count(cards)), &waiting, &count);
		for (size_t k = 0; !err && k < count; k++)
			curb_push(cards, card_of(req, b, &waiting[k]));
	}
	return err;
}

int transfer_page_waiting(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *cards = curb_array(arena);
	int err = transfer_cards(req, state, WAITING_MOST, cards);
	if (err)
		return err;
	curb_put_bool(model, "full", curb_value_count(cards) == WAITING_MOST);
	curb_put_str(model, "title", curb_tr(req, "Credits of others to countersign", NULL));
	curb_put(model, "cards", cards);
	return curb_reply_page(req, 200, "waiting_credits", model);
}
