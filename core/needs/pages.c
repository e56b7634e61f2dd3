#include "pages.h"

#include <string.h>

#include "curb/buf.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "http.h"
#include "people.h"

enum { PLACE_MOST = 8192 };

/* ---- whose needs ---- */

struct look {
	struct curb_id person, actor;
	int64_t now_ms;
};

static int note_look(struct curb_tx *tx, void *arg)
{
	const struct look *look = arg;
	return needs_note(tx, &look->person, &look->actor, NEEDS_SEEN, look->now_ms);
}

static int helped(struct curb_req *req, struct curb_str id, struct needs_subject *subject)
{
	struct look look = { .actor = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	struct needs_kept kept = { 0 };
	struct curb_user user;
	if (!curb_id_parse(id, &look.person))
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	int err = needs_may_help(curb_req_tx(req), &look.person, &look.actor, look.now_ms);
	if (!err)
		err = curb_write(req, id, note_look, &look);
	if (!err)
		err = needs_find(curb_req_tx(req), &look.person, &kept);
	if (!err)
		err = curb_person_find(curb_req_tx(req), id, look.now_ms, &user);
	if (err)
		return err;
	*subject = (struct needs_subject){ .kept_with_person = true,
		                           .helped = true,
		                           .person = look.person,
		                           .name = user.name,
		                           .base = curb_printf(curb_req_arena(req), "/needs/for/%s",
		                                               look.person.text),
		                           .now = kept.now,
		                           .changed = kept.changed };
	return 0;
}

int needs_subject(struct curb_req *req, struct needs_subject *ret_subject)
{
	struct curb_str other = curb_req_param(req, "person");
	if (other.ptr)
		return helped(req, other, ret_subject);
	struct needs_kept kept;
	struct needs_cookie cookie = { 0 };
	const struct needs *now = http_needs(req, &kept);
	(void)http_needs_cookie(req, &cookie);
	bool person = http_session(req) != NULL;
	*ret_subject = (struct needs_subject){ .kept_with_person = person,
		                               .person = curb_req_user(req)->id,
		                               .base = "/needs",
		                               .now = *now,
		                               .changed = person ? kept.changed : cookie.changed };
	return 0;
}

int needs_who(struct curb_req *req, struct curb_id *ret_actor)
{
	const struct people_session *session = http_session(req);
	return needs_actor(curb_req_tx(req), &session->id, &session->user.id, ret_actor);
}

int needs_herself(struct curb_req *req)
{
	struct curb_id actor;
	int err = needs_who(req, &actor);
	if (!err && !curb_str_is(curb_id_str(&actor), curb_req_user(req)->id.text))
		return curb_fail(CURB_EDENIED,
		                 "This is for the person herself to say, signed in without help");
	return err;
}

/* ---- the way back ---- */

static struct curb_str back_of(struct curb_req *req)
{
	struct curb_str back = curb_req_field(req, "back");
	return http_safe_back(back.ptr ? back : curb_req_query(req, "back"));
}

const char *needs_place(struct curb_req *req, const char *base, const char *page, bool done)
{
	struct curb_arena *arena = curb_req_arena(req);
	const char *place = curb_printf(arena, "%s%s?%sback=%s", base, page, done ? "done=yes&" : "",
	                                curb_encoded(arena, back_of(req), "/"));
	return strlen(place) < PLACE_MOST ? place : base;
}

struct curb_value *needs_page_model(struct curb_req *req, const struct needs_subject *subject,
                                    const char *title)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	bool done = curb_req_query(req, "done").ptr != NULL;
	curb_put_str(model, "title", curb_tr(req, title, NULL));
	curb_put_text(model, "base", subject->base);
	curb_put_text(model, "first", needs_place(req, subject->base, "", false));
	curb_put_str(model, "back", back_of(req));
	curb_put_str(model, "needs_back", back_of(req));
	curb_put_bool(model, "own", !subject->helped);
	curb_put_bool(model, "person", subject->kept_with_person && !subject->helped);
	curb_put_bool(model, "changed", subject->changed);
	if (subject->helped) {
		curb_put_str(model, "who", subject->name);
		curb_put_str(model, "title", curb_tr(req, "What helps {who}", model));
	}
	if (done) {
		struct curb_value *notice = curb_object(arena);
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text",
		             subject->helped ? curb_tr(req, "Kept. Her pages follow it from now on.", NULL) :
		                               curb_tr(req, "Done. All pages follow it from now on.", NULL));
		curb_put(model, "notice", notice);
	}
	curb_put_bool(model, "done", done);
	return model;
}
