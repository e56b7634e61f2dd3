/* A zip of pages in HTML: its first page is the one called index, then those that it leads to in their order, then what is left in
 * the order in which people count. */
#include <stdlib.h>

#include "prose.h"
#include "toc.h"

static const struct curb_str none = { NULL, 0 };

static bool is_page(const struct zip_entry *entry)
{
	static const char *const endings[] = { "html", "htm", "xhtml", "xht" };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (curb_str_is_nocase(name_ending(entry->name), endings[i]))
			return !entry->folder && !name_is_litter(entry->name);
	return false;
}

static int by_name(const void *a, const void *b)
{
	struct zip_entry *const *x = a, *const *y = b;
	return name_compare((*x)->name, (*y)->name);
}

static size_t find_pages(struct reader_job *job, struct zip_entry **pages)
{
	size_t n = 0;
	for (size_t i = 0; i < job->zip->count; i++)
		if (is_page(&job->zip->entries[i]))
			pages[n++] = &job->zip->entries[i];
	if (n)
		qsort(pages, n, sizeof *pages, by_name);
	return n;
}

static struct zip_entry *first_page(const struct reader_job *job)
{
	static const char *const names[] = { "index.html", "index.htm", "index.xhtml", "toc.html",
		                             "toc.htm" };
	struct zip_entry *found = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++)
		found = document_named(job, names[i], false);
	return found;
}

struct order {
	struct zip_entry **rows;
	size_t n;
	bool *taken; /* by entry */
	const struct zip *zip;
};

static void take(struct order *order, struct zip_entry *entry)
{
	if (!entry || order->taken[entry - order->zip->entries])
		return;
	order->taken[entry - order->zip->entries] = true;
	order->rows[order->n++] = entry;
}

/* In the order of reading; links that lead elsewhere are no contents. */
static void put_in_order(struct reader_job *job, struct spoken_book *book, struct prose_book *read)
{
	struct document_names names;
	struct order order = { .rows = curb_alloc_n(job->arena, read->page_count + 1,
		                                    sizeof(struct zip_entry *)),
		               .taken = curb_alloc_n(job->arena, job->zip->count + 1, sizeof(bool)),
		               .zip = job->zip };
	size_t kept = 0;
	document_names(job, &names);
	take(&order, book->contents);
	for (size_t i = 0; i < book->point_count; i++) {
		struct curb_str id;
		struct zip_entry *entry = document_beside(&names, book->contents->name, book->points[i].url,
		                                          &id);
		if (!entry || !is_page(entry) || entry == book->contents)
			continue;
		take(&order, entry);
		book->points[kept++] = book->points[i];
	}
	book->point_count = kept;
	for (size_t i = 0; i < read->page_count; i++)
		take(&order, read->pages[i]);
	read->pages = order.rows;
	read->page_count = order.n;
}

static int bid(const struct reader_job *job)
{
	enum { BID = 30 };
	for (size_t i = 0; job->zip && i < job->zip->count; i++)
		if (is_page(&job->zip->entries[i]))
			return BID;
	return 0;
}

static bool read_book(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts)
{
	struct spoken_book book = { .contents = first_page(job) };
	struct prose_book read = { .html = true };
	size_t more = 0;
	book.points = curb_alloc_n(job->arena, SPOKEN_POINTS_MAX, sizeof *book.points);
	read.pages = curb_alloc_n(job->arena, job->zip->count + 1, sizeof(struct zip_entry *));
	read.page_count = find_pages(job, read.pages);
	if (book.contents && !toc_read_page(job, &book, &more))
		return false;
	spoken_more_points(job, &book, more);
	put_in_order(job, &book, &read);
	read.contents = book.contents;
	read.points = book.points;
	read.point_count = book.point_count;
	read.lang = name_is_lang(book.facts.lang) ? book.facts.lang : none;
	*ret_facts = book.facts;
	return prose_unit(job, &read, unit);
}

const struct content_reader pages_reader = { .name = "pages", .bid = bid, .book = read_book };
