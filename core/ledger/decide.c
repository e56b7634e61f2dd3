/* Where an auditor decides how a ledger goes on whose database is not the one that was signed. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "http.h"
#include "inside.h"
#include "serve.h"

struct deciding {
	struct ledger *ledger;
	struct ledger_decision decision;
};

static void fact(struct curb_req *req, struct curb_value *facts, const char *term, uint64_t n)
{
	struct curb_value *one = curb_object(curb_req_arena(req));
	curb_put_str(one, "term", curb_tr(req, term, NULL));
	curb_put_text(one, "text", curb_printf(curb_req_arena(req), "%llu", (unsigned long long)n));
	curb_push(facts, one);
}

/* Whoever runs the machine can put another database in the place of one: she does not decide on it as well. */
static int check_apart(struct curb_req *req)
{
	return curb_req_user(req)->roles & CURB_ADMIN ?
	               curb_fail(CURB_EDENIED, "You also run this machine, so another auditor must decide") :
	               0;
}

static int show(struct curb_req *req, struct ledger *ledger, int status, struct curb_value *errors)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	struct ledger_state state;
	ledger_state(ledger, &state);
	if (ledger_held(ledger)) {
		curb_put_text(model, "held", curb_error_local());
		curb_put_str(model, "checkpoint", ledger_checkpoint(ledger, arena).note);
		if (check_apart(req))
			curb_put_text(model, "apart", curb_error_local());
	}
	fact(req, facts, CURB_TEXT("Entries in the database"), state.entries);
	fact(req, facts, CURB_TEXT("Entries under the last checkpoint"), state.signed_size);
	fact(req, facts, CURB_TEXT("Entries that the witnesses have signed"), state.witnessed_size);
	curb_put(model, "facts", facts);
	curb_put(model, "e", errors);
	curb_put_str(model, "reason", curb_req_field(req, "reason"));
	curb_put_bool(model, "done", curb_str_is(curb_req_query(req, "done"), "yes"));
	curb_put_str(model, "title", curb_tr(req, "How the ledger goes on", NULL));
	return curb_reply_page(req, status, "ledger_decision", model);
}

int ledger_page_decision(struct curb_req *req, void *state)
{
	int err = ledger_may_see_entries(req);
	return err ? err : show(req, state, 200, curb_object(curb_req_arena(req)));
}

static int renew(void *arg)
{
	struct deciding *deciding = arg;
	return ledger_renew(deciding->ledger, &deciding->decision);
}

int ledger_post_decision(struct curb_req *req, void *state)
{
	struct curb_value *errors = curb_object(curb_req_arena(req));
	struct deciding deciding = { .ledger = state,
		                     .decision = { .reason = curb_str_trim(curb_req_field(req, "reason")),
		                                   .by = curb_req_user(req)->id } };
	int err = ledger_may_see_entries(req);
	if (!err)
		err = check_apart(req);
	if (err)
		return err;
	if (deciding.decision.reason.len == 0)
		curb_put_str(errors, "reason", curb_tr(req, "Say what happened, and how you know it", NULL));
	else if (deciding.decision.reason.len > LEDGER_REASON)
		curb_put_str(errors, "reason",
		             curb_tr(req, "This is too long; say it in a few sentences", NULL));
	if (!curb_str_is(curb_req_field(req, "sure"), "yes"))
		curb_put_str(errors, "sure", curb_tr(req, "Tick this once you have looked", NULL));
	if (curb_value_count(errors))
		return show(req, state, 400, errors);
	err = http_without_permit(req, renew, &deciding);
	return err ? err : curb_reply_redirect(req, curb_str("/ledger/decision?done=yes"));
}
