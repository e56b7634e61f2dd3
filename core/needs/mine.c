/* What belongs to the person alone: who may set her needs, who used them, a copy to take along, forgetting. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "http.h"
#include "pages.h"

enum { USES_SHOWN = 50 };
static const int64_t day_ms = 24LL * 3600 * 1000;

static const struct {
	const char *value, *text;
	int days;
} spans[] = {
	{ "day", CURB_TEXT("For one day"), 1 },
	{ "month", CURB_TEXT("For 30 days"), 30 },
	{ "year", CURB_TEXT("For a year"), 365 },
};
enum { SPANS = sizeof spans / sizeof *spans };

/* What was typed, when a form comes back with a mistake. */
struct typed {
	struct curb_str helper, until, copy;
	const char *helper_error, *until_error, *copy_error, *sure_error;
};

/* The day on the calendar of the place where people are: China has one clock. */
static struct curb_str day_words(struct curb_req *req, int64_t ms)
{
	return curb_words_day(req, (ms + 8 * 3600 * 1000) / day_ms);
}

/* ---- the lists ---- */

static int put_agreements(struct curb_req *req, struct curb_value *model, const char *name, bool helped)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct needs_agreement *agreements = NULL;
	size_t n = 0;
	int err = needs_agreements(curb_req_tx(req), &curb_req_user(req)->id, helped, curb_wall_ms(),
	                           &agreements, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena);
		curb_put_text(row, "id", helped ? agreements[i].other.text : agreements[i].id.text);
		curb_put_str(row, "name", agreements[i].name);
		curb_put_str(row, "until", day_words(req, agreements[i].until_ms));
		curb_put_str(row, "end", curb_tr(req, "Take it back from {name}", row));
		curb_push(rows, row);
	}
	curb_put(model, name, rows);
	return err;
}

static const char *deed_words(enum needs_deed deed)
{
	static const char *const words[NEEDS_DEEDS] = {
		[NEEDS_SET] = CURB_TEXT("changed it"),
		[NEEDS_UNDONE] = CURB_TEXT("made it as before"),
		[NEEDS_FORGOTTEN] = CURB_TEXT("had it forgotten"),
		[NEEDS_SEEN] = CURB_TEXT("looked at it"),
		[NEEDS_COPIED] = CURB_TEXT("took a copy"),
		[NEEDS_CONSENT] = CURB_TEXT("was allowed to set it"),
		[NEEDS_CONSENT_ENDED] = CURB_TEXT("is not allowed to set it any more"),
	};
	return words[deed];
}

static int put_uses(struct curb_req *req, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct needs_use *uses = NULL;
	size_t n = 0;
	int err = needs_uses(curb_req_tx(req), &curb_req_user(req)->id, USES_SHOWN, &uses, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *values = curb_object(arena);
		curb_put_str(values, "day", day_words(req, uses[i].at_ms));
		curb_put_str(values, "name", uses[i].own ? curb_tr(req, "You", NULL) : uses[i].actor);
		curb_put_str(values, "deed", curb_tr(req, deed_words(uses[i].deed), NULL));
		curb_put_str(row, "text", curb_tr(req, "{day}: {name} {deed}", values));
		curb_push(rows, row);
	}
	curb_put(model, "uses", rows);
	return err;
}

static void put_spans(struct curb_req *req, struct curb_value *model, struct curb_str chosen)
{
	struct curb_value *rows = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < SPANS; i++) {
		struct curb_value *row = curb_object(curb_req_arena(req));
		curb_put_text(row, "value", spans[i].value);
		curb_put_str(row, "label", curb_tr(req, spans[i].text, NULL));
		curb_put_bool(row, "selected", curb_str_is(chosen, spans[i].value));
		curb_push(rows, row);
	}
	curb_put(model, "spans", rows);
}

static void put_text(struct curb_value *model, const char *name, const char *text)
{
	if (text)
		curb_put_text(model, name, text);
}

static int show(struct curb_req *req, const struct typed *typed)
{
	struct needs_subject subject;
	int err = needs_subject(req, &subject);
	if (err)
		return err;
	struct curb_value *model = needs_page_model(req, &subject, CURB_TEXT("Your choices belong to you"));
	err = put_agreements(req, model, "given", false);
	if (!err)
		err = put_agreements(req, model, "helped", true);
	if (!err)
		err = put_uses(req, model);
	if (err)
		return err;
	put_spans(req, model, typed->until);
	curb_put_str(model, "helper", typed->helper);
	curb_put_str(model, "copy", typed->copy);
	put_text(model, "helper_error", typed->helper_error);
	put_text(model, "until_error", typed->until_error);
	put_text(model, "copy_error", typed->copy_error);
	put_text(model, "sure_error", typed->sure_error);
	bool wrong = typed->helper_error || typed->until_error || typed->copy_error || typed->sure_error;
	return curb_reply_page(req, wrong ? 400 : 200, "needs_mine", model);
}

int needs_get_mine(struct curb_req *req, void *state)
{
	static const struct typed nothing;
	(void)state;
	return show(req, &nothing);
}

/* ---- consent ---- */

struct consenting {
	struct curb_id person, consent;
	struct curb_str helper;
	int64_t until_ms, now_ms;
};

static int write_consent(struct curb_tx *tx, void *arg)
{
	const struct consenting *c = arg;
	return needs_consent(tx, &c->person, c->helper, c->until_ms, c->now_ms);
}

static int write_end(struct curb_tx *tx, void *arg)
{
	const struct consenting *c = arg;
	return needs_consent_end(tx, &c->person, &c->consent, c->now_ms);
}

static int to_mine(struct curb_req *req, void *arg)
{
	(void)arg;
	return curb_reply_redirect(req, curb_str(needs_place(req, "/needs", "/mine", true)));
}

static int days_of(struct curb_str until)
{
	for (size_t i = 0; i < SPANS; i++)
		if (curb_str_is(until, spans[i].value))
			return spans[i].days;
	return 0;
}

int needs_post_helper(struct curb_req *req, void *state)
{
	enum { NUMBER_MOST = 64 };
	(void)state;
	struct typed typed = { .helper = curb_req_field(req, "helper"),
		               .until = curb_req_field(req, "until") };
	struct consenting c = { .person = curb_req_user(req)->id,
		                .helper = curb_str_trim(typed.helper.ptr ? typed.helper : curb_str("")),
		                .now_ms = curb_wall_ms() };
	c.until_ms = c.now_ms + days_of(typed.until) * day_ms;
	int err = needs_herself(req);
	if (err)
		return err;
	if (c.until_ms == c.now_ms) {
		(void)curb_fail(CURB_EINVAL, "Choose until when");
		typed.until_error = curb_error_local();
		return show(req, &typed);
	}
	if (!c.helper.len)
		err = curb_fail(CURB_EINVAL, "Type the number that the helper signs in with");
	else if (c.helper.len > NUMBER_MOST)
		err = curb_fail(CURB_EINVAL, "This is too long for a number. Type only the number that the "
		                             "helper signs in with");
	else
		err = curb_write_reply(req, curb_id_str(&c.person), write_consent, to_mine, &c);
	if (err != CURB_EINVAL && err != CURB_ENOTFOUND)
		return err;
	typed.helper_error = curb_cstr(curb_req_arena(req), curb_str(curb_error_local()));
	return show(req, &typed);
}

int needs_post_helper_end(struct curb_req *req, void *state)
{
	(void)state;
	struct consenting c = { .person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	if (!curb_id_parse(curb_req_param(req, "id"), &c.consent))
		return curb_fail(CURB_ENOTFOUND, "This consent is not there any more; nobody can use it");
	return curb_write_reply(req, curb_id_str(&c.person), write_end, to_mine, &c);
}

/* ---- copies, forgetting ---- */

struct taking {
	struct curb_id person, actor;
	struct needs needs;
	int64_t now_ms;
};

static int write_copy(struct curb_tx *tx, void *arg)
{
	const struct taking *t = arg;
	return needs_keep(tx, &t->person, &t->actor, &t->needs, t->now_ms);
}

int needs_post_copy(struct curb_req *req, void *state)
{
	(void)state;
	struct typed typed = { .copy = curb_req_field(req, "copy") };
	struct taking t = { .person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	struct curb_str text = curb_str_trim(typed.copy.ptr ? typed.copy : curb_str(""));
	int err = needs_who(req, &t.actor);
	if (err)
		return err;
	if (!text.len)
		err = curb_fail(CURB_EINVAL,
		                "Open the file of your copy, copy all of its text, paste it here");
	else
		err = needs_parse(curb_req_arena(req), text, &t.needs);
	if (!err)
		return curb_write_reply(req, curb_id_str(&t.person), write_copy, to_mine, &t);
	typed.copy_error = curb_cstr(curb_req_arena(req), curb_str(curb_error_local()));
	return show(req, &typed);
}

static int write_forget(struct curb_tx *tx, void *arg)
{
	const struct taking *t = arg;
	return needs_forget(tx, &t->person, &t->actor, t->now_ms);
}

static int forgotten(struct curb_req *req, void *arg)
{
	int err = http_needs_cookie_set(req, NULL);
	return err ? err : to_mine(req, arg);
}

int needs_post_forget(struct curb_req *req, void *state)
{
	(void)state;
	struct typed typed = { 0 };
	struct taking t = { .person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	int err = needs_herself(req);
	if (err)
		return err;
	t.actor = t.person;
	if (curb_str_is(curb_req_field(req, "sure"), "yes"))
		return curb_write_reply(req, curb_id_str(&t.person), write_forget, forgotten, &t);
	(void)curb_fail(CURB_EINVAL, "Tick this first: what is forgotten does not come back");
	typed.sure_error = curb_error_local();
	return show(req, &typed);
}
