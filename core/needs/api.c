/* The needs of who asks, as JSON: to take along, to bring back. */
#include "curb/clock.h"
#include "curb/err.h"
#include "http.h"
#include "pages.h"

struct moving {
	struct curb_id person, actor;
	struct needs needs;
	int64_t now_ms;
};

static int note_copy(struct curb_tx *tx, void *arg)
{
	const struct moving *m = arg;
	return needs_note(tx, &m->person, &m->actor, NEEDS_COPIED, m->now_ms);
}

static int reply_needs(struct curb_req *req, const struct needs *needs)
{
	struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	needs_write(needs, &j);
	int err = curb_reply_json(req, 200, &out);
	curb_buf_free(&out);
	return err;
}

int needs_get_json(struct curb_req *req, void *state)
{
	(void)state;
	struct needs_kept kept;
	struct moving m = { .needs = *http_needs(req, &kept), .now_ms = curb_wall_ms() };
	int err = 0;
	if (http_session(req)) {
		m.person = curb_req_user(req)->id;
		err = needs_who(req, &m.actor);
		if (!err)
			err = curb_write(req, curb_id_str(&m.person), note_copy, &m);
	}
	if (!err && curb_req_query(req, "download").ptr)
		err = curb_reply_header(req, "Content-Disposition",
		                        curb_str("attachment; filename=\"what-helps-me.json\""));
	return err ? err : reply_needs(req, &m.needs);
}

static int keep(struct curb_tx *tx, void *arg)
{
	const struct moving *m = arg;
	return needs_keep(tx, &m->person, &m->actor, &m->needs, m->now_ms);
}

static int kept(struct curb_req *req, void *arg)
{
	const struct moving *m = arg;
	return reply_needs(req, &m->needs);
}

int needs_put_json(struct curb_req *req, void *state)
{
	(void)state;
	struct moving m = { .person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	int err = needs_read(curb_req_value(req), &m.needs);
	if (!err)
		err = needs_who(req, &m.actor);
	return err ? err : curb_write_reply(req, curb_id_str(&m.person), keep, kept, &m);
}
