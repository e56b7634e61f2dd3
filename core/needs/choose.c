/* Choosing what helps: presets first, then each thing by itself; as before; keeping what a browser was told. */
#include <string.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "http.h"
#include "pages.h"

/* ---- presets ---- */

static int show_presets(struct curb_req *req, int status, const struct needs_subject *subject)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = needs_page_model(req, subject, CURB_TEXT("What helps you")),
			  *rows = curb_array(arena);
	const struct needs_preset *preset;
	for (size_t i = 0; (preset = needs_preset(i)); i++) {
		struct curb_value *row = curb_object(arena);
		curb_put_text(row, "name", preset->name);
		curb_put_str(row, "label", curb_tr(req, preset->label, NULL));
		curb_put_str(row, "help", curb_tr(req, preset->help, NULL));
		curb_put_bool(row, "checked", subject->now.helps >> i & 1);
		curb_push(rows, row);
	}
	curb_put(model, "presets", rows);
	return curb_reply_page(req, status, "needs", model);
}

int needs_get_presets(struct curb_req *req, void *state)
{
	(void)state;
	struct needs_subject subject;
	int err = needs_subject(req, &subject);
	return err ? err : show_presets(req, 200, &subject);
}

/* ---- keeping ---- */

struct change {
	struct needs_subject subject;
	struct curb_id actor;
	struct needs needs;
	enum { CHANGE_SET, CHANGE_UNDO } kind;
	int64_t now_ms;
	const char *page;
	const char *place; /* where to go on; NULL: to the page, where it is told that it is done */
};

static int write_change(struct curb_tx *tx, void *arg)
{
	const struct change *change = arg;
	const struct curb_id *person = &change->subject.person;
	/* Taken back meanwhile: at once means also now. */
	int err = change->subject.helped ? needs_may_help(tx, person, &change->actor, change->now_ms) : 0;
	if (err)
		return err;
	return change->kind == CHANGE_UNDO ?
	               needs_undo(tx, person, &change->actor, change->now_ms) :
	               needs_keep(tx, person, &change->actor, &change->needs, change->now_ms);
}

/* The browser's own is not offered any more to somebody who has just chosen. */
static int settle_cookie(struct curb_req *req)
{
	struct needs_cookie cookie;
	if (!http_needs_cookie(req, &cookie) || cookie.asked)
		return 0;
	cookie.asked = true;
	return http_needs_cookie_set(req, &cookie);
}

static int to_page(struct curb_req *req, const struct change *change)
{
	if (change->place)
		return curb_reply_redirect(req, curb_str(change->place));
	return curb_reply_redirect(req, curb_str(needs_place(req, change->subject.base, change->page, true)));
}

static int changed(struct curb_req *req, void *arg)
{
	const struct change *change = arg;
	int err = change->subject.helped ? 0 : settle_cookie(req);
	return err ? err : to_page(req, change);
}

static int change_cookie(struct curb_req *req, struct change *change)
{
	struct needs_cookie cookie = { 0 };
	bool there = http_needs_cookie(req, &cookie);
	if (change->kind == CHANGE_UNDO && !cookie.changed)
		return curb_fail(CURB_ENOTFOUND, "Nothing was changed that could be as before");
	struct needs next = change->kind == CHANGE_UNDO ? cookie.before : change->needs;
	if (!there || !needs_same(&next, &cookie.now)) {
		cookie.before = cookie.now;
		cookie.changed = true;
		cookie.asked = false;
	}
	cookie.now = next;
	int err = http_needs_cookie_set(req, &cookie);
	return err ? err : to_page(req, change);
}

static int make_change(struct curb_req *req, struct change *change)
{
	change->now_ms = curb_wall_ms();
	if (!change->subject.kept_with_person)
		return change_cookie(req, change);
	int err = needs_who(req, &change->actor);
	return err ? err :
	             curb_write_reply(req, curb_id_str(&change->subject.person), write_change, changed,
	                              change);
}

int needs_post_presets(struct curb_req *req, void *state)
{
	(void)state;
	struct change change = { .page = "" };
	int err = needs_subject(req, &change.subject);
	if (err)
		return err;
	const struct needs_preset *preset;
	change.needs = change.subject.now;
	change.needs.helps = 0;
	for (size_t i = 0; (preset = needs_preset(i)); i++)
		if (curb_str_is(curb_req_field(req, preset->name), "yes"))
			change.needs.helps |= 1u << i;
	return make_change(req, &change);
}

int needs_post_undo(struct curb_req *req, void *state)
{
	(void)state;
	struct change change = { .page = "", .kind = CHANGE_UNDO };
	int err = needs_subject(req, &change.subject);
	return err ? err : make_change(req, &change);
}

/* ---- each thing by itself ---- */

static struct curb_value *option(struct curb_req *req, const char *value, struct curb_str label,
                                 bool selected)
{
	struct curb_value *row = curb_object(curb_req_arena(req));
	curb_put_text(row, "value", value);
	curb_put_str(row, "label", label);
	curb_put_bool(row, "selected", selected);
	return row;
}

/* The first option of a detail: what the presets make of it. */
static struct curb_str unsaid(struct curb_req *req, const struct needs *now, enum needs_detail detail)
{
	const struct needs presets = { .helps = now->helps };
	const char *value = needs_holds(&presets, detail);
	if (!value)
		return curb_tr(req, "No choice", NULL);
	uint8_t n = needs_value(detail, curb_str(value));
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "value", curb_tr(req, needs_term(detail)->choices[n - 1].text, NULL));
	return curb_tr(req, "As chosen on the first page: {value}", values);
}

static struct curb_value *detail_row(struct curb_req *req, const struct needs *now, enum needs_detail detail,
                                     const char *error)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct needs_term *term = needs_term(detail);
	struct curb_value *row = curb_object(arena), *options = curb_array(arena);
	curb_push(options, option(req, "", unsaid(req, now, detail), !now->detail[detail]));
	for (uint8_t n = 0; n < NEEDS_CHOICES && term->choices[n].value; n++)
		curb_push(options,
		          option(req, term->choices[n].value, curb_tr(req, term->choices[n].text, NULL),
		                 now->detail[detail] == n + 1));
	curb_put_text(row, "name", term->name);
	curb_put_str(row, "label", curb_tr(req, term->label, NULL));
	curb_put_str(row, "help", curb_tr(req, term->help, NULL));
	curb_put(row, "options", options);
	if (error)
		curb_put_text(row, "error", error);
	return row;
}

/* `wrong`: the detail whose value was not one of the list, or NEEDS_DETAILS. */
static int show_details(struct curb_req *req, const struct needs_subject *subject, enum needs_detail wrong)
{
	struct curb_value *model = needs_page_model(req, subject, CURB_TEXT("Each thing by itself")),
			  *rows = curb_array(curb_req_arena(req));
	const char *error = wrong < NEEDS_DETAILS ? curb_error_local() : NULL;
	for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++)
		curb_push(rows, detail_row(req, &subject->now, d, d == wrong ? error : NULL));
	curb_put(model, "details", rows);
	return curb_reply_page(req, error ? 400 : 200, "needs_details", model);
}

/* In the simple layout each thing is a page of its own: ?ask=1 is the first. */
static enum needs_detail asked(struct curb_req *req)
{
	int64_t ask = 1;
	struct curb_str said = curb_req_field(req, "ask");
	if (!said.ptr)
		said = curb_req_query(req, "ask");
	if (!curb_str_int(said, &ask) || ask < 1 || ask > NEEDS_DETAILS)
		ask = 1;
	return (enum needs_detail)(ask - 1);
}

static const char *ask_place(struct curb_req *req, const struct needs_subject *subject, enum needs_detail ask)
{
	if (ask >= NEEDS_DETAILS)
		return needs_place(req, subject->base, "", true);
	const char *place = needs_place(req, subject->base, "/details", false);
	return curb_printf(curb_req_arena(req), "%s%cask=%d", place, strchr(place, '?') ? '&' : '?',
	                   (int)ask + 1);
}

static int show_one(struct curb_req *req, const struct needs_subject *subject, enum needs_detail ask,
                    bool wrong)
{
	struct curb_value *model = needs_page_model(req, subject, needs_term(ask)->label);
	const char *error = wrong ? curb_error_local() : NULL;
	curb_put_int(model, "number", ask + 1);
	curb_put_int(model, "count", NEEDS_DETAILS);
	curb_put_bool(model, "last", ask + 1 == NEEDS_DETAILS);
	curb_put_text(model, "skip", ask_place(req, subject, ask + 1));
	if (ask > 0)
		curb_put_text(model, "before", ask_place(req, subject, ask - 1));
	curb_put(model, "one", detail_row(req, &subject->now, ask, error));
	return curb_reply_page(req, error ? 400 : 200, "needs_one", model);
}

int needs_get_details(struct curb_req *req, void *state)
{
	(void)state;
	struct needs_subject subject;
	int err = needs_subject(req, &subject);
	if (err)
		return err;
	return curb_req_needs(req)->simple ? show_one(req, &subject, asked(req), false) :
	                                     show_details(req, &subject, NEEDS_DETAILS);
}

int needs_post_details(struct curb_req *req, void *state)
{
	(void)state;
	struct change change = { .page = "/details" };
	enum needs_detail wrong = NEEDS_DETAILS;
	int err = needs_subject(req, &change.subject);
	if (err)
		return err;
	change.needs = change.subject.now;
	for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++) {
		struct curb_str value = curb_req_field(req, needs_term(d)->name);
		if (!value.ptr)
			continue;
		change.needs.detail[d] = needs_value(d, value);
		if (value.len && !change.needs.detail[d])
			wrong = d;
	}
	if (curb_req_field(req, "ask").ptr)
		change.place = ask_place(req, &change.subject, asked(req) + 1);
	if (wrong == NEEDS_DETAILS)
		return make_change(req, &change);
	(void)curb_fail(CURB_EINVAL, "This is none of the choices. Choose one of the list");
	change.subject.now = change.needs;
	if (curb_req_field(req, "ask").ptr)
		return show_one(req, &change.subject, wrong, true);
	return show_details(req, &change.subject, wrong);
}

/* ---- what the browser was told, kept with the person ---- */

static int keep_cookie(struct curb_tx *tx, void *arg)
{
	const struct change *change = arg;
	return needs_keep(tx, &change->subject.person, &change->actor, &change->needs, change->now_ms);
}

int needs_post_keep(struct curb_req *req, void *state)
{
	(void)state;
	struct needs_cookie cookie;
	struct curb_str answer = curb_req_field(req, "answer");
	struct change change = { .subject.person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	bool told = http_needs_cookie(req, &cookie);
	if (!curb_str_is(answer, "keep") && !curb_str_is(answer, "no"))
		return curb_fail(CURB_EINVAL, "Press one of the two buttons");
	int err = 0;
	if (told && curb_str_is(answer, "keep")) {
		change.needs = cookie.now;
		err = needs_who(req, &change.actor);
		if (!err)
			err = curb_write(req, curb_id_str(&change.subject.person), keep_cookie, &change);
	}
	if (!err)
		err = settle_cookie(req);
	return err ? err : curb_reply_redirect(req, http_safe_back(curb_req_field(req, "back")));
}
