/* EPUB 3 with media overlays (EPUB 3.3, section 9), and EPUB 2's contents where there are no others: the package document names
 * the documents in their order, each names the SMIL that reads it aloud. Scripts are never run: only words are taken.
 */
#include "ncx.h"
#include "opf.h"
#include "prose.h"
#include "toc.h"

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
		if (name_has_word(epub->opf.items[i].properties, "nav"))
			epub->book.contents = entry_of(epub, &epub->opf.items[i]);
	if (epub->book.contents)
		return toc_read(epub->job, &epub->book, &epub->more_points);
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

static bool note_sound(void *arg, struct curb_str name, const char **attributes)
{
	bool *some = arg;
	(void)attributes;
	*some = *some || curb_str_is(name, "audio");
	return true;
}

/* Overlays may be of words alone, for the voice of a reading program: then there is nothing to listen to. False when one cannot be
 * read. */
static bool find_sound(struct epub *epub, bool *ret_some)
{
	const struct xml_walk walk = {
		.begin = note_sound, .text = xml_no_text, .end = xml_no_end, .arg = ret_some
	};
	struct document document;
	*ret_some = false;
	for (size_t i = 0; i < epub->book.smil_count && !*ret_some; i++)
		if (!document_open(epub->job, epub->book.smils[i], &document) ||
		    !document_walk(epub->job, &document, &walk))
			return false;
	return true;
}

/* ---- a book without sound, or of which the words alone are wanted ---- */

static bool is_page(const struct opf_item *item)
{
	return curb_str_ends(item->type, "html") || curb_str_ends(item->type, "html+xml") ||
	       curb_str_ends(item->type, "dtbook+xml") || curb_str_ends(item->type, "oeb1-document");
}

/* The contents are a page of their own here; a book of nothing else is read as it is, and what it lacks was told before. */
static size_t find_pages(struct epub *epub, struct zip_entry **pages, bool with_contents)
{
	size_t n = 0;
	for (size_t i = 0; i < epub->opf.spine_count; i++) {
		const struct opf_item *item = opf_item(&epub->opf, epub->opf.spine[i]);
		struct zip_entry *entry = item ? entry_of(epub, item) : NULL;
		bool before = false;
		for (size_t k = 0; k < n; k++)
			before = before || pages[k] == entry;
		bool page = entry && is_page(item);
		if (page && !before && (with_contents || entry != epub->book.contents))
			pages[n++] = entry;
		else if (item && !page && !with_contents)
			wire_finding(epub->job->wire, entry ? "prose.page" : "prose.missing",
			             epub->package->name, item->href, none);
	}
	return n;
}

static bool read_words(struct epub *epub, struct curb_value *unit)
{
	struct prose_book book = { .lang = epub->book.facts.lang };
	if (!name_is_lang(book.lang))
		book.lang = none;
	book.pages = curb_alloc_n(epub->job->arena, epub->opf.spine_count + 1, sizeof(struct zip_entry *));
	book.page_count = find_pages(epub, book.pages, false);
	if (book.page_count == 0)
		book.page_count = find_pages(epub, book.pages, true);
	book.contents = epub->book.contents;
	book.points = epub->book.points;
	book.point_count = book.contents ? epub->book.point_count : 0;
	if (epub->more_points)
		spoken_more_points(epub->job, &epub->book, epub->more_points);
	return prose_unit(epub->job, &book, unit);
}

/* Chapters without an overlay have no place on the time axis of the others. */
static void tell_unread(const struct epub *epub)
{
	struct curb_str first = none;
	size_t unread = 0;
	for (size_t i = 0; i < epub->opf.spine_count; i++) {
		const struct opf_item *item = opf_item(&epub->opf, epub->opf.spine[i]);
		const struct zip_entry *entry = item ? entry_of(epub, item) : NULL;
		if (!entry || !is_page(item) || entry == epub->book.contents ||
		    entry_of(epub, opf_item(&epub->opf, item->overlay)))
			continue;
		if (unread++ == 0)
			first = item->href;
	}
	if (unread)
		wire_finding(epub->job->wire, "book.unread", epub->package->name,
		             curb_str(curb_printf(epub->job->arena, "%zu", unread)), first);
}

static int bid(const struct reader_job *job)
{
	enum { BID = 85 };
	return job->zip && in_container(job, "container.xml") ? BID : 0;
}

static bool read_book(struct reader_job *job, struct curb_value *unit, struct book_facts *ret_facts)
{
	struct epub epub = { .job = job };
	struct curb_str kind = curb_get_str(unit, "kind"); /* what a course wants of it */
	document_names(job, &epub.names);
	if (!find_package(&epub) || !is_open(&epub) || !opf_read(job, epub.package, &epub.opf))
		return false;
	epub.book.facts = epub.opf.facts;
	epub.book.points = curb_alloc_n(job->arena, SPOKEN_POINTS_MAX, sizeof *epub.book.points);
	epub.book.smils = curb_alloc_n(job->arena, SPOKEN_SMILS_MAX, sizeof(struct zip_entry *));
	find_smils(&epub);
	bool spoken = false;
	if (!curb_str_is(kind, "document") && !find_sound(&epub, &spoken))
		return false;
	if (!spoken && curb_str_is(kind, "audiobook")) {
		wire_finding(job->wire, "book.no_audio", epub.package->name, none, none);
		return false;
	}
	if (!read_contents(&epub))
		return false;
	*ret_facts = epub.book.facts;
	if (!spoken)
		return read_words(&epub, unit);
	tell_unread(&epub);
	return spoken_contents(job, &epub.book, epub.more_points, epub.more_smils) &&
	       spoken_read(job, &epub.book, unit);
}

const struct content_reader epub_reader = { .name = "epub", .bid = bid, .book = read_book };
