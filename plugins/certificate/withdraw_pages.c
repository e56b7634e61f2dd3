/* Withdrawing a certificate: asked for by one, countersigned by another; or a federation's own decision. */
#include "certificate.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"

struct withdrawal {
	struct certificate *c;
	struct withdrawing asked;
	struct curb_id made; /* result */
};

static void put_asked(struct curb_req *req, const struct issued *issued, struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	push_fact(req, facts, CURB_TEXT("Asked for by"), certificate_person(req, &issued->asked_by));
	push_fact(req, facts, CURB_TEXT("Reason"), issued->reason);
	push_fact(req, facts, CURB_TEXT("Then"),
	          issued->renew ?
	                  curb_tr(req, "A new certificate with the present name takes its place", NULL) :
	                  curb_tr(req, "There is no new certificate", NULL));
	curb_put(model, "asked", facts);
	if (strcmp(curb_req_user(req)->id.text, issued->asked_by.text) == 0)
		curb_put_str(model, "hindrance",
		             curb_tr(req,
		                     "You asked for this yourself, so another person must countersign it.",
		                     NULL));
	else if (sign_check(&curb_req_user(req)->id, &issued->asked_by, &issued->person) != 0)
		curb_put_str(model, "hindrance", curb_str(curb_error_local()));
	else
		curb_put_text(model, "sign",
		              curb_printf(curb_req_arena(req), "/certificates/%s/withdraw/countersign",
		                          issued->id.text));
	curb_put_text(model, "withdrawal", issued->withdrawal.text);
}

/* Whether a federation's word is enough: what it decides is done at once. */
static bool decides_alone(struct curb_req *req, const struct issued *issued)
{
	return strcmp(certificate_role(req, &issued->institution), "reviewer") == 0;
}

/* The errors stand at the reason and at the box of who decides alone; empty: none. */
static int show(struct curb_req *req, const struct issued *issued, struct curb_str error,
                struct curb_str unsure, int status)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	curb_put_str(model, "title",
	             tr_one(req, CURB_TEXT("Withdraw the certificate of {name}"), "name", issued->name));
	curb_put_text(model, "back", curb_printf(arena, "/certificates/%s", issued->id.text));
	curb_put(model, "facts", issued_facts(req, issued));
	if (curb_id_some(&issued->withdrawal))
		put_asked(req, issued, model);
	curb_put_text(model, "action", curb_printf(arena, "/certificates/%s/withdraw", issued->id.text));
	curb_put_bool(model, "alone", decides_alone(req, issued));
	curb_put_str(model, "reason", curb_req_field(req, "reason"));
	curb_put_bool(model, "renamed", certificate_renamed(req, issued));
	curb_put_bool(model, "renew", curb_str_is(curb_req_field(req, "renew"), "yes"));
	curb_put_str(model, "error", error);
	curb_put_str(model, "sure_error", unsure);
	return curb_reply_page(req, status, "withdraw", model);
}

static int find(struct curb_req *req, struct certificate *c, struct issued *ret)
{
	int err = issued_seen(req, c, CERTIFICATE_SIGNERS, ret);
	if (!err && ret->withdrawn_ms)
		return curb_fail(CURB_ECONFLICT, "This certificate was withdrawn meanwhile");
	return err;
}

int certificate_page_withdraw(struct curb_req *req, void *state)
{
	struct certificate *c = state;
	struct issued issued;
	int err = find(req, c, &issued);
	if (!err)
		err = issued_note_look(req, c, &issued);
	return err ? err : show(req, &issued, curb_str(NULL), curb_str(NULL), 200);
}

/* ---- asking and signing ---- */

static struct withdrawal withdrawal_of(struct curb_req *req, struct certificate *c,
                                       const struct issued *issued)
{
	return (struct withdrawal){ .c = c,
		                    .asked = { .id = issued->id,
		                               .by = curb_req_user(req)->id,
		                               .origin = certificate_origin(req),
		                               .role = certificate_role(req, &issued->institution),
		                               .alone = decides_alone(req, issued),
		                               .now_ms = curb_wall_ms() } };
}

static int ask(struct curb_tx *tx, void *arg)
{
	struct withdrawal *w = arg;
	return certificate_withdraw(w->c, tx, &w->asked, &w->made);
}

static int sign(struct curb_tx *tx, void *arg)
{
	struct withdrawal *w = arg;
	return certificate_withdraw_sign(w->c, tx, &w->asked, &w->made);
}

/* To the certificate that takes its place, where there is one. */
static int answer(struct curb_req *req, void *arg)
{
	const struct withdrawal *w = arg;
	bool renewed = curb_id_some(&w->made);
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/certificates/%s?done=%s",
	                                                     renewed ? w->made.text : w->asked.id.text,
	                                                     renewed ? "renewed" : "asked")));
}

int certificate_post_withdraw(struct curb_req *req, void *state)
{
	struct issued issued;
	int err = find(req, state, &issued);
	if (err)
		return err;
	struct withdrawal w = withdrawal_of(req, state, &issued);
	w.asked.reason = curb_str_trim(curb_req_field(req, "reason"));
	w.asked.renew = curb_str_is(curb_req_field(req, "renew"), "yes");
	if (!w.asked.reason.len)
		return show(req, &issued, curb_tr(req, "Say why it is withdrawn", NULL), curb_str(NULL), 400);
	if (w.asked.reason.len > REASON_MOST)
		return show(req, &issued, curb_tr(req, "This is too long; say it in a sentence or two", NULL),
		            curb_str(NULL), 400);
	if (w.asked.alone && !curb_str_is(curb_req_field(req, "sure"), "yes"))
		return show(req, &issued, curb_str(NULL),
		            curb_tr(req, "Tick the box when you are sure: it cannot be taken back", NULL),
		            400);
	return curb_write_reply(req, curb_id_str(&issued.id), ask, answer, &w);
}

int certificate_post_withdraw_sign(struct curb_req *req, void *state)
{
	struct issued issued;
	int err = find(req, state, &issued);
	if (err)
		return err;
	struct withdrawal w = withdrawal_of(req, state, &issued);
	w.asked.shown = curb_id_of(curb_req_field(req, "withdrawal"));
	return curb_write_reply(req, curb_id_str(&issued.id), sign, answer, &w);
}
