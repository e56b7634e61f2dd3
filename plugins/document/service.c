#include "document.h"

#include "curb/err.h"

enum { SECOND_MS = 1000 };

static int collect(struct curb_req *req, struct text *text)
{
	text->parts = curb_alloc_n(curb_req_arena(req), text->track_count + 1,
	                           sizeof(struct content_track *));
	for (size_t i = 0; i < text->track_count; i++)
		if (curb_str_is(text->tracks[i].kind, "part"))
			text->parts[text->part_count++] = &text->tracks[i];
	return text->part_count ? 0 : curb_fail(CURB_ENOTFOUND, "This document has no text");
}

int text_open(struct document *d, struct curb_req *req, struct curb_str unit_id, struct text *ret_text)
{
	const struct content_api *content = d->delivery.content;
	struct text text = { .part_count = 0 };
	int err = delivery_unit(&d->delivery, req, unit_id, &text.unit);
	if (!err && !curb_str_is(text.unit.kind, "document"))
		return curb_fail(CURB_ENOTFOUND, "This lesson is not a document");
	if (!err)
		err = content->tracks(content, curb_req_tx(req), curb_id_str(&text.unit.id), &text.tracks,
		                      &text.track_count);
	if (!err)
		err = collect(req, &text);
	if (!err)
		*ret_text = text;
	return err;
}

size_t text_part_at(const struct text *text, int64_t second)
{
	size_t i = text->part_count - 1;
	while (i > 0 && text->parts[i]->start_ms > second * SECOND_MS)
		i--;
	return i;
}

struct credit_delivery text_part_of(struct curb_req *req, const struct text *text, size_t part)
{
	const struct content_track *track = text->parts[part];
	return (struct credit_delivery){ .person = curb_req_user(req)->id,
		                         .unit = text->unit.id,
		                         .from_s = track->start_ms / SECOND_MS,
		                         .to_s = (track->start_ms + track->duration_ms) / SECOND_MS };
}

struct curb_str text_page_of(void *self, struct curb_req *req, const struct content_unit *unit)
{
	(void)self;
	return curb_str(curb_printf(curb_req_arena(req), "/documents/%s", unit->id.text));
}
