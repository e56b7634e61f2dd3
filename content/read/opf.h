/* The package document of DAISY 3 (Open eBook 1.2) and of EPUB (OPF 2.0, EPUB 3): what the book is called, which files it has and
 * in which order they are read.
 */
#ifndef CONTENT_OPF_H
#define CONTENT_OPF_H

#include "document.h"

enum { OPF_ITEMS_MAX = 20000 };

struct opf_item {
	struct curb_str id, href, type, properties, overlay; /* overlay: id of its SMIL document (EPUB 3) */
};

struct opf {
	struct book_facts facts;
	struct opf_item *items;
	size_t item_count;
	struct curb_str *spine; /* ids */
	size_t spine_count;
	struct curb_str toc; /* id of the NCX, where the spine names it */
};

/* Reads it. False after a finding. Everything is arena. */
bool opf_read(struct reader_job *job, struct zip_entry *entry, struct opf *ret_opf);
/* The item with this id; NULL: none. */
const struct opf_item *opf_item(const struct opf *opf, struct curb_str id);

#endif
