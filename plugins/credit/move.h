/* Trainees who move: they leave a class, come back, go to another class; a wrong name is mended.
 * The rule: one asks with a reason, another one decides, and both are entries of the ledger. Nothing is edited: what was earned
 * stays on the record of the class, and who left is on its roster still.
 */
#ifndef CREDIT_MOVE_H
#define CREDIT_MOVE_H

#include "pages.h"

/* Who asks, and who decides what others asked; a reviewer does so for her region. */
enum { MOVE_ASKERS = CURB_STAFF, MOVE_DECIDERS = CURB_STAFF | CURB_REVIEWER };

enum move_kind {
	MOVE_LEAVE,
	MOVE_RETURN,
	MOVE_TRANSFER,
	MOVE_NAME,
	MOVE_MERGE,
	MOVE_ERASE,
	MOVE_KEEP,
	MOVE_KINDS
};
/* Of the database, of addresses and of programs: leave, return, transfer, name, merge, erase, keep. */
const char *move_word(enum move_kind kind);
bool move_named(struct curb_str word, enum move_kind *ret_kind);
/* "Withdraw from the class": a source text. */
const char *move_text(enum move_kind kind);

enum move_state { MOVE_ASKED, MOVE_DONE, MOVE_REFUSED };

struct move {
	struct curb_id id, person, cohort,
		institution;   /* cohort "": it is about the person, not about a class */
	struct curb_id target; /* of a transfer: the class she moves to; of a merger: the person who stays */
	struct curb_id receiver; /* the institution whose staff decide; "": that of the class */
	enum move_kind kind;
	struct curb_str name,
		before; /* of a name that is mended; before: what somebody was called whom a move is about that is not of
	                               * a class; with the reason from move_by_id alone */
	struct curb_str reason;
	struct curb_id asked_by;
	int64_t asked_ms, entry; /* entry: its index in the ledger */
	enum move_state state;
	struct curb_id decided_by; /* with the two below once it is decided */
	int64_t decided_ms;
	struct curb_str words; /* of who refused it; from move_by_id alone */
};

/* ---- store_move.c ---- */
int move_add(struct credit *c, struct curb_tx *tx, const struct move *move);
/* decided_by, decided_ms, words and whether it is done; `entry`: where the decision stands in the ledger. */
int move_add_decision(struct credit *c, struct curb_tx *tx, const struct move *move, int64_t entry);
/* Where the decision of a move stands in the ledger. CURB_ENOTFOUND: it was not decided. */
int move_decision_entry(struct credit *c, struct curb_tx *tx, const struct curb_id *move, int64_t *ret_entry);
/* CURB_ENOTFOUND. Arena. */
int move_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct move *ret_move);
/* Those that whoever asks sees, one institution behind the other: that wait (`open`: what was asked first in front) or that were decided
 * (the last in front); a part of *ret_total. */
struct moves_part {
	bool open;
	int64_t skip, most;
};
int moves_seen(struct curb_req *req, struct credit *c, const struct moves_part *part, struct move **ret_moves,
               size_t *ret_n, int64_t *ret_total);
/* Those that wait and that she may decide, likewise; `most` at most. */
int moves_to_decide(struct curb_req *req, struct credit *c, size_t most, struct move **ret_moves,
                    size_t *ret_n);
/* Of a person, the last in front; 200 at most. */
int moves_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person, struct move **ret_moves,
             size_t *ret_n);
/* Whether one of that kind about the person (and the class, where it is about one) waits. */
int move_waits(struct credit *c, struct curb_tx *tx, const struct move *like, bool *ret_waits);
/* Sets since when the person of `move` is away from a class, by it; left_ms 0: she is in it. */
int move_set_left(struct credit *c, struct curb_tx *tx, const struct move *move, const struct curb_id *cohort,
                  int64_t left_ms);
/* By which move somebody is away from a class. CURB_ENOTFOUND: she is in it, or not on its roster. */
int move_by_which_left(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct move *ret_move);
/* When she left the class; 0: she is in it. CURB_ENOTFOUND when she is not on its roster. */
int move_left_ms(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 const struct curb_id *person, int64_t *ret_ms);

/* Whether she had left the class at that moment. */
int move_away_at(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 const struct curb_id *person, int64_t at_ms, bool *ret_away);

/* Online seconds of a trainee that count against the cap: recorded and live. */
int move_online_s(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person, int64_t *ret_s);
/* The largest share that exceptions in force at now_ms give one of the two in a class; 0 without. */
int move_most_share(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *one, const struct curb_id *other, int64_t now_ms,
                    int64_t *ret_share_m);

/* ---- move.c: in a write function ---- */
struct move_asking {
	struct credit *c;
	struct move move; /* id, person, cohort, institution, kind, reason, asked_by, asked_ms */
	const char *role;
	const char *field; /* result: what is at fault, when something is */
};
/* CURB_EUNFIT when it cannot be, CURB_ECONFLICT when it waits already, CURB_EDENIED when she asks about herself. */
int move_ask(struct curb_tx *tx, void *asking);
struct move_deciding {
	struct credit *c;
	struct curb_str id, words;
	struct curb_id by;
	const char *role;
	bool agree;
	int64_t now_ms;
};
/* Agreed, it is done at once. CURB_ECONFLICT: it was decided; CURB_EDENIED: she asked for it, or it is about her; CURB_EUNFIT:
 * it cannot be any more. */
int move_decide(struct curb_tx *tx, void *deciding);
/* CURB_EDENIED, with why, when `by` may not decide the move. */
int move_may_decide(const struct move *move, const struct curb_id *by);

/* ---- move_class.c: what is done, in a write function ---- */
/* A move that was agreed to, and by whom. */
struct move_doing {
	struct credit *c;
	struct curb_tx *tx;
	const struct move *move;
	struct credit_moving by;
};
int move_check_here(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_check_away(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_check_transfer(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_leave(const struct move_doing *doing);
int move_return(const struct move_doing *doing);
int move_transfer(const struct move_doing *doing);

/* ---- move_person.c: what is done, in a write function ---- */
int move_check_name(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_check_merge(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_name(const struct move_doing *doing);
int move_merge(const struct move_doing *doing);

/* ---- move_attended.c ---- */
/* Lines of sheets that wait for a countersignature. */
int move_sheets_wait(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t *ret_n);
/* Those of one class. */
int move_sheets_wait_in(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        const struct curb_id *person, int64_t *ret_n);
/* Attended hours of the person of the move go from one class to the other: of units that both plans have under one name, where both are of
 * one kind of training, as far as the unit there has room and she was nowhere else then; online ones are under the share there. All else
 * stays where it was attended. */
int move_attended_over(const struct move_doing *doing, const struct credit_cohort *from,
                       const struct credit_cohort *to);
/* Attended hours of the person of the move in a class become those of the one who stays: taken out by a correction, brought in by
 * another, as far as the unit has room and she was nowhere else then. */
int move_attended(const struct move_doing *doing, const struct credit_cohort *cohort);

/* ---- move_points.c ---- */
/* Learning points of the person of the move become those of the one who stays, before the classes of both are united. */
int move_points(const struct move_doing *doing);

/* ---- move_unite.c ---- */
struct uniting_side {
	struct curb_id person;
	const struct credit_cohort *cohort;
};
struct uniting {
	struct credit *c;
	struct curb_tx *tx;
	struct uniting_side from, to; /* both on the rosters of their classes */
	struct credit_moving by;
	int64_t now_ms;
};
/* Moves what was learned of the units that both classes have from one side to the other. In a write function. */
int move_unite(const struct uniting *uniting);

/* ---- move_words.c ---- */
struct curb_str move_state_words(struct curb_req *req, enum move_state state);
/* Of the roster: "In the class", "Withdrawn since 3 June 2027". */
struct curb_str move_standing_words(struct curb_req *req, const struct credit_trainee *trainee);
/* For the record of a class: a sentence when she has left it. */
int move_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    const struct curb_id *person, struct curb_value *facts);

/* ---- move_whose.c ---- */
/* The institution that a person belongs to: of one of her classes, or where she is a learner; of several one whose staff asks,
 * where there is one. CURB_ENOTFOUND: she belongs to none. */
int move_institution_of(struct curb_req *req, struct credit *c, const struct curb_id *person,
                        struct curb_id *ret_institution);
/* For the service study.v1: what can be asked for about the person herself. */
int credit_study_links(const struct curb_study *self, struct curb_req *req, const struct curb_id *person,
                       struct curb_value *links);

/* ---- move_pages.c, move_form.c ---- */
/* Pushes what waits of that kind about the person, and else (`can`) what leads to asking for it. `class`: "" outside any. */
void move_push_link(struct curb_req *req, const struct move *moves, size_t n, enum move_kind kind,
                    const struct curb_id *person, const struct curb_id *class, bool can,
                    struct curb_value *links);
/* Whether one of that kind is about a class, not about the person herself. */
bool move_of_class(enum move_kind kind);
/* "moves" for the page of a trainee: {href, label} of what can be asked for, for who may. */
int move_put_links(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                   const struct curb_id *person, struct curb_value *model);
/* What waits for whoever is signed in, as a section of her first page; nothing when nothing does. */
int moves_home(struct curb_req *req, struct credit *c, struct curb_value *sections);
int move_page_list(struct curb_req *req, void *state);
int move_page_one(struct curb_req *req, void *state);
int move_post_decision(struct curb_req *req, void *state);
int move_page_new(struct curb_req *req, void *state);
int move_post_new(struct curb_req *req, void *state);
int move_post_api(struct curb_req *req, void *state);

#endif
