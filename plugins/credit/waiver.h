/* Exceptions to the online share: who asks, who decides, what they change, and until when.
 * The rule: staff of the class ask; the federation of the tier that the class keeps as its own decides, never the institution
 * nor who asked. Granted, it raises the share of a class or of one trainee from then until its end, which comes by itself. It
 * replaces no offline hours: those of the plan stay due.
 */
#ifndef CREDIT_WAIVER_H
#define CREDIT_WAIVER_H

#include "pages.h"

enum { WAIVER_PAPER_MOST = 2 << 20 };

enum waiver_state { WAIVER_ASKED, WAIVER_GRANTED, WAIVER_REFUSED, WAIVER_ENDED };

struct waiver {
	struct curb_id id, cohort, person, by; /* person "": the whole class */
	struct curb_str region;                /* whose federation decides */
	int64_t share_m, until_ms, asked_ms;
	struct curb_str document; /* title and number */
	struct curb_str reason;   /* absent: none was given; from waiver_by_id alone */
	bool paper;               /* the document itself is there */
	enum waiver_state state;
	struct curb_id decided_by; /* with the two below once it is decided */
	struct curb_str words;     /* from waiver_by_id alone */
	int64_t from_ms;
};

/* The file of a document. */
struct waiver_paper {
	struct curb_str name, bytes;
	const char *type; /* static */
};

/* ---- store_waiver.c ---- */
/* CURB_ENOTFOUND. Arena. */
int waiver_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                 struct waiver *ret_waiver);
/* Of a class, what was asked last first. */
int waivers_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t now_ms,
               struct waiver **ret_waivers, size_t *ret_n);
/* Those of the places that whoever asks decides for, one place behind the other: that wait (`open`: what was asked first in front) or
 * that were decided (the last in front); a part of *ret_total. */
struct waivers_part {
	bool open;
	int64_t now_ms, skip, most;
};
int waivers_seen(struct curb_req *req, struct credit *c, const struct waivers_part *part,
                 struct waiver **ret_waivers, size_t *ret_n, int64_t *ret_total);
/* Granted ones of which the end is past and not in the ledger yet; a few. */
int waivers_past(struct credit *c, struct curb_tx *tx, int64_t now_ms, struct waiver **ret_waivers,
                 size_t *ret_n);
/* All of one person, what was asked first in front. */
int waivers_hers(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                 struct waiver **ret_waivers, size_t *ret_n);
/* It is another person's from now on. */
int waiver_give(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver,
                const struct curb_id *person);
int waiver_add(struct credit *c, struct curb_tx *tx, const struct waiver *waiver);
/* `sealed` is of waiver_seal_paper. */
int waiver_add_paper(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver,
                     const struct waiver_paper *paper, struct curb_str sealed);
int waiver_add_decision(struct credit *c, struct curb_tx *tx, const struct waiver *waiver, bool granted);
int waiver_add_end(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver);
/* CURB_ENOTFOUND: the document was not attached. */
int waiver_paper_of(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver,
                    struct waiver_paper *ret_paper);
/* Before the write function: encrypting takes a moment. */
int waiver_seal_paper(struct curb_tx *tx, const struct curb_id *waiver, const struct waiver_paper *paper,
                      struct curb_str *ret_sealed);

/* ---- waiver.c: in a write function ---- */
struct waiver_asking {
	struct waiver waiver; /* id, cohort, person, share_m, until_ms, document, reason, by, asked_ms */
	const char *role;
	const char *field; /* result: the field at fault */
};
int waiver_ask(struct credit *c, struct curb_tx *tx, struct waiver_asking *asking);
struct waiver_deciding {
	struct curb_str id, words;
	struct curb_id by;
	bool grant;
	int64_t now_ms;
};
/* CURB_ECONFLICT: it was decided; CURB_EUNFIT: its end is past; CURB_EDENIED: she asked for it herself. */
int waiver_decide(struct credit *c, struct curb_tx *tx, const struct waiver_deciding *deciding);
/* Two records are one person's: exceptions of `from` are those of `into` from now on, in the same classes, as large and as long as they
 * were. An entry each. */
int waivers_merge(struct credit *c, struct curb_tx *tx, const struct curb_id *from,
                  const struct curb_id *into, const struct credit_actor *by, int64_t now_ms);
/* The ends that are past become entries of the ledger. */
int waivers_end(struct credit *c, struct curb_tx *tx, int64_t now_ms);

/* ---- waiver_words.c ---- */
struct curb_str waiver_state_words(struct curb_req *req, enum waiver_state state);
/* "at most 60 of every hundred class hours, until 30 June 2027". */
struct curb_str waiver_extent_words(struct curb_req *req, const struct credit *c,
                                    const struct waiver *waiver);
/* The trainee, or the whole class. */
struct curb_str waiver_for_words(struct curb_req *req, const struct waiver *waiver);
/* For a trainee's own record: a sentence for each that was granted, and in `papers` {href,label} of its document. */
int waiver_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      const struct curb_id *person, struct curb_value *facts, struct curb_value *papers);
/* The same as JSON, also those that ended: members of an open list. */
int waiver_put_json(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    const struct curb_id *person, struct curb_json *j);

/* ---- waiver_pages.c, waiver_form.c, waiver_paper.c ---- */
/* What waits for a reviewer, as a section of her first page. */
int waivers_home(struct curb_req *req, struct credit *c, struct curb_value *sections);
int waiver_page_class(struct curb_req *req, void *state);
int waiver_post_class(struct curb_req *req, void *state);
int waiver_post_api(struct curb_req *req, void *state);
int waiver_page_list(struct curb_req *req, void *state);
int waiver_page_one(struct curb_req *req, void *state);
int waiver_post_decision(struct curb_req *req, void *state);
int waiver_post_paper(struct curb_req *req, void *state);
int waiver_get_paper(struct curb_req *req, void *state);
/* The exception of the path, when she sees its class or may decide it. CURB_ENOTFOUND; then the exception is there all the same
 * when it has an id. */
struct waiver_seen {
	struct waiver waiver;
	struct credit_cohort cohort;
	bool decides; /* her federation decides it */
	bool asks;    /* she belongs to the institution */
};
int waiver_find_seen(struct curb_req *req, struct credit *c, struct waiver_seen *ret_seen);
/* Its page, with a form that came back. */
int waiver_show_one(struct curb_req *req, struct credit *c, struct typed_form *form, int status);
/* The list of the class with its form; `form` NULL: an empty one. */
int waiver_show_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct typed_form *form);

#endif
