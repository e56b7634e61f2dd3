/* Asking to be erased, on one's own page; and how it stands, for whoever has the address, without signing in. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "erase.h"

/* ---- until when ---- */

static struct curb_str until_words(struct curb_req *req, const struct move *move, int64_t until_ms)
{
	if (until_ms == CURB_ERASURE_NEVER)
		return curb_tr(req,
		               "No rule has been entered here that says how long records are kept. Until one "
		               "is, nothing is erased.",
		               NULL);
	if (until_ms > curb_wall_ms())
		return curb_words_date(req, until_ms);
	return move->state == MOVE_DONE ?
	               curb_tr(req, "They are being erased now", NULL) :
	               curb_tr(req, "They are erased as soon as another person has agreed", NULL);
}

/* *ret_closed_ms: when the account was closed; 0: it is open. */
static int push_until(struct curb_req *req, struct credit *c, const struct move *move,
                      struct curb_value *facts, int64_t *ret_closed_ms)
{
	int64_t closed_ms = 0, until_ms = 0;
	int err = curb_person_left(curb_req_tx(req), &move->person, &closed_ms);
	*ret_closed_ms = closed_ms;
	if (err || move->state == MOVE_REFUSED || (move->state == MOVE_DONE && !closed_ms))
		return err;
	err = c->erasure->until(c->erasure, curb_req_tx(req), &move->person,
	                        closed_ms ? closed_ms : curb_wall_ms(), &until_ms);
	if (!err)
		credit_push_fact(req, facts, CURB_TEXT("The records are kept until"),
		                 until_words(req, move, until_ms));
	return err;
}

int erase_push_state(struct curb_req *req, struct credit *c, const struct move *move,
                     struct curb_value *facts)
{
	int64_t closed_ms = 0;
	int err = push_until(req, c, move, facts, &closed_ms);
	if (!err && move->state == MOVE_DONE && !closed_ms)
		credit_push_fact(req, facts, CURB_TEXT("The account"),
		                 curb_tr(req, "It was opened again: the records are kept after all", NULL));
	return err;
}

/* ---- for whoever has the address ---- */

static int find_by_address(struct curb_req *req, struct credit *c, struct move *ret_move)
{
	int err = move_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), ret_move);
	if (err == CURB_ENOTFOUND || (!err && ret_move->kind != MOVE_ERASE))
		return curb_fail(CURB_ENOTFOUND, "There is nothing under this address. If records were to be "
		                                 "erased under it, that is done: nothing of them is left");
	return err;
}

/* The proof that it was asked for and agreed to; once the records are erased there is no other. */
static int put_receipt(struct curb_req *req, struct credit *c, const struct move *move,
                       struct curb_value *model)
{
	int64_t entry = 0;
	struct curb_str text;
	int err = move_decision_entry(c, curb_req_tx(req), &move->id, &entry);
	if (err == CURB_ENOTFOUND)
		return 0;
	if (!err)
		err = curb_ledger_receipt(req, entry, &text);
	if (!err)
		curb_put_text(model, "receipt",
		              curb_printf(curb_req_arena(req), "/erasures/%s/receipt", move->id.text));
	if (err == CURB_EBUSY)
		curb_put_text(model, "later", curb_error_local());
	return err == CURB_EBUSY || err == CURB_EGONE ? 0 : err;
}

int erase_page_state(struct curb_req *req, void *state)
{
	struct credit *c = state;
	struct curb_value *model = curb_object(curb_req_arena(req)), *facts = curb_array(curb_req_arena(req));
	struct move move;
	int err = find_by_address(req, c, &move);
	if (!err)
		err = put_receipt(req, c, &move, model); /* the snapshot is a new one behind it */
	if (!err)
		err = find_by_address(req, c, &move);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Asked for on"), curb_words_date(req, move.asked_ms));
	credit_push_fact(req, facts, CURB_TEXT("State"), move_state_words(req, move.state));
	if (move.state != MOVE_ASKED)
		credit_push_fact(req, facts, CURB_TEXT("Decided on"), curb_words_date(req, move.decided_ms));
	if (move.words.len)
		credit_push_fact(req, facts, CURB_TEXT("Why it was refused"), move.words);
	err = erase_push_state(req, c, &move, facts);
	curb_put(model, "facts", facts);
	curb_put_bool(model, "waits", move.state == MOVE_ASKED);
	curb_put_text(model, "here", curb_printf(curb_req_arena(req), "/erasures/%s", move.id.text));
	curb_put_str(model, "title", curb_tr(req, "Records that are to be erased", NULL));
	return err ? err : curb_reply_page(req, 200, "erasure", model);
}

int erase_get_receipt(struct curb_req *req, void *state)
{
	struct curb_str text;
	struct move move;
	int64_t entry = 0;
	int err = find_by_address(req, state, &move);
	if (!err)
		err = move_decision_entry(state, curb_req_tx(req), &move.id, &entry);
	if (err == CURB_ENOTFOUND)
		return curb_fail(err, "Nobody has decided yet; the receipt is here once somebody has");
	if (!err)
		err = curb_ledger_receipt(req, entry, &text);
	if (err)
		return err;
	const struct curb_piece piece = { .bytes = text };
	const struct curb_body_info info = {
		.type = "text/plain; charset=utf-8",
		.filename = curb_str(
			curb_printf(curb_req_arena(req), "curbcut-%lld.tlog-proof", (long long)entry)),
	};
	return curb_reply_pieces(req, &piece, 1, &info);
}

/* ---- her own page ---- */

static int waiting_of(struct curb_req *req, struct credit *c, struct curb_id *ret_id)
{
	struct move *moves = NULL;
	size_t n = 0;
	int err = moves_of(c, curb_req_tx(req), &curb_req_user(req)->id, &moves, &n);
	*ret_id = (struct curb_id){ "" };
	for (size_t i = 0; !err && i < n; i++)
		if (moves[i].kind == MOVE_ERASE && moves[i].state == MOVE_ASKED)
			*ret_id = moves[i].id;
	return err;
}

static int show_mine(struct typed_form *form, struct credit *c, int status)
{
	struct curb_req *req = form->req;
	struct curb_value *facts = curb_array(curb_req_arena(req));
	const struct move wanted = { .kind = MOVE_ERASE, .person = curb_req_user(req)->id };
	struct curb_id waiting;
	int64_t closed_ms = 0;
	int err = waiting_of(req, c, &waiting);
	if (!err)
		err = push_until(req, c, &wanted, facts, &closed_ms);
	if (err)
		return err;
	if (curb_id_some(&waiting))
		curb_put_text(form->model, "waiting",
		              curb_printf(curb_req_arena(req), "/erasures/%s", waiting.text));
	curb_put(form->model, "facts", facts);
	curb_put_str(form->model, "title", curb_tr(req, "Have my records erased", NULL));
	return curb_reply_page(req, status, "erase", form->model);
}

int erase_page_mine(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	return show_mine(&form, state, 200);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct move_asking *asking = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/erasures/%s", asking->move.id.text)));
}

/* Whoever helps her asks in her place, and is told from her in the entry. */
int erase_post_mine(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	const struct curb_user *user = curb_req_user(req);
	struct curb_id helper = curb_req_helper(req);
	struct curb_str reason = typed_field(&form, "reason");
	int64_t now_ms = curb_wall_ms();
	struct move_asking asking = {
		.c = state,
		.move = { .id = curb_id_new(now_ms),
		          .person = user->id,
		          .kind = MOVE_ERASE,
		          .before = user->name,
		          .reason = reason.len ? reason : curb_tr(req, "The person asks for it", NULL),
		          .asked_by = curb_id_some(&helper) ? helper : user->id,
		          .asked_ms = now_ms },
		.role = curb_id_some(&helper) ? "helper" : "learner",
		.field = "reason",
	};
	int err = move_institution_of(req, state, &user->id, &asking.move.institution);
	if (err == CURB_ENOTFOUND)
		err = curb_fail(CURB_EUNFIT,
		                "Your account belongs to no institution whose staff could agree. "
		                "Call the supervision telephone");
	if (!err)
		err = curb_write_reply(req, curb_id_str(&user->id), move_ask, answer, &asking);
	if (err != CURB_EINVAL && err != CURB_EUNFIT && err != CURB_ECONFLICT)
		return err;
	typed_wrong_error(&form, "reason");
	return show_mine(&form, state, curb_err_status(err));
}
