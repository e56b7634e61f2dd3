/* What helps the one who asks, as her pages follow it: what is kept with her, else what her browser was told. */
#include <stdio.h>
#include <string.h>

#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

enum { YEAR_S = 365 * 24 * 3600 };
static const char cookie_name[] = "needs";

bool http_needs_cookie(struct curb_req *req, struct needs_cookie *ret_cookie)
{
	struct curb_str text = cookie_find(req->head, cookie_name);
	return text.ptr && needs_cookie_read(text, ret_cookie);
}

int http_needs_cookie_set(struct curb_req *req, const struct needs_cookie *cookie)
{
	char text[NEEDS_COOKIE_MOST] = "";
	const char *age = "; Max-Age=0";
	if (cookie) {
		needs_cookie_write(cookie, text);
		age = cookie->passing ? "" : curb_printf(req->arena, "; Max-Age=%d", YEAR_S);
	}
	const char *line = curb_printf(req->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name,
	                               text, req->http->o.lan_plain ? "" : "; Secure", age);
	return curb_reply_header(req, "Set-Cookie", curb_str(line));
}

void needs_of_device(struct curb_req *req, bool leaves, bool shared_device)
{
	struct needs_cookie cookie;
	if (!http_needs_cookie(req, &cookie) || (leaves ? !cookie.passing : !shared_device))
		return;
	cookie.passing = true;
	(void)http_needs_cookie_set(req, leaves ? NULL : &cookie);
}

/* ?as=: who makes or reviews courses looks at a page as a learner whom a preset helps. Nothing of it is kept. */
static bool looks_as(const struct curb_req *req, size_t *ret_preset)
{
	struct curb_str as = curb_get_str(req->query, "as");
	const struct needs_preset *preset = NULL;
	if (!as.len || !req->signed_in ||
	    !(req->session.user.roles & (CURB_AUTHOR | CURB_STAFF | CURB_REVIEWER)) ||
	    curb_str_is(req->head->method, "POST"))
		return false;
	for (size_t i = 0; (preset = needs_preset(i)) != NULL; i++)
		if (curb_str_is(as, preset->name)) {
			*ret_preset = i;
			return true;
		}
	return false;
}

static void follow(struct curb_req *req)
{
	struct req_needs *needs = &req->needs;
	size_t preset = 0;
	bool looks = looks_as(req, &preset);
	needs->shown = looks ? (struct needs){ .helps = UINT32_C(1) << preset } : needs->now;
	needs->offer = needs->offer && !looks;
	needs->effect = needs_effect(&needs->shown);
	needs->effect.as = looks ? needs_preset(preset)->name : NULL;
	/* The browser's own switch holds until she says something else here. */
	if (!looks && !needs_holds(&needs->now, NEEDS_DATA) && head_has_word(req->head, "Save-Data", "on"))
		needs->effect.save_data = true;
}

void needs_load(struct curb_req *req)
{
	struct req_needs *needs = &req->needs;
	bool person = req->signed_in && req->tx;
	if (needs->known && (needs->of_person || !person))
		return;
	struct needs_cookie cookie = { 0 };
	bool told = http_needs_cookie(req, &cookie);
	*needs = (struct req_needs){ .known = true, .of_person = person, .now = cookie.now };
	if (person && needs_find(req->tx, &req->session.user.id, &needs->kept)) {
		/* A page in the wrong size is better than none. */
		curb_log(CURB_ERROR, "needs_unread request=%s error=\"%s\"", req->id, curb_error_text());
		needs->kept = (struct needs_kept){ 0 };
	}
	if (needs->kept.there)
		needs->now = needs->kept.now;
	needs->offer = person && told && !cookie.asked &&
	               !(needs->kept.there ? needs_same(&cookie.now, &needs->kept.now) :
	                                     needs_empty(&cookie.now));
	follow(req);
}

const struct curb_needs *curb_req_needs(struct curb_req *req)
{
	CURB_ASSERT(req->magic == HTTP_REQ_MAGIC);
	needs_load(req);
	return &req->needs.effect;
}

const struct needs *http_needs(struct curb_req *req, struct needs_kept *ret_kept)
{
	needs_load(req);
	*ret_kept = req->needs.kept;
	return &req->needs.now;
}

struct curb_str http_safe_back(struct curb_str back)
{
	bool inside = back.len > 0 && back.ptr[0] == '/' &&
	              !(back.len > 1 && (back.ptr[1] == '/' || back.ptr[1] == '\\'));
	for (size_t i = 0; inside && i < back.len; i++)
		inside = (unsigned char)back.ptr[i] > 0x20 && back.ptr[i] != 0x7f;
	return inside ? back : curb_str("/");
}

const char *curb_req_looked(struct curb_req *req, const char *address)
{
	const char *as = curb_req_needs(req)->as;
	return as ? curb_printf(req->arena, "%s%cas=%s", address, strchr(address, '?') ? '&' : '?', as) :
	            address;
}

static void put_held(struct curb_value *model, const char *name, const struct needs *needs,
                     enum needs_detail detail)
{
	const char *value = needs_holds(needs, detail);
	if (value)
		curb_put_text(model, name, value);
}

/* What an author is told who looks as somebody else, and the way back. */
static struct curb_value *look_model(struct curb_req *req, const char *as)
{
	struct curb_value *look = curb_object(req->arena), *values = curb_object(req->arena);
	size_t i = 0;
	while (strcmp(needs_preset(i)->name, as) != 0)
		i++;
	curb_put_str(values, "what", curb_tr(req, needs_preset(i)->label, NULL));
	curb_put_str(look, "text",
	             curb_tr(req,
	                     "You look at this page as a learner who says: {what}. Nothing of it is kept.",
	                     values));
	curb_put_str(look, "href", http_safe_back(req->path));
	return look;
}

struct curb_value *needs_model(struct curb_req *req, const struct curb_value *page)
{
	const struct curb_needs *effect = curb_req_needs(req);
	const struct needs *now = &req->needs.shown;
	struct curb_value *model = curb_object(req->arena);
	const char *spacing = needs_holds(now, NEEDS_SPACING);
	put_held(model, "colours", now, NEEDS_COLOURS);
	put_held(model, "text", now, NEEDS_TEXT);
	if (spacing && strcmp(spacing, "wide") == 0)
		curb_put_text(model, "spacing", "wide");
	if (effect->less_motion)
		curb_put_text(model, "motion", "less");
	if (effect->simple)
		curb_put_text(model, "layout", "simple");
	struct curb_str back = curb_get_str(page, "needs_back");
	curb_put_str(model, "back", back.ptr ? back : curb_get_str(page, "way_back"));
	curb_put_bool(model, "here", back.ptr != NULL);
	curb_put_bool(model, "offer", req->needs.offer);
	curb_put_bool(model, "kept", req->needs.kept.there);
	if (effect->as)
		curb_put(model, "look", look_model(req, effect->as));
	return model;
}
