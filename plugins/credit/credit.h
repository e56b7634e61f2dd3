/* Inside of credit: its state, its rows, its rules.
 * The rule: routes.c and plays.c speak HTTP, service.c decides, store.c holds the SQL, count.c and ranges.c reckon.
 */
#ifndef CREDIT_H
#define CREDIT_H

#include <pthread.h>

#include "catalog/catalog_api.h"
#include "content/content_api.h"
#include "count.h"
#include "credit/credit_api.h"
#include "curb/db.h"
#include "curb/doctor.h"
#include "curb/erasure.h"
#include "curb/home.h"
#include "curb/person.h"
#include "curb/plugin.h"
#include "curb/request.h"
#include "policy.h"

/* Those who see classes of their places; an auditor changes nothing. */
enum { CREDIT_READERS = CURB_STAFF | CURB_TEACHER | CURB_AUDITOR };

enum { CREDIT_PLAYERS_MOST = 8, CREDIT_LINKS_MOST = 8, CREDIT_BEAT_S = 10 };

struct delivered_cache; /* delivered.c */

struct credit {
	struct credit_api api;
	struct curb_study study;
	struct curb_host *host;
	const struct content_api *content;
	struct catalog_taker taker;
	const struct catalog_api *catalog; /* NULL: nobody tells drafts from published courses */
	const struct curb_home_api *home;
	const struct curb_doctor_api *doctor;
	const struct curb_erasure_api *erasure;
	pthread_mutex_t players_lock; /* guards players */
	struct {
		const char *kind;
		struct credit_player player;
	} players[CREDIT_PLAYERS_MOST];
	pthread_mutex_t links_lock; /* guards links */
	struct credit_links links[CREDIT_LINKS_MOST];
	struct delivered_cache *delivered;
	int64_t settings[POLICY_FIELDS]; /* what holds where no rule has entered a figure */
	int64_t utc_offset_ms;
	int64_t close_ms; /* so long after its end attendance of a class can be entered */
};

/* The player of a kind of unit; all NULL when nothing plays it. */
struct credit_player credit_player_of(struct credit *c, struct curb_str kind);

/* ---- rows ---- */
struct credit_cohort {
	struct curb_id id, institution, opened_by;
	struct curb_str programme;
	int64_t total_c, share_m, hour_s, rate_m, starts_ms, ends_ms, opened_ms;
	struct curb_str kind;  /* of training: policy.h */
	struct curb_id policy; /* the rule that its share is of; "": the server's settings */
	enum count_basis basis;
	int64_t daily_s; /* 0: no limit */
	int64_t completion_m;
	enum policy_tier decides;
	int64_t presence_s; /* after so many that count a presence check is due; 0: none is */
	int64_t entry;      /* one more than the index of its entry in the ledger; 0: it has none */
};

struct credit_offline {
	struct curb_str name, place; /* place may be absent */
	int64_t hours_c, day;        /* day: days since 1970-01-01, 0: not planned */
};

struct credit_trainee {
	struct curb_id person;
	struct curb_str shown;
	int64_t online_s, offline_s, pending_s;
	int64_t left_ms;           /* since when she is away from the class; 0: she is in it */
	struct curb_str left_word; /* by which kind of move: move.h */
};

/* A class in which a unit can be learned now, and how it stands there. */
struct credit_choice {
	struct curb_id cohort;
	int64_t hour_s, cap_s, online_s, position_s, seen_s, credited_s;
};

/* All that a beat decides on, in one read. */
struct credit_play {
	struct curb_id id, person, cohort, unit, version;
	int64_t unit_s, media_s, budget_ms, spent_s, online_s, cap_s, rate_m, ends_ms;
	int64_t daily_s, entry, presence_s; /* of the class */
	int64_t left_ms; /* since when its person is away from the class; 0: she is in it */
	bool live, doubted;
	struct count_clock last;
	struct ranges seqs, seen, credited, delivered;
	int64_t position_s;
	struct curb_str places; /* of its entries in the ledger: places.h */
	struct ranges
		elsewhere; /* not counted anew: what waits (presence.h); outside of classes, what counted in them */
	/* outside any class: points.h */
	bool self;
	int64_t point_s, points; /* seconds that make a point by the rule of now; what she has */
	struct curb_id rule;
};

/* Who does something, as what: "staff". Static. */
struct credit_actor {
	struct curb_id id;
	const char *role;
};

struct credit_entry {
	struct curb_id person, cohort, unit, version, play;
	int64_t at_ms, day, seq;
	int64_t policy; /* the entry of its class, with the policy that it keeps; 0: none */
	/* It counts what had waited: one more than the place of the answer, and who gave it; 0: a beat of hers. */
	int64_t answer;
	struct credit_actor by;
	struct count_after sums;
};

/* Entries of one unit on one day, added up. */
struct credit_line {
	int64_t day;
	struct curb_id unit;
	int64_t played_s, granted_s, again_s, share_s, day_s, hours_s, clock_s, undelivered_s, held_s;
};

/* A line, or without its day all of a unit. */
struct credit_line_key {
	struct curb_id person, cohort, unit;
	int64_t day;
};

/* What a trainee had written down in the ledger to take home. */
struct credit_statement {
	struct curb_id cohort;
	int64_t n, at_ms, online_s, live_s, offline_s; /* n: the place of its entry */
	int64_t counted_s; /* of all of them, for the end of the class; -1: not written down then */
};

/* Where somebody is in a unit, within a class or outside any. */
struct credit_place {
	struct curb_id unit;
	int64_t position_s, seen_s, at_ms;
	bool in_class;
};

/* How a unit stands in a class. */
struct credit_stand {
	struct curb_id unit;
	int64_t seen_s, credited_s;
};

/* ---- table.c ---- */
extern const struct curb_route credit_routes[];

/* ---- store.c ---- */
/* Rows of one kind, gathered from a statement: `read` fills the i-th of `size` bytes each. Arena of tx. */
struct credit_rows {
	size_t size;
	void (*read)(struct curb_tx *tx, struct curb_stmt *stmt, void *row);
};
int credit_gather(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                  struct credit_rows how, void *ret_rows, size_t *ret_n);
#define CREDIT_COHORT_COLUMNS                                                                       \
	"c.id, c.institution, c.opened_by, c.programme, c.total_c, c.share_m, c.hour_s, c.rate_m, " \
	"c.starts_ms, c.ends_ms, c.opened_ms, c.kind, c.policy, c.basis, c.daily_s, "               \
	"c.completion_m, c.decides, c.entry, c.presence_s "
void credit_read_cohort(struct curb_tx *tx, struct curb_stmt *stmt, void *row); /* of these columns */
void credit_read_id(struct curb_tx *tx, struct curb_stmt *stmt, void *row);     /* of column 0 */
int credit_cohort_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct credit_cohort *ret);
int credit_cohort_add(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort);
int credit_cohort_add_course(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                             struct curb_str version, int64_t position);
int credit_cohort_add_offline(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                              const struct credit_offline *offline, int64_t position);
static inline int64_t credit_larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}
/* One whole number of a statement. CURB_ENOTFOUND when there is no row. */
int credit_one_number(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                      int64_t *ret_number);
int credit_cohort_courses(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                          struct curb_id **ret_versions, size_t *ret_n);
int credit_cohort_offline(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                          struct credit_offline **ret_offline, size_t *ret_n);
/* All of them, what begins last first. */
int credit_cohorts_of_person(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                             struct credit_cohort **ret_cohorts, size_t *ret_n);
int credit_trainee_add(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_user *trainee, const struct curb_id *by, int64_t now_ms);
/* A part of the roster, by name: of those in whose name `find` stands, when it is not empty, and with `here` of those alone who
 * have not left. *ret_total counts all of them. */
struct credit_part {
	struct curb_str find;
	int64_t skip, most;
	bool here;
};
int credit_trainees(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct credit_part *part, struct credit_trainee **ret_trainees, size_t *ret_n,
                    int64_t *ret_total);
/* CURB_ENOTFOUND when the person is not in the class. */
int credit_online_s(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *person, int64_t *ret_s);
int credit_uncredited_s(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        const struct curb_id *person, int64_t *ret_s);
/* The classes of a person that hold a unit and are under way at now_ms, the one that began first in front. */
int credit_choices(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                   const struct content_unit *unit, int64_t now_ms, struct credit_choice **ret_choices,
                   size_t *ret_n);

/* In a class or outside of it. Its cap is that of now_ms, with the exceptions in force then. CURB_ENOTFOUND. */
int credit_play_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                      struct credit_play *ret);
/* The same of a play in a class alone. */
int credit_play_in_class(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                         struct credit_play *ret);
/* The person's live play, or CURB_ENOTFOUND. */
int credit_play_live(struct credit *c, struct curb_tx *tx, const struct curb_id *person, struct curb_id *ret);
/* Takes the lease from a play whose class does not know its person any more: nothing is counted for it. */
int credit_play_end(struct credit *c, struct curb_tx *tx, const struct curb_id *play);
int credit_play_add(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms);
/* One more entry of a play; the row's places alone change. */
int credit_play_place(struct credit *c, struct curb_tx *tx, const struct curb_id *play, int64_t place);
/* All of them, the earliest in front. Arena of tx. */
int credit_lines_by_day(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        const struct curb_id *person, struct credit_line **ret_lines, size_t *ret_n);
/* What of a unit was seen and counted in a class; empty sets when nothing was. Arena of tx. */
int credit_coverage_of(struct credit *c, struct curb_tx *tx, const struct credit_line_key *key,
                       struct ranges *ret_seen, struct ranges *ret_credited, int64_t *ret_position_s);
/* One more entry that moved hours of a person out of a class or into it. */
int credit_moved_place(struct credit *c, struct curb_tx *tx, const struct credit_entry *entry, int64_t place);
/* Places of all entries of a person in a class, the latest first. Arena of tx. */
int credit_places_in_ledger(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                            const struct curb_id *cohort, int64_t **ret_places, size_t *ret_n);
int credit_play_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play);
/* The same of a play in a class alone. */
int credit_play_save_in_class(struct credit *c, struct curb_tx *tx, const struct credit_play *play);
int credit_coverage_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                         int64_t now_ms);
int credit_trainee_grant(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                         int64_t granted_s);
/* Online seconds of a day, of all her classes: what counted, and live lessons, be they countersigned or not. */
int credit_online_on(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t day,
                     int64_t *ret_s);
/* Adds an entry to the sums of its day, which credit_lines gives. */
int credit_day_add(struct credit *c, struct curb_tx *tx, const struct credit_entry *entry);
/* The latest first, `most` of them behind the first `skip`; *ret_total counts all. */
struct credit_lines_part {
	int64_t skip, most;
};
int credit_lines(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 const struct curb_id *person, const struct credit_lines_part *part,
                 struct credit_line **ret_lines, size_t *ret_n, int64_t *ret_total);

/* One of them. CURB_ENOTFOUND. */
int credit_line_of(struct credit *c, struct curb_tx *tx, const struct credit_line_key *key,
                   struct credit_line *ret_line);

int credit_delivered_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        const struct curb_id *unit, struct ranges *ret_ranges);
int credit_delivered_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                          const struct curb_id *unit, const struct ranges *ranges);
int credit_place_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                    const struct curb_id *unit, int64_t *ret_position_s);
int credit_place_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                      const struct curb_id *unit, int64_t position_s, int64_t now_ms);

/* ---- earned.c ---- */
/* How the person stands in the class. CURB_ENOTFOUND when she is not on its roster. */
int credit_earned_of(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort,
                     const struct curb_id *person, struct credit_earned *ret_earned);

/* ---- entries.c ---- */
/* Who moves hours, and by which move: `entry` is where its countersignature stands in the ledger. */
struct credit_moving {
	struct curb_id move;
	struct credit_actor actor;
	int64_t entry;
};
/* Hours that are taken out (all sums below 0) or brought in; the play of the entry is not read. */
int credit_entry_moved(struct curb_tx *tx, const struct credit_entry *entry, const struct credit_moving *by,
                       int64_t *ret_place);
/* A class opens: its entry has the policy that it keeps. *ret_entry: one more than its index. */
int credit_entry_class(struct curb_tx *tx, const struct credit_cohort *cohort, const char *role,
                       int64_t *ret_entry);
/* Appends it to the ledger. */
int credit_entry_add(struct curb_tx *tx, const struct credit_entry *entry, int64_t *ret_place);
/* Puts entries of the time before the ledger into it, as far as that is not done. In init. */
int credit_carry(struct credit *c);

/* ---- known.c ---- */
/* The members of the service that tell others of classes. */
void credit_known(struct credit_api *api);
/* 0, or CURB_EUNFIT with why a trainee's hours of the class may not go to another one with her. */
int credit_may_go(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person);
/* What others have for the page of the class. */
int credit_push_links(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *links);

/* ---- store_home.c ---- */
/* Where the person was, the latest first. */
int credit_places(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                  struct credit_place **ret_places, size_t *ret_n);
int credit_stands(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                  const struct curb_id *cohort, struct credit_stand **ret_stands, size_t *ret_n);

/* ---- service.c: in a write function, but where `now` is all they need ---- */
struct credit_now {
	int64_t wall_ms, boot_ms;
	char boot[40];
};
struct credit_now credit_now(void);

/* What somebody asks for when a class opens. */
struct credit_plan {
	struct curb_str programme, institution, kind; /* kind: of training; absent: none of them */
	int64_t total_c, starts_ms, ends_ms;
	const struct curb_str *versions;
	size_t version_count;
	const struct credit_offline *offline;
	size_t offline_count;
};
/* The policy that a class of this plan would keep if it opened now. */
int credit_plan_policy(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t now_ms,
                       struct policy *ret_policy);
/* The checks of credit_open_cohort alone. CURB_EUNFIT with the figure that would pass when the plan breaks the share. */
int credit_check_plan(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t now_ms);
/* Whoever asks, as staff of the institution when she is, else as its teacher. */
struct credit_actor credit_actor_of(struct curb_req *req, const struct curb_id *institution);
int credit_open_cohort(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
                       const struct credit_actor *by, int64_t now_ms, struct curb_id *ret_cohort);
/* The most online seconds of the class, by its share. */
int64_t credit_cap_s(const struct credit_cohort *cohort);

int credit_open_play(struct credit *c, struct curb_tx *tx, const struct curb_id *person, struct curb_str unit,
                     struct curb_str cohort, const struct credit_now *now, struct credit_play *ret_play);

struct credit_beat {
	struct curb_str play;
	struct curb_id person;
	int64_t seq, position_s; /* position_s -1: not said */
	const struct span *played;
	size_t played_count;
	struct credit_now now;
	const struct curb_id *page; /* the unit of a page that is left; NULL: a player tells it */
};
struct credit_answer {
	int64_t seen_s, granted_s, added_s, unit_s, online_s, cap_s;
	int64_t points; /* that she has for self-study; -1: this is in a class */
	bool held, repeated;
	struct count_after sums;
	struct ranges late;        /* to be told again: the clock did not allow it yet */
	struct credit_check check; /* presence.h */
	/* static: counted seen_before share_full hours_full day_full clock class_over not_delivered presence repeated */
	const char *reason;
};
/* What the day's limit leaves of a day, of all classes of hers, live lessons among them; INT64_MAX where there is none. */
int credit_day_left(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t day,
                    int64_t *ret_s);
int credit_take_beat(struct credit *c, struct curb_tx *tx, const struct credit_beat *beat,
                     struct credit_answer *ret_answer);

/* ---- beat.c ---- */
/* seq, played and position; the rest of the beat is the caller's. CURB_EINVAL. Arena. */
int credit_read_beat(struct curb_arena *arena, const struct curb_value *body, struct credit_beat *beat);

/* ---- home.c ---- */
/* What credit has for the first page of trainees and staff, and its help. The part is state. */
struct curb_home_part credit_home_part(struct credit *c);

/* ---- check.c ---- */
struct curb_doctor_check credit_doctor_check(struct credit *c);

/* ---- delivered.c ---- */
struct delivered_cache *delivered_new(void);
void delivered_free(struct delivered_cache *cache);
bool delivered_known(struct delivered_cache *cache, const struct credit_delivery *delivery);
void delivered_remember(struct delivered_cache *cache, const struct credit_delivery *delivery);

/* ---- routes.c, plays.c, record.c: rows of the table in table.c; pages.h has the others ---- */
int credit_post_cohort(struct curb_req *req, void *state);
int credit_get_cohorts(struct curb_req *req, void *state);
int credit_post_play(struct curb_req *req, void *state);
int credit_post_beat(struct curb_req *req, void *state);
int credit_get_record(struct curb_req *req, void *state);
int credit_page_record(struct curb_req *req, void *state);

/* ---- statement.c: rows of the table too ---- */
int credit_post_receipt(struct curb_req *req, void *state);
int credit_page_receipt(struct curb_req *req, void *state);
int credit_get_receipt(struct curb_req *req, void *state);

#endif
