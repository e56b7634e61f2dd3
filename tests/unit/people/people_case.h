/* Two persons in a store with a key: what tests of signing in begin with. */
#ifndef CURB_TESTS_PEOPLE_CASE_H
#define CURB_TESTS_PEOPLE_CASE_H

#include "curb/arena.h"
#include "signing.h"
#include "temp.h"

enum { NOW = 10000000, HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

struct people_case {
	struct temp_folder folder;
	struct curb_store *store;
	struct store_reader *reader;
	struct curb_arena *arena;
	struct curb_id li, wang; /* "Li" and "13800000001", learners */
};
extern struct people_case f;

int people_set_up(void **state);
int people_tear_down(void **state);
#define PEOPLE_TEST(test) cmocka_unit_test_setup_teardown(test, people_set_up, people_tear_down)

/* In the writer; results are the case's arena. */
int write_now(curb_write_fn fn, void *arg);
/* The number in the first column of the first row. */
int64_t count_of(const char *sql);

#endif
