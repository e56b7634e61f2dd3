/* Accessibility of a package's media: what people who cannot see or hear will miss.
 * The rule: pure. A package in, codes out; the words are with the other findings (content/finding_codes.h), because
 * they reach the author by the same way.
 */
#ifndef A11Y_CHECKS_H
#define A11Y_CHECKS_H

#include <stddef.h>

#include "curb/json.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One call a finding. where: the unit's key; a: the unit's name; b: a fact of the rule, may be absent. All live during the
 * call. */
typedef void (*a11y_found_fn)(void *arg, const char *code, struct curb_str where, struct curb_str a,
                              struct curb_str b);

/* Goes through all units of `package`, the JSON that the worker sends as its result (content/read/wire.h), and reports what
 * they lack. Anything of another shape than told there is passed over. */
void a11y_check_package(const struct curb_value *package, a11y_found_fn found, void *arg);

/* A rule, for pages that explain it. Static. */
struct a11y_rule {
	const char *code;      /* "a11y.no-captions" */
	const char *criterion; /* of WCAG 2.2: "1.2.2" */
	const char *level;     /* of conformance: "A", "AA", "AAA" */
};

/* Rule `i`; NULL past the end. Static. */
const struct a11y_rule *a11y_rule(size_t i);

#ifdef __cplusplus
}
#endif
#endif
