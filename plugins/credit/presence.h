/* Presence: in a class whose policy wants it, playback waits now and then at the end of a chapter until its trainee says that she is
 * there; no camera, no puzzle, no time limit.
 * The rule: nothing is lost by waiting. Once so many seconds have counted since the last answer, the rest of the chapter that is
 * being played still counts; what is seen behind it is kept and counts as soon as the answer comes, on the day on which it was seen.
 *
 * Where a lesson has no chapters, its end is the boundary. A chapter, or a lesson without any, of over an hour is taken as equal parts
 * of an hour at most: else hours of one recording would never be asked about. A part may end in the middle of a sentence; it goes on
 * there after the answer.
 */
#ifndef CREDIT_PRESENCE_H
#define CREDIT_PRESENCE_H

#include "credit.h"

enum { PRESENCE_PART_MOST_S = 3600 };

/* ---- presence.c: pure ---- */

/* Where the chapters of a lesson end, in seconds of its time axis, ascending; the last one is its length. */
struct presence_ends {
	const int64_t *ends_s; /* arena */
	size_t n;
};
/* Of chapters that begin at starts_s, in any order; n 0: it has none. Those outside of the lesson are left out. Arena. */
struct presence_ends presence_ends(struct curb_arena *arena, const int64_t *starts_s, size_t n,
                                   int64_t media_s);

struct presence_gate {
	int64_t every_s, since_s;         /* every_s over 0; since_s: counted since the last answer */
	bool armed;                       /* every_s are reached: only the chapter goes on counting */
	struct span chapter;              /* of this lesson; empty when it is one of another lesson */
	const struct presence_ends *ends; /* read while it is not armed */
};
/* What of `fresh`, seconds that would count, counts without waiting for an answer; moves the gate on. Arena. */
struct ranges presence_let(struct curb_arena *arena, struct presence_gate *gate, const struct ranges *fresh);

/* True when a beat shows that she is at the end of the chapter, or away from it. position_s -1: not said. */
bool presence_left(const struct presence_gate *gate, const struct ranges *played, int64_t position_s);

/* ---- presence_store.c ---- */
struct presence {
	int64_t since_s, answered, due_ms;
	struct curb_id unit; /* armed: its chapter goes on counting; "": not */
	struct span chapter;
	int64_t number; /* of that chapter, from 1; 0: armed before this was kept, then nothing is asked about it */
};
/* Nothing when she has not begun. */
int presence_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                const struct curb_id *cohort, struct presence *ret_presence);
int presence_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                  const struct curb_id *cohort, const struct presence *presence);

/* What waits of a unit on a day. */
struct presence_held {
	struct curb_id unit, play;
	int64_t day;
	struct ranges ranges; /* arena */
};
/* By day and unit, the earliest first. Arena. */
int presence_held_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     const struct curb_id *cohort, struct presence_held **ret_held, size_t *ret_n);
int presence_held_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                       const struct curb_id *cohort, const struct presence_held *held);
/* How many seconds wait together. */
int presence_held_s(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                    const struct curb_id *cohort, int64_t *ret_s);
int presence_held_forget(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                         const struct curb_id *cohort);

/* How a check was answered. */
struct presence_said {
	int64_t number, due_ms, at_ms, held_s, granted_s;
	struct curb_id unit, by;
	struct curb_str modality;
};
int presence_said_add(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                      const struct curb_id *cohort, const struct presence_said *said);
/* The latest first, `most` of them; *ret_total counts all. Arena. */
int presence_said_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     const struct curb_id *cohort, int64_t most, struct presence_said **ret_said,
                     size_t *ret_n, int64_t *ret_total);

/* Those on the roster of a class whose answer is due, the longest wait first. Arena. */
struct presence_waiting {
	struct curb_id person, unit;
	struct curb_str shown;
	int64_t check, due_ms, held_s;
};
int presence_waiting_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        struct presence_waiting **ret_waiting, size_t *ret_n);

/* ---- presence_beat.c: in a write function; nothing where the class wants no checks ---- */
/* Before a beat is counted: what waits of its unit goes to play->elsewhere, so that it is not counted anew. */
int presence_begin(struct credit *c, struct curb_tx *tx, struct credit_play *play,
                   struct presence *ret_presence);
/* Behind it: takes from `sums` what waits, and keeps that. */
int presence_hold(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                  const struct credit_beat *beat, struct presence *presence, struct count_after *sums);
/* Another lesson is opened: that is a boundary as well. */
int presence_open(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms);
/* 0 while nothing of hers waits for an answer in a class ("": in any), else CURB_EUNFIT: such hours can go nowhere. In any transaction. */
int presence_check_free(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        struct curb_str cohort);
/* The question that the lesson's author put to the chapter of the check. CURB_ENOTFOUND when there is none. Arena of tx. */
int presence_question(struct credit *c, struct curb_tx *tx, const struct presence *presence,
                      struct content_question *ret_question);
/* What the player is told. */
void presence_put_json(struct curb_json *j, const struct credit_check *check); /* into an open object */
int presence_tell(struct credit *c, struct curb_tx *tx, int64_t every_s, const struct presence *presence,
                  const struct curb_id *unit, struct credit_check *ret_check);

/* ---- presence_answer.c ---- */
/* Ways to answer, as entries of the ledger and rows name them. */
#define PRESENCE_BUTTON "button"
#define PRESENCE_FORM "form"
#define PRESENCE_QUESTION "question"
#define PRESENCE_INSTRUCTOR "instructor"

struct presence_answer {
	struct credit *c;
	struct curb_id person;
	struct curb_str cohort;
	int64_t check;        /* its number, from 1 */
	const char *modality; /* static */
	int64_t chosen;       /* of the question, from 1: which answer is right */
	struct credit_actor by;
	int64_t now_ms;
	/* result */
	bool repeated; /* it was answered before: nothing was done */
	int64_t held_s, granted_s;
	struct credit_check next;
};
/* In a write function: enters the answer and counts what waited. CURB_ENOTFOUND when she is not in the class, CURB_ECONFLICT when
 * that check is not due, CURB_EUNFIT when the question has another answer: that costs nothing. */
int presence_answer(struct curb_tx *tx, struct presence_answer *answer);

/* ---- presence_words.c ---- */
/* What a class page of hers says: what waits, and how checks were answered; and, for herself, the form to answer as "check". */
int presence_put_record(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                        const struct curb_id *person, struct curb_value *facts, struct curb_value *model);
/* Behind an answer by the form of her own page: that it is in, as the notice of `model`, unless a check of the class waits in `row`. */
void presence_put_answered(struct curb_req *req, const struct curb_value *row, struct curb_value *model);

/* ---- presence_pages.c ---- */
int presence_post_form(struct curb_req *req, void *state);
int presence_post_api(struct curb_req *req, void *state);
int presence_page_class(struct curb_req *req, void *state);
int presence_post_class(struct curb_req *req, void *state);

#endif
