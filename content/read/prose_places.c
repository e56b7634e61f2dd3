/* Where addresses lead: pages, places in them, pictures. */
#include <stdlib.h>

#include "prose_inside.h"

static const struct curb_str none = { NULL, 0 };

/* ---- addresses ---- */

bool prose_leads_out(struct curb_str url)
{
	for (size_t i = 0; i < url.len && !strchr("/?#", url.ptr[i]); i++)
		if (url.ptr[i] == ':')
			return true;
	return curb_str_starts(url, "//");
}

size_t prose_follow(const struct prose_reading *r, struct curb_str from, size_t own, struct curb_str url,
                    struct curb_str *ret_id)
{
	if (curb_str_starts(url, "#")) {
		*ret_id = curb_str_from(url, 1);
		return own;
	}
	const struct zip_entry *entry = prose_leads_out(url) ? NULL :
	                                                       document_beside(&r->names, from, url, ret_id);
	return entry ? r->page_of[entry - r->job->zip->entries] : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct prose_spot *x = a, *y = b;
	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	size_t n = x->id.len < y->id.len ? x->id.len : y->id.len;
	int order = n ? memcmp(x->id.ptr, y->id.ptr, n) : 0;
	return order ? order : (x->id.len > n) - (y->id.len > n);
}

struct prose_spot *prose_find_place(const struct prose_reading *r, size_t page, struct curb_str id)
{
	const struct prose_spot wanted = { .page = page, .id = id };
	return id.len && r->place_count ?
	               bsearch(&wanted, r->places, r->place_count, sizeof *r->places, by_place) :
	               NULL;
}

struct prose_place prose_place_of(const struct prose_reading *r, size_t page, struct curb_str id)
{
	const struct prose_spot *place = page ? prose_find_place(r, page, id) : NULL;
	if (place && place->part)
		return (struct prose_place){ place->part, place->at_ms, -1 };
	return (struct prose_place){ page ? r->pages[page - 1].first_part : 0, 0, -1 };
}

/* ---- pictures ---- */

static int send_picture(struct prose_reading *r, struct zip_entry *entry)
{
	entry->used = true;
	int track = r->pictures < PROSE_PICTURES_MAX ? tracks_add_picture(r->job, r->unit, entry) : -1;
	if (track >= 0)
		r->pictures++;
	else if (wire_refusals(r->job->wire) == 0)
		wire_finding(r->job->wire, "prose.picture", r->book->pages[r->now]->name, entry->name, none);
	return track;
}

int prose_picture_at(struct prose_reading *r, struct curb_str url)
{
	enum { TOLD = 20 };
	struct curb_str fragment;
	struct zip_entry *entry = prose_leads_out(url) ?
	                                  NULL :
	                                  document_beside(&r->names, r->book->pages[r->now]->name, url,
	                                                  &fragment);
	if (!entry) {
		if (!r->again && r->missing++ < TOLD)
			wire_finding(r->job->wire, "prose.missing", r->book->pages[r->now]->name, url, none);
		return -1;
	}
	int *known = &r->picture_of[entry - r->job->zip->entries];
	if (*known == 0) {
		int track = send_picture(r, entry);
		*known = track < 0 ? -1 : track + 1;
	}
	return *known < 0 ? -1 : *known - 1;
}

void prose_want(struct prose_reading *r, size_t page, struct curb_str id)
{
	if (page && id.len && r->want_count < PROSE_PLACES_MAX)
		r->wants[r->want_count++] = (struct prose_spot){ .page = page,
			                                         .id = curb_dup(r->job->arena, id) };
}

void prose_match_places(struct prose_reading *r)
{
	for (size_t i = 0; i < r->book->point_count; i++) {
		struct curb_str id = none;
		size_t page = prose_follow(r, r->book->contents->name, 0, r->book->points[i].url, &id);
		prose_want(r, page, id);
	}
	if (r->place_count)
		qsort(r->places, r->place_count, sizeof *r->places, by_place);
	for (size_t i = 0; i < r->want_count; i++) {
		struct prose_spot *place = prose_find_place(r, r->wants[i].page, r->wants[i].id);
		if (place)
			place->wanted = true;
	}
}
