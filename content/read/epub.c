/* EPUB 3 with media overlays (EPUB 3.3, section 9), and EPUB 2's contents where there are no others: the package document names
 * the documents in their order, each names the SMIL that reads it aloud. Scripts are never run: only words are taken.
 */
#include "curb/cleanup.h"
#include "ncx.h"
#include "opf.h"

static const struct curb_str none = { NULL, 0 };

struct epub {
	struct reader_job *job;
	struct document_names names;
	struct zip_entry *package;
	struct opf opf;
	struct spoken_book book;
	size_t more_smils, more_points;
};

/* ---- the container (EPUB Open Container Format) ---- */

struct rootfile {
	struct curb_arena *arena;
	struct curb_str path;
};

static bool begin_container(void *arg, struct curb_str name, const char **attributes)
{
	struct rootfile *root = arg;
	if (curb_str_is(name, "rootfile") && !root->path.ptr)
		root->path = curb_dup(root->arena, xml_attribute(attributes, "full-path"));
	return true;
}

static struct zip_entry *in_container(const struct reader_job *job, const char *name)
{
	return reader_find(job, curb_str(curb_printf(job->arena, "META-INF/%s", name)));
}

static bool find_package(struct epub *epub)
{
	struct rootfile root = { .arena = epub->job->arena };
	const struct xml_walk walk = {
		.begin = begin_container, .text = xml_no_text, .end = xml_no_end, .arg = &root
	};
	struct document document;
	if (!document_open(epub->job, in_container(epub->job, "container.xml"), &document) ||
	    !document_walk(epub->job, &document, &walk))
		return false;
	epub->package = reader_find(epub->job, root.path);
	if (!epub->package)
		wire_finding(epub->job->wire, "book.missing", document.entry->name, root.path, none);
	return epub->package;
}

/* ---- locks: fonts may be obfuscated, nothing else (EPUB 3.3, section 4.2.6.3.2) ---- */

struct locks {
	bool font; /* the algorithm named last is one of the two for fonts */
	bool locked;
};

static bool begin_lock(void *arg, struct curb_str name, const char **attributes)
{
	static const char *const fonts[] = { "http://www.idpf.org/2008/embedding",
		                             "http://ns.adobe.com/pdf/enc#RC" };
	struct locks *locks = arg;
	struct curb_str algorithm = xml_attribute(attributes, "Algorithm");
	if (curb_str_is(name, "EncryptionMethod"))
		locks->font = curb_str_is(algorithm, fonts[0]) || curb_str_is(algorithm, fonts[1]);
	else if (curb_str_is(name, "CipherReference"))
		locks->locked = locks->locked || !locks->font;
	return true;
}

static bool is_open(struct epub *epub)
{
	struct locks locks = { .font = false };
	const struct xml_walk walk = {
		.begin = begin_lock, .text = xml_no_text, .end = xml_no_end, .arg = &locks
	};
	struct zip_entry *entry = in_container(epub->job, "encryption.xml");
	struct document document;
	if (entry &&
	    (!document_open(epub->job, entry, &document) || !document_walk(epub->job, &document, &walk)))
		return false;
	if (locks.locked)
		wire_finding(epub->job->wire, "book.protected", entry->name, none, none);
	return !locks.locked;
}

/* ---- the navigation document (EPUB 3.3, section 7) ---- */

struct navigation {
	struct curb_arena *arena;
	struct spoken_book *book;
	struct curb_buf words;
	struct curb_str url;   /* of the link that is open */
	int depth, toc, level; /* toc: depth of its nav, or 0; level: lists that are open in it */
	size_t more;
};

static bool has_word(struct curb_str list, const char *word)
{
	struct curb_str rest = list, part;
	while (curb_str_cut(&rest, ' ', &part))
		if (curb_str_is(part, word))
			return true;
	return false;
}

static bool begin_navigation(void *arg, struct curb_str name, const char **attributes)
{
	struct navigation *nav = arg;
	struct curb_str href = xml_attribute(attributes, "href");
	nav->depth++;
	if (curb_str_is(name, "nav") && !nav->toc && has_word(xml_attribute(attributes, "type"), "toc")) {
		nav->toc = nav->depth;
		nav->level = 0;
	}
	if (nav->toc && curb_str_is(name, "ol"))
		nav->level++;
	if (nav->toc && curb_str_is(name, "a") && href.ptr) {
		nav->url = curb_dup(nav->arena, curb_str_trim(href));
		curb_buf_clear(&nav->words);
	}
	return true;
}

static void text_of_navigation(void *arg, struct curb_str bytes)
{
	struct navigation *nav = arg;
	if (nav->url.ptr)
		curb_buf_str(&nav->words, bytes);
}

static void add_link(struct navigation *nav)
{
	struct spoken_book *book = nav->book;
	struct curb_str words = curb_dup(nav->arena, curb_str_trim(curb_buf_view(&nav->words)));
	if (book->point_count == SPOKEN_POINTS_MAX)
		nav->more++;
	else
		book->points[book->point_count++] = (struct spoken_point){ words, nav->url,
			                                                   nav->level ? nav->level : 1 };
	nav->url = none;
}

static bool end_navigation(void *arg, struct curb_str name)
{
	struct navigation *nav = arg;
	if (nav->url.ptr && curb_str_is(name, "a"))
		add_link(nav);
	if (nav->toc && curb_str_is(name, "ol") && nav->level)
		nav->level--;
	if (nav->toc == nav->depth)
		nav->toc = 0;
	nav->depth--;
	return true;
}

static bool read_navigation(struct epub *epub)
{
	enum { WORDS_MAX = 4000 };
	struct navigation nav = { .arena = epub->job->arena,
		                  .book = &epub->book,
		                  .words = curb_buf(WORDS_MAX) };
	const struct xml_walk walk = {
		.begin = begin_navigation, .text = text_of_navigation, .end = end_navigation, .arg = &nav
	};
	struct document document;
	bool read = document_open(epub->job, epub->book.contents, &document) &&
	            document_walk(epub->job, &document, &walk);
	curb_buf_free(&nav.words);
	epub->more_points = nav.more;
	return read;
}

/* ---- what the package document says ---- */

static struct zip_entry *entry_of(const struct epub *epub, const struct opf_item *item)
{
	struct curb_str fragment;
	return item ? document_beside(&epub->names, epub->package->name, item->href, &fragment) : NULL;
}

/* The navigation document, else the NCX. */
static bool read_contents(struct epub *epub)
{
	const struct opf_item *ncx = opf_item(&epub->opf, epub->opf.toc);
	for (size_t i = 0; i < epub->opf.item_count; i++)
		if (has_word(epub->opf.items[i].properties, "nav"))
			epub->book.contents = entry_of(epub, &epub->opf.items[i]);
	if (epub->book.contents)
		return read_navigation(epub);
	epub->book.contents = entry_of(epub, ncx);
	return !epub->book.contents || ncx_read(epub->job, &epub->book, &epub->more_points);
}

static void find_smils(struct epub *epub)
{
	struct spoken_book *book = &epub->book;
	for (size_t i = 0; i < epub->opf.spine_count; i++) {
		const struct opf_item *page = opf_item(&epub->opf, epub->opf.spine[i]);
		struct zip_entry *smil = page ? entry_of(epub, opf_item(&epub->opf, page->overlay)) : NULL;
		if (smil && book->smil_count && book->smils[book->smil_count - 1] == smil)
			continue;
		if (smil && book->smil_count == SPOKEN_SMILS_MAX)
			epub->more_smils++;
		else if (smil)
			book->smils[book->smil_count++] = smil;
	}
}

static int bid(const struct reader_job *job)
{
	enum { BID = 85 };
	return job->zip && in_container(job, "container.xml") ? BID : 0;
}

static bool read_book(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts)
{
	struct epub epub = { .job = job };
	document_names(job, &epub.names);
	if (!find_package(&epub) || !is_open(&epub) || !opf_read(job, epub.package, &epub.opf))
		return false;
	epub.book.facts = epub.opf.facts;
	epub.book.points = curb_alloc_n(job->arena, SPOKEN_POINTS_MAX, sizeof *epub.book.points);
	epub.book.smils = curb_alloc_n(job->arena, SPOKEN_SMILS_MAX, sizeof(struct zip_entry *));
	find_smils(&epub);
	if (epub.book.smil_count == 0) {
		wire_finding(job->wire, "book.no_audio", epub.package->name, none, none);
		return false;
	}
	if (!read_contents(&epub))
		return false;
	*ret_facts = epub.book.facts;
	return spoken_contents(job, &epub.book, epub.more_points, epub.more_smils) &&
	       spoken_read(job, &epub.book, unit);
}

const struct content_reader epub_reader = { .name = "epub", .bid = bid, .book = read_book };
