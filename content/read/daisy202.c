/* DAISY 2.02 (28 February 2001): the navigation control centre, ncc.html, is an XHTML page whose headings lead into SMIL 1.0. */
#include "curb/cleanup.h"
#include "spoken.h"

enum { HEADING_MAX = 2000 };

struct ncc {
	struct reader_job *job;
	struct document_names names;
	struct spoken_book book;
	bool *named; /* of each entry of the zip: it is among the SMIL documents, or there was no room */
	struct curb_str url; /* of the heading's first link */
	struct curb_buf heading;
	int level;                      /* of the heading that is open; 0: none */
	size_t more_points, more_smils; /* than there is room for */
};

static bool is_nocase(struct curb_str text, const char *a, const char *b)
{
	return curb_str_is_nocase(text, a) || curb_str_is_nocase(text, b);
}

static void read_meta(struct ncc *ncc, const char **attributes)
{
	struct curb_str name = xml_attribute(attributes, "name");
	struct curb_str content = curb_str_trim(xml_attribute(attributes, "content"));
	struct curb_str *fact = is_nocase(name, "dc:title", "title")         ? &ncc->book.facts.name :
	                        is_nocase(name, "dc:language", "language")   ? &ncc->book.facts.lang :
	                        is_nocase(name, "dc:publisher", "publisher") ? &ncc->book.facts.provider :
	                        is_nocase(name, "dc:description", "dc:subject") ?
	                                                                       &ncc->book.facts.description :
	                                                                       NULL;
	if (fact && !fact->len && content.len)
		*fact = curb_dup(ncc->job->arena, content);
}

/* Documents are read in the order in which the contents, pages and all, first name them. */
static void add_smil(struct ncc *ncc, struct curb_str url)
{
	struct curb_str fragment;
	struct zip_entry *entry = document_beside(&ncc->names, ncc->book.contents->name, url, &fragment);
	if (!entry || !curb_str_is_nocase(name_ending(entry->name), "smil"))
		return;
	bool *named = &ncc->named[entry - ncc->job->zip->entries];
	if (*named)
		return;
	*named = true;
	if (ncc->book.smil_count == SPOKEN_SMILS_MAX)
		ncc->more_smils++;
	else
		ncc->book.smils[ncc->book.smil_count++] = entry;
}

static int heading_level(struct curb_str name)
{
	bool heading = name.len == 2 && (name.ptr[0] == 'h' || name.ptr[0] == 'H') && name.ptr[1] >= '1' &&
	               name.ptr[1] <= '6';
	return heading ? name.ptr[1] - '0' : 0;
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct ncc *ncc = arg;
	struct curb_str href = curb_str_trim(xml_attribute(attributes, "href"));
	int level = heading_level(name);
	if (curb_str_is_nocase(name, "meta"))
		read_meta(ncc, attributes);
	if (level) {
		ncc->level = level;
		ncc->url = curb_str(NULL);
		curb_buf_clear(&ncc->heading);
	}
	if (!curb_str_is_nocase(name, "a") || !href.len)
		return true;
	if (ncc->level && !ncc->url.ptr)
		ncc->url = curb_dup(ncc->job->arena, href);
	add_smil(ncc, href);
	return true;
}

static void text(void *arg, struct curb_str bytes)
{
	struct ncc *ncc = arg;
	if (ncc->level)
		curb_buf_str(&ncc->heading, bytes);
}

static bool end(void *arg, struct curb_str name)
{
	struct ncc *ncc = arg;
	if (!ncc->level || heading_level(name) != ncc->level)
		return true;
	struct spoken_book *book = &ncc->book;
	struct curb_str words = curb_str_trim(curb_buf_view(&ncc->heading));
	if (ncc->url.ptr && book->point_count == SPOKEN_POINTS_MAX)
		ncc->more_points++;
	else if (ncc->url.ptr)
		book->points[book->point_count++] = (struct spoken_point){ curb_dup(ncc->job->arena, words),
			                                                   ncc->url, ncc->level };
	ncc->level = 0;
	return true;
}

static bool read_ncc(struct ncc *ncc)
{
	const struct xml_walk walk = { .begin = begin, .text = text, .end = end, .arg = ncc };
	struct document document;
	struct curb_arena *arena = ncc->job->arena;
	document_names(ncc->job, &ncc->names);
	ncc->book.points = curb_alloc_n(arena, SPOKEN_POINTS_MAX, sizeof *ncc->book.points);
	ncc->book.smils = curb_alloc_n(arena, SPOKEN_SMILS_MAX, sizeof(struct zip_entry *));
	ncc->named = curb_alloc_n(arena, ncc->job->zip->count, sizeof *ncc->named);
	ncc->heading = curb_buf(HEADING_MAX);
	bool read = document_open(ncc->job, ncc->book.contents, &document) &&
	            document_walk(ncc->job, &document, &walk);
	curb_buf_free(&ncc->heading);
	return read;
}

static int bid(const struct reader_job *job)
{
	enum { BID = 80 };
	return document_named(job, "ncc.html", false) || document_named(job, "ncc.htm", false) ? BID : 0;
}

static bool read_book(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts)
{
	struct zip_entry *contents = document_named(job, "ncc.html", false);
	struct ncc ncc = { .job = job };
	ncc.book.contents = contents ? contents : document_named(job, "ncc.htm", false);
	if (!read_ncc(&ncc))
		return false;
	*ret_facts = ncc.book.facts;
	return spoken_contents(job, &ncc.book, ncc.more_points, ncc.more_smils) &&
	       spoken_read(job, &ncc.book, unit);
}

const struct content_reader daisy202_reader = { .name = "daisy202", .bid = bid, .book = read_book };
