/* Pages: templates (a Mustache subset with contextual escaping) and catalogs (.mo), both compiled at start.
 * The rule: no HTML is made anywhere else; a value is escaped by where it stands.
 *
 * Template language (a file NAME.html):
 *   {{name}} {{a.b}}           value, escaped for text or for a quoted attribute; javascript: links blocked
 *   {{#x}}…{{/x}} {{^x}}…{{/x}} section: list, object, true / inverted: absent, false, empty, 0; {{.}} the item
 *   {{>part}}                  another template: of the same owner, else of the components (accessibility/README.md lists them)
 *   {{>part id="q" label="_Text to translate" value=a.b}}   the same with names of its own: a text, a translated
 *                              text, or what a path stands for here. Inside it only these names are known
 *   {{_ Source text with {name}}}   translated; {name} filled from the model, all escaped; blanks run together
 *   {{asset player.js}}        address of an asset of the same owner; {{asset a11y/curb.css}} of another
 *   {{tree x}}                 a list of texts and elements, each a list of its name, perhaps an object of what is known of it,
 *                              and what is in it: [["p", {"lang": "en"}, "one ", ["em", "two"]]]. tree.c has the elements and
 *                              attributes that are written, all escaped; addresses are of this server
 *   {{#_here}}…{{/_here}}      when the address in `href` is the page's `path` (for navigation)
 *   {{form_page}}              the page's `path`, also inside a partial with names of its own
 *   {{form_of}}                whose form it is, likewise; absent when she is not signed in
 *   {{! comment }}             a line that holds nothing but the tag of a section or a comment is left out
 * A name is looked up from the innermost section outwards, then in what pages_seal gives every page: lang, dir,
 * languages[{code,name,current}]. Addresses may be relative, http, https, mailto or tel; others become "#";
 * a <link> whose address holds no value may be a picture, data:image/….
 * Behind the '?' or '#' of an address a value is percent-encoded: <a href="/courses?q={{q}}">. `list.0` is the
 * first item: {{#list.0}}<ul>{{#list}}…{{/list}}</ul>{{/list.0}} writes no empty list.
 * Refused when compiled: a value in script, style, comments, a tag's or attribute's name, an unquoted attribute,
 * on…=, style=, srcset=; a value that chooses a script or style sheet; text in script or style; partials inside
 * tags; sections that leave the HTML in another state than they found it. Whole attributes may stand in sections
 * inside a tag: <input{{#on}} checked{{/on}}>.
 *
 * An owner's template "nav" (<li> rows: {{>nav_item href="/record" label="_My hours"}}) is put into the navigation
 * of every page, its "foot" (<p> rows) into the footer; "NAME.head" into <head> of the page NAME (style sheets and scripts of it alone).
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

/* Adds what `owner` brings (tables end with a zero row, may be NULL); may be called again for more of the same owner. CURB_EINVAL names file, line and reason. */
int pages_add(struct pages *pages, const char *owner, const struct curb_embedded *templates,
              const struct curb_embedded *messages, const struct curb_embedded *assets);
/* The messages of the core itself (core/lang), to be added for owner "core". */
extern const struct curb_embedded core_page_messages[];
/* Checks that every partial and asset named is there and translations keep their {name} parts. After it, readers need no lock. */
int pages_seal(struct pages *pages);

/* Renders OWNER's template into `out`. */
int pages_render(const struct pages *pages, const char *owner, const char *name, struct curb_str lang,
                 const struct curb_value *model, struct curb_buf *out);

/* The same inside the layout: a whole page. http calls this for curb_reply_page, and for errors with owner "a11y",
 * name "problem" and title, detail, kept, todo, wait_s and request in the model (all but title may be absent).
 * The layout expects in the model (all may be absent but title and path):
 *   title              text, translated: <title> and the one <h1>
 *   path               the address of the page, with its query: where the language form returns to
 *   user               {signed_in: bool, name: text, roles: {learner: true, …}} (words of people_role_words)
 *   csrf               the token of this session's forms; {{>form_fields}} in a form writes it and the key
 *   idempotency_key    a fresh one for the forms of this page
 *   notice             {kind: "status" or "error", text} told at the top, in a live region
 *   barrier_href       address of the page to report a difficulty on
 *   no_heading         true: the template brings its own <h1>
 *   needs              {colours, text, spacing, motion, layout}: what <html> carries; with layout "simple" texts are those in
 *                      easy words (msgctxt "easy") where there are some
 *   typed              {field: {value, checked, error, secret: {error}}}: what came in with a form that is shown again. A
 *                      component given `name` or `id` shows it in place of what it is given, and the option typed as the
 *                      one selected; one of type="password" shows `secret`
 * The forms of the layout: POST /lang {lang, back, csrf}, POST /signout {csrf}; a link to /signin?back=path. */
int pages_layout(const struct pages *pages, const char *owner, const char *name, struct curb_str lang,
                 const struct curb_value *model, struct curb_buf *out);

/* The translation of `source` in `lang` from anybody's messages, or `source` itself. State. */
const char *pages_tr(const struct pages *pages, struct curb_str lang, const char *source);
/* The same, but from `owner`'s own messages when they have it: one English word may mean two things. */
const char *pages_text(const struct pages *pages, const char *owner, struct curb_str lang,
                       const char *source);
/* The same in easy words (msgctxt "easy"): `owner`'s, else, where the usual text is not its own either, anybody's. */
const char *pages_easy_text(const struct pages *pages, const char *owner, struct curb_str lang,
                            const char *source);
/* Fills {name} parts of a translated text from `values` (unescaped). Arena. */
struct curb_str pages_fill(struct curb_arena *arena, const char *text, const struct curb_value *values);

/* "en", "zh-CN", … NULL past the end; the best of them for an Accept-Language header (RFC 9110, 12.5.4); zh-CN
 * when the header is absent or fits none. */
const char *pages_lang(const struct pages *pages, size_t i);
const char *pages_best_lang(const struct pages *pages, struct curb_str accept_language);
/* Thousandths of the quality value among the parameters behind a ';' (RFC 9110, 12.4.2): 1000 when there is none, 0 when it
 * is broken. */
int pages_quality(struct curb_str params);

/* An asset. Its bytes are its owner's, type is static, version (that of the address) state. */
struct pages_file {
	const char *type;
	struct curb_str version;
	struct curb_str bytes,
		gzip; /* gzip: the same as gzip packs them, from the row NAME.gz; absent without one */
};
/* By the path behind /assets/ ("notes/3f2a…/player.js"); CURB_ENOTFOUND. A row NAME.gz is never found by itself. */
int pages_asset(const struct pages *pages, struct curb_str path, struct pages_file *ret_file);

#endif
