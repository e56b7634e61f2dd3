/* The first reading of a page: its parts, what can be led to, its pictures, and what its author is told. */
#include "curb/cleanup.h"
#include "prose_inside.h"

static const struct curb_str none = { NULL, 0 };

static void note_link(struct prose_reading *r, const struct prose_node *node)
{
	struct curb_str id = none;
	if (prose_leads_out(node->url)) {
		r->doubts.links_out++;
		return;
	}
	size_t page = prose_follow(r, r->book->pages[r->now]->name, r->now + 1, node->url, &id);
	prose_want(r, page, id);
	r->doubts.unknown_places += page == 0;
}

static void note_picture(struct prose_reading *r, const struct prose_node *node)
{
	(void)prose_picture_at(r, node->url);
	if (!node->described && r->doubts.undescribed++ == 0)
		r->doubts.undescribed_in = r->book->pages[r->now]->name;
}

static void note_node(struct prose_reading *r, const struct prose_node *node, int64_t from_ms, int *level)
{
	if (node->id.len && r->place_count < PROSE_PLACES_MAX)
		r->places[r->place_count++] = (struct prose_spot){ .page = r->now + 1,
			                                           .id = curb_dup(r->job->arena, node->id),
			                                           .part = r->part_count,
			                                           .at_ms = node->at_ms - from_ms };
	if (prose_is(node, "a") && node->url.len)
		note_link(r, node);
	if (prose_is(node, "img"))
		note_picture(r, node);
	if (node->level && *level && node->level > *level + 1 && r->doubts.jumps++ == 0)
		r->doubts.jumps_in = r->book->pages[r->now]->name;
	if (node->level)
		*level = node->level;
	for (const struct prose_node *child = node->first; child; child = child->next)
		note_node(r, child, from_ms, level);
}

struct curb_str prose_line(struct curb_arena *arena, const struct prose_node *node)
{
	enum { WORDS_MAX = 2000 };
	CURB_AUTO(buf) struct curb_buf words = curb_buf(WORDS_MAX);
	prose_words(node, &words);
	return curb_dup(arena, curb_str_trim(curb_buf_view(&words)));
}

static struct curb_str first_heading(struct curb_arena *arena, const struct prose_node *node,
                                     const struct prose_node *end)
{
	struct curb_str words = none;
	for (; node && node != end && !words.len; node = node->next)
		words = node->level ? prose_line(arena, node) : first_heading(arena, node->first, NULL);
	return words;
}

bool prose_blank_part(const struct prose_node *from, const struct prose_node *end)
{
	for (; from && from != end; from = from->next)
		if (!prose_blank(from))
			return false;
	return true;
}

static struct prose_part *add_part(struct prose_reading *r)
{
	enum { FIRST = 64 };
	if (r->part_count == r->part_room) {
		size_t room = r->part_room ? 2 * r->part_room : FIRST;
		struct prose_part *parts = curb_alloc_n(r->job->arena, room, sizeof *parts);
		if (r->part_count)
			memcpy(parts, r->parts, r->part_count * sizeof *parts);
		r->parts = parts;
		r->part_room = room;
	}
	return &r->parts[r->part_count++];
}

/* Parts end on whole seconds: what a part is worth is counted in these. */
static void note_part(struct prose_reading *r, const struct prose_node *from, const struct prose_node *end,
                      int64_t end_ms, int *level)
{
	enum { SECOND = 1000 };
	if (prose_blank_part(from, end))
		return;
	struct prose_part *part = add_part(r);
	int64_t ms = (end_ms - from->at_ms + SECOND - 1) / SECOND * SECOND;
	*part = (struct prose_part){ .page = r->now,
		                     .start_ms = r->end_ms,
		                     .ms = ms ? ms : SECOND,
		                     .heading = first_heading(r->job->arena, from, end) };
	r->end_ms += part->ms;
	if (!r->pages[r->now].first_part)
		r->pages[r->now].first_part = r->part_count;
	for (const struct prose_node *node = from; node && node != end; node = node->next)
		note_node(r, node, from->at_ms, level);
}

bool prose_open_page(struct prose_reading *r, struct curb_arena *arena, struct prose_page *page)
{
	struct reader_job job = *r->job;
	struct document document;
	job.arena = arena;
	*page = (struct prose_page){ .arena = arena, .doubts = &r->doubts, .again = r->again };
	if (!document_open(&job, r->book->pages[r->now], &document) ||
	    !prose_read(&job, &document, r->book->html, page))
		return false;
	prose_tidy(page);
	return true;
}

bool prose_know_page(struct prose_reading *r)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(PROSE_PAGE_ARENA);
	struct prose_page page;
	int level = 0;
	if (!prose_open_page(r, arena, &page))
		return false;
	int64_t ms = prose_measure(page.body);
	for (struct prose_node *from = page.body->first, *end; from; from = end) {
		end = prose_part_end(from);
		note_part(r, from, end, end ? end->at_ms : ms, &level);
	}
	r->pages[r->now].title = curb_dup(r->job->arena, page.title);
	r->doubts.no_lang = r->doubts.no_lang || (!page.lang.len && !r->book->lang.len);
	return true;
}
