/* XML 1.0 through expat, element by element, under the local names that namespaces leave.
 * The rule: xml.c alone includes expat's header. A document type (and with it any entity of its own), more than 64 levels or
 * four million elements end the reading.
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
};

/* Reads a whole document of at most 1 GiB. False when it is none, was ended, or is beyond the bounds. */
bool xml_read(struct curb_str bytes, const struct xml_walk *walk);

/* The value of an attribute by its local name; absent: there is none. Good until `begin` returns. */
struct curb_str xml_attribute(const char **attributes, const char *name);
/* Whether it says "1" or "true". */
bool xml_flag(const char **attributes, const char *name);

#endif
