#include "export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "handover.h"

enum { PATH_SIZE = 4096, ARENA_MOST = 64 << 20 };

struct exporting {
	const struct export_call *call;
	struct ledger *ledger;
	const char *folder;
	struct store_reader *reader;
	struct curb_arena *arena;
	uint64_t size;
};

/* ---- files ---- */

static int failed(const char *path)
{
	return errno == ENOSPC ?
	               curb_fail(CURB_EFULL, "the disk of %s is full", path) :
	               curb_fail(CURB_EINVAL, "%s cannot be written: check the folder and its permissions",
	                         path);
}

/* The folders above `path`, from behind the first `from` bytes on. */
static int make_folders(char *path, size_t from)
{
	for (char *slash = path + from; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		bool ok = mkdir(path, 0700) == 0 || errno == EEXIST;
		int err = ok ? 0 : failed(path);
		*slash = '/';
		if (err)
			return err;
	}
	return 0;
}

/* True when the file has these bytes. */
static bool has(const char *path, struct curb_str bytes)
{
	char piece[16384];
	size_t at = 0;
	ssize_t n = -1;
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0 && at + (size_t)n <= bytes.len &&
	       memcmp(piece, bytes.ptr + at, (size_t)n) == 0)
		at += (size_t)n;
	return n == 0 && at == bytes.len;
}

/* Durable under its name, or not there under it. */
static int write_file(const struct exporting *e, const char *name, struct curb_str bytes)
{
	char path[PATH_SIZE], fresh[PATH_SIZE + 8];
	int len = snprintf(path, sizeof path, "%s/%s", e->folder, name);
	if (len < 0 || (size_t)len >= sizeof path)
		return curb_fail(CURB_EINVAL, "the name of the folder is too long");
	if (has(path, bytes))
		return 0;
	int err = make_folders(path, strlen(e->folder) + 1);
	if (err)
		return err;
	(void)snprintf(fresh, sizeof fresh, "%s.new", path);
	(void)unlink(fresh);
	CURB_AUTO(fd) int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0 &&
	          rename(fresh, path) == 0;
	return ok ? 0 : failed(path);
}

/* ---- tiles ---- */

static int export_tile(const struct exporting *e, const struct tile *tile)
{
	CURB_AUTO(buf) struct curb_buf name = curb_buf(256);
	struct curb_str bytes;
	tile_write(&name, tile);
	curb_arena_reset(e->arena);
	int err = ledger_tile(store_begin(e->reader, e->arena), tile, &bytes);
	if (!err)
		err = write_file(e, name.data, bytes);
	store_end(e->reader);
	return err;
}

static int export_level(const struct exporting *e, unsigned level, bool entries)
{
	struct tile tile = { .level = level, .entries = entries };
	int err = 0;
	while (!err && (tile.width = tile_width(&tile, e->size)) > 0) {
		err = export_tile(e, &tile);
		tile.index++;
		if (!err && e->call->cancelled(e->call->arg))
			err = curb_fail(CURB_EBUSY,
			                "the export was cancelled; the next one goes on from there");
		if (level == 0)
			e->call->progress(e->call->arg,
			                  (int)(tile.index * TILE_WIDTH * 500 / (e->size + TILE_WIDTH)) +
			                          (entries ? 500 : 0));
	}
	return err;
}

/* ---- the folder ---- */

/* Whether it is a key that this ledger had before under its name. */
static bool was_ours(const struct exporting *e, struct curb_str text)
{
	struct ledger_known *keys = NULL;
	struct note_key key;
	size_t n = 0;
	bool found = false;
	curb_arena_reset(e->arena);
	int err = note_key_read(curb_str_trim(text), &key);
	if (!err)
		err = ledger_keys(e->ledger, store_begin(e->reader, e->arena), &keys, &n);
	for (size_t i = 0; !err && i < n; i++)
		found = found ||
		        (handover_same_key(&key, &keys[i].key) && strcmp(key.name, keys[0].key.name) == 0);
	store_end(e->reader);
	return found;
}

/* The proofs of each change of the key, which those need who know an older one. */
static int export_handovers(const struct exporting *e)
{
	char name[64];
	struct curb_str text;
	int64_t entry = -1;
	int err = 0;
	for (size_t i = 1; !err; i++) {
		curb_arena_reset(e->arena);
		err = ledger_handover(store_begin(e->reader, e->arena), entry, &entry, &text);
		(void)snprintf(name, sizeof name, "handover/%zu", i);
		if (!err)
			err = write_file(e, name, text);
		store_end(e->reader);
	}
	return err == CURB_ENOTFOUND ? 0 : err;
}

/* A folder that has been written to must be of this ledger. */
static int check_folder(const struct exporting *e, struct curb_str key)
{
	char path[PATH_SIZE], bytes[NOTE_NAME + 128];
	(void)snprintf(path, sizeof path, "%s/key", e->folder);
	if (mkdir(e->folder, 0700) != 0 && errno != EEXIST)
		return failed(e->folder);
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, bytes, sizeof bytes);
	struct curb_str there = curb_str_n(bytes, n > 0 ? (size_t)n : 0);
	if (n > 0 && !curb_str_eq(there, key) && !was_ours(e, there))
		return curb_fail(CURB_ECONFLICT, "%s has another ledger in it: name a new folder", e->folder);
	return write_file(e, "key", key);
}

static int sync_folder(const char *folder)
{
	CURB_AUTO(fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && syncfs(fd) == 0 ? 0 : failed(folder);
}

static int export_all(struct exporting *e, struct curb_str note, struct curb_str key)
{
	int err = check_folder(e, key);
	for (unsigned level = 0; !err && level < TILE_LEVELS; level++)
		err = export_level(e, level, false);
	if (!err)
		err = export_level(e, 0, true);
	if (!err)
		err = export_handovers(e);
	if (!err)
		err = sync_folder(e->folder);
	if (!err)
		err = write_file(e, "checkpoint", note);
	return err ? err : sync_folder(e->folder);
}

int ledger_export(struct ledger *ledger, struct curb_store *store, const char *folder,
                  const struct export_call *call, uint64_t *ret_size)
{
	CURB_AUTO(arena)
	struct curb_arena *arena = curb_arena_new(ARENA_MOST), *notes = curb_arena_new(NOTE_MOST * 2);
	CURB_AUTO(buf) struct curb_buf key = curb_buf(NOTE_NAME + 128);
	struct exporting e = { .call = call, .ledger = ledger, .folder = folder, .arena = arena };
	int err = ledger_sign(ledger);
	if (!err)
		err = store_reader_open(store, &e.reader);
	if (err)
		return err;
	const struct ledger_shown shown = ledger_checkpoint(ledger, notes);
	e.size = shown.size;
	struct note_key public_key;
	ledger_key(ledger, &public_key);
	note_key_write(&key, &public_key);
	curb_buf_char(&key, '\n');
	err = shown.note.len ? export_all(&e, shown.note, curb_buf_view(&key)) : ledger_held(ledger);
	store_reader_close(e.reader);
	*ret_size = e.size;
	return err;
}
