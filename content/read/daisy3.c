/* DAISY 3 (ANSI/NISO Z39.86-2002 and 2005): the package document names the SMIL documents in their order and the NCX. */
#include "ncx.h"
#include "opf.h"

/* A package document that belongs to no EPUB. */
static struct zip_entry *package_document(const struct reader_job *job)
{
	return document_named(job, "container.xml", false) ? NULL : document_named(job, ".opf", true);
}

static bool has_type(const struct opf_item *item, const char *type)
{
	return item && curb_str_is_nocase(item->type, type);
}

/* By its type; older books have text/xml there, and the name it must have by the standard's advice. */
static struct zip_entry *find_ncx(const struct document_names *names, const struct zip_entry *package,
                                  const struct opf *opf)
{
	struct curb_str fragment;
	for (size_t i = 0; i < opf->item_count; i++)
		if (has_type(&opf->items[i], "application/x-dtbncx+xml") ||
		    curb_str_is_nocase(name_ending(opf->items[i].href), "ncx"))
			return document_beside(names, package->name, opf->items[i].href, &fragment);
	return NULL;
}

static bool is_smil(const struct opf_item *item)
{
	return has_type(item, "application/smil") || has_type(item, "application/smil+xml") ||
	       (item && curb_str_is_nocase(name_ending(item->href), "smil"));
}

/* Returns how many more there are than there is room for. */
static size_t find_smils(const struct document_names *names, const struct zip_entry *package,
                         const struct opf *opf, struct spoken_book *book)
{
	size_t more = 0;
	for (size_t i = 0; i < opf->spine_count; i++) {
		const struct opf_item *item = opf_item(opf, opf->spine[i]);
		struct curb_str fragment;
		struct zip_entry *entry =
			is_smil(item) ? document_beside(names, package->name, item->href, &fragment) : NULL;
		if (entry && book->smil_count == SPOKEN_SMILS_MAX)
			more++;
		else if (entry)
			book->smils[book->smil_count++] = entry;
	}
	return more;
}

static int bid(const struct reader_job *job)
{
	enum { BID = 70 };
	return package_document(job) ? BID : 0;
}

static bool read_book(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts)
{
	struct zip_entry *package = package_document(job);
	struct document_names names;
	struct opf opf;
	size_t more_points = 0;
	if (!opf_read(job, package, &opf))
		return false;
	document_names(job, &names);
	struct spoken_book book = {
		.facts = opf.facts,
		.contents = find_ncx(&names, package, &opf),
		.points = curb_alloc_n(job->arena, SPOKEN_POINTS_MAX, sizeof *book.points),
		.smils = curb_alloc_n(job->arena, SPOKEN_SMILS_MAX, sizeof(struct zip_entry *)),
	};
	size_t more_smils = find_smils(&names, package, &opf, &book);
	if (book.contents && !ncx_read(job, &book, &more_points))
		return false;
	*ret_facts = book.facts;
	return spoken_contents(job, &book, more_points, more_smils) && spoken_read(job, &book, unit);
}

const struct content_reader daisy3_reader = { .name = "daisy3", .bid = bid, .book = read_book };
