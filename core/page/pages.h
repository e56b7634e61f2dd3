/* Inside of struct pages, for the files of this folder. */
#ifndef CURB_PAGE_PAGES_H
#define CURB_PAGE_PAGES_H

#include "mo.h"
#include "page.h"
#include "template.h"

#define PAGES_COMMON "a11y" /* the owner of layout and components */

enum { PAGES_LANGS_MAX = 16, PAGES_NAV_MAX = 64 };

struct pages_catalog {
	const char *owner;
	size_t lang; /* number of the language */
	struct mo mo;
};

struct pages_asset {
	const char *owner, *name;
	const char *address; /* "/assets/owner/hash/name" */
	struct pages_file file;
};

struct pages {
	struct curb_arena *arena;
	struct template **templates; /* sorted by owner and name once sealed */
	size_t template_count, template_room;
	struct pages_catalog *catalogs; /* in the order they were added */
	size_t catalog_count, catalog_room;
	struct pages_asset *assets; /* sorted by address once sealed */
	size_t asset_count, asset_room;
	const char *langs[PAGES_LANGS_MAX];
	size_t lang_count;
	/* The owners' templates "nav" and "foot", ended by NULL. */
	struct pages_parts {
		const struct template *list[PAGES_NAV_MAX + 1];
		size_t count;
	} nav, foot;
	const struct curb_value *globals[PAGES_LANGS_MAX]; /* what every page of that language may use */
	bool sealed;
};

/* Number of the language, 0 (the source's) when it is not there. */
size_t pages_lang_number(const struct pages *pages, struct curb_str lang);

/* NULL when it is not there. Only once sealed. */
const struct template *pages_template(const struct pages *pages, const char *owner, struct curb_str name);

/* The translation from `owner`'s own messages, else from the components', else `source`. `easy`: the one in easy words
 * when there is one. */
const char *pages_owner_text(const struct pages *pages, const char *owner, size_t lang, bool easy,
                             const char *source);

/* Room for one more row behind `count` of them; moves the rows when needed. */
void *pages_grow(struct pages *pages, void *rows, size_t count, size_t *room, size_t row_size);

#endif
