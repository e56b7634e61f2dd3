/* Service credit.v1: what the players tell and ask the keeper of hours.
 * The rule: a write takes the caller's transaction, so media facts and hours are one commit.
 */
#ifndef CREDIT_API_H
#define CREDIT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "content/content_api.h"
#include "curb/db.h"
#include "curb/json.h"
#include "curb/request.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CREDIT_SERVICE "credit.v1"

/* An event, with {"id": the rule's} as payload: a rule of counting was entered. */
#define CREDIT_RULE_ENTERED "policy.entered.v1"

/* A player of a kind of unit ("video", "audiobook"): says where its media are. */
struct credit_player {
	void *self;
	const char *kind; /* static */
	/* Writes the members of "media" of POST /api/v1/plays ({hls, progressive, tracks:[…]}) into an open object. NULL: paged. */
	int (*media)(void *self, struct curb_req *req, const struct content_unit *unit,
	             struct curb_json *out);
	/* The page that plays the unit, a path; arena of req. */
	struct curb_str (*page)(void *self, struct curb_req *req, const struct content_unit *unit);
	/* Its units are read page by page: open_page and leave_page alone count them, and no play or beat of POST /api/v1/plays. */
	bool paged;
};

/* Seconds [from_s, to_s) of a unit's time axis that the server hands out to a person. */
struct credit_delivery {
	struct curb_id person, unit;
	int64_t from_s, to_s;
};

/* A page of a document: its seconds are those that reading it aloud takes. */
struct credit_reading {
	struct credit_delivery part;
	struct curb_str cohort; /* the class, or "points" for self-study */
};

/* What came of a page that was read. reason (static): counted seen_before share_full hours_full day_full clock class_over
 * not_delivered presence repeated */
struct credit_read {
	int64_t added_s;
	const char *reason;
};

/* Presence in a class: its policy may want playback to wait at the end of a chapter until its trainee says that she is there. */
struct credit_check {
	bool wanted;    /* the class has such checks; else nothing of the rest is */
	bool due;       /* an answer is waited for now */
	int64_t number; /* the check that is answered next, from 1 */
	int64_t from_s,
		to_s; /* it becomes due at the end of this part of the unit; to_s 0: not of this unit, or not yet */
	struct content_question
		question; /* of the chapter, for who would rather answer that; count 0: none. Arena of tx */
};

/* What a player page needs to know of the signed-in person and a unit. */
struct credit_standing {
	/* The class of hers under way that holds the unit, "" when there is none; of several the first that can still
	 * count it. */
	struct curb_id cohort;
	int64_t point_s;  /* outside any class: seconds of self-study that make a point; 0: there are none */
	int64_t resume_s; /* where she stopped, 0 at first */
	int64_t seen_s, credited_s, unit_s; /* of this unit; unit_s: what it can earn */
	struct credit_check check;
};

/* A class, as others may know it. Hours in hundredths; hour_s: seconds of a class hour. */
struct credit_class {
	struct curb_id id, institution;
	struct curb_str programme;
	int64_t total_c, offline_c, hour_s, starts_ms, ends_ms; /* offline_c: the offline units of its plan */
	int64_t closes_ms;    /* from then on nothing more is entered for it */
	struct curb_str kind; /* of training, as rules name it; "": none of these */
};

/* A figure of a rule, with its document. */
struct credit_rule {
	struct curb_id id;
	int64_t value;
	struct curb_str title, number;
};

/* Somebody on a roster. */
struct credit_member {
	struct curb_id person;
	struct curb_str shown;
};

/* What somebody else keeps of classes: links of its own on the page of a class, and what binds the hours there. */
struct credit_links {
	void *self;
	const char *name; /* static; they are withdrawn by it */
	/* Pushes {href, label} to `links`, for what the person of `req` may open. Arena. */
	int (*fill)(void *self, struct curb_req *req, const struct credit_class *which,
	            struct curb_value *links);
	/* 0, or CURB_EUNFIT with why a trainee's hours of the class may not go to another one with her. In any transaction; NULL:
	 * nothing binds them. */
	int (*may_go)(void *self, struct curb_tx *tx, const struct curb_id *class_id,
	              const struct curb_id *person);
};

/* How a trainee stands in a class, in whole seconds. */
struct credit_earned {
	int64_t total_s;   /* planned */
	int64_t cap_s;     /* most of it that may be online now: recorded and live together */
	int64_t share_m;   /* the online share in thousandths, with the exceptions in force now */
	int64_t online_s;  /* granted for recorded units */
	int64_t live_s;    /* live online lessons that were countersigned, as far as the cap has room */
	int64_t over_s;    /* what is left of these: kept, not counted */
	int64_t offline_s; /* onsite lessons and home visits that were countersigned */
	int64_t pending_s; /* on sheets that wait for a countersignature; below 0 when a correction waits that takes away */
	int64_t sum_s;      /* online, live and offline */
	int64_t waits_s;    /* the online part of it that is over the share of what was earned */
	int64_t wanted_s;   /* offline seconds that would let all of that count */
	int64_t counted_s;  /* for the end of the class: sum_s without waits_s */
	int64_t left_ms;    /* since when she is not in the class any more; 0: she is */
	int64_t complete_m; /* so many thousandths of the planned hours complete the class */
	int64_t complete_s; /* and so much of total_s: counted_s is tested on it */
};

struct credit_api {
	struct curb_service_head head;
	/* In start and (with NULL) in stop. CURB_ECONFLICT when the kind has a player. */
	int (*set_player)(const struct credit_api *self, const char *kind,
	                  const struct credit_player *player);
	/* True when all of it was noted before: nothing needs to be written. Cheap, no database. */
	bool (*known_delivered)(const struct credit_api *self, const struct credit_delivery *delivery);
	/* Notes it, in a write function, before the bytes are sent. */
	int (*delivered)(const struct credit_api *self, struct curb_tx *tx,
	                 const struct credit_delivery *delivery);
	/* After the commit of `delivered`: so that known_delivered is true next time. */
	void (*remember_delivered)(const struct credit_api *self, const struct credit_delivery *delivery);
	int (*standing)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *person,
	                const struct content_unit *unit, struct credit_standing *ret_standing);
	/* Keeps where a person is in a unit that she plays outside any class. In a write function. */
	int (*keep_place)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *person,
	                  const struct curb_id *unit, int64_t position_s, int64_t now_ms);
	/* Offered in start, withdrawn in stop. CURB_EABI when there are links of that name or no room. */
	int (*offer_links)(const struct credit_api *self, const struct credit_links *links);
	void (*withdraw_links)(const struct credit_api *self, const char *name);
	/* CURB_ENOTFOUND. Arena of tx. */
	int (*class_by_id)(const struct credit_api *self, struct curb_tx *tx, struct curb_str id,
	                   struct credit_class *ret_class);
	/* The roster by name, without those who have left: `most` behind the first `skip`; *ret_total counts all. Arena of tx. */
	int (*members)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
	               int64_t skip, int64_t most, struct credit_member **ret_members, size_t *ret_n,
	               int64_t *ret_total);
	/* CURB_ENOTFOUND when the person is not on its roster; who has left is. */
	int (*member)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
	              const struct curb_id *person);
	/* CURB_ENOTFOUND when there is no such class or the person is not on its roster. */
	int (*earned)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
	              const struct curb_id *person, struct credit_earned *ret_earned);
	/* True when the asking person reads this institution's classes as an auditor alone. */
	bool (*is_looking)(const struct credit_api *self, struct curb_req *req,
	                   const struct curb_id *institution);
	/* A trainee's name as the asking person may see it: "Li …" for auditors, whole for those who look after the class. Arena. */
	struct curb_str (*masked)(const struct credit_api *self, struct curb_req *req,
	                          const struct curb_id *institution, struct curb_str shown);
	/* Enters the look of an auditor at what is kept of a trainee of the class (NULL: of all of them) into the ledger; nothing for
	 * others. Only id and institution of the class are read. The request's snapshot is a new one afterwards. */
	int (*note_look)(const struct credit_api *self, struct curb_req *req, const struct curb_id *person,
	                 const struct credit_class *which);
	/* The classes on whose rosters a person is, what begins last first. Arena of tx. */
	int (*classes_of)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *person,
	                  struct credit_class **ret_classes, size_t *ret_n);
	/* The figure of a word ("credits": ten-thousandths of a credit for each class hour of a certificate) that holds in a place for a
	 * kind of training on the day of a moment. CURB_ENOTFOUND when nobody has entered one. Arena of tx. */
	int (*rule)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *institution,
	            struct curb_str kind, int64_t at_ms, const char *word, struct credit_rule *ret_rule);
	/* The classes of an institution, what begins last first: `most` behind the first `skip`. Arena of tx. */
	int (*classes_at)(const struct credit_api *self, struct curb_tx *tx,
	                  const struct curb_id *institution, int64_t skip, int64_t most,
	                  struct credit_class **ret_classes, size_t *ret_n);
	/* As `members`, with those who have left. */
	int (*roster)(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
	              int64_t skip, int64_t most, struct credit_member **ret_members, size_t *ret_n,
	              int64_t *ret_total);
	/* A page that is read is about to be sent, in a write function: notes that, keeps it as the place where she is, and lets the
	 * clock of its own begin, which it has already when she loads it again. CURB_ENOTFOUND or CURB_ECONFLICT with why nothing
	 * counts now. */
	int (*open_page)(const struct credit_api *self, struct curb_tx *tx,
	                 const struct credit_reading *reading, struct curb_id *ret_play);
	/* She goes on from it, in a write function: counts as much of it as its clock allows, once. reading->cohort is not read.
	 * CURB_ENOTFOUND: it is no play of hers, or of another unit. CURB_ECONFLICT: she is not in the class any more. */
	int (*leave_page)(const struct credit_api *self, struct curb_tx *tx,
	                  const struct credit_reading *reading, struct curb_str play,
	                  struct credit_read *ret_read);
};

#ifdef __cplusplus
}
#endif
#endif
