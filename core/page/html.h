/* Where in an HTML text a template is, character by character: what a value may stand in depends on it.
 * The rule: what this reader does not understand is refused, never guessed.
 */
#ifndef CURB_PAGE_HTML_H
#define CURB_PAGE_HTML_H

#include <stdbool.h>
#include <stddef.h>

enum html_state {
	HTML_TEXT,
	HTML_OPEN,    /* behind '<' */
	HTML_TAG,     /* in the name of a tag */
	HTML_END_TAG, /* behind "</" */
	HTML_GAP,     /* in a tag, a blank is needed before the next attribute */
	HTML_ATTRS,   /* in a tag, an attribute may begin */
	HTML_NAME,    /* in the name of an attribute */
	HTML_EQUALS,  /* behind '=' */
	HTML_QUOTED,
	HTML_BARE,   /* in an attribute without quotes */
	HTML_RAW,    /* in script, style and the like: nothing may stand here */
	HTML_RCDATA, /* in title or textarea */
	HTML_DECL,   /* in <!doctype …> */
	HTML_COMMENT
};

enum { HTML_NAME_MAX = 24 };

struct html {
	enum html_state state;
	char quote;
	bool query;                                   /* behind the '?' or '#' of an address */
	char tag[HTML_NAME_MAX], attr[HTML_NAME_MAX]; /* lower case; longer names are cut */
	size_t matched; /* characters seen of what ends a raw text or a comment */
};

/* How a value is written where it stands; QUERY is behind the '?' or '#' of an address. */
enum html_place { HTML_PLACE_TEXT = 1, HTML_PLACE_ATTR, HTML_PLACE_URL, HTML_PLACE_QUERY };

/* Takes the next character. NULL, or why the text is refused. */
const char *html_feed(struct html *html, char c);

/* Where a value would stand now; 0 and *ret_why when none may. */
enum html_place html_place(const struct html *html, const char **ret_why);

/* True inside the quotes of an attribute that holds an address. */
bool html_in_url(const struct html *html);

/* A section begins or ends here: ends a name that is being read. */
void html_border(struct html *html);

/* Joins the state at a section's end with the one at its beginning. False when they are different places. */
bool html_join(struct html *end, const struct html *begin);

#endif
