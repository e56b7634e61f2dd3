/* XML documents of a package, in whichever encoding, and the addresses that lead from one file to another.
 * The rule: an address never leads out of the package.
 */
#ifndef CONTENT_DOCUMENT_H
#define CONTENT_DOCUMENT_H

#include "reader.h"
#include "xml.h"

struct document {
	struct zip_entry *entry;
	struct curb_str bytes;
	const char *encoding; /* for xml_read_page */
};

/* The names in the zip, so that many addresses can be followed. */
struct document_names {
	struct zip_entry **rows; /* by name, upper and lower case as one */
	size_t count;
	struct curb_arena *arena;
};

void document_names(const struct reader_job *job, struct document_names *ret_names);

/* The entry that an address in the file `from` leads to; upper and lower case are one, as they were where the book was made.
 * NULL: none, or it leads out. *ret_fragment: what stands behind #, or absent. */
struct zip_entry *document_beside(const struct document_names *names, struct curb_str from,
                                  struct curb_str url, struct curb_str *ret_fragment);
/* The first entry, nearest to the root, whose name without folders is `name` (upper and lower case as one) or, when `ending`,
 * ends with it. NULL: none. */
struct zip_entry *document_named(const struct reader_job *job, const char *name, bool ending);

/* The bytes of an entry as a document of at most 32 MiB. False after a finding. */
bool document_open(struct reader_job *job, struct zip_entry *entry, struct document *ret_document);
/* Reads it; a line that is not 0 is told ("book.xml") and makes it false. */
bool document_walk(struct reader_job *job, const struct document *document, const struct xml_walk *walk);
bool document_told(struct reader_job *job, const struct document *document, unsigned long line);

#endif
