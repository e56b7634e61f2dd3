/* Who may help me, and whom I help. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"
#include "handlers.h"
#include "helpers.h"
#include "http.h"
#include "proof.h"

static void put_rows(struct curb_req *req, struct curb_value *model, const char *key,
                     const struct people_help *helps, size_t n, const char *end_label)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *item = curb_object(arena), *values = curb_object(arena);
		curb_put_str(values, "name", helps[i].name);
		curb_put_str(values, "day", curb_words_date(req, helps[i].from_ms));
		curb_put_str(item, "text", curb_tr(req, "{name}, since {day}", values));
		curb_put_str(item, "begin_label", curb_tr(req, "Help {name}", values));
		curb_put_str(item, "end_label", curb_tr(req, end_label, values));
		curb_put_text(item, "begin", curb_printf(arena, "/account/help/%s/begin", helps[i].id.text));
		curb_put_text(item, "end", curb_printf(arena, "/account/help/%s/end", helps[i].id.text));
		curb_push(items, item);
	}
	curb_put(model, key, items);
}

static int show(struct curb_req *req, int status, const char *error, const char *proof_error)
{
	const struct curb_user *user = curb_req_user(req);
	struct curb_value *model = account_model(req, CURB_TEXT("Help"));
	struct people_help *helps = NULL;
	size_t n = 0;
	int err = people_helpers_of(curb_req_tx(req), &user->id, &helps, &n);
	if (err)
		return err;
	put_rows(req, model, "helpers", helps, n, CURB_TEXT("End the help of {name}"));
	if (user->roles & CURB_HELPER) {
		err = people_helped_by(curb_req_tx(req), &user->id, &helps, &n);
		if (err)
			return err;
		put_rows(req, model, "helped", helps, n, CURB_TEXT("Stop helping {name}"));
		curb_put_bool(model, "is_helper", true);
	}
	curb_put_str(model, "helper", curb_req_field(req, "helper"));
	if (error)
		curb_put_text(model, "field_error", error);
	err = proof_put(req, model, proof_error, curb_req_field(req, "helper").len > 0);
	if (err)
		return err;
	curb_put_bool(model, "proof_first", curb_req_needs(req)->simple && !error && proof_asked(req));
	if (curb_req_query(req, "done").ptr)
		account_notice(req, model, "good",
		               curb_tr(req, "Done. What you chose holds from now on.", NULL));
	return curb_reply_page(req, status, "help_consent", model);
}

int signin_get_help(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, 200, NULL, NULL);
}

struct helping {
	struct curb_id who, before;
	struct curb_str name, help, agent;
	int64_t now_ms;
	char token[PEOPLE_TOKEN_SIZE];
};

static int allow(struct curb_tx *tx, void *arg)
{
	const struct helping *h = arg;
	return people_help_allow(tx, &h->who, h->name, h->now_ms);
}

int signin_post_help(struct curb_req *req, void *state)
{
	(void)state;
	struct helping h = { .who = curb_req_user(req)->id,
		             .name = curb_req_field(req, "helper"),
		             .now_ms = curb_wall_ms() };
	int err = proof_check(req);
	if (proof_refused(err))
		return show(req, err == CURB_ESLOW ? 429 : 422, NULL, curb_error_local());
	bool next = !h.name.ptr && curb_req_needs(req)->simple; /* one thing a page: the number */
	if (!err && next)
		return curb_reply_redirect(req, curb_str("/account/help"));
	if (!err)
		err = curb_write(req, curb_id_str(&h.who), allow, &h);
	if (err == CURB_ENOTFOUND || err == CURB_ECONFLICT)
		return show(req, 422, curb_error_local(), NULL);
	return err ? err : curb_reply_redirect(req, curb_str("/account/help?done=yes"));
}

static int end(struct curb_tx *tx, void *arg)
{
	const struct helping *h = arg;
	return people_help_end(tx, h->help, &h->who, h->now_ms);
}

int signin_post_help_end(struct curb_req *req, void *state)
{
	(void)state;
	struct helping h = { .who = curb_req_user(req)->id,
		             .help = curb_req_param(req, "id"),
		             .now_ms = curb_wall_ms() };
	int err = curb_write(req, curb_str(NULL), end, &h);
	return err ? err : curb_reply_redirect(req, curb_str("/account/help?done=yes"));
}

static int begin(struct curb_tx *tx, void *arg)
{
	struct helping *h = arg;
	int err = people_help_begin(tx, h->help, &h->who, h->now_ms, h->token);
	if (!err)
		err = people_session_describe(tx, curb_str(h->token), h->agent);
	return err ? err : people_session_end(tx, &h->before, h->now_ms);
}

/* The helper's own session ends: one browser, one person at a time. */
int signin_post_help_begin(struct curb_req *req, void *state)
{
	(void)state;
	struct helping h = { .who = curb_req_user(req)->id,
		             .before = http_session(req)->id,
		             .help = curb_req_param(req, "id"),
		             .agent = curb_req_header(req, "User-Agent"),
		             .now_ms = curb_wall_ms() };
	int err = curb_write(req, curb_str(NULL), begin, &h);
	if (!err)
		err = http_session_cookie(req, h.token, true);
	return err ? err : curb_reply_redirect(req, curb_str("/"));
}
