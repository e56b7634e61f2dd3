#include "proof.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "factor.h"
#include "handlers.h"
#include "http.h"
#include "signing.h"

struct proving {
	struct curb_id person, session;
	struct curb_str typed;
	struct people_try try;
	struct people_factor_good good; /* by the number of the second step */
	char hash[PEOPLE_HASH_SIZE];    /* by the password */
	bool by_number, ok;
	int64_t now_ms;
};

static struct curb_str place_of(const struct proving *p)
{
	return curb_id_str(&p->session);
}

bool proof_asked(struct curb_req *req)
{
	return !people_session_proved(http_session(req), curb_wall_ms());
}

bool proof_refused(int err)
{
	return err == CURB_EAUTH || err == CURB_EINVAL || err == CURB_ESLOW;
}

static void put_notice(struct curb_req *req, struct curb_value *model, bool more)
{
	if (more)
		account_notice(req, model, "error",
		               curb_tr(req,
		                       "Please look at the item below. Type the password again; what else "
		                       "you wrote is still here.",
		                       NULL));
	else
		account_password_again(req, model);
}

int proof_put(struct curb_req *req, struct curb_value *model, const char *error, bool more)
{
	bool by_number = false;
	if (!proof_asked(req))
		return 0;
	int err = people_factor_has(curb_req_tx(req), &curb_req_user(req)->id, &by_number);
	if (err)
		return err;
	curb_put_bool(model, "proof", true);
	curb_put_bool(model, "proof_number", by_number);
	if (error)
		curb_put_text(model, "proof_error", error);
	if (error && !by_number)
		put_notice(req, model, more);
	return 0;
}

/* ---- in the writer ---- */

static int take_try(struct curb_tx *tx, void *arg)
{
	const struct proving *p = arg;
	return people_take_try(tx, &p->try, p->now_ms);
}

static int note(struct curb_tx *tx, void *arg)
{
	const struct proving *p = arg;
	int err = p->by_number ? people_factor_use(tx, &p->person, &p->good, p->now_ms) : 0;
	if (!err)
		err = people_note_try(tx, &p->try, p->ok, p->now_ms);
	return err || !p->ok ? err : people_session_prove(tx, &p->session, p->now_ms);
}

/* ---- the two ways ---- */

static int check_number(struct curb_req *req, struct proving *p)
{
	int err = curb_write(req, curb_id_str(&p->person), take_try, p);
	if (!err)
		err = people_factor_check(curb_req_tx(req), &p->person, p->typed, p->now_ms, &p->good);
	p->ok = err == 0;
	return err ? err : curb_write(req, curb_id_str(&p->person), note, p);
}

static int check_hash(void *arg)
{
	const struct proving *p = arg;
	return people_password_check(p->hash, p->typed, PEOPLE_LANE_KNOWN, place_of(p));
}

static int check_password(struct curb_req *req, struct proving *p)
{
	struct people_account account;
	int64_t wait_s = 0;
	int err = people_try_allowed(curb_req_tx(req), &p->try, p->now_ms, &wait_s);
	if (!err)
		err = people_account_of(curb_req_tx(req), &p->person, &account);
	if (err)
		return err;
	memcpy(p->hash, account.hash, sizeof p->hash);
	err = http_without_permit(req, check_hash, p);
	if (err && err != CURB_EAUTH)
		return err;
	p->ok = err == 0;
	err = curb_write(req, curb_id_str(&p->person), note, p);
	if (err || p->ok)
		return err;
	return curb_fail(CURB_EAUTH, "This is not your password of now. Try again");
}

int proof_check(struct curb_req *req)
{
	struct proving p = { .person = curb_req_user(req)->id,
		             .session = http_session(req)->id,
		             .typed = curb_req_field(req, "proof"),
		             .now_ms = curb_wall_ms() };
	if (!proof_asked(req))
		return 0;
	p.try = (struct people_try){ .kind = PEOPLE_TRY_PROOF,
		                     .name = curb_id_str(&p.person),
		                     .address = place_of(&p) };
	int err = people_factor_has(curb_req_tx(req), &p.person, &p.by_number);
	if (err)
		return err;
	if (!p.typed.len)
		return p.by_number ? curb_fail(CURB_EINVAL, "Type the six digits that your app shows") :
		                     curb_fail(CURB_EINVAL, "Type your password or PIN of now");
	return p.by_number ? check_number(req, &p) : check_password(req, &p);
}
