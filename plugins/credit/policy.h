/* Policy: the figures that hours are counted by, as data, each with the document that it stands in.
 * The rule: a rule holds for a place and a kind of training from a day on and is never edited; one that begins later takes its
 * place. A class keeps what held on the day it opened.
 *
 * Which figure holds for a class (policy_resolve), each by itself:
 *   1  the rule of the nearest place around it that has entered the figure: county, then city, then province, then the rule for
 *      everywhere; within a place a rule for the kind of training comes before one for every kind;
 *   2  of a limit (online share, daily limit, speed, completion, who decides) the strictest of the places, so that nobody below
 *      loosens what somebody above has entered;
 *   3  where no place has entered it, the server's settings (online_share, class_hour_minutes, playback_rate), and for the
 *      others: both bases, no daily limit, all hours to complete, no presence checks, no points, the county decides, no credits, nobody is
 *      erased.
 *
 * Pure but for what says "in a write function" or takes a request.
 */
#ifndef CREDIT_POLICY_H
#define CREDIT_POLICY_H

#include "count.h"
#include "curb/db.h"
#include "curb/id.h"

struct credit;

enum policy_field {
	POLICY_HOUR,       /* minutes of a class hour, 1 to 240 */
	POLICY_SHARE,      /* most online hours, thousandths of all */
	POLICY_BASIS,      /* enum count_basis */
	POLICY_DAILY,      /* most online seconds a person and day */
	POLICY_RATE,       /* fastest playback that counts, thousandths of normal speed, 1,000 to 16,000 */
	POLICY_COMPLETION, /* least hours to complete a class, thousandths of all */
	POLICY_PRESENCE, /* minutes that count until a presence check at the earliest, POLICY_PRESENCE_LEAST to 240; 0: there are none */
	POLICY_POINTS,   /* minutes of self-study outside classes that make a point; 0: none do */
	POLICY_DECIDES,  /* enum policy_tier: who decides exceptions to the share */
	POLICY_CREDITS, /* for the credit bank: ten-thousandths of a credit for each class hour of a certificate; 0: none */
	POLICY_KEEP, /* years that records of people are kept behind the end of a class, before they can be erased */
	POLICY_FIELDS
};

enum { POLICY_PRESENCE_LEAST = 10 }; /* more often would drive people on */

/* A figure that a rule has not entered; of the daily limit also: there is none; of the years to keep also:
 * nothing is erased. */
enum { POLICY_NONE = -1 };

enum policy_tier { POLICY_COUNTY = 1, POLICY_CITY, POLICY_PROVINCE };

struct policy_rule {
	struct curb_id id, by;
	struct curb_str region, kind; /* "": everywhere, every kind */
	int64_t from_day, until_day;  /* until_day: the first on which it holds no more; 0: no end */
	int64_t value[POLICY_FIELDS];
	struct curb_str title, number; /* of the document */
	int64_t entered_ms;            /* 0: it came with the server */
};

/* Kinds of training, as rules and classes name them; "" comes first: every kind, or none of these. */
struct policy_kind {
	const char *word, *text; /* static; text is source text */
};
extern const struct policy_kind policy_kinds[];
enum { POLICY_KINDS = 6 };
/* NULL when there is no such kind. */
const struct policy_kind *policy_kind(struct curb_str word);

/* What holds for a class. `from`: the rule that a figure is of; NULL: the settings. */
struct policy {
	int64_t value[POLICY_FIELDS];
	const struct policy_rule *from[POLICY_FIELDS];
};

/* All rules of some places, in whatever order. */
struct policy_book {
	const struct policy_rule *rules;
	size_t n;
	const int64_t *settings; /* POLICY_FIELDS of them */
};

/* The rule of a place and kind that holds on a day; NULL: none. */
const struct policy_rule *policy_in_force(const struct policy_book *book, struct curb_str region,
                                          struct curb_str kind, int64_t day);
/* What holds on a day for a kind of training in the nearest of `regions`, which the others lie around. */
void policy_resolve(const struct policy_book *book, const struct curb_str *regions, size_t n,
                    struct curb_str kind, int64_t day, struct policy *ret_policy);
/* True when `a` lets less pass than `b`; false for figures that are no limits. */
bool policy_stricter(enum policy_field field, int64_t a, int64_t b);

struct policy_place {
	struct curb_str id, name; /* of the nearest region; "" everywhere */
	struct curb_str *regions; /* it and those around it, then "" */
	struct curb_str *names;   /* beside them; of "" it is "" */
	size_t n;
	struct policy_book book; /* the rules of all of them */
};
/* The place of a tier above a place: its province, its city, its county, or the nearest region when it has none of its own. */
struct curb_str policy_tier_region(const struct policy_place *place, enum policy_tier tier);

/* Whether a rule can be entered: `around` is what the places around its own have on its first day, `book` has the rules of its
 * own place. CURB_EINVAL, CURB_EUNFIT or CURB_ECONFLICT with a text, and in *ret_field the field of its form. */
int policy_check(const struct policy_rule *rule, const struct policy_book *book, const struct policy *around,
                 const char **ret_field);

/* The field of the form and of an entry of the ledger. Static. */
const char *policy_word(enum policy_field field);
/* The field of a word; POLICY_FIELDS: there is none. */
enum policy_field policy_field_of(const char *word);

/* ---- store_policy.c ---- */
/* Of one place, the one that begins last first. Arena. */
int policy_rules_of(struct credit *c, struct curb_tx *tx, struct curb_str region,
                    struct policy_rule **ret_rules, size_t *ret_n);
/* Of all places, the one that was entered last first. */
int policy_rules(struct credit *c, struct curb_tx *tx, int64_t skip, int64_t most,
                 struct policy_rule **ret_rules, size_t *ret_n, int64_t *ret_total);
/* CURB_ENOTFOUND. */
int policy_rule_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct policy_rule *ret_rule);
int policy_rule_add(struct credit *c, struct curb_tx *tx, const struct policy_rule *rule);

/* ---- policy_place.c ---- */
/* The place of a region or an institution ("": everywhere) with the rules that matter for it. Arena. CURB_ENOTFOUND. */
int policy_place(struct credit *c, struct curb_tx *tx, struct curb_str place, struct policy_place *ret_place);
/* What holds there on a day. The rules are arena. */
int policy_at(struct credit *c, struct curb_tx *tx, struct curb_str place, struct curb_str kind, int64_t day,
              struct policy *ret_policy);

/* The checks of policy_enter alone. */
int policy_would_fit(struct credit *c, struct curb_tx *tx, const struct policy_rule *rule,
                     const char **ret_field);
/* In a write function: checks and keeps a rule, with its entry in the ledger. `rule` has its id, by and entered_ms. */
int policy_enter(struct credit *c, struct curb_tx *tx, const struct policy_rule *rule,
                 const char **ret_field);

#endif
