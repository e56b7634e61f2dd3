/* Erasing a person: what stands for her is forgotten at once, the bodies of the entries about her go a part at a time, and an entry
 * of the kind "erase" says which places have lost theirs. Their hashes stay, so the tree still verifies.
 *
 * Entries about somebody else in which she did something keep their bytes: with her pseudonym forgotten nobody can tell that it was
 * she. */
#include <string.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "entry.h"
#include "erase.h"
#include "inside.h"

enum { PSEUDONYM = 16, LOOKED_AT = 20000 };

int ledger_forget(struct curb_tx *tx, const struct curb_id *person)
{
	static const char keep[] =
		"INSERT INTO ledger_erasing (pseudonym) SELECT pseudonym FROM ledger_person "
		"WHERE person = $1";
	static const char forget[] = "DELETE FROM ledger_person WHERE person = $1";
	int err = curb_exec(&ledger_host, tx, keep, CURB_BINDS(curb_bind_id(person)), NULL);
	return err ? err : curb_exec(&ledger_host, tx, forget, CURB_BINDS(curb_bind_id(person)), NULL);
}

int erase_read(struct curb_tx *tx, struct curb_str **ret_pseudonyms, size_t *ret_n)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_str *list = NULL;
	size_t n = 0, room = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, "SELECT pseudonym FROM ledger_erasing", CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		if (n == room) {
			room = room ? 2 * room : 8;
			struct curb_str *more = curb_alloc_n(arena, room, sizeof *more);
			if (n)
				memcpy(more, list, n * sizeof *more);
			list = more;
		}
		list[n++] = curb_dup(arena, curb_col_blob(stmt, 0));
		err = 0;
	}
	*ret_pseudonyms = list;
	*ret_n = n;
	return err;
}

bool erase_is_about(const struct entry_fact *facts, size_t n, const struct curb_str *pseudonyms, size_t count)
{
	const struct entry_fact *about = count ? entry_find(facts, n, "sub") : NULL;
	for (size_t i = 0; about && about->kind == ENTRY_BYTES && i < count; i++)
		if (curb_str_eq(about->bytes, pseudonyms[i]))
			return true;
	return false;
}

static bool is_about(struct curb_str body, const struct curb_str *pseudonyms, size_t count)
{
	struct entry_fact facts[ENTRY_FACTS];
	size_t n = 0;
	return entry_read(body, facts, &n) == 0 && erase_is_about(facts, n, pseudonyms, count);
}

int ledger_find_forgotten(struct curb_tx *tx, int64_t from, struct ledger_found *ret_found)
{
	static const char sql[] = "SELECT n, body FROM ledger_entry WHERE n >= $1 ORDER BY n LIMIT $2";
	struct ledger_found found = { .next = from };
	struct curb_str *pseudonyms = NULL;
	size_t count = 0, looked = 0;
	int err = erase_read(tx, &pseudonyms, &count);
	if (err || count == 0) {
		found.end = true;
		*ret_found = found;
		return err;
	}
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	err = curb_query(&ledger_host, tx, sql, CURB_BINDS(curb_int(from), curb_int(LOOKED_AT)), &stmt);
	while (!err && found.n < LEDGER_ERASED_AT_ONCE && (err = curb_step(stmt)) > 0) {
		struct curb_str body = curb_col_blob(stmt, 1);
		found.next = curb_col_int(stmt, 0) + 1;
		if (body.ptr && is_about(body, pseudonyms, count))
			found.list[found.n++] = found.next - 1;
		looked++;
		err = 0;
	}
	found.end = found.n < LEDGER_ERASED_AT_ONCE && looked < LOOKED_AT;
	if (!err)
		*ret_found = found;
	return err;
}

int ledger_erase(struct curb_tx *tx, const struct ledger_found *found)
{
	static const char gone[] = "UPDATE ledger_entry SET body = NULL WHERE n = $1";
	static const char note[] = "INSERT INTO ledger_erased (n) VALUES ($1) ON CONFLICT (n) DO NOTHING";
	int err = 0;
	for (size_t i = 0; !err && i < found->n; i++) {
		err = curb_exec(&ledger_host, tx, gone, CURB_BINDS(curb_int(found->list[i])), NULL);
		if (!err)
			err = curb_exec(&ledger_host, tx, note, CURB_BINDS(curb_int(found->list[i])), NULL);
	}
	return err;
}

int ledger_forget_end(struct curb_tx *tx)
{
	return curb_exec(&ledger_host, tx, "DELETE FROM ledger_erasing", CURB_NO_BINDS, NULL);
}

/* ---- the entry that tells of it ---- */

/* "7 12-40": the next places that nothing tells of yet, and the last of them. */
static int runs_of(struct curb_tx *tx, struct curb_buf *runs, int64_t *ret_count, int64_t *ret_last)
{
	static const char sql[] = "SELECT n FROM ledger_erased ORDER BY n LIMIT $1";
	int64_t from = -1, to = -2;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql, CURB_BINDS(curb_int(LEDGER_ERASED_AT_ONCE)), &stmt);
	*ret_count = 0;
	while (!err) {
		bool there = (err = curb_step(stmt)) > 0;
		int64_t n = there ? curb_col_int(stmt, 0) : -1;
		if (err < 0)
			return err;
		if (from >= 0 && n != to + 1) {
			curb_buf_printf(runs, "%s%lld", runs->len ? " " : "", (long long)from);
			if (to > from)
				curb_buf_printf(runs, "-%lld", (long long)to);
		}
		from = n == to + 1 ? from : n;
		to = n;
		if (!there)
			break;
		*ret_last = n;
		++*ret_count;
		err = 0;
	}
	return curb_buf_check(runs);
}

int ledger_tell_erased(struct curb_tx *tx, bool *ret_more)
{
	CURB_AUTO(buf) struct curb_buf runs = curb_buf(ENTRY_MOST);
	int64_t count = 0, last = 0;
	int err = runs_of(tx, &runs, &count, &last);
	*ret_more = false;
	if (err || count == 0)
		return err;
	const struct curb_fact facts[] = { { "entries", 0, curb_buf_view(&runs) },
		                           { "count", count, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = "erase",
		                          .at_ms = curb_wall_ms(),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	err = curb_ledger_append(tx, &entry, NULL);
	*ret_more = !err;
	return err ? err :
	             curb_exec(&ledger_host, tx, "DELETE FROM ledger_erased WHERE n <= $1",
	                       CURB_BINDS(curb_int(last)), NULL);
}

int ledger_untold(struct curb_tx *tx, bool *ret_untold)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, "SELECT 1 FROM ledger_erased LIMIT 1", CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_untold = err > 0;
	return 0;
}
