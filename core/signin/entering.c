#include "entering.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "http.h"
#include "visits.h"

struct checking {
	const char *hash;
	struct curb_str password, place;
	enum people_lane lane;
};

static int check(void *arg)
{
	const struct checking *checking = arg;
	return people_password_check(checking->hash, checking->password, checking->lane, checking->place);
}

void entering_read(struct curb_req *req, struct entering *e)
{
	e->back = curb_req_field(req, "back");
	e->shared = curb_req_field(req, "shared").ptr != NULL;
	e->kept = curb_req_field(req, "kept");
}

/* ---- in the writer ---- */

static int open_session(struct curb_tx *tx, struct entering *e)
{
	int err = people_session_open(tx, &e->person, e->shared, e->now_ms, e->token);
	if (!err)
		err = people_session_describe(tx, curb_str(e->token), e->agent);
	/* Its cookie is written over: nobody could sign out of it any more. */
	if (!err && curb_id_some(&e->before))
		err = people_session_end(tx, &e->before, e->now_ms);
	if (!err && !e->shared && !e->program)
		err = people_device_keep(tx, e->device_token, &e->person, e->now_ms, e->device);
	return err;
}

/* What is still asked of her behind the step that she took. */
static int what_next(struct curb_tx *tx, struct entering *e)
{
	bool has = false;
	struct curb_user user;
	e->next = 0;
	if (e->by == BY_CODE)
		e->next = PEOPLE_STEP_PASSWORD;
	if (e->by != BY_PASSWORD && e->by != BY_NEW_PASSWORD)
		return 0;
	int err = people_factor_has(tx, &e->person, &has);
	if (!err)
		err = curb_person_find(tx, curb_id_str(&e->person), e->now_ms, &user);
	if (err)
		return err;
	if (has)
		e->next = PEOPLE_STEP_SECOND;
	else if (e->options->second_factor && (user.roles & PEOPLE_MOVES_HOURS))
		e->next = PEOPLE_STEP_ENROL;
	return 0;
}

static int next_step(struct curb_tx *tx, struct entering *e)
{
	int err = what_next(tx, e);
	if (err)
		return err;
	struct curb_str data = curb_str(NULL);
	if (e->next == PEOPLE_STEP_PASSWORD)
		data = curb_id_str(&e->code);
	if (e->next == PEOPLE_STEP_ENROL) {
		people_totp_secret(e->secret);
		data = curb_str(e->secret);
	}
	if (e->next)
		return people_step_open(tx, &e->person, e->next, data, e->now_ms, e->token);
	return open_session(tx, e);
}

/* Whoever had the old one is signed out everywhere. */
static int set_password(struct curb_tx *tx, const struct entering *e)
{
	static const struct curb_id none;
	int err = people_code_use(tx, &e->code, e->now_ms);
	if (!err)
		err = people_set_password(tx, &e->person, e->new_hash, e->new_pin);
	if (!err)
		err = people_visits_end(tx, &e->person, &none, e->now_ms);
	return err ? err : people_device_forget(tx, &e->person, curb_str(NULL));
}

static int use_passkey(struct curb_tx *tx, const struct entering *e)
{
	int err = people_challenge_spend(tx, e->challenge, e->now_ms);
	return err ? err : people_passkey_used(tx, &e->passkey, e->counter, e->now_ms);
}

/* What the step itself changes. */
static int take_step(struct curb_tx *tx, struct entering *e)
{
	switch (e->by) {
	case BY_NEW_PASSWORD: return set_password(tx, e);
	case BY_SECOND: return people_factor_use(tx, &e->person, &e->second, e->now_ms);
	case BY_ENROLLING:
		return people_factor_set(tx, &e->person, e->step.data, e->second.step, e->now_ms,
		                         e->recoveries);
	case BY_PASSKEY: return use_passkey(tx, e);
	case BY_PASSWORD:
	case BY_CODE: break;
	}
	return 0;
}

static int go_on(struct curb_tx *tx, void *arg)
{
	struct entering *e = arg;
	int err = e->try.name.ptr ? people_note_try(tx, &e->try, true, e->now_ms) : 0;
	if (!err && curb_id_some(&e->step.id))
		err = people_step_end(tx, &e->step.id);
	if (!err)
		err = take_step(tx, e);
	return err ? err : next_step(tx, e);
}

static int note_bad(struct curb_tx *tx, void *arg)
{
	const struct entering *e = arg;
	return people_note_try(tx, &e->try, false, e->now_ms);
}

static int take_try(struct curb_tx *tx, void *arg)
{
	const struct entering *e = arg;
	return people_take_try(tx, &e->try, e->now_ms);
}

/* ---- the way in ---- */

int entering_go_on(struct curb_req *req, struct entering *e)
{
	e->now_ms = curb_wall_ms();
	e->device_token = http_device(req);
	e->agent = curb_req_header(req, "User-Agent");
	if (http_session(req))
		e->before = http_session(req)->id;
	return curb_write(req, curb_id_str(&e->person), go_on, e);
}

int entering_note_bad(struct curb_req *req, struct entering *e)
{
	e->now_ms = curb_wall_ms();
	return curb_write(req, curb_str(NULL), note_bad, e);
}

/* A code needs no hash, and its 40 bits no slowing: whoever has one never waits behind others, not even behind those who try
 * codes where she is. A password of twelve digits is looked at as well. */
static int try_code(struct curb_req *req, struct entering *e, struct curb_str text, bool *ret_good)
{
	int64_t wait_s = 0;
	*ret_good = false;
	if (!people_is_code(text))
		return 0;
	e->try.kind = PEOPLE_TRY_CODE;
	int err = people_code_find(curb_req_tx(req), &e->person, text, e->now_ms, &e->code);
	if (!err && !curb_id_some(&e->code))
		return people_try_allowed(curb_req_tx(req), &e->try, e->now_ms, &wait_s);
	if (err)
		return err;
	e->by = BY_CODE;
	*ret_good = true;
	return entering_go_on(req, e);
}

static int try_password(struct curb_req *req, struct entering *e, const struct people_account *account,
                        struct curb_str password)
{
	int64_t wait_s = 0;
	bool code = people_is_code(password);
	e->try.kind = people_is_pin(password) ? PEOPLE_TRY_PIN : PEOPLE_TRY_PASSWORD;
	int err = people_try_allowed(curb_req_tx(req), &e->try, e->now_ms, &wait_s);
	if (err)
		return err;
	bool known = e->try.device.ptr != NULL;
	struct checking checking = { .hash = account->hash,
		                     .password = password,
		                     .place = known ? e->try.device : e->try.address,
		                     .lane = known ? PEOPLE_LANE_KNOWN : PEOPLE_LANE_OTHER };
	err = http_without_permit(req, check, &checking);
	if (!err) {
		e->by = BY_PASSWORD;
		return entering_go_on(req, e);
	}
	if (err != CURB_EAUTH)
		return err;
	if (code)
		e->try.kind = PEOPLE_TRY_CODE;
	err = entering_note_bad(req, e);
	return err ? err :
	             curb_fail(CURB_EAUTH,
	                       "That did not match. Try again, or ask your teacher for a sign-in code");
}

int entering_by_password(struct curb_req *req, struct entering *e, struct curb_str password)
{
	struct people_account account;
	bool done = false;
	e->now_ms = curb_wall_ms();
	e->try = (struct people_try){ .name = e->name, .address = http_address(req) };
	if (e->name.len == 0 || password.len == 0)
		return curb_fail(CURB_EINVAL, "Type your learner number or phone, and your password or PIN");
	int err = people_account_find(curb_req_tx(req), e->name, &account);
	if (err)
		return err;
	e->person = account.id;
	err = people_device_known(curb_req_tx(req), http_device(req), &e->person, e->now_ms, &e->try.device);
	if (!err)
		err = try_code(req, e, password, &done);
	return err || done ? err : try_password(req, e, &account, password);
}

/* ---- the steps behind ---- */

int entering_step(struct curb_req *req, struct entering *e, struct curb_str token, enum people_step_kind kind)
{
	int err = people_step_find(curb_req_tx(req), token, curb_wall_ms(), &e->step);
	if (!err && e->step.kind != kind)
		err = curb_fail(CURB_EAUTH, "This page is a day old. Sign in once more; nothing is lost");
	if (!err)
		e->person = e->step.person;
	return err;
}

int entering_by_second(struct curb_req *req, struct entering *e, struct curb_str number)
{
	e->by = BY_SECOND;
	e->now_ms = curb_wall_ms();
	e->try = (struct people_try){ .kind = people_is_recovery(number) ? PEOPLE_TRY_RECOVERY :
		                                                           PEOPLE_TRY_SECOND,
		                      .name = curb_id_str(&e->person),
		                      .address = http_address(req) };
	int err = people_device_known(curb_req_tx(req), http_device(req), &e->person, e->now_ms,
	                              &e->try.device);
	if (!err)
		err = curb_write(req, curb_id_str(&e->person), take_try, e);
	if (!err)
		err = people_factor_check(curb_req_tx(req), &e->person, number, e->now_ms, &e->second);
	return err ? err : entering_go_on(req, e);
}

int entering_by_enrolling(struct curb_req *req, struct entering *e, struct curb_str number)
{
	e->by = BY_ENROLLING;
	e->now_ms = curb_wall_ms();
	e->second.step = people_totp_match(e->step.data, number, e->now_ms);
	if (!e->second.step)
		return curb_fail(
			CURB_EAUTH,
			"This number did not match. Look at the app and type the six digits it shows now");
	return entering_go_on(req, e);
}

/* ---- what she sees next ---- */

static int set_cookies(struct curb_req *req, const struct entering *e)
{
	int err = http_session_cookie(req, e->token, e->shared);
	return !err && e->device[0] ? http_device_cookie(req, e->device) : err;
}

int entering_reply(struct curb_req *req, struct entering *e)
{
	struct curb_str token = curb_str(e->token);
	switch (e->next) {
	case PEOPLE_STEP_PASSWORD: return signin_show_choose(req, 200, e, token, NULL);
	case PEOPLE_STEP_SECOND: return signin_show_second(req, 200, e, token, NULL);
	case PEOPLE_STEP_ENROL: return signin_show_enrol(req, 200, e, token, curb_str(e->secret), NULL);
	default: break;
	}
	int err = set_cookies(req, e);
	if (!err && e->by == BY_ENROLLING)
		return signin_show_recoveries(req, e);
	if (!err && e->kept.len && http_show_kept(req, e->token, e->kept) == 0)
		return 0;
	return err ? err : curb_reply_redirect(req, http_safe_back(e->back));
}
