/* A group: what waits, in one transaction, committed once.
 *
 * A function that fails is undone alone. Functions seldom fail, and a savepoint copies every page that a function is the
 * first to touch: so a group runs without, and only when a function has failed it runs again with a savepoint round each;
 * so do the next groups, since failures come in crowds. A full disk, RAISE(ROLLBACK) or OR ROLLBACK
 * inside a function end the transaction with all that was in it; the next savepoint would then be a transaction
 * of its own and its release a commit. So SQLite is asked after every function, and when the transaction is gone
 * (or its COMMIT is refused by a deferred foreign key) the group runs again, one transaction each.
 */
#include "inside.h"

#include <stdio.h>

#include "curb/clock.h"
#include "curb/log.h"

void store_break(struct curb_store *store)
{
	if (atomic_exchange(&store->writable, false))
		curb_log(CURB_ERROR, "store-broken sqlite=%d", store->writer->broken);
}

int store_broken_fail(void)
{
	return curb_fail(CURB_EINTERNAL,
	                 "the database had an error; nothing is written until the server starts again");
}

static void keep_error(struct ticket *ticket, int err)
{
	ticket->err = err;
	if (err >= 0)
		return;
	(void)snprintf(ticket->text, sizeof ticket->text, "%s", curb_error_text());
	(void)snprintf(ticket->local, sizeof ticket->local, "%s", curb_error_local());
}

/* ---- one function ---- */

static int call(struct curb_store *store, struct ticket *ticket)
{
	const struct store_write *write = &ticket->write;
	store->tx.arena = write->arena ? write->arena : store->arena;
	curb_error_set("", "");
	int64_t from = curb_tick_us();
	int err = write->fn(&store->tx, write->arg);
	if (err >= 0 && write->last) {
		int after = write->last(&store->tx, write->last_arg);
		err = after < 0 ? after : err;
	}
	stmts_reset(store->writer);
	int64_t us = curb_tick_us() - from;
	if (us > SLOW_US) {
		atomic_fetch_add(&store->slow, 1);
		curb_log(CURB_DEBUG, "write-slow us=%lld", (long long)us);
	}
	if (!write->arena)
		curb_arena_reset(store->arena);
	return err;
}

static bool is_gone(const struct curb_store *store)
{
	return store->writer->broken || sqlite3_get_autocommit(store->writer->db);
}

/* GONE: the transaction is, and what the ticket says is only about the function itself. SPOILED: the function failed and
 * what it did is still in the transaction. */
enum ran { RAN, GONE, SPOILED };

static enum ran run_bare(struct curb_store *store, struct ticket *ticket)
{
	curb_error_translator(ticket->translate, ticket->translate_arg);
	keep_error(ticket, call(store, ticket));
	curb_error_translator(NULL, NULL);
	if (is_gone(store))
		return GONE;
	return ticket->err < 0 ? SPOILED : RAN;
}

/* ---- what comes last in a transaction ---- */

static void tail_tell(const struct curb_store *store, void (*what)(void *arg))
{
	if (what)
		what(store->tail.arg);
}

static int tail_write(struct curb_store *store)
{
	if (!store->tail.write)
		return 0;
	store->tx.arena = store->arena;
	int err = store->tail.write(&store->tx, store->tail.arg);
	stmts_reset(store->writer);
	curb_arena_reset(store->arena);
	return err;
}

static enum ran run_saved(struct curb_store *store, struct ticket *ticket)
{
	struct store_conn *conn = store->writer;
	int rc = conn_fixed(conn, FIXED_SAVE);
	tail_tell(store, store->tail.mark);
	if (rc != SQLITE_OK) {
		keep_error(ticket, conn_fail(conn, rc, "SAVEPOINT"));
		return GONE;
	}
	enum ran ran = run_bare(store, ticket);
	if (ran == GONE)
		return GONE;
	if (ran == SPOILED) {
		rc = conn_fixed(conn, FIXED_UNDO);
		tail_tell(store, store->tail.undo);
	}
	if (rc == SQLITE_OK)
		rc = conn_fixed(conn, FIXED_RELEASE);
	if (rc != SQLITE_OK)
		keep_error(ticket, conn_fail(conn, rc, "RELEASE"));
	return rc == SQLITE_OK && !is_gone(store) ? RAN : GONE;
}

/* ---- the transaction round them ---- */

static void fail_all(struct ticket *first, int err)
{
	for (struct ticket *t = first; t; t = t->next)
		keep_error(t, err);
}

static void end_quietly(struct curb_store *store)
{
	if (!is_gone(store))
		(void)conn_fixed(store->writer, FIXED_ROLLBACK);
}

/* AGAIN: one by one; SAVED_AGAIN: with savepoints. */
enum outcome { COMMITTED, FAILED, AGAIN, SAVED_AGAIN };

static enum outcome commit(struct curb_store *store, struct ticket *first)
{
	struct store_conn *conn = store->writer;
	int err = tail_write(store);
	if (err < 0) {
		fail_all(first, err);
		end_quietly(store);
		return FAILED;
	}
	wal_reserve(store);
	int rc = conn_fixed(conn, store->as_is ? FIXED_ROLLBACK : FIXED_COMMIT);
	if (rc == SQLITE_OK) {
		if (!store->as_is)
			tail_tell(store, store->tail.committed);
		return COMMITTED;
	}
	err = conn_fail(conn, rc, "COMMIT");
	end_quietly(store);
	if ((rc & 0xff) == SQLITE_CONSTRAINT && first->next)
		return AGAIN;
	fail_all(first, err);
	return FAILED;
}

static enum outcome transact(struct curb_store *store, struct ticket *first, bool saved)
{
	int rc = conn_fixed(store->writer, FIXED_BEGIN_WRITE);
	if (rc != SQLITE_OK) {
		fail_all(first, conn_fail(store->writer, rc, "BEGIN"));
		return FAILED;
	}
	tail_tell(store, store->tail.begin);
	for (struct ticket *t = first; t; t = t->next) {
		enum ran ran = saved ? run_saved(store, t) : run_bare(store, t);
		if (ran == RAN)
			continue;
		end_quietly(store);
		if (first->next)
			return ran == SPOILED ? SAVED_AGAIN : AGAIN;
		if (t->err >= 0)
			keep_error(t, curb_fail(CURB_EINTERNAL, "the function ended the transaction"));
		return FAILED;
	}
	return commit(store, first);
}

static void run_each(struct curb_store *store, struct ticket *first)
{
	struct ticket *next;
	for (struct ticket *t = first; t && !store->writer->broken; t = next) {
		next = t->next;
		t->next = NULL; /* a group of one */
		(void)transact(store, t, false);
		t->next = next;
		atomic_fetch_add(&store->groups, 1);
	}
}

static void count(struct curb_store *store, const struct ticket *first)
{
	uint64_t writes = 0, refused = 0, failed = 0;
	for (; first; first = first->next) {
		bool ours = first->err < 0 && curb_err_status(first->err) >= 500;
		writes++;
		failed += ours;
		refused += first->err < 0 && !ours;
	}
	atomic_fetch_add(&store->writes, writes);
	atomic_fetch_add(&store->refused, refused);
	atomic_fetch_add(&store->failed, failed);
}

/* Behind the commit and before anybody hears of it: who still knows the old rows meanwhile has not been told yet. */
static void count_version(struct curb_store *store)
{
	if (store->writer->core_changed)
		atomic_fetch_add(&store->version, 1);
	store->writer->core_changed = false;
}

void group_run(struct curb_store *store, struct ticket *first)
{
	if (!store_writable(store)) {
		fail_all(first, store_broken_fail());
		return;
	}
	atomic_fetch_add(&store->groups, 1);
	bool saved = store->careful > 0;
	store->careful -= saved;
	enum outcome outcome = transact(store, first, saved);
	if (outcome == SAVED_AGAIN) {
		store->careful = CAREFUL_GROUPS;
		outcome = transact(store, first, true);
	}
	if (outcome == AGAIN) {
		atomic_fetch_add(&store->reruns, 1);
		run_each(store, first);
	}
	count_version(store);
	/* After an I/O error nothing that was not acknowledged before may be: it can be there or not. */
	if (store->writer->broken) {
		store_break(store);
		fail_all(first, store_broken_fail());
	}
	count(store, first);
}
