#include "entering.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "http.h"

struct checking {
	const char *hash;
	struct curb_str password, address;
	enum people_lane lane;
};

static int check(void *arg)
{
	const struct checking *checking = arg;
	return people_password_check(checking->hash, checking->password, checking->lane, checking->address);
}

void entering_read(struct curb_req *req, struct entering *e)
{
	e->back = curb_req_field(req, "back");
	e->shared = curb_req_field(req, "shared").ptr != NULL;
	e->kept_path = curb_req_field(req, "kept_path");
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
	if (!err && !e->shared)
		err = people_device_keep(tx, e->device_token, &e->person, e->now_ms, e->device);
	return err;
}

static int next_step(struct curb_tx *tx, struct entering *e)
{
	e->next = 0;
	if (e->by == BY_CODE)
		e->next = PEOPLE_STEP_PASSWORD;
	struct curb_str data = e->by == BY_CODE ? curb_id_str(&e->code) : curb_str(NULL);
	if (e->next)
		return people_step_open(tx, &e->person, e->next, data, e->now_ms, e->token);
	return open_session(tx, e);
}

static int go_on(struct curb_tx *tx, void *arg)
{
	struct entering *e = arg;
	int err = e->try.name.ptr ? people_note_try(tx, &e->try, true, e->now_ms) : 0;
	if (!err && curb_id_some(&e->step.id))
		err = people_step_end(tx, &e->step.id);
	if (!err && e->by == BY_NEW_PASSWORD) {
		err = people_code_use(tx, &e->code, e->now_ms);
		if (!err)
			err = people_set_password(tx, &e->person, e->new_hash, e->new_pin);
	}
	return err ? err : next_step(tx, e);
}

static int note_bad(struct curb_tx *tx, void *arg)
{
	const struct entering *e = arg;
	return people_note_try(tx, &e->try, false, e->now_ms);
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

/* A code needs no hash: whoever has one never waits behind others. A password of twelve digits is looked at as well. */
static int try_code(struct curb_req *req, struct entering *e, struct curb_str text, bool *ret_good)
{
	int64_t wait_s = 0;
	*ret_good = false;
	if (!people_is_code(text))
		return 0;
	e->try.kind = PEOPLE_TRY_CODE;
	int err = people_try_allowed(curb_req_tx(req), &e->try, e->now_ms, &wait_s);
	if (!err)
		err = people_code_find(curb_req_tx(req), &e->person, text, e->now_ms, &e->code);
	if (err || !curb_id_some(&e->code))
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
	struct checking checking = { .hash = account->hash,
		                     .password = password,
		                     .address = e->try.address,
		                     .lane = e->try.device.ptr ? PEOPLE_LANE_KNOWN : PEOPLE_LANE_OTHER };
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

/* ---- what she sees next ---- */

int entering_reply(struct curb_req *req, struct entering *e)
{
	if (e->next == PEOPLE_STEP_PASSWORD)
		return signin_show_choose(req, 200, e, curb_str(e->token), NULL);
	int err = http_session_cookie(req, e->token, e->shared);
	if (!err && e->device[0])
		err = http_device_cookie(req, e->device);
	return err ? err : curb_reply_redirect(req, signin_safe_back(e->back));
}
