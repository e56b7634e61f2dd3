/* A disk that fills up or fails: a layer over SQLite's own file access, for tests.
 * The rule: flaky_install() first thing in main; one set of wishes for the process.
 */
#ifndef CURB_TESTS_STORE_FLAKY_H
#define CURB_TESTS_STORE_FLAKY_H

#include <stdatomic.h>
#include <stdint.h>

void flaky_install(void);

struct flaky {
	_Atomic int64_t wal_room; /* bytes a log may have; negative: no bound. Beyond it: SQLITE_FULL */
	atomic_int writes_left;   /* writes, then each gives `code`; negative: no bound */
	atomic_int syncs_left;    /* the same for syncs */
	atomic_int code;
	atomic_int writes, syncs; /* seen since flaky_calm */
};
extern struct flaky flaky;

void flaky_calm(void); /* everything works again */

#endif
