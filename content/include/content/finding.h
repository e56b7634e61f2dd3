/* Findings: what was found in a package, for its author.
 * The rule: the worker sends code, place and facts; the words are the catalogs', in the author's language.
 */
#ifndef CONTENT_FINDING_H
#define CONTENT_FINDING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum content_severity {
	CONTENT_NOTE = 1,   /* good to know                              */
	CONTENT_DOUBT = 2,  /* taken, but look at it                     */
	CONTENT_REFUSED = 3 /* the package is not taken, nothing is left */
};

/* One row a code (content/finding_codes.h). `what`, `mend` and `means` (what it means for which learners) are English
 * source texts; in the first two {a} and {b} are filled from the finding's facts. */
struct content_finding_code {
	const char *code; /* "zip.traversal" */
	enum content_severity severity;
	const char *what, *mend, *means;
};

/* The row of a code, or NULL. Static. */
const struct content_finding_code *content_finding_code(const char *code, size_t length);
/* All rows by their place from 0, codes of a prefix beside each other; NULL past the last. Static. */
const struct content_finding_code *content_finding_at(size_t i);

#ifdef __cplusplus
}
#endif
#endif
