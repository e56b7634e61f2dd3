/* Service home.v1: what stands on a person's first page, and the help of each role.
 * The rule: whoever knows what a person does next offers a part; the page that shows the parts knows none of them.
 *
 * A part is offered in start and withdrawn in stop. `fill` runs on a handler's thread, with its request.
 */
#ifndef CURB_HOME_H
#define CURB_HOME_H

#include <stdint.h>

#include "curb/json.h"
#include "curb/request.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CURB_HOME_SERVICE "home.v1"

/* Beside CURB_ADMIN in the roles of a heading: an administrator of a part of the places does not need it. */
#define CURB_HELP_MACHINE (1u << 31)

/* One heading of the help for some roles: a few sentences in plain words. All static, English source texts that the
 * owner's messages translate. Rows end with a zero row, texts with NULL. */
struct curb_home_help {
	uint32_t roles;
	const char *title;
	const char *const *texts;
};

struct curb_home_part {
	void *self;
	const char *name; /* static; the plugin's own: it is withdrawn by it */
	uint32_t roles;   /* whom it has something for; a part with help alone has 0 */
	int rank;         /* the smallest comes first */
	/* Appends sections for the person of `req` to the list `sections`, and returns in *ret_next (when it knows one)
	 * what she does next; the first part that knows wins. Texts are translated. All of it arena.
	 *   next     {label, href, text}
	 *   section  {title, text, items[{href, title, title_lang, text, facts[…], progress{label, value, max, text}}],
	 *             more{href, label}, empty}     items are cards; `empty` is said when there is none */
	int (*fill)(void *self, struct curb_req *req, struct curb_value *sections,
	            struct curb_value **ret_next);
	const struct curb_home_help *help; /* may be NULL */
};

struct curb_home_api {
	struct curb_service_head head;
	/* CURB_EABI when there is a part of that name or no room. */
	int (*offer)(const struct curb_home_api *self, const struct curb_home_part *part);
	void (*withdraw)(const struct curb_home_api *self, const char *name);
	/* For the page that shows them: puts "next" (when there is one) and "sections" into `model`. */
	int (*fill)(const struct curb_home_api *self, struct curb_req *req, struct curb_value *model);
};

#ifdef __cplusplus
}
#endif
#endif
