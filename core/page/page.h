/* Pages: templates (a Mustache subset with contextual escaping) and catalogs (.mo), both compiled at start.
 * The rule: no HTML is made anywhere else; a value is escaped by where it stands.
 *
 * Template language (a file NAME.html):
 *   {{name}} {{a.b}}           value, escaped for text or for a quoted attribute; javascript: links blocked
 *   {{#x}}…{{/x}} {{^x}}…{{/x}} section: list, object, true / inverted: absent, false, empty
 *   {{>part}}                  another template: of the same plugin, else of the components (accessibility/)
 *   {{_ Source text with {name}}}   translated; {name} filled from the model, all escaped
 *   {{asset player.js}}        address of an asset of the same plugin; {{asset a11y/curb.css}} of another
 *   {{! comment }}
 * Refused when compiled: a value in script, style, a tag name, an unquoted attribute, on…=; sections that
 * leave the HTML in another state than they found it.
 */
#ifndef CURB_PAGE_H
#define CURB_PAGE_H

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/json.h"
#include "curb/plugin.h"

struct pages; /* all templates, catalogs and assets; immutable after pages_seal; state of the process */

struct pages *pages_new(void);
void pages_free(struct pages *pages);

/* Adds what `owner` brings (tables end with a zero row, may be NULL). CURB_EINVAL names file, line and reason. */
int pages_add(struct pages *pages, const char *owner, const struct curb_embedded *templates,
              const struct curb_embedded *messages, const struct curb_embedded *assets);
/* Checks that every partial and asset named is there. After it, readers need no lock. */
int pages_seal(struct pages *pages);

/* Renders OWNER's template into `out`. */
int pages_render(const struct pages *pages, const char *owner, const char *name, struct curb_str lang,
                 const struct curb_value *model, struct curb_buf *out);

/* The translation of `source` in `lang`, or `source` itself. Static. */
const char *pages_tr(const struct pages *pages, struct curb_str lang, const char *source);
/* Fills {name} parts of a translated text from `values` (unescaped). Arena. */
struct curb_str pages_fill(struct curb_arena *arena, const char *text, const struct curb_value *values);

/* "en", "zh-CN", … NULL past the end; the best of them for an Accept-Language header (RFC 9110, 12.5.4). */
const char *pages_lang(const struct pages *pages, size_t i);
const char *pages_best_lang(const struct pages *pages, struct curb_str accept_language);

/* An asset by the path behind /assets/ ("notes/3f2a…/player.js"): bytes are state, type is static. */
int pages_asset(const struct pages *pages, struct curb_str path, struct curb_str *ret_bytes,
                const char **ret_type);

#endif
