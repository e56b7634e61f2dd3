#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

/* Of its own, so that entries do not count as changes of the core's rows: what was read of those stays known. */
struct curb_host ledger_host = { .magic = CURB_HOST_MAGIC, .owner = "ledger" };

/* Entries and tiles were written together: as many of the one as of the other. */
static int check_count(struct curb_tx *tx, uint64_t size)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, "SELECT coalesce(max(n) + 1, 0) FROM ledger_entry",
	                     CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if ((uint64_t)curb_col_int(stmt, 0) == size)
		return 0;
	return curb_fail(CURB_EINTERNAL, "the ledger is damaged: %lld entries, but hashes of %llu",
	                 (long long)curb_col_int(stmt, 0), (unsigned long long)size);
}

static int begin_fn(struct curb_tx *tx, void *arg)
{
	struct ledger *ledger = arg;
	int err = grow_load(tx, &ledger->growing);
	ledger->tree = ledger->growing.tree;
	if (!err)
		err = check_count(tx, ledger->tree.size);
	if (!err)
		err = keys_begin(ledger, tx);
	return err ? err : sign_begin(ledger, tx);
}

static void make_locks(struct ledger *ledger)
{
	pthread_condattr_t steady;
	(void)pthread_condattr_init(&steady);
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&ledger->wake, &steady);
	(void)pthread_cond_init(&ledger->shown, &steady);
	(void)pthread_condattr_destroy(&steady);
	(void)pthread_mutex_init(&ledger->mutex, NULL);
	(void)pthread_mutex_init(&ledger->signing, NULL);
}

/* There for good: without it a checkpoint in it would go with a power cut. */
static bool make_folder(const char *path)
{
	char above[4096];
	const char *slash = strrchr(path, '/');
	(void)snprintf(above, sizeof above, "%.*s", slash && slash > path ? (int)(slash - path) : 1,
	               slash ? path : ".");
	CURB_AUTO(fd) int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return (mkdir(path, 0700) == 0 || errno == EEXIST) && fd >= 0 && fsync(fd) == 0;
}

int ledger_open(const struct ledger_options *options, struct ledger **ret_ledger)
{
	struct ledger *ledger = curb_xcalloc(1, sizeof *ledger);
	ledger->store = options->store;
	ledger->signer = *options->signer;
	ledger->folder = curb_xstrdup(options->folder);
	ledger->every_ms = options->every_ms;
	ledger->looking = options->looking;
	ledger->trust = options->trust;
	if (options->keeper)
		ledger->keeper = *options->keeper;
	ledger->publishers = curb_xcalloc(TRUST_WITNESSES, sizeof *ledger->publishers);
	for (size_t i = 0; i < TRUST_WITNESSES; i++)
		ledger->publishers[i] = (struct publisher){ .ledger = ledger, .witness = i };
	make_locks(ledger);
	int err = 0;
	if (!ledger->looking && !make_folder(ledger->folder))
		err = curb_fail(CURB_EINTERNAL, "the folder %s cannot be made", ledger->folder);
	const struct store_write write = { .fn = begin_fn, .arg = ledger };
	if (!err)
		err = store_write(ledger->store, &write);
	if (!err) {
		const struct store_tail tail = grow_tail(ledger);
		store_set_tail(ledger->store, &tail);
	}
	if (!err && !ledger->looking)
		err = sign_start(ledger);
	if (!err && !ledger->looking)
		keys_adopt(ledger);
	if (!err && !ledger->looking)
		err = publish_start(ledger);
	if (err)
		ledger_close(ledger);
	else
		*ret_ledger = ledger;
	return err;
}

void ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	sign_stop(ledger);
	publish_stop(ledger);
	store_set_tail(ledger->store, &(struct store_tail){ .arg = NULL });
	note_signer_wipe(&ledger->signer);
	(void)pthread_cond_destroy(&ledger->wake);
	(void)pthread_cond_destroy(&ledger->shown);
	(void)pthread_mutex_destroy(&ledger->mutex);
	(void)pthread_mutex_destroy(&ledger->signing);
	free(ledger->waiting);
	free(ledger->former);
	free(ledger->note);
	free(ledger->witnessed);
	free(ledger->folder);
	free(ledger);
}

int ledger_held(const struct ledger *ledger)
{
	enum held held = ledger->held;
	switch (held) {
	case FREE: return 0;
	case UNKNOWN:
		return curb_fail(CURB_EBUSY,
		                 "The ledger has entries, but its last checkpoint is not there or not "
		                 "readable. Put the folder ledger back, or let an auditor decide on the page "
		                 "/ledger/decision. Nothing is counted meanwhile");
	case OLDER:
		return curb_fail(CURB_EBUSY,
		                 "The database is older than the last checkpoint of its ledger: entries "
		                 "that were signed are missing. Put the newest copy back, or let an auditor "
		                 "decide on the page /ledger/decision. Nothing is counted meanwhile");
	case KEYLESS:
		return curb_fail(CURB_EBUSY,
		                 "The ledger has changed to another key than the one in the folder keys. Put "
		                 "the newest copy of the folder keys back and start anew, or let an auditor "
		                 "decide on the page /ledger/decision. Nothing is counted meanwhile");
	case OTHER: break;
	}
	return curb_fail(CURB_EBUSY,
	                 "The ledger in the database is not the one that was signed: entries were "
	                 "changed. Put the newest copy back, or let an auditor decide on the page "
	                 "/ledger/decision. Nothing is counted meanwhile");
}

void ledger_key(struct ledger *ledger, struct note_key *ret_key)
{
	CURB_LOCKED(lock, &ledger->mutex);
	*ret_key = ledger->signer.key;
}
