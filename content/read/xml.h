/* XML 1.0 through expat, element by element, under the local names that namespaces leave.
 * The rule: xml.c alone includes expat's header. An entity of the document's own, more than 64 levels or four million elements
 * end the reading; what lies outside of the document is never asked for.
 */
#ifndef CONTENT_XML_H
#define CONTENT_XML_H

#include <stdbool.h>

#include "curb/str.h"

struct xml_walk {
	bool (*begin)(void *arg, struct curb_str name, const char **attributes); /* false ends the reading */
	void (*text)(void *arg, struct curb_str text); /* a part of it; there may be more */
	bool (*end)(void *arg, struct curb_str name);
	void *arg;
	unsigned long *line; /* where the element that begins or ends stands, from 1; NULL: not asked for */
};

/* Reads a whole document of at most 1 GiB. False when it is none, names a document type, was ended, or is beyond the bounds. */
bool xml_read(struct curb_str bytes, const struct xml_walk *walk);

/* The same for pages and books (XHTML, SMIL, OPF, NCX, DTBook): a document type may be named, and &nbsp; and the like, which
 * it would have declared, come as text. `encoding`: "UTF-8" when the bytes are known to be that, NULL: as the document says.
 * 0: it was read; else the line where it ended. */
unsigned long xml_read_page(struct curb_str bytes, const char *encoding, const struct xml_walk *walk);

/* For walks that want no text, or no ends. */
void xml_no_text(void *arg, struct curb_str text);
bool xml_no_end(void *arg, struct curb_str name);

/* The value of an attribute by its local name; absent: there is none. Good until `begin` returns. */
struct curb_str xml_attribute(const char **attributes, const char *name);
/* Whether it says "1" or "true". */
bool xml_flag(const char **attributes, const char *name);

#endif
