/* Learning points: self-study of lessons outside any class, counted as class hours are.
 * The rule: nothing is counted or shown where no rule of the place gives points. What counted in a class counts for no point, and
 * points take nothing from the day's hours of classes.
 */
#ifndef CREDIT_POINTS_H
#define CREDIT_POINTS_H

#include "credit.h"

/* In the place of a class, when a play is opened. */
#define POINTS_WORD "points"

/* What holds for a person now. */
struct points_rule {
	int64_t point_s;         /* seconds that make a point; 0: there are none */
	int64_t rate_m, daily_s; /* as of a class; daily_s 0: no limit */
	struct curb_id id;       /* of the rule; "": none */
};
int points_rule(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                struct points_rule *ret_rule);

struct points_total {
	int64_t points, granted_s, rest_s; /* rest_s: not a whole point yet */
};
/* Nothing when she has none. */
int points_total(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                 struct points_total *ret_total);
/* How a lesson stands for points. */
int points_standing(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                    const struct content_unit *unit, struct credit_standing *standing);

/* ---- store_points.c ---- */
/* CURB_ENOTFOUND. `c` and what holds for its person now fill the rest. */
int points_play_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                      struct credit_play *ret_play);
int points_play_add(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms);
int points_play_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play);
/* Seconds that counted for points on a day. */
int points_granted_on(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t day,
                      int64_t *ret_s);
int points_coverage_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play);
/* Adds to the sums of the day and of the person; `total` is what the person has then. */
int points_add(struct credit *c, struct curb_tx *tx, const struct credit_entry *entry, int64_t points,
               const struct points_total *total);
struct points_line {
	struct curb_id unit;
	int64_t day, granted_s, points;
};
/* The latest first; *ret_total counts all. */
int points_lines(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                 const struct credit_lines_part *part, struct points_line **ret_lines, size_t *ret_n,
                 int64_t *ret_total);

/* All of hers that count, the earliest first. */
int points_lines_by_day(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        struct points_line **ret_lines, size_t *ret_n);
/* Lessons that she learned for points. */
int points_units(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                 struct curb_id **ret_units, size_t *ret_n);
/* What play->person saw of play->unit, what of it counts for points, and `elsewhere` what counts in her classes. */
int points_sets(struct credit *c, struct curb_tx *tx, struct credit_play *play);

/* ---- points.c ---- */
/* Opens a play outside any class, whose lease the caller has moved. CURB_ECONFLICT when there are no points here, or the lesson is to be learned in
 * a class. */
int points_open(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                const struct content_unit *unit, const struct credit_now *now, struct curb_id *ret_play);
/* Writes what a beat counted, with its entry; play->points is what she has then. play->point_s is not 0. */
int points_write(struct credit *c, struct curb_tx *tx, struct credit_play *play,
                 const struct credit_entry *entry);

/* ---- points_pages.c ---- */
int points_page(struct curb_req *req, void *state);
/* A section for the first page, where there are points. */
int points_home(struct curb_req *req, struct credit *c, struct curb_value *sections);

/* ---- points_check.c ---- */
struct curb_doctor_check points_doctor_check(struct credit *c);

#endif
