/* The four gates of a class (P7): opening request, process check, use of funds, completion review. The federation decides them, with
 * the number of its document; no accounts are kept here, only that and when the use of funds was checked.
 * The rule: a decision is never changed; a later one of the same gate takes its place and both stay to be read.
 */
#ifndef CREDIT_GATE_H
#define CREDIT_GATE_H

#include "pages.h"

enum gate { GATE_OPENING, GATE_PROCESS, GATE_FUNDS, GATE_COMPLETION, GATES };
enum { GATE_DOCUMENT_MOST = 100, GATE_NOTE_MOST = 1000 }; /* characters */

/* Of the database and of forms. */
const char *gate_word(enum gate gate);
bool gate_named(struct curb_str word, enum gate *ret_gate);
const char *gate_text(enum gate gate); /* for curb_tr */

struct gate_decision {
	enum gate gate;
	bool passed;
	struct curb_str document, note; /* note may be empty */
	struct curb_id by;
	int64_t number;            /* from 1 in each gate */
	int64_t decided_ms, entry; /* entry: its index in the ledger, a result */
};

/* What keeps a class from its completion. */
struct gate_open_ends {
	int64_t sheets;    /* lines of attendance that nobody countersigned */
	int64_t questions; /* of trainees that wait for an answer */
	bool under_way;
};

/* ---- gate_store.c ---- */
/* All of a class, the earliest in front. Arena. */
int gate_decisions(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                   struct gate_decision **ret_list, size_t *ret_n);
int gate_open_ends(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort, int64_t now_ms,
                   struct gate_open_ends *ret);
/* Classes of an institution that have ended and whose completion nobody decided; at most `most`, the first to end in front. */
int gate_waiting(struct credit *c, struct curb_tx *tx, const struct curb_id *institution, int64_t now_ms,
                 int64_t most, struct credit_cohort **ret_cohorts, size_t *ret_n);

/* In a write function. CURB_EUNFIT: the completion of a class cannot pass while something of it is open. */
struct gate_deciding {
	struct credit *c;
	struct credit_cohort cohort;
	struct gate_decision decision; /* its number is a result */
};
int gate_decide(struct curb_tx *tx, void *deciding);

/* ---- gate_pages.c ---- */
/* "Classes to review" of a reviewer; nothing when there is none. */
int gate_home(struct curb_req *req, struct credit *c, struct curb_value *sections);
/* For the page of a class: "gates", the address of its gates. */
void gate_put_link(struct curb_req *req, const struct credit_cohort *cohort, struct curb_value *model);
/* A table of the decisions: "columns", "rows"; and "left", what did not pass yet. */
int gate_put_decisions(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                       struct curb_value *model);
int credit_page_gates(struct curb_req *req, void *state);
int credit_post_gate(struct curb_req *req, void *state);

#endif
