/* Blobs from one store to another: to a backup and back. */
#include <errno.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

/* So many at a time are made durable together: few files, so that each is synced for itself and nobody else's. */
enum { BATCH_FILES = 8, BATCH_BYTES = 64 << 20, CHUNK = 1 << 20 };

static bool has_size(const struct blobs *blobs, const struct named *one)
{
	char hex[BLOB_HEX + 1];
	uint64_t size = 0;
	CURB_AUTO(fd) int fd = -1;
	named_hex(one, hex);
	return blobs_read(blobs, curb_str(hex), &fd, &size) == 0 && size == (uint64_t)one->size;
}

int64_t carry_missing(const struct carrying *carrying)
{
	int64_t bytes = 0;
	for (size_t i = 0; i < carrying->list->n; i++)
		if (!has_size(carrying->to, &carrying->list->items[i]))
			bytes += carrying->list->items[i].size;
	return bytes;
}

static void told(struct carrying *carrying, int64_t bytes)
{
	carrying->done += bytes;
	if (!carrying->call->progress || !carrying->total)
		return;
	int64_t permille = carrying->done / (carrying->total / 1000 + 1);
	carrying->call->progress(carrying->call->arg, permille < 1000 ? (int)permille : 1000);
}

/* All of it is read again: disks lose bits in silence, and one that is damaged is copied anew. */
static int look(struct carrying *carrying, const struct named *one, bool *ret_whole)
{
	char hex[BLOB_HEX + 1], there[BLOB_HEX + 1];
	uint64_t size = 0;
	int64_t bytes = 0;
	CURB_AUTO(fd) int fd = -1;
	*ret_whole = false;
	named_hex(one, hex);
	if (blobs_read(carrying->to, curb_str(hex), &fd, &size) || size != (uint64_t)one->size)
		return 0;
	int err = file_hash_open(fd, hex, carrying->call, there, &bytes);
	*ret_whole = !err && strcmp(there, hex) == 0;
	if (*ret_whole)
		told(carrying, bytes);
	return err == CURB_EBUSY ? err : 0;
}

/* CURB_EUNFIT: a part of the file cannot be read. */
static int fill(struct carrying *carrying, int fd, struct blob_file *file, const char *name)
{
	CURB_AUTO(mem) char *chunk = curb_xcalloc(1, CHUNK);
	for (ssize_t n; (n = read(fd, chunk, CHUNK)) != 0;) {
		if (n < 0)
			return errno == EIO ? CURB_EUNFIT : file_fail(name);
		if (call_cancelled(carrying->call))
			return call_stopped();
		int err = blob_write(file, chunk, (size_t)n);
		if (err)
			return err;
		told(carrying, n);
	}
	return blob_seal(file);
}

static int found(const struct carrying *carrying, const struct named *one, bool missing)
{
	char name[BLOB_HEX + 1];
	named_hex(one, name);
	if (carrying->lost)
		named_add(carrying->lost, one);
	if (carrying->call->found)
		carrying->call->found(carrying->call->arg, name, missing);
	return missing ?
	               curb_fail(CURB_EUNFIT, "A file of a course is missing from the folder blobs: %s",
	                         name) :
	               curb_fail(CURB_EUNFIT, "A file of a course in the folder blobs is damaged: %s", name);
}

static int carry_one(struct carrying *carrying, const struct named *one, struct blob_batch *batch)
{
	char hex[BLOB_HEX + 1];
	uint64_t size = 0;
	CURB_AUTO(fd) int fd = -1;
	struct blob_file *file = NULL;
	named_hex(one, hex);
	int err = blobs_read(carrying->from, curb_str(hex), &fd, &size);
	if (err == CURB_ENOTFOUND)
		return found(carrying, one, true);
	/* A file that pretends to be long would fill the disk before its hash tells. */
	if (err == CURB_EUNFIT || (!err && size != (uint64_t)one->size))
		return found(carrying, one, false);
	if (!err)
		err = blob_new(batch, &file);
	if (!err)
		err = fill(carrying, fd, file, hex);
	if (err == CURB_EUNFIT || (!err && !curb_str_is(blob_sha256(file), hex)))
		return found(carrying, one, false);
	return err;
}

/* The names from *at on that are not `settled`, as many as go together; all or none of them. After CURB_EUNFIT *at is the
 * one that cannot be had. */
static int carry_some(struct carrying *carrying, char *settled, size_t *at)
{
	struct blob_batch *batch = blob_batch_new(carrying->to);
	int64_t bytes = 0;
	int err = 0;
	for (int files = 0; *at < carrying->list->n && files < BATCH_FILES && bytes < BATCH_BYTES; ++*at) {
		const struct named *one = &carrying->list->items[*at];
		bool whole = settled[*at];
		if (!whole)
			err = look(carrying, one, &whole);
		settled[*at] = whole;
		if (!err && !whole) {
			files++;
			bytes += one->size;
			err = carry_one(carrying, one, batch);
		}
		if (err)
			break;
	}
	if (!err)
		err = blob_batch_publish(batch);
	blob_batch_drop(batch);
	return err;
}

int carry(struct carrying *carrying)
{
	CURB_AUTO(mem) char *settled = curb_xcalloc(carrying->list->n + 1, 1);
	char first[256] = "";
	for (size_t at = 0; at < carrying->list->n;) {
		const size_t from = at;
		int err = carry_some(carrying, settled, &at);
		if (err && err != CURB_EUNFIT)
			return err;
		if (err && !first[0])
			(void)snprintf(first, sizeof first, "%s", curb_error_text());
		if (err) {
			settled[at] = 1;
			at = from; /* the others of the batch, without it */
		}
	}
	if (first[0])
		curb_error_set(first, first);
	return first[0] ? CURB_EUNFIT : 0;
}
