#include "opf.h"

#include <stdlib.h>

#include "curb/cleanup.h"

enum { WORDS_MAX = 20000, ACCESS_MAX = 100 };

struct walk {
	struct curb_arena *arena;
	struct opf *opf;
	struct curb_str *fact;      /* that is being read; NULL: none */
	struct curb_value **access; /* likewise, a list of schema.org's */
	struct curb_buf words;
	bool full;
};

static struct curb_str *fact_of(struct opf *opf, struct curb_str name)
{
	return curb_str_is_nocase(name, "title")       ? &opf->facts.name :
	       curb_str_is_nocase(name, "language")    ? &opf->facts.lang :
	       curb_str_is_nocase(name, "publisher")   ? &opf->facts.provider :
	       curb_str_is_nocase(name, "description") ? &opf->facts.description :
	                                                 NULL;
}

/* EPUB Accessibility 1.1, section 2: <meta property="schema:accessMode">textual</meta>, in EPUB 2 name and content. */
static struct curb_value **access_of(struct opf *opf, const char **attributes)
{
	struct curb_str property = xml_attribute(attributes, "property");
	struct curb_str name = property.ptr ? property : xml_attribute(attributes, "name");
	return curb_str_is(name, "schema:accessMode")           ? &opf->facts.modes :
	       curb_str_is(name, "schema:accessibilityFeature") ? &opf->facts.features :
	       curb_str_is(name, "schema:accessibilityHazard")  ? &opf->facts.hazards :
	                                                          NULL;
}

static void add_access(struct walk *walk, struct curb_value **list, struct curb_str word)
{
	if (!*list)
		*list = curb_array(walk->arena);
	if (word.len && word.len < ACCESS_MAX && curb_value_count(*list) < ACCESS_MAX)
		curb_push(*list, curb_string(walk->arena, word));
}

static struct curb_str kept(struct walk *walk, const char **attributes, const char *name)
{
	struct curb_str value = curb_str_trim(xml_attribute(attributes, name));
	return value.ptr ? curb_dup(walk->arena, value) : value;
}

static void add_item(struct walk *walk, const char **attributes)
{
	struct opf *opf = walk->opf;
	walk->full = opf->item_count == OPF_ITEMS_MAX;
	if (!walk->full)
		opf->items[opf->item_count++] = (struct opf_item){
			kept(walk, attributes, "id"),
			kept(walk, attributes, "href"),
			kept(walk, attributes, "media-type"),
			kept(walk, attributes, "properties"),
			kept(walk, attributes, "media-overlay"),
		};
}

static void add_spine(struct walk *walk, const char **attributes)
{
	struct opf *opf = walk->opf;
	struct curb_str id = kept(walk, attributes, "idref");
	walk->full = opf->spine_count == OPF_ITEMS_MAX;
	if (id.len && !walk->full)
		opf->spine[opf->spine_count++] = id;
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct walk *walk = arg;
	struct curb_str *fact = fact_of(walk->opf, name);
	struct curb_str content = xml_attribute(attributes, "content");
	curb_buf_clear(&walk->words);
	if (fact && !fact->len)
		walk->fact = fact;
	walk->access = curb_str_is(name, "meta") ? access_of(walk->opf, attributes) : NULL;
	if (walk->access && content.ptr)
		add_access(walk, walk->access, curb_str_trim(content));
	if (curb_str_is(name, "item"))
		add_item(walk, attributes);
	else if (curb_str_is(name, "itemref"))
		add_spine(walk, attributes);
	else if (curb_str_is(name, "spine"))
		walk->opf->toc = kept(walk, attributes, "toc");
	return !walk->full;
}

static void text(void *arg, struct curb_str bytes)
{
	struct walk *walk = arg;
	if (walk->fact || walk->access)
		curb_buf_str(&walk->words, bytes);
}

static bool end(void *arg, struct curb_str name)
{
	struct walk *walk = arg;
	if (walk->fact && fact_of(walk->opf, name) == walk->fact) {
		*walk->fact = curb_dup(walk->arena, curb_str_trim(curb_buf_view(&walk->words)));
		walk->fact = NULL;
	}
	if (walk->access)
		add_access(walk, walk->access, curb_str_trim(curb_buf_view(&walk->words)));
	walk->access = NULL;
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct opf_item *x = a, *y = b;
	size_t n = x->id.len < y->id.len ? x->id.len : y->id.len;
	int order = n ? memcmp(x->id.ptr, y->id.ptr, n) : 0;
	return order ? order : (x->id.len > n) - (y->id.len > n);
}

bool opf_read(struct reader_job *job, struct zip_entry *entry, struct opf *ret_opf)
{
	struct opf *opf = ret_opf;
	struct document document;
	struct walk walk = { .arena = job->arena, .opf = opf, .words = curb_buf(WORDS_MAX) };
	const struct xml_walk xml = { .begin = begin, .text = text, .end = end, .arg = &walk };
	*opf = (struct opf){ .items = curb_alloc_n(job->arena, OPF_ITEMS_MAX, sizeof *opf->items),
		             .spine = curb_alloc_n(job->arena, OPF_ITEMS_MAX, sizeof *opf->spine) };
	bool ok = document_open(job, entry, &document) && document_walk(job, &document, &xml);
	curb_buf_free(&walk.words);
	if (opf->item_count)
		qsort(opf->items, opf->item_count, sizeof *opf->items, by_id);
	return ok;
}

const struct opf_item *opf_item(const struct opf *opf, struct curb_str id)
{
	const struct opf_item wanted = { .id = id };
	return id.len && opf->item_count ?
	               bsearch(&wanted, opf->items, opf->item_count, sizeof *opf->items, by_id) :
	               NULL;
}
