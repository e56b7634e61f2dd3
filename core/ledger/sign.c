/* Checkpoints: signed a while behind the entries, durable in a file before they are shown. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

enum { PATH_SIZE = 4096 };

/* ---- the file ---- */

static const char *file_name(const struct ledger *ledger, const char *ending, char path[static PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/checkpoint%s", ledger->folder, ending);
	return path;
}

/* Whole or not at all, and there before anybody is shown it. */
int sign_keep(const struct ledger *ledger, const char *ending, struct curb_str note)
{
	char fresh[PATH_SIZE], path[PATH_SIZE];
	CURB_AUTO(fd)
	int fd = open(file_name(ledger, ".new", fresh), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CURB_AUTO(fd) int folder = open(ledger->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && folder >= 0 && write(fd, note.ptr, note.len) == (ssize_t)note.len &&
	          fsync(fd) == 0 && rename(fresh, file_name(ledger, ending, path)) == 0 && fsync(folder) == 0;
	return ok ? 0 :
	            curb_fail(CURB_EINTERNAL, "the ledger's checkpoint %s/checkpoint cannot be written: %s",
	                      ledger->folder, errno == ENOSPC ? "the disk is full" : "see the disk");
}

/* *ret_len 0: there is none. */
int sign_read(const struct ledger *ledger, const char *ending, char bytes[static NOTE_MOST], size_t *ret_len)
{
	char path[PATH_SIZE];
	CURB_AUTO(fd) int fd = open(file_name(ledger, ending, path), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, bytes, NOTE_MOST) : 0;
	*ret_len = n > 0 ? (size_t)n : 0;
	if (n < 0 || (fd < 0 && errno != ENOENT) || (fd >= 0 && n == 0))
		return curb_fail(CURB_EINTERNAL, "the ledger's checkpoint %s cannot be read", path);
	return 0;
}

/* ---- at the start ---- */

void sign_hold(struct ledger *ledger, enum held why)
{
	ledger->held = why;
	(void)ledger_held(ledger);
	curb_log(CURB_ERROR, "ledger-held reason=\"%s\"", curb_error_text());
}

/* Whether the tree in the database goes on where the checkpoint ended. */
static int compare(struct ledger *ledger, struct curb_tx *tx, const struct checkpoint *last)
{
	const struct merkle_source source = { ledger_tile_hash, tx };
	struct merkle_tree then;
	struct merkle_hash root;
	if (last->size > ledger->tree.size) {
		sign_hold(ledger, OLDER);
		return 0;
	}
	int err = merkle_load(&source, last->size, &then);
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (!err)
		merkle_root(&then, &root);
	if (err || !merkle_same(&root, &last->root))
		sign_hold(ledger, OTHER);
	return 0;
}

static bool signed_by_ours(const struct ledger *ledger, const struct note *note, uint64_t size)
{
	bool ours = note_signed_by(note, &ledger->signer.key, NULL);
	for (size_t i = 0; !ours && i < ledger->former_count; i++)
		ours = size <= ledger->former[i].most && note_signed_by(note, &ledger->former[i].key, NULL);
	return ours;
}

bool sign_is_ours(const struct ledger *ledger, struct curb_str text, struct checkpoint *ret_last)
{
	struct note note;
	return note_read(text, &note) == 0 && checkpoint_read(note.body, ret_last) == 0 &&
	       signed_by_ours(ledger, &note, ret_last->size);
}

static int look_at_last(struct ledger *ledger, struct curb_tx *tx)
{
	char *bytes = curb_xcalloc(1, NOTE_MOST + 1);
	struct checkpoint last = { .size = 0 };
	size_t len = 0;
	int err = sign_read(ledger, "", bytes, &len);
	if (!err && len > 0 && sign_is_ours(ledger, curb_str_n(bytes, len), &last)) {
		ledger->note = bytes;
		ledger->signed_size = last.size;
		ledger->serial++;
		cosign_begin(ledger);
		return compare(ledger, tx, &last);
	}
	free(bytes);
	if (ledger->adopts && ledger->last.kind == RENEWED &&
	    !ledger->looking) /* it has signed nothing yet */
		return sign_put_aside(ledger, &ledger->last.old, &ledger->signer.key);
	if (err || len > 0 || ledger->tree.size > 0) /* a tree is signed before its first entry */
		sign_hold(ledger, UNKNOWN);
	return 0;
}

int sign_begin(struct ledger *ledger, struct curb_tx *tx)
{
	int err = look_at_last(ledger, tx);
	if (!err && !ledger->held && !keys_are_newest(ledger))
		sign_hold(ledger, KEYLESS);
	return err;
}

int sign_put_aside(const struct ledger *ledger, const struct note_key *old, const struct note_key *next)
{
	char path[PATH_SIZE], aside[PATH_SIZE], ending[64];
	CURB_AUTO(mem) char *bytes = curb_xcalloc(1, NOTE_MOST);
	struct checkpoint last = { .size = 0 };
	struct note note;
	size_t len = 0;
	bool readable = sign_read(ledger, "", bytes, &len) == 0 &&
	                note_read(curb_str_n(bytes, len), &note) == 0;
	if (readable && note_signed_by(&note, next, NULL))
		return 0;
	if (readable)
		(void)checkpoint_read(note.body, &last);
	(void)snprintf(ending, sizeof ending, ".%llu.%08x", (unsigned long long)last.size, (unsigned)old->id);
	(void)file_name(ledger, "", path);
	bool ok = rename(path, file_name(ledger, ending, aside)) == 0 || errno == ENOENT;
	return ok ? 0 : curb_fail(CURB_EINTERNAL, "the old checkpoint %s cannot be renamed", path);
}

/* ---- signing ---- */

static void write_note(const struct note_signer *const *signers, size_t n, const struct merkle_tree *tree,
                       struct curb_buf *out)
{
	struct checkpoint checkpoint = { .origin = curb_str(signers[0]->key.name), .size = tree->size };
	merkle_root(tree, &checkpoint.root);
	CURB_AUTO(buf) struct curb_buf body = curb_buf(NOTE_MOST);
	checkpoint_write(&body, &checkpoint);
	curb_buf_str(out, curb_buf_view(&body));
	curb_buf_char(out, '\n');
	for (size_t i = 0; i < n; i++)
		note_sign(out, signers[i], curb_buf_view(&body));
}

/* Of what is durable, with the ledger's own key and (unless it is NULL) `more`. */
static int sign_with(struct ledger *ledger, const struct note_signer *more)
{
	const struct note_signer *const signers[] = { &ledger->signer, more };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(NOTE_MOST);
	struct merkle_tree tree;
	{
		CURB_LOCKED(lock, &ledger->mutex);
		tree = ledger->tree;
		if (ledger->held || (!more && ledger->note && ledger->signed_size == tree.size))
			return 0;
	}
	write_note(signers, more ? 2 : 1, &tree, &out);
	int err = curb_buf_check(&out);
	if (!err)
		err = sign_keep(ledger, "", curb_buf_view(&out));
	if (err)
		return err;
	char *note = curb_xstrdup(out.data);
	CURB_LOCKED(lock, &ledger->mutex);
	free(ledger->note);
	ledger->note = note;
	ledger->signed_size = tree.size;
	ledger->signed_at_ms = curb_tick_ms();
	ledger->waits_since_ms = ledger->tree.size > tree.size ? ledger->signed_at_ms : 0;
	ledger->serial++;
	memset(ledger->cosigned, 0, sizeof ledger->cosigned);
	(void)pthread_cond_broadcast(&ledger->shown);
	return 0;
}

int sign_now(struct ledger *ledger)
{
	return sign_with(ledger, NULL);
}

int sign_both(struct ledger *ledger, const struct note_signer *next)
{
	return sign_with(ledger, next);
}

int sign_ahead(struct ledger *ledger, const struct note_signer *next)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(NOTE_MOST);
	struct merkle_tree tree;
	{
		CURB_LOCKED(lock, &ledger->mutex);
		tree = ledger->tree;
	}
	write_note(&next, 1, &tree, &out);
	int err = curb_buf_check(&out);
	return err ? err : sign_keep(ledger, "", curb_buf_view(&out));
}

bool sign_is_kept(struct ledger *ledger)
{
	CURB_AUTO(mem) char *bytes = curb_xcalloc(1, NOTE_MOST);
	size_t len = 0;
	if (sign_read(ledger, "", bytes, &len))
		return false;
	CURB_LOCKED(lock, &ledger->mutex);
	return curb_str_eq(curb_str_n(bytes, len), curb_str(ledger->note));
}

int ledger_sign(struct ledger *ledger)
{
	CURB_LOCKED(one, &ledger->signing);
	return sign_now(ledger);
}

bool sign_wait(struct ledger *ledger, pthread_cond_t *what, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
	return pthread_cond_timedwait(what, &ledger->mutex, &until) != ETIMEDOUT;
}

/* ---- the thread ---- */

enum { HURRY_MS = 1000 };

/* Waits until there is something to sign, and then so long that more can come. False: stopped. */
static bool wait_for_entries(struct ledger *ledger)
{
	CURB_LOCKED(lock, &ledger->mutex);
	while (!ledger->stop && ledger->note && ledger->signed_size == ledger->tree.size)
		(void)pthread_cond_wait(&ledger->wake, &ledger->mutex);
	int64_t due_ms = curb_tick_ms() + ledger->every_ms;
	do {
		if (ledger->hurry && due_ms > ledger->signed_at_ms + HURRY_MS)
			due_ms = ledger->signed_at_ms + HURRY_MS;
	} while (!ledger->stop && sign_wait(ledger, &ledger->wake, due_ms));
	ledger->hurry = false;
	return !ledger->stop;
}

static void *sign_until_stopped(void *arg)
{
	struct ledger *ledger = arg;
	while (wait_for_entries(ledger))
		if (ledger_sign(ledger))
			curb_log(CURB_ERROR, "ledger-unsigned reason=\"%s\"", curb_error_text());
	return NULL;
}

int sign_start(struct ledger *ledger)
{
	if (ledger->held)
		return 0;
	ledger->waits_since_ms = ledger->tree.size > ledger->signed_size ? curb_tick_ms() : 0;
	/* also of a tree without entries: whoever asks first sees a ledger */
	if (sign_now(ledger))
		curb_log(CURB_ERROR, "ledger-unsigned reason=\"%s\"", curb_error_text());
	if (ledger->started) /* it was held while it ran */
		return 0;
	if (pthread_create(&ledger->thread, NULL, sign_until_stopped, ledger) != 0)
		return curb_fail(CURB_EINTERNAL, "the thread of the ledger cannot be started");
	ledger->started = true;
	return 0;
}

void sign_stop(struct ledger *ledger)
{
	if (!ledger->started)
		return;
	{
		CURB_LOCKED(lock, &ledger->mutex);
		ledger->stop = true;
		(void)pthread_cond_signal(&ledger->wake);
		(void)pthread_cond_broadcast(&ledger->shown);
	}
	(void)pthread_join(ledger->thread, NULL);
	ledger->started = false;
	if (ledger_sign(ledger))
		curb_log(CURB_ERROR, "ledger-unsigned reason=\"%s\"", curb_error_text());
}
