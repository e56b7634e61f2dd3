#include "audiobook.h"
#include "curb/err.h"
#include "player.h"

int book_bytes(struct curb_req *req, void *state)
{
	const struct audiobook *a = state;
	return delivery_reply(&a->delivery, req);
}

/* ---- POST /books/:id/place {position}: outside any class ---- */

int book_post_place(struct curb_req *req, void *state)
{
	struct audiobook *a = state;
	struct book book;
	int err = book_open(a, req, curb_req_param(req, "id"), &book);
	return err ? err : player_post_place(&a->delivery, req, &book.unit);
}
