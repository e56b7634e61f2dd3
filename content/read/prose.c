/* A unit of pages. Each page is read twice, so that one of them at a time is in memory: first to know where its places are and
 * how long it is, then, when links can be followed, to write its parts. */
#include "curb/cleanup.h"
#include "prose_inside.h"

static const struct curb_str none = { NULL, 0 };

/* ---- places and labels ---- */

static struct prose_place place_of_point(const struct prose_reading *r, size_t i)
{
	struct curb_str id = none;
	size_t page = prose_follow(r, r->book->contents->name, 0, r->book->points[i].url, &id);
	return prose_place_of(r, page, id);
}

/* What the contents call the place where a part begins, else its heading, else what the page calls itself. */
static void name_parts(struct prose_reading *r)
{
	for (size_t i = 0; i < r->book->point_count; i++) {
		struct prose_place place = place_of_point(r, i);
		struct prose_part *part = place.part ? &r->parts[place.part - 1] : NULL;
		if (part && !part->label.len && (place.at_ms == 0 || !part->heading.len))
			part->label = r->book->points[i].text;
	}
	for (size_t i = 0; i < r->part_count; i++) {
		struct prose_part *part = &r->parts[i],
				  *before = i && part[-1].page == part->page ? part - 1 : NULL;
		if (!part->label.len)
			part->label = part->heading;
		if (!part->label.len)
			part->label = before ? before->label : r->pages[part->page].title;
		if (!part->label.len)
			part->label = name_stem(r->book->pages[part->page]->name);
	}
}

static void add_navigation(struct prose_reading *r)
{
	struct curb_value *nav = curb_array(r->job->arena);
	size_t lost = 0;
	for (size_t i = 0; i < r->book->point_count; i++) {
		const struct spoken_point *point = &r->book->points[i];
		struct prose_place place = place_of_point(r, i);
		if (place.part)
			tracks_add_point(r->job, nav, point->level, point->text,
			                 r->parts[place.part - 1].start_ms + place.at_ms);
		else
			lost += point->url.len > 0;
	}
	if (lost)
		wire_finding(r->job->wire, "book.places", r->book->contents->name,
		             curb_str(curb_printf(r->job->arena, "%zu", lost)), none);
	bool by_page = curb_value_count(nav) == 0;
	if (by_page)
		wire_finding(r->job->wire, "prose.contents", none, none, none);
	for (size_t i = 0; by_page && i < r->part_count; i++)
		if (i == 0 || r->parts[i].page != r->parts[i - 1].page)
			tracks_add_point(r->job, nav, 1, r->parts[i].label, r->parts[i].start_ms);
	curb_put(r->unit, "nav", nav);
}

/* ---- the second reading ---- */

static struct prose_place link_to(void *arg, struct curb_str url)
{
	const struct prose_reading *r = arg;
	struct curb_str id = none;
	size_t page = prose_follow(r, r->book->pages[r->now]->name, r->now + 1, url, &id);
	return prose_place_of(r, page, id);
}

static bool is_wanted(void *arg, struct curb_str id)
{
	const struct prose_reading *r = arg;
	const struct prose_spot *place = prose_find_place(r, r->now + 1, id);
	return place && place->wanted;
}

static struct prose_place picture_of(void *arg, struct curb_str url)
{
	return (struct prose_place){ 0, 0, prose_picture_at(arg, url) };
}

static bool plain_words(const struct prose_node *node)
{
	bool plain = !node->name || node->level || prose_is(node, "span") || prose_is(node, "b") ||
	             prose_is(node, "i") || prose_is(node, "em") || prose_is(node, "strong") ||
	             (prose_is(node, "a") && !node->url.len) || prose_is(node, "small");
	for (const struct prose_node *child = node->first; plain && child; child = child->next)
		plain = plain_words(child);
	return plain;
}

/* The heading of a part is the heading of its page: it stands there once. */
static const struct prose_node *title_of(struct curb_arena *arena, const struct prose_node *from,
                                         struct curb_str label)
{
	while (from && prose_blank(from))
		from = from->next;
	bool same = from && from->level && plain_words(from) && curb_str_eq(prose_line(arena, from), label);
	return same ? from : NULL;
}

static void write_part(struct prose_reading *r, struct prose_page *page, struct prose_node *from,
                       struct prose_node *end, const struct prose_part *part)
{
	enum { MOST = 8 << 20 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(MOST);
	const struct prose_node *title = title_of(page->arena, from, part->label);
	const struct prose_writer writer = { link_to, is_wanted, picture_of, r, from->at_ms };
	prose_levels(title ? title->next : from, end);
	prose_write(page, &writer, from, end, title, &out);
	const struct part_track track = { .name = page->name,
		                          .label = part->label,
		                          .lang = page->lang,
		                          .start_ms = part->start_ms,
		                          .duration_ms = part->ms };
	if (out.failed)
		wire_finding(r->job->wire, "package.large", none, page->name,
		             curb_str(curb_printf(page->arena, "%d", MOST)));
	else
		tracks_add_part(r->job, r->unit, &track, curb_buf_view(&out));
}

static bool write_page(struct prose_reading *r)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(PROSE_PAGE_ARENA);
	struct prose_page page;
	size_t n = r->pages[r->now].first_part;
	if (!n)
		return true;
	if (!prose_open_page(r, arena, &page))
		return false;
	if (!page.lang.len)
		page.lang = r->book->lang;
	(void)prose_measure(page.body);
	for (struct prose_node *from = page.body->first, *end; from; from = end) {
		end = prose_part_end(from);
		if (!prose_blank_part(from, end))
			write_part(r, &page, from, end, &r->parts[n++ - 1]);
	}
	return wire_refusals(r->job->wire) == 0;
}

/* ---- what is told ---- */

static void tell(struct prose_reading *r, const char *code, struct curb_str where, size_t n,
                 struct curb_str what)
{
	if (n)
		wire_finding(r->job->wire, code, where, curb_str(curb_printf(r->job->arena, "%zu", n)), what);
}

static void tell_doubts(struct prose_reading *r)
{
	const struct prose_doubts *doubts = &r->doubts;
	tell(r, "prose.alt", doubts->undescribed_in, doubts->undescribed, none);
	tell(r, "prose.headings", doubts->jumps_in, doubts->jumps, none);
	tell(r, "prose.table", doubts->headless_in, doubts->headless, none);
	tell(r, "prose.lost", doubts->lost_in, doubts->lost, doubts->lost_name);
	tell(r, "prose.drawings", none, doubts->drawings, none);
	tell(r, "prose.links", none, doubts->links_out, none);
	tell(r, "prose.nowhere", none, doubts->unknown_places, none);
	tell(r, "prose.lang", none, doubts->no_lang, none);
}

/* Half of the way is the first reading. */
static bool each_page(struct prose_reading *r, bool (*read)(struct prose_reading *), size_t half)
{
	bool ok = true;
	for (r->now = 0; ok && r->now < r->book->page_count; r->now++) {
		wire_part_begin(r->job->wire, half * r->book->page_count + r->now, 2 * r->book->page_count);
		ok = read(r) && r->part_count <= PROSE_PARTS_MAX && wire_refusals(r->job->wire) == 0;
		wire_part_end(r->job->wire);
	}
	return ok;
}

static bool told_large(const struct prose_reading *r)
{
	if (r->part_count > PROSE_PARTS_MAX)
		wire_finding(r->job->wire, "prose.long", none,
		             curb_str(curb_printf(r->job->arena, "%d", PROSE_PARTS_MAX)), none);
	else if (r->part_count == 0 && wire_refusals(r->job->wire) == 0)
		wire_finding(r->job->wire, "prose.empty", none, none, none);
	return wire_refusals(r->job->wire) > 0;
}

bool prose_unit(struct reader_job *job, const struct prose_book *book, struct curb_value *unit)
{
	struct curb_arena *arena = job->arena;
	struct prose_reading r = { .job = job, .book = book, .unit = unit };
	document_names(job, &r.names);
	r.page_of = curb_alloc_n(arena, job->zip->count + 1, sizeof *r.page_of);
	r.picture_of = curb_alloc_n(arena, job->zip->count + 1, sizeof *r.picture_of);
	r.pages = curb_alloc_n(arena, book->page_count + 1, sizeof *r.pages);
	r.places = curb_alloc_n(arena, PROSE_PLACES_MAX, sizeof *r.places);
	r.wants = curb_alloc_n(arena, PROSE_PLACES_MAX, sizeof *r.wants);
	for (size_t i = 0; i < book->page_count; i++)
		r.page_of[book->pages[i] - job->zip->entries] = (uint32_t)i + 1;
	bool known = each_page(&r, prose_know_page, 0);
	if (told_large(&r) || !known)
		return false;
	struct prose_doubts doubts = r.doubts;
	prose_match_places(&r);
	name_parts(&r);
	r.again = true;
	if (!each_page(&r, write_page, 1))
		return false;
	r.doubts = doubts; /* they were met twice */
	add_navigation(&r);
	tell_doubts(&r);
	curb_put_text(unit, "kind", "document");
	curb_put_int(unit, "duration_ms", r.end_ms);
	return true;
}
