/* What is missing in records, contradicts itself, or stands twice. Pure.
 * The rule: a finding says where, what it means and how to mend it; it changes nothing.
 *
 * Thread rules: no state.
 */
#ifndef EXCHANGE_FINDINGS_H
#define EXCHANGE_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

enum finding_kind {
	FINDING_NUMBER_TWICE, /* two persons with one certificate number */
	FINDING_NAME_TWICE,   /* two persons of one name in one class */
	FINDING_NO_NUMBER,    /* none is recorded */
	FINDING_OVER_PLAN,    /* more hours than the class has */
	FINDING_DO_NOT_ADD,   /* more counted than online and offline hours together */
	FINDING_ONLY_PASSED,  /* passed without hours */
	FINDING_ONLY_ISSUED,  /* a certificate without hours */
	FINDING_NOT_PASSED,   /* a certificate without results that are passed */
	FINDING_BEFORE_CLASS, /* a certificate from before the class began */
	FINDING_KINDS
};

/* Source texts in English, static. */
struct finding_words {
	const char *code, *meaning, *mend;
};
extern const struct finding_words finding_words[FINDING_KINDS];

/* A record, and what tells its person's number from others'; absent: none is recorded. */
struct looked_at {
	struct record record;
	struct curb_str mark;
};

struct finding {
	enum finding_kind kind;
	size_t record; /* its place among those looked at */
};
/* All of some records, in their order. Arena. Nothing is said of who has left a class but what is twice. */
void findings_in(struct curb_arena *arena, const struct looked_at *records, size_t n,
                 struct finding **ret_findings, size_t *ret_n);

#endif
