#include "document.h"

#include "curb/err.h"

int text_picture(struct curb_req *req, void *state)
{
	const struct document *d = state;
	return delivery_reply(&d->delivery, req);
}

/* ---- POST /documents/:id/next {part, play?}: the part was read; on to the one behind it ---- */

struct leaving {
	const struct credit_api *credit;
	struct credit_reading reading;
	struct curb_str play;
	struct credit_read read;
	const struct text *text;
	size_t part;
};

static int leave(struct curb_tx *tx, void *arg)
{
	struct leaving *leaving = arg;
	return leaving->credit->leave_page(leaving->credit, tx, &leaving->reading, leaving->play,
	                                   &leaving->read);
}

static int go_on(struct curb_req *req, void *arg)
{
	const struct leaving *leaving = arg;
	bool last = leaving->part + 1 == leaving->text->part_count;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/documents/%s?part=%zu%s&told=%s",
	                                  leaving->text->unit.id.text, leaving->part + (last ? 1 : 2),
	                                  last ? "&end=yes" : "",
	                                  leaving->read.reason ? leaving->read.reason : "nothing")));
}

int text_post_next(struct curb_req *req, void *state)
{
	struct document *d = state;
	struct text text;
	int64_t part = 0;
	int err = text_open(d, req, curb_req_param(req, "id"), &text);
	if (err)
		return err;
	if (!curb_str_int(curb_req_field(req, "part"), &part) || part < 1 || (uint64_t)part > text.part_count)
		return curb_fail(CURB_EINVAL, "This document has no such part; open it again");
	struct leaving leaving = { .credit = d->delivery.credit,
		                   .play = curb_req_field(req, "play"),
		                   .text = &text,
		                   .part = (size_t)part - 1 };
	leaving.reading.part = text_part_of(req, &text, leaving.part);
	if (!leaving.play.len)
		return go_on(req, &leaving);
	return curb_write_reply(req, curb_id_str(&leaving.reading.part.person), leave, go_on, &leaving);
}
