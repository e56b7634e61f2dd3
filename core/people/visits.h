/* The sessions of a person as she sees them: on which device, used when, ended by her.
 * The rule: everything asks for the person too; nobody ends or sees a session of somebody else.
 */
#ifndef CURB_PEOPLE_VISITS_H
#define CURB_PEOPLE_VISITS_H

#include "people.h"

struct people_visit {
	struct curb_id id;
	struct curb_str agent, helper; /* absent: not known; nobody helped */
	bool shared;
	int64_t made_ms, seen_ms, ends_ms;
};
/* Those that have not ended, the last used first; at most 50. Arena. */
int people_visits(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                  struct people_visit **ret_visits, size_t *ret_n);

/* In a write function. CURB_ENOTFOUND when she has no such session open. */
int people_visit_end(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *session,
                     int64_t now_ms);
/* In a write function: all but `but` ("" too), and those in which she helps others. */
int people_visits_end(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *but,
                      int64_t now_ms);

/* In a write function: nobody is signed in any more, nor half on the way (steps). For a database that was put back: what
 * ended since then would live again. */
int people_visits_end_all(struct curb_tx *tx, int64_t now_ms);

/* A session is noted as seen once an hour. One of a device of her own then lasts 30 days more, so who comes once a month
 * stays signed in. */
enum {
	PEOPLE_SEEN_MS = 3600 * 1000,
	PEOPLE_SESSION_OWN_S = 30 * 24 * 3600,
	PEOPLE_SESSION_SHARED_S = 12 * 3600
};
int people_session_seen(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms);
/* In a write function: goes on for its whole time from now, 12 hours on a shared device. CURB_EAUTH when it has ended. */
int people_session_extend(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms);

#endif
