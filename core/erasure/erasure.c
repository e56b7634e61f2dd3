#include "erasure.h"

#include <stdlib.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "curb/person.h"
#include "erase.h"
#include "inside.h"
#include "work.h"

/* ---- the service ---- */

static struct erasure *erasure_of(const struct curb_erasure_api *self)
{
	return CURB_CONTAINER_OF(self, struct erasure, api);
}

static size_t find(const struct erasure *erasure, const char *name)
{
	size_t i = 0;
	while (i < erasure->count && strcmp(erasure->parts[i].name, name) != 0)
		i++;
	return i;
}

static int offer(const struct curb_erasure_api *self, const struct curb_erasure_part *part)
{
	struct erasure *erasure = erasure_of(self);
	CURB_LOCKED(lock, &erasure->lock);
	if (find(erasure, part->name) < erasure->count)
		return curb_fail(CURB_EABI, "erasing has a part %s already", part->name);
	if (erasure->count == ERASURE_PARTS)
		return curb_fail(CURB_EABI, "more than %d parts of erasing", ERASURE_PARTS);
	erasure->parts[erasure->count++] = *part;
	return 0;
}

static void withdraw(const struct curb_erasure_api *self, const char *name)
{
	struct erasure *erasure = erasure_of(self);
	CURB_LOCKED(lock, &erasure->lock);
	size_t i = find(erasure, name);
	if (i < erasure->count)
		erasure->parts[i] = erasure->parts[--erasure->count];
}

size_t erasure_parts(struct erasure *erasure, struct curb_erasure_part ret_parts[static ERASURE_PARTS])
{
	CURB_LOCKED(lock, &erasure->lock);
	memcpy(ret_parts, erasure->parts, erasure->count * sizeof *ret_parts);
	return erasure->count;
}

static int until(const struct curb_erasure_api *self, struct curb_tx *tx, const struct curb_id *person,
                 int64_t closed_ms, int64_t *ret_until_ms)
{
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t n = erasure_parts(erasure_of(self), parts);
	int64_t latest_ms = 0;
	bool said = false;
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		int64_t until_ms = 0;
		if (!parts[i].until)
			continue;
		err = parts[i].until(parts[i].self, tx, person, closed_ms, &until_ms);
		said = said || until_ms > 0;
		latest_ms = until_ms > latest_ms ? until_ms : latest_ms;
	}
	if (!err)
		*ret_until_ms = said ? latest_ms : CURB_ERASURE_NEVER;
	return err;
}

/* The name of a part that was offered once and is not there; NULL: none. Arena. */
static int find_missing(struct erasure *erasure, struct curb_tx *tx, const char **ret_name)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	*ret_name = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT name FROM core_eraser", CURB_NO_BINDS, &stmt);
	while (!err && !*ret_name && (err = curb_step(stmt)) > 0) {
		const char *name = curb_cstr(curb_tx_arena(tx), curb_col_text(stmt, 0));
		CURB_LOCKED(lock, &erasure->lock);
		if (find(erasure, name) == erasure->count)
			*ret_name = name;
		err = 0;
	}
	return err;
}

/* ---- two records of one person ---- */

static int may_merge(const struct curb_erasure_api *self, struct curb_tx *tx,
                     const struct curb_merging *merging)
{
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t n = erasure_parts(erasure_of(self), parts);
	const char *missing = NULL;
	int err = find_missing(erasure_of(self), tx, &missing);
	if (!err && missing)
		return curb_fail(CURB_EUNFIT,
		                 "Records are not merged while %s, which keeps something of people, does not "
		                 "run. Whoever runs the server can start it again",
		                 missing);
	for (size_t i = 0; !err && i < n; i++)
		if (parts[i].may_merge)
			err = parts[i].may_merge(parts[i].self, tx, merging);
	return err;
}

static int merge(const struct curb_erasure_api *self, struct curb_tx *tx, const struct curb_merging *merging)
{
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t n = erasure_parts(erasure_of(self), parts);
	int err = may_merge(self, tx, merging);
	for (size_t i = n; !err && i > 0; i--)
		if (parts[i - 1].merge)
			err = parts[i - 1].merge(parts[i - 1].self, tx, merging);
	return err;
}

/* ---- life ---- */

struct erasure *erasure_new(struct curb_store *store, const char *data)
{
	struct erasure *erasure = curb_xcalloc(1, sizeof *erasure);
	(void)pthread_mutex_init(&erasure->lock, NULL);
	erasure->api = (struct curb_erasure_api){
		{ sizeof erasure->api }, offer, withdraw, until, may_merge, merge
	};
	erasure->store = store;
	erasure->data = data;
	return erasure;
}

void erasure_free(struct erasure *erasure)
{
	if (!erasure)
		return;
	(void)pthread_mutex_destroy(&erasure->lock);
	free(erasure);
}

const struct curb_erasure_api *erasure_service(const struct erasure *erasure)
{
	return &erasure->api;
}

int erasure_all_there(struct erasure *erasure, struct curb_tx *tx)
{
	const char *missing = NULL;
	int err = find_missing(erasure, tx, &missing);
	if (!err && missing)
		return curb_fail(CURB_EBUSY,
		                 "nobody is erased while %s, which keeps something of people, does not run",
		                 missing);
	return err;
}

/* ---- a part that does not come back ---- */

struct forgetting {
	struct curb_str name;
	int64_t now_ms;
};

static int forget_fn(struct curb_tx *tx, void *arg)
{
	static const char sql[] = "DELETE FROM core_eraser WHERE name = $1";
	const struct forgetting *forgetting = arg;
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_text(forgetting->name)), &changed);
	if (!err && !changed)
		return curb_fail(CURB_ENOTFOUND, "no part of erasing is called %.*s",
		                 (int)forgetting->name.len, forgetting->name.ptr);
	curb_put_str(detail, "name", forgetting->name);
	const struct curb_change change = { .about = forgetting->name,
		                            .act = CURB_TEXT("has people erased without the part {name}, "
		                                             "which does not come back"),
		                            .detail = detail };
	if (!err)
		err = curb_note_change(tx, &change, forgetting->now_ms);
	return err ? err : work_at(tx, erasure_jobs[0].name, forgetting->now_ms);
}

int erasure_forget_part(struct erasure *erasure, struct curb_str name)
{
	struct forgetting forgetting = { .name = name, .now_ms = curb_wall_ms() };
	const struct store_write write = { .fn = forget_fn, .arg = &forgetting };
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t n = erasure_parts(erasure, parts);
	for (size_t i = 0; i < n; i++)
		if (curb_str_is(name, parts[i].name))
			return curb_fail(CURB_ECONFLICT, "%s runs: it erases what it keeps", parts[i].name);
	return store_write(erasure->store, &write);
}

/* ---- the list against the database ---- */

static int check_list(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	const struct erasure *erasure = self;
	struct curb_str *marks = NULL;
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT lines FROM core_erased", CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	int64_t lines = err ? curb_col_int(stmt, 0) : 0;
	err = list_read(erasure->data, curb_tx_arena(tx), &marks, &n); /* it grows before the database does */
	if (!err && (int64_t)n < lines)
		call->found(call->arg, curb_printf(curb_tx_arena(tx),
		                                   "keys/erased names %zu of %lld persons who were erased", n,
		                                   (long long)lines));
	return err;
}

struct curb_doctor_check erasure_check(struct erasure *erasure)
{
	return (struct curb_doctor_check){
		.self = erasure,
		.name = "erased",
		.sound = "the list of those who were erased is as long as the database knows",
		.remedy =
			"put back the newest copy of keys/erased that there is: an older backup brings back "
			"whoever is missing in it",
		.run = check_list,
	};
}

/* ---- the start ---- */

struct beginning {
	struct erasure *erasure;
	struct curb_str *marks;
	size_t n;
	int64_t now_ms;
};

static int remember_parts(struct curb_tx *tx, struct erasure *erasure)
{
	static const char sql[] = "INSERT INTO core_eraser (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t n = erasure_parts(erasure, parts);
	int err = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(parts[i].name)), NULL);
	return err;
}

static int close_again(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms)
{
	static const char due[] = "INSERT INTO core_erasure (person, closed_ms, due) VALUES ($1, $2, 1) ON "
				  "CONFLICT (person) DO UPDATE SET due = 1";
	static const char closed[] = "UPDATE core_person SET closed_ms = $2 WHERE id = $1";
	static const char listed[] = "DELETE FROM core_listed WHERE id = $1";
	const struct curb_bind *both = CURB_BINDS(curb_bind_id(person), curb_int(now_ms));
	int err = curb_exec(&curb_core_host, tx, due, both, NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx, closed, both, NULL);
	return err ? err : curb_exec(&curb_core_host, tx, listed, CURB_BINDS(curb_bind_id(person)), NULL);
}

/* Whoever is on the list and here again came with an older backup. */
static int find_again(struct curb_tx *tx, const struct beginning *beginning)
{
	struct curb_id *found = NULL;
	size_t n = 0, room = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT id FROM core_person", CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_id person = curb_col_id(stmt, 0);
		err = 0;
		if (!list_has(beginning->marks, beginning->n, list_mark(tx, &person)))
			continue;
		if (n == room) {
			struct curb_id *more = curb_alloc_n(curb_tx_arena(tx), room = room ? 2 * room : 8,
			                                    sizeof *more);
			if (n)
				memcpy(more, found, n * sizeof *more);
			found = more;
		}
		found[n++] = person;
	}
	for (size_t i = 0; !err && i < n; i++)
		err = close_again(tx, &found[i], beginning->now_ms);
	if (!err && n)
		curb_log(CURB_WARN, "erased_again persons=%zu reason=\"an older backup brought them back\"",
		         n);
	return err;
}

static int begin_fn(struct curb_tx *tx, void *arg)
{
	static const char known[] = "UPDATE core_erased SET lines = $1 WHERE lines < $1";
	const struct beginning *beginning = arg;
	int64_t lines = 0, waiting = 0;
	bool untold = false;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = remember_parts(tx, beginning->erasure);
	if (!err)
		err = curb_query(&curb_core_host, tx,
		                 "SELECT lines, (SELECT count(*) FROM core_erasure) FROM core_erased",
		                 CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	lines = curb_col_int(stmt, 0);
	waiting = curb_col_int(stmt, 1);
	err = ledger_untold(tx, &untold);
	if (lines > (int64_t)beginning->n)
		curb_log(
			CURB_ERROR,
			"erased_list_shorter lines=%zu known=%lld reason=\"whoever is missing in it may come "
			"back with an older backup\"",
			beginning->n, (long long)lines);
	if (!err && lines != (int64_t)beginning->n) {
		err = find_again(tx, beginning);
		waiting++;
	}
	if (!err)
		err = curb_exec(&curb_core_host, tx, known, CURB_BINDS(curb_int((int64_t)beginning->n)),
		                NULL);
	return err || !(waiting || untold) ? err : work_at(tx, erasure_jobs[0].name, beginning->now_ms);
}

int erasure_begin(struct erasure *erasure)
{
	enum { ARENA_MOST = 256 << 20 };
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct beginning beginning = { .erasure = erasure, .now_ms = curb_wall_ms() };
	int err = list_read(erasure->data, arena, &beginning.marks, &beginning.n);
	const struct store_write write = { .fn = begin_fn, .arg = &beginning, .arena = arena };
	return err ? err : store_write(erasure->store, &write);
}
