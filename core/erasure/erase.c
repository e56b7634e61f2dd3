/* The job: whose retention has run is erased, step by step. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/log.h"
#include "erase.h"
#include "inside.h"
#include "work.h"

enum { TRIES = 12, TIMEOUT_S = 3600, DAY_MS = 24 * 3600 * 1000 };

/* Somebody who has left. */
struct left {
	struct curb_id person;
	int64_t closed_ms;
	bool begun, due;
};

struct erasing {
	struct erasure *erasure;
	struct curb_job *job;
	struct left left; /* of whom a write function is about */
	struct ledger_found found;
	bool more, untold;     /* untold: nothing tells yet of entries that were erased */
	int64_t now_ms, lines; /* lines: of the list */
};

static int read_left(struct erasing *e, struct left **ret_list, size_t *ret_n)
{
	static const char sql[] = "SELECT person, closed_ms, begun, due FROM core_erasure ORDER BY closed_ms";
	struct curb_tx *tx = curb_job_tx(e->job);
	struct left *list = NULL;
	size_t n = 0, room = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		if (n == room) {
			struct left *more = curb_alloc_n(curb_job_arena(e->job), room = room ? 2 * room : 8,
			                                 sizeof *more);
			if (n)
				memcpy(more, list, n * sizeof *more);
			list = more;
		}
		list[n++] = (struct left){ curb_col_id(stmt, 0), curb_col_int(stmt, 1),
			                   curb_col_int(stmt, 2) != 0, curb_col_int(stmt, 3) != 0 };
		err = 0;
	}
	*ret_list = list;
	*ret_n = n;
	return err;
}

/* ---- her rows ---- */

static int ask_parts(struct curb_tx *tx, struct erasure *erasure, const struct curb_id *person)
{
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t n = erasure_parts(erasure, parts);
	int err = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = parts[i].erase(parts[i].self, tx, person);
	if (!err)
		err = ledger_forget(tx, person);
	return err ? err : rows_erase(tx, person);
}

/* Records that turned out to be hers go before her own. */
static int merged_into(struct curb_tx *tx, const struct curb_id *person, struct curb_id *ret_other)
{
	static const char sql[] = "SELECT id FROM core_person WHERE merged_into = $1 LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_other = (struct curb_id){ "" };
	if (err)
		*ret_other = curb_col_id(stmt, 0);
	return 0;
}

static int begin_fn(struct curb_tx *tx, void *arg)
{
	static const char sql[] = "UPDATE core_erasure SET begun = 1 WHERE person = $1";
	static const char known[] = "UPDATE core_erased SET lines = $1 WHERE lines < $1";
	const struct erasing *e = arg;
	struct curb_id other = { "" };
	int err = erasure_all_there(e->erasure, tx);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(&e->left.person)), NULL);
	do {
		if (!err)
			err = merged_into(tx, &e->left.person, &other);
		if (!err && curb_id_some(&other))
			err = ask_parts(tx, e->erasure, &other);
	} while (!err && curb_id_some(&other));
	if (!err)
		err = ask_parts(tx, e->erasure, &e->left.person);
	return err ? err : curb_exec(&curb_core_host, tx, known, CURB_BINDS(curb_int(e->lines)), NULL);
}

/* From here on she does not come back. */
static int due_fn(struct curb_tx *tx, void *arg)
{
	static const char sql[] = "UPDATE core_erasure SET due = 1 WHERE person = $1";
	struct erasing *e = arg;
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(&e->left.person)), &changed);
	e->left.due = changed > 0;
	return err;
}

/* Her, and the records that turned out to be hers: an older backup may not know that they are. */
static int list_her(struct erasing *e)
{
	static const char sql[] = "SELECT id FROM core_person WHERE id = $1 OR merged_into = $1";
	struct curb_tx *tx = curb_job_tx(e->job);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(&e->left.person)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_id person = curb_col_id(stmt, 0);
		err = list_add(e->erasure->data, list_mark(tx, &person), &e->lines);
	}
	return err;
}

/* Whoever is to be erased is on the list first: broken off behind it, the next start finds her there and begins again. */
static int begin(struct erasing *e)
{
	struct curb_tx *tx = curb_job_tx(e->job);
	int64_t until_ms = 0;
	int err = erasure_all_there(e->erasure, tx);
	if (!err && !e->left.due)
		err = e->erasure->api.until(&e->erasure->api, tx, &e->left.person, e->left.closed_ms,
		                            &until_ms);
	if (err || until_ms > e->now_ms)
		return err;
	err = curb_job_write(e->job, curb_id_str(&e->left.person), due_fn, e);
	if (err || !e->left.due)
		return err;
	err = list_her(e);
	if (!err)
		err = curb_job_write(e->job, curb_id_str(&e->left.person), begin_fn, e);
	e->left.begun = !err;
	return err;
}

/* ---- the bodies of her entries ---- */

static int erase_fn(struct curb_tx *tx, void *arg)
{
	const struct erasing *e = arg;
	return ledger_erase(tx, &e->found);
}

static int end_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return ledger_forget_end(tx);
}

static int tell_fn(struct curb_tx *tx, void *arg)
{
	struct erasing *e = arg;
	return ledger_tell_erased(tx, &e->more);
}

static int erase_entries(struct erasing *e)
{
	int err = 0;
	e->found = (struct ledger_found){ .next = 0 };
	while (!err && !e->found.end) {
		if (curb_job_cancelled(e->job))
			return curb_fail(CURB_EBUSY, "it was cancelled");
		err = ledger_find_forgotten(curb_job_tx(e->job), e->found.next, &e->found);
		if (!err && e->found.n)
			err = curb_job_write(e->job, curb_str(NULL), erase_fn, e);
	}
	return err ? err : curb_job_write(e->job, curb_str(NULL), end_fn, e);
}

/* A ledger that is held is told later. */
static int tell(struct erasing *e)
{
	bool untold = false;
	int err = ledger_untold(curb_job_tx(e->job), &untold);
	e->more = untold && curb_ledger_takes(curb_job_tx(e->job)) == 0;
	e->untold = untold && !e->more;
	while (!err && e->more)
		err = curb_job_write(e->job, curb_str(NULL), tell_fn, e);
	return err;
}

/* ---- the end ---- */

static int finish_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&curb_core_host, tx, "DELETE FROM core_erasure WHERE begun = 1", CURB_NO_BINDS,
	                 NULL);
}

static int again_fn(struct curb_tx *tx, void *arg)
{
	const struct erasing *e = arg;
	return work_at(tx, erasure_jobs[0].name, e->now_ms + DAY_MS);
}

/* Readers are short, and the next moment may find none. */
static int scrub(struct erasing *e)
{
	enum { TIMES = 40 };
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	int err = store_scrub(e->erasure->store);
	for (int i = 0; err == CURB_EBUSY && i < TIMES && !curb_job_cancelled(e->job); i++) {
		(void)nanosleep(&pause, NULL);
		err = store_scrub(e->erasure->store);
	}
	return err;
}

static int finish(struct erasing *e, size_t n)
{
	int err = erase_entries(e);
	if (!err)
		err = tell(e);
	if (!err)
		err = curb_job_write(e->job, curb_str(NULL), end_fn,
		                     e); /* lets go of what was read: it pins the log */
	if (!err)
		err = scrub(e);
	if (!err)
		err = curb_job_write(e->job, curb_str(NULL), finish_fn, e);
	if (err)
		return err;
	curb_log(CURB_INFO, "erased persons=%zu", n);
	(void)store_scrub(
		e->erasure->store); /* of ids that say nothing any more, sooner than the log comes round */
	return 0;
}

/* What hinders one of them does not hold up the others. The last error, and its text: later steps may set others. */
struct hindrance {
	int err;
	char text[512];
};

static void note(struct hindrance *hindrance, int err)
{
	if (!err)
		return;
	hindrance->err = err;
	(void)snprintf(hindrance->text, sizeof hindrance->text, "%s", curb_error_text());
}

/* How many have begun. Whoever is left out is looked at again. */
static size_t begin_all(struct erasing *e, const struct left *list, size_t n, struct hindrance *hindrance)
{
	size_t begun = 0;
	for (size_t i = 0; i < n && !curb_job_cancelled(e->job); i++) {
		e->left = list[i];
		if (!e->left.begun)
			note(hindrance, begin(e));
		begun += e->left.begun;
	}
	return begun;
}

static int run(struct curb_job *job, void *state)
{
	struct erasing e = { .erasure = state, .job = job, .now_ms = curb_wall_ms() };
	struct hindrance hindrance = { .err = 0 };
	struct left *list = NULL;
	size_t n = 0, begun = 0;
	note(&hindrance, read_left(&e, &list, &n));
	if (!hindrance.err)
		begun = begin_all(&e, list, n, &hindrance);
	if (curb_job_cancelled(job))
		note(&hindrance, curb_fail(CURB_EBUSY, "it was cancelled"));
	else
		note(&hindrance, begun ? finish(&e, begun) : tell(&e));
	if (hindrance.err || begun < n || e.untold) /* tries come to an end: tomorrow there is another job */
		note(&hindrance, curb_job_write(job, curb_str(NULL), again_fn, &e));
	if (hindrance.err)
		curb_error_set(hindrance.text, hindrance.text);
	return hindrance.err;
}

const struct curb_job_kind erasure_jobs[] = {
	{ "erase", run, TRIES, TIMEOUT_S },
	{ 0 },
};
