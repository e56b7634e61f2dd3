/* Asking another server over HTTP, by libcurl: for a configured address alone, never for one that somebody sent.
 * The rule: every request has an end: in time, in bytes, and when the one who asks wants no more.
 *
 * Neither proxies nor redirects nor cookies; http and https alone; certificates are checked as the system does it.
 * Thread rules: one fetcher a thread. It keeps its connection.
 */
#ifndef CURB_FETCH_H
#define CURB_FETCH_H

#include <stdbool.h>

#include "curb/buf.h"
#include "curb/str.h"

struct fetcher;

struct fetch {
	const char *url;
	struct curb_str body; /* sent by POST as text/plain; absent: GET */
	int most_ms;          /* for all of it */
	bool (*cancelled)(void *arg);
	void *arg;
};

/* Yours: fetch_free. NULL: no memory. */
struct fetcher *fetch_new(void);
void fetch_free(struct fetcher *fetcher); /* NULL is fine */

/* *ret_status: of the answer, whose body is in `answer`, as large as that may grow. CURB_EINVAL: not an address that can be asked;
 * CURB_EBUSY: nobody answered in time; CURB_ETOOBIG: too much was answered. */
int fetch_do(struct fetcher *fetcher, const struct fetch *fetch, int *ret_status, struct curb_buf *answer);

#endif
