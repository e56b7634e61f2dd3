/* The document of an exception: attached while it waits for a decision, fetched by whom it concerns. */
#include "attached.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "waiver.h"

static int read_paper(struct curb_req *req, struct waiver_paper *ret_paper)
{
	struct attached attached;
	enum attached_fault fault = ATTACHED_FINE;
	int err = attached_read(req, WAIVER_PAPER_MOST, true, &attached, &fault);
	if (err)
		return err;
	switch (fault) {
	case ATTACHED_NONE:
		return curb_fail(CURB_EINVAL, "Choose the file of the document: a PDF, or a photo of it");
	case ATTACHED_LARGE: return curb_fail(CURB_ETOOBIG, "This file is too large; 2 MB are the most");
	case ATTACHED_STRANGE:
		return curb_fail(CURB_EINVAL,
		                 "This is neither a PDF nor a photo (JPEG or PNG); choose another file");
	case ATTACHED_FINE: break;
	}
	*ret_paper = (struct waiver_paper){ attached.name, attached.bytes, attached.type };
	return 0;
}

/* ---- attaching ---- */

struct attaching {
	struct credit *c;
	struct curb_id id;
	struct waiver_paper paper;
	struct curb_str sealed;
	int64_t now_ms;
};

static int attach(struct curb_tx *tx, void *arg)
{
	const struct attaching *attaching = arg;
	struct waiver waiver;
	int err = waiver_by_id(attaching->c, tx, curb_id_str(&attaching->id), attaching->now_ms, &waiver);
	if (!err && (waiver.paper || waiver.state != WAIVER_ASKED))
		return curb_fail(CURB_ECONFLICT,
		                 "The document is attached, or it was decided without; what is "
		                 "there stays");
	return err ? err :
	             waiver_add_paper(attaching->c, tx, &attaching->id, &attaching->paper, attaching->sealed);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct attaching *attaching = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/waivers/%s?done=attached",
	                                                     attaching->id.text)));
}

int waiver_post_paper(struct curb_req *req, void *state)
{
	struct attaching attaching = { .c = state, .now_ms = curb_wall_ms() };
	struct waiver_seen seen;
	int err = waiver_find_seen(req, state, &seen);
	if (!err && !seen.decides && !seen.asks)
		return curb_fail(CURB_ENOTFOUND, "There is no such exception");
	if (err)
		return err;
	attaching.id = seen.waiver.id;
	err = read_paper(req, &attaching.paper);
	if (!err)
		err = waiver_seal_paper(curb_req_tx(req), &attaching.id, &attaching.paper, &attaching.sealed);
	if (!err)
		err = curb_write_reply(req, curb_id_str(&seen.cohort.id), attach, answer, &attaching);
	if (err != CURB_EINVAL && err != CURB_ETOOBIG && err != CURB_ECONFLICT)
		return err;
	struct typed_form form = typed_form(req);
	typed_wrong_error(&form, "file");
	return waiver_show_one(req, state, &form, curb_err_status(err));
}

/* ---- fetching ---- */

/* A trainee sees what is decided about her, and about her class. */
static bool is_hers(struct curb_req *req, struct credit *c, const struct waiver *waiver)
{
	int64_t online_s = 0;
	const struct curb_id *person = &curb_req_user(req)->id;
	bool about = curb_id_some(&waiver->person) ?
	                     strcmp(waiver->person.text, person->text) == 0 :
	                     credit_online_s(c, curb_req_tx(req), &waiver->cohort, person, &online_s) == 0;
	return about && (waiver->state == WAIVER_GRANTED || waiver->state == WAIVER_ENDED);
}

int waiver_get_paper(struct curb_req *req, void *state)
{
	struct waiver_seen seen = { .waiver = { .id = { "" } } };
	struct waiver_paper paper;
	int err = waiver_find_seen(req, state, &seen);
	if (err == CURB_ENOTFOUND && curb_id_some(&seen.waiver.id) && is_hers(req, state, &seen.waiver))
		err = 0;
	if (!err)
		err = waiver_paper_of(state, curb_req_tx(req), &seen.waiver.id, &paper);
	if (err)
		return err;
	const struct curb_piece piece = { .bytes = paper.bytes, .length = paper.bytes.len };
	const struct curb_body_info info = { .type = paper.type, .filename = paper.name };
	return curb_reply_pieces(req, &piece, 1, &info);
}
