#include <string.h>

#include "access_embedded.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "curb/words.h"
#include "http.h"
#include "inside.h"

enum { BODY_MOST = 65536, PAGE_MOST = 300 };

struct curb_str access_day(struct curb_req *req, int64_t ms)
{
	return curb_words_date(req, ms);
}

struct curb_str access_typed(struct curb_req *req, const char *field)
{
	struct curb_str from = curb_str_trim(curb_req_field(req, field));
	char *to = curb_alloc(curb_req_arena(req), from.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < from.len; i++)
		if (from.ptr[i] != '\r')
			to[n++] = from.ptr[i];
	return curb_str_n(to, n);
}

/* ---- the report ---- */

static struct curb_value *titled(struct curb_req *req, const char *title)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title", curb_tr(req, title, NULL));
	return model;
}

struct form {
	struct curb_str page, text, contact;
	const char *page_error, *text_error, *contact_error;
};

static int put_own(struct curb_req *req, struct curb_value *model)
{
	const struct curb_user *user = curb_req_user(req);
	struct barrier *list = NULL;
	size_t n = 0;
	int64_t page = 1, total = 0;
	if (!curb_id_some(&user->id))
		return 0;
	int err = access_read_page(req, "reports", &page);
	if (!err)
		err = barrier_list(curb_req_tx(req), &user->id, (page - 1) * ACCESS_PAGE, ACCESS_PAGE, &list,
		                   &n);
	if (!err)
		err = barrier_count(curb_req_tx(req), &user->id, &total);
	struct curb_value *own = curb_array(curb_req_arena(req));
	for (size_t i = 0; !err && i < n; i++)
		curb_push(own, access_barrier_model(req, &list[i]));
	if (err)
		return err;
	curb_put(model, "own", own);
	curb_put_pager(req, model, "/accessibility?reports={page}#answers", page, ACCESS_PAGE, total);
	return 0;
}

static int show(struct curb_req *req, const struct access *access, int status, const struct form *form)
{
	struct curb_value *model = titled(req, CURB_TEXT("Accessibility"));
	curb_put_str(model, "answer_by",
	             access_day(req, curb_wall_ms() + ACCESS_ANSWER_DAYS * (int64_t)24 * 3600 * 1000));
	curb_put_int(model, "days", ACCESS_ANSWER_DAYS);
	curb_put_str(model, "page", form->page);
	curb_put_str(model, "text", form->text);
	curb_put_str(model, "contact", form->contact);
	if (form->page_error)
		curb_put_str(model, "page_error", curb_tr(req, form->page_error, NULL));
	if (form->text_error)
		curb_put_str(model, "text_error", curb_tr(req, form->text_error, NULL));
	if (form->contact_error)
		curb_put_str(model, "contact_error", curb_tr(req, form->contact_error, NULL));
	report_summary(req, access, model);
	int err = put_own(req, model);
	return err ? err : curb_reply_page(req, status, "accessibility", model);
}

static int get_report(struct curb_req *req, void *state)
{
	struct form form = { .page = curb_req_query(req, "from") };
	if (form.page.len > PAGE_MOST || !curb_str_starts(form.page, "/"))
		form.page = (struct curb_str){ NULL, 0 };
	return show(req, state, 200, &form);
}

static int get_criteria(struct curb_req *req, void *state)
{
	struct curb_value *model = titled(req, CURB_TEXT("Criteria of accessibility, one by one"));
	report_criteria(req, state, model);
	return curb_reply_page(req, 200, "accessibility_criteria", model);
}

static int get_journey(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	int err = report_journey(req, state, curb_req_param(req, "id"), model);
	return err ? err : curb_reply_page(req, 200, "accessibility_journey", model);
}

static int get_picture(struct curb_req *req, void *state)
{
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(0);
	int err = report_picture(state, curb_req_param(req, "name"), &bytes);
	return err ? err : curb_reply_bytes(req, 200, "image/jpeg", &bytes);
}

static int get_data(struct curb_req *req, void *state)
{
	const struct access *access = state;
	if (!access->report)
		return curb_fail(CURB_ENOTFOUND, "No report was made for this server yet");
	CURB_AUTO(buf) struct curb_buf body = curb_buf(8 << 20);
	struct curb_json j = curb_json(&body);
	curb_json_value(&j, access->report);
	return curb_reply_json(req, 200, &body);
}

/* ---- reporting a barrier ---- */

/* False when more came from this address within the hour than one school would send. */
static bool may_report(struct access *access, struct curb_str address, int64_t now_ms)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < address.len; i++)
		hash = (hash ^ (unsigned char)address.ptr[i]) * 16777619u;
	int64_t hour = now_ms / 3600000;
	CURB_LOCKED(lock, &access->mutex);
	if (access->slots[hash % ACCESS_SLOTS].hour != hour)
		access->slots[hash % ACCESS_SLOTS].count = 0;
	access->slots[hash % ACCESS_SLOTS].hour = hour;
	return access->slots[hash % ACCESS_SLOTS].count++ < ACCESS_AN_HOUR;
}

struct adding {
	struct barrier barrier;
	int64_t now_ms;
};

static int add(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	return barrier_add(tx, &adding->barrier, adding->now_ms);
}

static int answer_added(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	struct curb_str code = adding->barrier.code;
	return curb_reply_redirect(req,
	                           curb_str(curb_printf(curb_req_arena(req), "/accessibility/reports/%.*s",
	                                                (int)code.len, code.ptr)));
}

static void check(struct form *form)
{
	if (form->text.len == 0)
		form->text_error = CURB_TEXT("Write what was difficult. One sentence is enough");
	else if (curb_utf8_count(form->text) > ACCESS_TEXT_MOST)
		form->text_error = CURB_TEXT(
			"This is longer than 4,000 characters. Write it shorter, or in two reports");
	if (curb_utf8_count(form->page) > PAGE_MOST)
		form->page_error = CURB_TEXT("This is longer than 300 characters. Write it shorter");
	if (curb_utf8_count(form->contact) > PAGE_MOST)
		form->contact_error = CURB_TEXT("This is longer than 300 characters. Write it shorter");
}

static int post_report(struct curb_req *req, void *state)
{
	struct form form = { .page = access_typed(req, "page"),
		             .text = access_typed(req, "text"),
		             .contact = access_typed(req, "contact") };
	check(&form);
	if (form.text_error || form.page_error || form.contact_error)
		return show(req, state, 400, &form);
	struct adding adding = { .barrier = { .page = form.page,
		                              .text = form.text,
		                              .contact = form.contact,
		                              .person = curb_req_user(req)->id },
		                 .now_ms = curb_wall_ms() };
	if (!may_report(state, http_address(req), adding.now_ms))
		return curb_fail(CURB_ESLOW,
		                 "Many reports came from here within this hour. Try again in an hour");
	int err = curb_write_reply(req, curb_str(NULL), add, answer_added, &adding);
	if (!err && curb_id_some(&adding.barrier.id))
		curb_log(CURB_INFO, "barrier_reported id=%s", adding.barrier.id.text);
	return err;
}

/* The number of a report as it was read or heard: any case, blanks for dashes. */
static struct curb_str code_typed(struct curb_req *req, struct curb_str typed)
{
	char *code = curb_alloc(curb_req_arena(req), typed.len * 2 + 1);
	size_t n = 0, signs = 0;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.ptr[i];
		if (c == ' ' || c == '-')
			continue;
		if (signs && signs % 4 == 0)
			code[n++] = '-';
		code[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
		signs++;
	}
	return curb_str_n(code, n);
}

static int show_one(struct curb_req *req, struct curb_str code)
{
	struct barrier barrier;
	int err = barrier_by_code(curb_req_tx(req), code_typed(req, code), &barrier);
	if (err)
		return err;
	struct curb_value *model = titled(req, CURB_TEXT("Your report"));
	curb_put(model, "barrier", access_barrier_model(req, &barrier));
	err = access_put_answers(req, &barrier, model);
	if (!err)
		err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, 200, "accessibility_one", model);
}

static int get_by_code(struct curb_req *req, void *state)
{
	(void)state;
	return show_one(req, curb_req_param(req, "code"));
}

/* The form that asks for a number. */
static int get_by_form(struct curb_req *req, void *state)
{
	(void)state;
	return show_one(req, curb_req_query(req, "code"));
}

const struct curb_route access_routes[] = {
	{ "GET", "/accessibility", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_report,
	  CURB_LANE_ANY },
	{ "GET", "/accessibility/criteria", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_criteria,
	  CURB_LANE_ANY },
	{ "GET", "/accessibility/report.json", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_data,
	  CURB_LANE_ANY },
	{ "GET", "/accessibility/journeys/:id", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  get_journey, CURB_LANE_ANY },
	{ "GET", "/accessibility/pictures/:name", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  get_picture, CURB_LANE_ANY },
	{ "GET", "/accessibility/reports", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_by_form,
	  CURB_LANE_ANY },
	{ "POST", "/accessibility/reports", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_FORM, BODY_MOST,
	  post_report, CURB_LANE_ANY },
	{ "GET", "/accessibility/reports/:code", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  get_by_code, CURB_LANE_ANY },
	{ "GET", "/accessibility/inbox", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_NONE, 0, access_get_inbox,
	  CURB_LANE_ANY },
	{ "GET", "/accessibility/inbox/:id", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_NONE, 0,
	  access_get_one, CURB_LANE_ANY },
	{ "POST", "/accessibility/inbox/:id/answer", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_FORM,
	  BODY_MOST, access_post_answer, CURB_LANE_ANY },
	{ 0 },
};
