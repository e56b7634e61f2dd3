/* Service a11y.v1: what every page has in common, and the words for what makes content accessible.
 * The rule: plugins write plain semantic HTML and the components below; looks and markup for assistive technology are made here.
 * Their names, parameters and what a screen reader says of them: accessibility/README.md, installed as
 * share/curbcut/components.md.
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
