/* Opens databases as a server does that starts after a power cut, and says what is in them: one folder a line of standard input,
 * one line of JSON each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "store.h"

enum { PATH_SIZE = 4096 };

static struct curb_host credit = { .magic = CURB_HOST_MAGIC, .owner = "credit" };
static struct curb_host ledger = { .magic = CURB_HOST_MAGIC, .owner = "ledger" };

static int64_t number(struct curb_host *host, struct curb_tx *tx, const char *sql)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	if (curb_query(host, tx, sql, CURB_NO_BINDS, &stmt) || curb_step(stmt) != 1)
		return -1;
	return curb_col_int(stmt, 0);
}

static void tell(struct curb_store *store)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct store_reader *reader = NULL;
	int err = store_check(store);
	if (!err)
		err = store_reader_open(store, &reader);
	if (err) {
		(void)printf("{\"error\":\"damaged\"}\n");
		return;
	}
	struct curb_tx *tx = store_begin(reader, arena);
	(void)printf("{\"online\":%lld,\"days\":%lld,\"entries\":%lld}\n",
	             (long long)number(&credit, tx, "SELECT sum(online_s) FROM credit_trainee"),
	             (long long)number(&credit, tx, "SELECT coalesce(sum(granted_s), 0) FROM credit_day"),
	             (long long)number(&ledger, tx, "SELECT count(*) FROM ledger_entry"));
	store_reader_close(reader);
}

int main(void)
{
	char folder[PATH_SIZE], path[PATH_SIZE + 16];
	while (fgets(folder, sizeof folder, stdin)) {
		struct curb_store *store = NULL;
		folder[strcspn(folder, "\n")] = '\0';
		(void)snprintf(path, sizeof path, "%s/curbcut.db", folder);
		const struct store_options options = { .path = path };
		if (store_open(&options, &store))
			(void)printf("{\"error\":\"not opened\"}\n");
		else
			tell(store);
		store_close(store);
		(void)fflush(stdout);
	}
	return 0;
}
