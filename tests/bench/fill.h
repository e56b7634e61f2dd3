/* Many rows for a measurement, written into the database of a server that does not run.
 * The rule: through the product's own store, so that its limits, its search index and its sort keys hold.
 */
#ifndef BENCH_FILL_H
#define BENCH_FILL_H

#include "store.h"

/* `n` courses, published, each a copy of `course` under a name of its own; prints an id a line. */
int fill_courses(struct curb_store *store, int64_t n, const char *course);

#endif
