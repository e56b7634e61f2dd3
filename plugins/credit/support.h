/* Support that a class was given, which raises the subsidy standard (P24): interpreters, captioners, assistants, devices, carers.
 * The rule: entered by one, countersigned by another; nothing is changed: that something was not so is one more line, with its
 * reason, countersigned as well.
 */
#ifndef CREDIT_SUPPORT_H
#define CREDIT_SUPPORT_H

#include "sheet.h"

enum support_kind {
	SUPPORT_INTERPRETER,
	SUPPORT_CAPTIONER,
	SUPPORT_ASSISTANT,
	SUPPORT_DEVICES,
	SUPPORT_CARERS,
	SUPPORT_KINDS
};
enum { SUPPORT_WORDS_MOST = 600, SUPPORT_NUMBER_MOST = 1000, SUPPORT_LINES_MOST = 500 };

struct support {
	struct curb_id id, cohort, entered_by, signed_by;
	struct curb_id corrects;  /* the line that was not so; "": none */
	struct curb_id corrected; /* by this one; "": not */
	bool corrected_signed;    /* and that is countersigned */
	enum support_kind kind;
	int64_t from_day, until_day, number, entry, entered_ms, signed_ms; /* signed_ms 0: it waits */
	struct curb_str words; /* what it was; or why it was not so */
};

const char *support_kind_text(enum support_kind kind); /* a source text */

/* ---- support_store.c ---- */
int support_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct support *ret_support);
/* All of a class, the earliest day first; arena. */
int supports_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct support **ret_list,
                size_t *ret_n);
int support_add(struct credit *c, struct curb_tx *tx, const struct support *support);
int support_add_sign(struct credit *c, struct curb_tx *tx, const struct support *support, int64_t entry);
/* Days on which a person of the class was there in person, by countersigned sheets (P26). Arena. */
struct attended_days {
	struct curb_id person;
	int64_t days;
};
int attended_days_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                     struct attended_days **ret_list, size_t *ret_n);

/* ---- support.c: write functions ---- */
bool support_kind_named(struct curb_str word, enum support_kind *ret_kind);
const char *support_kind_word(enum support_kind kind);
struct supporting {
	struct credit *c;
	struct support support; /* `corrects` some: of its cohort, kind, days and number */
	const char *role;
	const char *field; /* result: what is at fault */
};
/* CURB_EUNFIT with `field`; CURB_ECONFLICT: what it corrects is corrected already. */
int support_enter(struct curb_tx *tx, void *supporting);
/* support.id, signed_by, signed_ms. CURB_ECONFLICT: it was countersigned, or she entered it herself. */
int support_sign(struct curb_tx *tx, void *supporting);

/* ---- support_pages.c ---- */
/* The table of a class: "columns", "rows"; with links to each line when `linked`. */
int support_put_rows(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort, bool linked,
                     struct curb_value *model);
int support_page_list(struct curb_req *req, void *state);
int support_post_new(struct curb_req *req, void *state);
int support_page_one(struct curb_req *req, void *state);
int support_post_sign(struct curb_req *req, void *state);
int support_post_correct(struct curb_req *req, void *state);

#endif
