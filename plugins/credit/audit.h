/* The auditor's room: what auditors find, and what stands out, with its evidence and without a verdict.
 * The rule: auditors read and change nothing; trainees' names are masked for them; each look at a person's hours is an entry of
 * the ledger.
 */
#ifndef CREDIT_AUDIT_H
#define CREDIT_AUDIT_H

#include "pages.h"

/* ---- audit_look.c ---- */
/* True when the asking person reads this institution's classes as an auditor alone. */
bool audit_is_looking(struct curb_req *req, const struct curb_id *institution);
/* A trainee's name as the asking person may see it: "Li …" for auditors, whole for those who look after the class. Arena. */
struct curb_str audit_name(struct curb_req *req, const struct curb_id *institution, struct curb_str shown);
/* Enters the look of an auditor at a person's hours in a class (NULL: at those of all of it) into the ledger; nothing for others.
 * Whether she is in the class is the caller's to look at first. The request's snapshot is a new one afterwards. A ledger that
 * takes no entries now keeps nobody from looking. */
int audit_note_look(struct curb_req *req, const struct curb_id *person, const struct credit_cohort *cohort);

/* ---- audit_store.c: within classes of one institution that were under way between two days ---- */
struct audit_span {
	struct curb_id institution;
	int64_t first_day, last_day;
};

/* Time of one day and lesson that came faster than it can be played. */
struct audit_fast {
	struct curb_id person, cohort, unit;
	int64_t day, clock_s;
};
enum { AUDIT_FAST_S = 600, AUDIT_ROWS_MOST = 50 };
/* Of AUDIT_FAST_S and more, the most in front; at most AUDIT_ROWS_MOST. */
int audit_fast(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
               struct audit_fast **ret_rows, size_t *ret_n);

/* Her place on the roster, from 1: several names may look the same once they are masked. */
int audit_place(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                const struct curb_id *person, int64_t *ret_place);

/* What one trainee did in one class, as a number that is the same for the same days, lessons and seconds. */
struct audit_trace {
	struct curb_id person, cohort;
	uint64_t mark;
	int64_t lines, played_s;
};
/* Traces of at least AUDIT_LINES lines that are equal to another of their class, side by side. */
enum { AUDIT_LINES = 3 };
int audit_equal_traces(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
                       struct audit_trace **ret_traces, size_t *ret_n);

/* Two who countersign each other's sheets and are countersigned by nobody else, in an office where others do so too. */
struct audit_pair {
	struct curb_id one, other;
	int64_t by_one, by_other; /* sheets that each entered and the other countersigned */
	int64_t office;           /* people of the office who entered or countersigned */
};
enum { AUDIT_SHEETS = 3 }; /* fewer say nothing */
int audit_pairs(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
                struct audit_pair **ret_pairs, size_t *ret_n);

/* ---- audit_lessons.c: at most AUDIT_ROWS_MOST, the latest first ---- */
/* Sheets of lessons before the class was opened (`class`), or else before some of their trainees were put on the roster. */
struct audit_early {
	struct curb_id sheet, cohort;
	struct curb_str programme;
	int64_t from_ms, people; /* trainees that it is so of */
	bool class;
};
int audit_early(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
                struct audit_early **ret_rows, size_t *ret_n);
/* Somebody who was in a lesson in person, and for AUDIT_FAST_S of it or more played recorded ones too. Nobody is refused for it: a
 * device is left on at home, a teacher plays a lesson in class. */
struct audit_both {
	struct curb_id sheet, cohort, person;
	struct curb_str shown;
	int64_t from_ms, played_s;
};
int audit_both(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
               struct audit_both **ret_rows, size_t *ret_n);
/* Those of one sheet, by name. */
int audit_both_of(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                  struct audit_both **ret_rows, size_t *ret_n);

/* ---- audit.c: rows of the table ---- */
/* For the first page of an auditor: a section that leads there. */
void audit_home(struct curb_req *req, struct curb_value *sections);
int credit_page_audit(struct curb_req *req, void *state);
int credit_post_audit(struct curb_req *req,
                      void *state); /* whom somebody looks for: her number stands in no address */

#endif
