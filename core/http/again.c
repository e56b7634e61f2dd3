/* A form that could not be taken is shown again on the page it stands on: as it was typed, with the reason, and at the
 * field that is at fault. Whoever made the form need do nothing for it: the components show what `typed` holds.
 */
#include <sodium.h>
#include <stdio.h>

#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

bool form_of_page(struct curb_req *req)
{
	struct curb_str type = head_get(req->head, "Content-Type");
	bool form = (type.len >= 33 && strncasecmp(type.ptr, "application/x-www-form-urlencoded", 33) == 0) ||
	            (type.len >= 19 && strncasecmp(type.ptr, "multipart/form-data", 19) == 0);
	return form && curb_str_is(req->head->method, "POST") && curb_req_wants_page(req);
}

/* ---- whose it is ---- */

struct curb_str form_mark(struct curb_req *req)
{
	enum { MARK = 8 };
	unsigned char hash[crypto_generichash_BYTES];
	if (!req->signed_in)
		return curb_str(NULL);
	const char *whose = curb_printf(req->arena, "form of %s", req->session.user.id.text);
	(void)crypto_generichash(hash, sizeof hash, (const unsigned char *)whose, strlen(whose), NULL, 0);
	char *text = curb_alloc(req->arena, 2 * MARK + 1);
	curb_hex(hash, MARK, text);
	return curb_str(text);
}

bool form_hers(struct curb_req *req, const struct curb_value *typed)
{
	struct curb_str said = curb_get_str(typed, "form_of");
	return !req->signed_in || !said.ptr || curb_str_eq(said, form_mark(req));
}

/* ---- what was typed ---- */

static bool is_ours(struct curb_str name)
{
	return curb_str_is(name, "csrf") || curb_str_is(name, "idempotency_key") ||
	       curb_str_is(name, "form_page") || curb_str_is(name, "form_of") ||
	       curb_str_is(name, "form_boxes") || curb_str_is(name, "form_file");
}

static struct curb_value *member(struct curb_value *of, struct curb_str name)
{
	const char *key = curb_cstr(curb_value_arena(of), name);
	struct curb_value *there = curb_value_get(of, key);
	if (!there) {
		there = curb_object(curb_value_arena(of));
		curb_put(there, "secret", curb_object(curb_value_arena(of)));
		curb_put(of, key, there);
	}
	return there;
}

/* "born-year" is also the year of the date "born". */
static void put_part(struct curb_value *typed, struct curb_str name, struct curb_value *value)
{
	const char *dash = memrchr(name.ptr, '-', name.len);
	if (!dash)
		return;
	struct curb_str whole = curb_str_n(name.ptr, (size_t)(dash - name.ptr));
	const char *part = curb_cstr(curb_value_arena(typed), curb_str_from(name, whole.len + 1));
	curb_put(member(typed, whole), part, value);
}

/* A box without a tick sends nothing: the form names its boxes, so that each is shown as it was left. */
static void put_boxes(struct curb_value *typed, const struct curb_value *boxes)
{
	for (size_t i = 0; i < curb_value_count(boxes); i++) {
		struct curb_str name = curb_value_str(curb_value_at(boxes, i));
		if (curb_str_ends(name, "[]"))
			name.len -= 2;
		if (name.len)
			curb_put_bool(member(typed, name), "checked", false);
	}
}

static struct curb_value *typed_of(const struct curb_value *form, struct curb_arena *arena)
{
	struct curb_value *typed = curb_object(arena);
	put_boxes(typed, curb_value_get(form, "form_boxes"));
	for (size_t i = 0; i < curb_value_count(form); i++) {
		struct curb_str name = curb_value_key(form, i);
		if (is_ours(name))
			continue;
		struct curb_value *value = curb_value_member(form, i), *field = member(typed, name);
		curb_put(field, "value", value);
		curb_put_bool(field, "checked", true);
		put_part(typed, name, value);
	}
	return typed;
}

/* At the field; what is wrong with a part of a date stands at the date. */
static void put_fault(struct curb_value *typed, struct curb_str name, struct curb_str text)
{
	struct curb_value *field = member(typed, name);
	curb_put_str(field, "error", text);
	curb_put_str(curb_value_get(field, "secret"), "error", text);
	for (size_t i = 0; i < 3; i++) {
		const char *part = (const char *[]){ "-year", "-month", "-day" }[i];
		if (curb_str_ends(name, part))
			curb_put_str(member(typed, curb_str_n(name.ptr, name.len - strlen(part))), "error",
			             text);
	}
}

/* At the top, where it is heard first; a handler may have said more. */
static void put_notice(struct curb_req *req, struct curb_value *model, const struct form_again *again)
{
	struct curb_value *notice = curb_object(req->arena);
	curb_put_text(notice, "kind", "error");
	curb_put_str(
		notice, "text",
		again ? again->text :
			curb_tr(req, "Some answers need another look. What you wrote is still here.", NULL));
	curb_put(model, "notice", notice);
}

void form_put_typed(struct curb_req *req, int status, struct curb_value *model)
{
	const struct form_again *again = req->again;
	const struct curb_value *form = again ? again->typed : req->value;
	if (status < 400 || (!again && !form_of_page(req)))
		return;
	struct curb_value *typed = curb_value_type(form) == CURB_OBJECT ? typed_of(form, req->arena) :
	                                                                  curb_object(req->arena);
	curb_put(model, "typed", typed);
	if (again || (!curb_value_get(model, "notice") && !curb_value_get(model, "mistakes")))
		put_notice(req, model, again);
	if (again && again->field.ptr)
		put_fault(typed, again->field, again->text);
}

/* ---- why it comes back ---- */

static struct curb_str longest_field(const struct curb_value *form)
{
	struct curb_str longest = curb_str(NULL);
	size_t most = 0;
	for (size_t i = 0; i < curb_value_count(form); i++) {
		struct curb_str text = curb_value_str(curb_value_member(form, i));
		if (text.len <= most)
			continue;
		most = text.len;
		longest = curb_value_key(form, i);
	}
	return longest;
}

static struct form_again reason(struct curb_req *req, int err)
{
	struct form_again again = { .status = curb_err_status(err), .typed = req->value };
	struct curb_str bytes = curb_buf_view(&req->body.bytes);
	bool parts = req->body.fd >= 0 || curb_str_starts(head_get(req->head, "Content-Type"), "multipart");
	if (!again.typed && bytes.len && !parts) {
		again.typed = form_legible(req->arena, bytes, &again.field);
		if (again.field.ptr)
			(void)curb_fail(err, "These characters did not arrive as they were typed; look at "
			                     "them, then send it again");
	}
	if (req->overlong) {
		again.field = longest_field(again.typed);
		(void)curb_fail(err, "This is too long; make it much shorter, then send it again");
	} else if (req->stale_form && parts) {
		(void)curb_fail(err, "This page was open for long, so nothing was sent yet. Choose the file "
		                     "once more, then send it");
	} else if (req->stale_form) {
		(void)curb_fail(err,
		                "This page was open for long, so nothing was sent yet. What you typed is "
		                "still here: look at it and send it again");
	}
	if (again.status >= 500 && err != CURB_EFULL)
		(void)curb_fail(err, "This was not saved. Your text is still below");
	again.text = curb_dup(req->arena, curb_str(curb_error_local()));
	return again;
}

static bool comes_back(struct curb_req *req, int err)
{
	bool stands = req->written && curb_err_status(err) >= 500;
	bool typed_in_vain = !stands && err != CURB_EAUTH && err != CURB_EMETHOD && err != CURB_EGONE &&
	                     (err != CURB_EDENIED || req->stale_form);
	return typed_in_vain && req->match.route && form_of_page(req) && csrf_own_page(req);
}

/* ---- the page it stands on ---- */

/* The form says it; a form that does not came from the page that the browser names. */
static struct curb_str page_address(struct curb_req *req, const struct curb_value *typed)
{
	struct curb_str address = curb_get_str(typed, "form_page");
	if (!address.len)
		address = own_page_before(req);
	return address.len ? address : req->head->target;
}

static int go_there(struct curb_req *req, struct curb_str address)
{
	struct curb_str segments[HTTP_SEGMENTS_MAX], target;
	size_t n = 0;
	(void)curb_str_cut(&address, '?', &target);
	req->head->method = curb_str("GET");
	req->head->target = target;
	req->head->query = address;
	req->value = req->query = NULL;
	int err = path_split(req->arena, target, segments, &n, &req->path);
	if (!err)
		err = router_find(req->http->router, req->head->method, segments, n, &req->match);
	if (!err && req->match.route->bare)
		err = CURB_ENOTFOUND;
	if (!err && address.ptr)
		err = form_urlencoded(req->arena, address, &req->query);
	return err;
}

static bool show_page(struct curb_req *req, struct curb_str address)
{
	int err = go_there(req, address);
	if (!err)
		err = req_permit_take(req);
	if (err)
		return false;
	err = session_find(req);
	if (!err)
		err = session_admit(req);
	if (!err)
		needs_load(req);
	if (!err)
		err = req_call_handler(req);
	req_permit_give(req);
	return !err && req->reply.page;
}

bool form_show(struct curb_req *req, const struct form_again *again, struct curb_str address)
{
	struct http_head head = *req->head;
	struct route_match match = req->match;
	struct curb_value *value = req->value, *query = req->query;
	struct curb_str path = req->path;
	req_permit_give(req);
	reply_clear(&req->reply);
	req->again = again;
	bool shown = show_page(req, address);
	*req->head = head;
	req->match = match;
	req->value = value;
	req->query = query;
	req->path = path;
	req->again = NULL;
	return shown;
}

bool form_again(struct curb_req *req, int err)
{
	if (!comes_back(req, err))
		return false;
	const char *text = curb_printf(req->arena, "%s", curb_error_text());
	const char *local = curb_printf(req->arena, "%s", curb_error_local());
	if (curb_err_status(err) == 500)
		curb_log(CURB_ERROR, "request_failed request=%s error=\"%s\"", req->id, text);
	struct form_again again = reason(req, err);
	bool shown = form_show(req, &again, page_address(req, again.typed));
	if (!shown)
		curb_error_set(text, local);
	return shown;
}
