#include <stdio.h>

#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

/* What pages say for a status: the heading, what was kept, what to do. English source texts. */
static const struct {
	int status;
	const char *title, *todo;
} words[] = {
	{ 400, CURB_TEXT("This request could not be understood"), CURB_TEXT("Go back and try once more.") },
	{ 401, CURB_TEXT("Please sign in"), CURB_TEXT("Sign in, then open this page again.") },
	{ 403, CURB_TEXT("This is not open to you"),
	  CURB_TEXT("Ask your teacher or your institution if you need it.") },
	{ 404, CURB_TEXT("There is nothing here"),
	  CURB_TEXT("You can go back to the first page, or call your training centre.") },
	{ 405, CURB_TEXT("This cannot be done here"), CURB_TEXT("Go back and use the buttons of the page.") },
	{ 408, CURB_TEXT("The connection was too slow"),
	  CURB_TEXT("Send it again; on a bad line try later.") },
	{ 409, CURB_TEXT("This does not fit what is there now"),
	  CURB_TEXT("Open the page again and look at what has changed.") },
	{ 410, CURB_TEXT("This was taken away"), CURB_TEXT("Look in the list of courses.") },
	{ 412, CURB_TEXT("Somebody else was faster"),
	  CURB_TEXT("Open the page again and look at what has changed.") },
	{ 413, CURB_TEXT("This is too large"), CURB_TEXT("Send something smaller.") },
	{ 415, CURB_TEXT("This kind of content is not taken"), CURB_TEXT("Use the form of the page.") },
	{ 422, CURB_TEXT("This breaks a rule"), CURB_TEXT("Read the reason, change it, and send it again.") },
	{ 429, CURB_TEXT("Too many tries"), CURB_TEXT("Wait a moment, then try again.") },
	{ 500, CURB_TEXT("Something went wrong on our side"),
	  CURB_TEXT("Try again; if it stays, tell us the number of this request.") },
	{ 503, CURB_TEXT("The server has too much to do"), CURB_TEXT("Wait a moment, then try again.") },
	{ 507, CURB_TEXT("The server has no room left"), CURB_TEXT("Tell the people who run this server.") },
};

static size_t words_of(int status)
{
	size_t n = sizeof words / sizeof *words;
	for (size_t i = 0; i < n; i++)
		if (words[i].status == status)
			return i;
	return status < 500 ? 0 : n - 3;
}

/* What people are told in place of a reason that is about addresses and methods. */
static const char *plain_reason(const struct curb_req *req, int status)
{
	if (status == 405)
		return CURB_TEXT(
			"This address takes what a page of ours sends; it cannot be opened by itself.");
	if (status == 404 && !req->match.route)
		return CURB_TEXT("This page is not here. Your study record is not affected.");
	return NULL;
}

/* A write of it stands, and what failed is the answer. */
static bool taken_in(const struct curb_req *req, int status)
{
	return req->written && status >= 500;
}

static const char *kept(const struct curb_req *req, int status)
{
	if (taken_in(req, status))
		return CURB_TEXT(
			"What you sent was taken in: look whether it is there before you send it once more.");
	if (status == 404)
		return req->match.route ? CURB_TEXT("Your study record is not affected.") : NULL;
	if (curb_str_is(req->head->method, "GET"))
		return CURB_TEXT("Nothing was changed, and nothing that you had is lost.");
	return CURB_TEXT("What you sent was not taken in. All that was there before is kept.");
}

/* The text of an error stands at a field, in a log or in JSON without a full stop; on a page it is a sentence. */
static struct curb_str sentence(struct curb_req *req, struct curb_str text)
{
	static const char *const ends[] = { ".", "!", "?", "。", "！", "？" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (curb_str_ends(text, ends[i]))
			return text;
	struct curb_value *values = curb_object(req->arena);
	curb_put_str(values, "text", text);
	return text.len ? curb_tr(req, CURB_TEXT("{text}."), values) : text;
}

static int page_of(struct curb_req *req, int status, struct curb_str detail)
{
	size_t i = words_of(status);
	struct curb_str lang = curb_str(req->lang);
	const struct pages *pages = req->http->o.pages;
	struct curb_value *model = curb_object(req->arena);
	page_model(req, model);
	curb_put_str(model, "title", curb_tr(req, words[i].title, NULL));
	curb_put_int(model, "status", status);
	const char *plain = plain_reason(req, status);
	curb_put_str(model, "detail", sentence(req, plain ? curb_tr(req, plain, NULL) : detail));
	const char *what_was_kept = kept(req, status);
	if (what_was_kept)
		curb_put_str(model, "kept", curb_tr(req, what_was_kept, NULL));
	const char *todo = taken_in(req, status) ? CURB_TEXT("Wait a moment, then load the page again.") :
	                                           words[i].todo;
	curb_put_str(model, "todo", curb_tr(req, todo, NULL));
	curb_put_text(model, "request", req->id);
	struct curb_buf page = curb_buf(1 << 20);
	int err = pages_layout(pages, "a11y", "problem", lang, model, &page);
	if (!err)
		err = curb_reply_bytes(req, status, "text/html; charset=utf-8", &page);
	curb_buf_free(&page);
	req->reply.page = !err;
	return err;
}

static void json_of(struct curb_req *req, int status, struct curb_str detail)
{
	struct curb_buf body = curb_buf(8192);
	struct curb_json j = curb_json(&body);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "type", "about:blank");
	curb_json_ktext(&j, "title", head_reason(status));
	curb_json_kint(&j, "status", status);
	curb_json_kstr(&j, "detail", detail);
	curb_json_ktext(&j, "request", req->id);
	curb_json_end(&j, '}');
	CURB_ASSERT(curb_reply_bytes(req, status, "application/problem+json", &body) == 0);
}

static void add_headers(struct curb_req *req, int status)
{
	if (status == 401)
		(void)curb_reply_header(req, "WWW-Authenticate", curb_str("Bearer realm=\"curbcut\""));
	if (status == 503 && !taken_in(req, status))
		(void)curb_reply_header(req, "Retry-After", curb_str("2"));
	if (status == 405)
		(void)curb_reply_header(req, "Allow", curb_str(req->match.allow));
}

void reply_error(struct curb_req *req, int err, int status)
{
	if (!status)
		status = curb_err_status(err);
	if (status == 500)
		curb_log(CURB_ERROR, "request_failed request=%s error=\"%s\"", req->id, curb_error_text());
	/* The text of our own faults is for the log: it may name files, tables, people. */
	const char *text = status == 500 ? CURB_TEXT("An error of this server; it was written down") :
	                                   curb_error_local();
	if (status == 500)
		text = pages_tr(req->http->o.pages, curb_str(req->lang), text);
	struct curb_str detail = curb_dup(req->arena, curb_str(text));
	reply_clear(&req->reply);
	if (status == 401 && req->http->have_signin && curb_req_wants_page(req) &&
	    curb_str_is(req->head->method, "GET")) {
		const char *place = curb_printf(req->arena, "/signin?back=%s",
		                                curb_encoded(req->arena, asked_address(req), "/"));
		if (curb_reply_redirect(req, curb_str(place)) == 0)
			return;
	}
	if (status == 401 && curb_req_wants_page(req) && kept_ask(req))
		return;
	add_headers(req, status);
	if (!curb_req_wants_page(req) || page_of(req, status, detail) != 0)
		json_of(req, status, detail);
}
