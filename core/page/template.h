/* One template: compiled to a list of steps once, run for each page.
 * The rule: all escaping is decided when it is compiled; running it only looks values up.
 */
#ifndef CURB_PAGE_TEMPLATE_H
#define CURB_PAGE_TEMPLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/json.h"
#include "curb/str.h"
#include "html.h"

enum step_kind {
	STEP_LITERAL,
	STEP_VALUE,
	STEP_TEXT, /* a translated text */
	STEP_TREE, /* a tree of elements */
	STEP_SECTION,
	STEP_END, /* of a section: `jump` is where it begins */
	STEP_PARTIAL,
	STEP_ASSET,
	STEP_URL_BEGIN, /* what is written up to STEP_URL_END is one address */
	STEP_URL_END
};

enum { TEMPLATE_ARGS_MAX = 16, TEMPLATE_DEPTH_MAX = 24, TEMPLATE_KEY_MAX = 64 };

/* key="text", key="_translated text" or key=path behind the name of a partial. */
struct template_arg {
	const char *key;
	bool is_path;
	struct curb_str text; /* the path, or the text */
	const char *source;   /* of a translated text, else NULL */
	const char *const *
		texts; /* its translations, made by pages_seal: of each language two, the second in easy words */
};

struct template;

struct template_step {
	enum step_kind kind;
	enum html_place place;
	bool inverted;
	uint32_t jump, line;
	struct curb_str text; /* literal, path, name of a partial or asset, its address after pages_seal */
	const char *source;
	const char *const *texts;
	struct template_arg *args;
	size_t arg_count;
	const struct template *partial; /* found by pages_seal; NULL for content, head, nav and foot */
};

struct template
{
	const char *owner, *name;
	struct template_step *steps;
	size_t count;
};

/* Compiles `text` (kept: the steps point into it). Takes any bytes. Everything is arena.
 * CURB_EINVAL with owner, name, line and reason. */
int template_compile(struct curb_arena *arena, const char *owner, const char *name, struct curb_str text,
                     struct template **ret_template);

/* What a run needs from outside. */
struct template_run {
	size_t text;                        /* which of the translations is written */
	const struct template *content;     /* what {{>content}} stands for; NULL outside a layout */
	const struct template *head;        /* {{>head}}; NULL: nothing */
	const struct template *const *nav;  /* {{>nav}}: all of them, ended by NULL */
	const struct template *const *foot; /* {{>foot}}: as well */
	const struct curb_value *globals;   /* looked at when the model has no such name */
};

/* Appends to `out`. CURB_EINTERNAL when partials nest too deep, CURB_ETOOBIG when `out` is full. */
int template_render(const struct template *template, const struct template_run *run,
                    const struct curb_value *model, struct curb_buf *out);

/* ---- escape.c ---- */
void escape_html(struct curb_buf *out, struct curb_str s);
/* Percent-encodes all but unreserved characters (RFC 3986, 2.3). */
void escape_query(struct curb_buf *out, struct curb_str s);
/* True for relative addresses, http, https, mailto and tel. `url` may be escaped by escape_html. */
bool escape_url_is_safe(struct curb_str url);

/* ---- tree.c ---- */
/* Appends a list of texts and elements (page.h has their shape), all escaped; nothing when it is no list. */
void tree_write(struct curb_buf *out, const struct curb_value *blocks);

#endif
