/* HTML as people write it, element by element through the same walk as XML.
 * The rule: names come in lower case, each element that begins ends, whatever the page forgot; scripts and styles come without
 * what is in them.
 */
#ifndef CONTENT_HTML_H
#define CONTENT_HTML_H

#include "curb/str.h"
#include "xml.h"

struct html_tag {
	struct curb_str name, attributes;
	bool closing, empty; /* </x>, <x/> */
};

/* The tag that begins at `at`, whose < is there. False when there is none; *ret_end is its >, or the length when it does
 * not end. */
bool html_tag(struct curb_str html, size_t at, struct html_tag *ret_tag, size_t *ret_end);
/* The attribute at *at, which moves behind it; value "" when it has none. False at the end. */
bool html_attribute(const struct html_tag *tag, size_t *at, struct curb_str *ret_name,
                    struct curb_str *ret_value);
bool html_is_space(char c);

/* Reads a page of at most 32 MiB, in UTF-8 or (`latin`) Windows-1252. False when `begin` or `end` ended it. Behind 60 levels elements
 * are left out and what is in them stays. */
bool html_read(struct curb_str bytes, bool latin, const struct xml_walk *walk);

#endif
