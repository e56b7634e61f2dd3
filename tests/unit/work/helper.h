/* A store, two plugins and the job threads in a folder of their own.
 * The rule: each test opens its own; what a test waits for posts a semaphore, so nothing waits for time.
 */
#ifndef CURB_TESTS_WORK_HELPER_H
#define CURB_TESTS_WORK_HELPER_H

#include <semaphore.h>
#include <stdatomic.h>

#include "temp.h"
#include "work.h"

/* What the plugins' handlers have counted. */
extern atomic_int events, plugin_jobs;

/* Until one more handler has told that it runs or has run. */
void wait_told(void);

/* The state of the core's kinds: echo, fail, wait, slow (as wait, one second), write. */
struct state {
	atomic_int runs;
	sem_t go;  /* lets a waiting job go on */
	int fails; /* the first so many runs fail */
	int with;  /* what they fail with; 0: CURB_EINTERNAL */
	bool saw_row;
};

struct fixture {
	struct temp_folder folder;
	char path[512];
	struct curb_store *store;
	struct plugins *plugins;
	struct work *work;
	struct state state;
	struct store_reader *reader;
	struct curb_arena *arena;
	int long_most; /* so many of "wait" at a time; 0: as many as there are threads */
	bool spare;    /* "echo" only where those leave room */
	bool slow;     /* "wait" likewise, and it leaves a place; "fail" is what takes long */
};

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

int fixture_setup(void **state);
int fixture_teardown(void **state);
/* A restart is close, open, start. `aside` may be NULL. */
void fixture_open(struct fixture *f, const char *const *aside);
void fixture_start(struct fixture *f);
void fixture_stop(struct fixture *f);
void fixture_close(struct fixture *f);

struct order {
	const char *kind;
	struct curb_host *host;
	struct curb_id person, id;
	int err; /* returned behind the enqueueing, as a function that fails later does */
};
int order_fn(struct curb_tx *tx, void *arg); /* enqueues it */
int fixture_write(struct fixture *f, curb_write_fn fn, void *arg);
struct curb_id fixture_enqueue(struct fixture *f, const char *kind);
/* The texts live until the next look. */
struct work_job fixture_look(struct fixture *f, const struct curb_id *id);
/* Until its row says `state`. */
struct work_job fixture_wait(struct fixture *f, const struct curb_id *id, const char *state);
int64_t fixture_count(struct fixture *f, const char *sql);

#endif
