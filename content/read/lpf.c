/* W3C Lightweight Packaging Format: an audio-book in a zip. The manifest says what is read in which order; times are
 * measured here, not believed. */
#include <inttypes.h>
#include <stdlib.h>

#include "lpf.h"
#include "reader.h"

enum { TEXT_MAX = 4 * 1024 * 1024 };

static const struct curb_str none = { NULL, 0 };

struct reading {
	struct reader_job *job;
	struct lpf_book book;
	struct curb_str manifest_name, page; /* page: index.html's bytes, or absent */
	struct zip_entry **files;            /* of the chapters */
	int64_t *starts;                     /* where each chapter begins, ms */
	struct curb_value *unit;
};

static void found(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	const struct reading *r = arg;
	wire_finding(r->job->wire, code, r->manifest_name, a, b);
}

static bool load_manifest(struct reading *r)
{
	struct zip_entry *json = reader_find(r->job, curb_str("publication.json"));
	struct zip_entry *page = reader_find(r->job, curb_str("index.html"));
	const struct lpf_report report = { found, r };
	struct curb_str text = none, url = none;
	r->manifest_name = curb_str("publication.json");
	if (page && !reader_bytes(r->job, page, TEXT_MAX, &r->page))
		return false;
	if (!json && r->page.ptr && lpf_find_manifest(r->job->arena, r->page, &url, &text) && url.ptr)
		json = reader_find(r->job, lpf_path(r->job->arena, url));
	if (!json && !text.ptr) {
		found(r, "lpf.no_manifest", none, none);
		return false;
	}
	if (json && !reader_bytes(r->job, json, TEXT_MAX, &text))
		return false;
	r->manifest_name = json ? json->name : curb_str("index.html");
	return lpf_parse_manifest(r->job->arena, text, &report, &r->book);
}

/* Every file that the manifest names must be in the package. */
static struct zip_entry *need(struct reading *r, struct curb_str url)
{
	struct curb_str path = lpf_path(r->job->arena, url);
	struct zip_entry *entry = path.ptr ? reader_find(r->job, path) : NULL;
	if (!entry)
		found(r, path.ptr ? "lpf.missing" : "lpf.remote", url, none);
	return entry;
}

static bool find_files(struct reading *r)
{
	bool all = true;
	r->files = curb_alloc_n(r->job->arena, r->book.count + 1, sizeof(struct zip_entry *));
	for (size_t i = 0; i < r->book.count; i++) {
		r->files[i] = need(r, r->book.chapters[i].url);
		all = all && r->files[i];
	}
	for (size_t i = 0; i < r->book.resource_count; i++)
		all = need(r, r->book.resources[i]) && all;
	return all;
}

static void check_duration(struct reading *r, const struct lpf_chapter *chapter, int64_t measured)
{
	enum { TOLERATED_MS = 2000 };
	if (chapter->duration_ms >= 0 && llabs(chapter->duration_ms - measured) > TOLERATED_MS)
		found(r, "lpf.duration_wrong", chapter->url,
		      curb_str(curb_printf(r->job->arena, "%" PRId64 " s", chapter->duration_ms / 1000)));
}

static bool read_chapter(struct reading *r, size_t i)
{
	struct lpf_chapter *chapter = &r->book.chapters[i];
	struct media_source source;
	r->starts[i] = curb_get_int(r->unit, "duration_ms", 0);
	if (!chapter->name.len)
		chapter->name = name_stem(r->files[i]->name);
	if (!reader_source(r->job, r->files[i], &source) ||
	    !media_ingest_chapter(r->job->wire, &source, r->unit, chapter->name))
		return false;
	check_duration(r, chapter, curb_get_int(r->unit, "duration_ms", 0) - r->starts[i]);
	return true;
}

static void read_chapters(struct reading *r)
{
	bool ok = true;
	r->starts = curb_alloc_n(r->job->arena, r->book.count + 1, sizeof *r->starts);
	for (size_t i = 0; i < r->book.count && ok; i++) {
		wire_part_begin(r->job->wire, i, r->book.count);
		ok = read_chapter(r, i);
		wire_part_end(r->job->wire);
	}
}

/* Where a link of the table of contents leads, in ms; -1: nowhere in the book. */
static int64_t place_of(struct reading *r, struct curb_str url)
{
	struct curb_str path = lpf_path(r->job->arena, url);
	for (size_t i = 0; path.ptr && i < r->book.count; i++)
		if (curb_str_eq(lpf_path(r->job->arena, r->book.chapters[i].url), path))
			return r->starts[i] + lpf_fragment_ms(url);
	return -1;
}

static struct curb_str toc_page(struct reading *r)
{
	struct curb_str bytes = r->page;
	struct curb_str path = lpf_path(r->job->arena, r->book.contents);
	if (!path.ptr || curb_str_is(path, "index.html"))
		return bytes;
	struct zip_entry *entry = reader_find(r->job, path);
	return entry && reader_bytes(r->job, entry, TEXT_MAX, &bytes) ? bytes : none;
}

static void add_navigation(struct reading *r)
{
	struct curb_value *nav = curb_array(r->job->arena);
	struct lpf_link *links = curb_alloc_n(r->job->arena, LPF_LINKS_MAX, sizeof *links);
	struct curb_str html = toc_page(r);
	size_t count = html.ptr ? lpf_parse_toc(r->job->arena, html, links, LPF_LINKS_MAX) : 0;
	for (size_t i = 0; i < count; i++) {
		int64_t at = place_of(r, links[i].url);
		if (at >= 0 && links[i].text.len && links[i].text.len <= 500)
			tracks_add_point(r->job, nav, links[i].level, links[i].text, at);
	}
	if (count && curb_value_count(nav) == 0)
		found(r, "lpf.toc", r->book.contents.ptr ? r->book.contents : curb_str("index.html"), none);
	bool by_chapter = curb_value_count(nav) == 0;
	for (size_t i = 0; by_chapter && i < r->book.count; i++)
		tracks_add_point(r->job, nav, 1, r->book.chapters[i].name, r->starts[i]);
	curb_put(r->unit, "nav", nav);
}

static bool read_book(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts)
{
	struct reading r = { .job = job, .unit = unit };
	if (!load_manifest(&r) || !find_files(&r) || wire_refusals(job->wire))
		return false;
	read_chapters(&r);
	if (wire_refusals(job->wire))
		return false;
	struct curb_str cover = lpf_path(job->arena, r.book.cover);
	if (cover.ptr)
		tracks_add_cover(job, unit, reader_find(job, cover));
	add_navigation(&r);
	*ret_facts = (struct book_facts){ .name = r.book.name,
		                          .lang = r.book.lang,
		                          .description = r.book.description,
		                          .provider = r.book.publisher };
	return wire_refusals(job->wire) == 0;
}

/* An entry page names the manifest in its head; other pages of that name are documents. */
static bool names_manifest(const struct reader_job *job, struct zip_entry *page)
{
	enum { HEAD = 16 << 10 };
	static const char word[] = "publication";
	char head[HEAD];
	struct reader_job copy = *job;
	size_t n = page ? reader_first(&copy, page, head, sizeof head) : 0;
	for (size_t i = 0; i + sizeof word - 1 <= n; i++)
		if (strncasecmp(head + i, word, sizeof word - 1) == 0)
			return true;
	return false;
}

static int bid(const struct reader_job *job)
{
	enum { BID = 90, ENTRY_PAGE = 50 };
	if (!job->zip)
		return 0;
	if (reader_find(job, curb_str("publication.json")) ||
	    curb_str_is_nocase(name_ending(job->name), "lpf"))
		return BID;
	return names_manifest(job, reader_find(job, curb_str("index.html"))) ? ENTRY_PAGE : 0;
}

const struct content_reader lpf_reader = { .name = "lpf", .bid = bid, .book = read_book };
