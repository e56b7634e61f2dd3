/* Service a11y.v1: what every page has in common, and the words for what makes content accessible.
 * The rule: plugins write plain semantic HTML and the components below; looks and markup for assistive technology are made here.
 *
 * Components (accessibility/templates; {{>name key="…"}}, see core/page/page.h). In forms `error` may be absent; a
 * field's id is its name:
 *   form_fields                                      hidden csrf and idempotency_key: first thing in a form with POST
 *   field       id label [value type help error autocomplete inputmode required]
 *   textarea    id label [value help error required]
 *   select      id label options[{value,label,selected}] [help error required]
 *   choices     id name label options[{value,label,selected}] [type ("radio" or "checkbox") help error]
 *   checkbox    id label [checked help error]        its value is "yes"
 *   button      label [kind ("quiet", "danger") name value]
 *   notice      text [title kind ("status", "good", "warn", "error")]
 *   table       caption columns[{label,number}] rows[{cells[{text,label,href,number,head}]}]   a list at 320 px: cells
 *               carry their column's label, the first one is the row's `head`
 *   facts       items[{term,text,href}]              a definition list
 *   pager       [previous next] (addresses) [text]
 *   disclosure  summary [text items[…]]              for more than text write <details><summary> itself
 *   progress    id label value max [text]
 *   cards       items[{href,title,text,facts[…],tags[…]}]
 *   steps       items[{label,href,text,done,current}]
 *   empty       title [text href action]             when a list has nothing
 *   nav_item    href label                           in an owner's nav.html
 * Classes for markup of your own: lead, help, number, unseen (for screen readers only), button, quiet, inline (form).
 * Scripts: import { say } from the asset a11y/curb.js tells a screen reader a text.
 */
#ifndef A11Y_API_H
#define A11Y_API_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define A11Y_SERVICE "a11y.v1"
#define A11Y_OWNER "a11y" /* of its templates, messages and assets */

struct curb_embedded;

struct a11y_feature {
	const char *name; /* a value of schema.org/accessibilityFeature: "captions" */
	const char *text; /* English source text, short enough for a tag */
};

struct a11y_api {
	uint32_t size; /* sizeof, by the provider */
	/* For the core's pages. Static. */
	const struct curb_embedded *templates, *messages, *assets;
	/* Feature `i`, in the order people filter by; NULL past the end. Static. */
	const struct a11y_feature *(*feature)(size_t i);
	/* The source text of a feature, or NULL for one we do not know. `name` has `len` characters. Static. */
	const char *(*feature_text)(const char *name, size_t len);
};

/* The one table of the process. For main.c; plugins look the service up. Static. */
const struct a11y_api *a11y_service(void);

#ifdef __cplusplus
}
#endif
#endif
