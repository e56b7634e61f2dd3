/* Blobs from one store to another: to a backup and back. */
#include <errno.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

/* So many at a time are made durable together: few files, so that each is synced for itself and nobody else's. */
enum { BATCH_FILES = 8, BATCH_BYTES = 64 << 20, CHUNK = 1 << 20 };

static bool is_there(const struct blobs *blobs, const struct named *one)
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
		if (!is_there(carrying->to, &carrying->list->items[i]))
			bytes += carrying->list->items[i].size;
	return bytes;
}

static int fill(struct carrying *carrying, int fd, struct blob_file *file, const char *name)
{
	CURB_AUTO(mem) char *chunk = curb_xcalloc(1, CHUNK);
	for (ssize_t n; (n = read(fd, chunk, CHUNK)) != 0;) {
		if (n < 0)
			return file_fail(name);
		if (call_cancelled(carrying->call))
			return call_stopped();
		int err = blob_write(file, chunk, (size_t)n);
		if (err)
			return err;
		carrying->done += n;
		if (carrying->call->progress && carrying->total)
			carrying->call->progress(carrying->call->arg,
			                         (int)(carrying->done * 1000 / carrying->total));
	}
	return blob_seal(file);
}

static int found(const struct carrying *carrying, const char *name, bool missing)
{
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
		return found(carrying, hex, true);
	if (!err)
		err = blob_new(batch, &file);
	if (!err)
		err = fill(carrying, fd, file, hex);
	if (!err && !curb_str_is(blob_sha256(file), hex))
		return found(carrying, hex, false);
	return err;
}

/* The names from *at on, as many as go together; all or none of them. */
static int carry_some(struct carrying *carrying, size_t *at)
{
	struct blob_batch *batch = blob_batch_new(carrying->to);
	int64_t bytes = 0;
	int err = 0;
	for (int files = 0; !err && *at < carrying->list->n && files < BATCH_FILES && bytes < BATCH_BYTES;
	     ++*at) {
		const struct named *one = &carrying->list->items[*at];
		if (is_there(carrying->to, one))
			continue;
		files++;
		bytes += one->size;
		err = carry_one(carrying, one, batch);
	}
	if (!err)
		err = blob_batch_publish(batch);
	blob_batch_drop(batch);
	return err;
}

int carry(struct carrying *carrying)
{
	char first[256] = "";
	for (size_t at = 0; at < carrying->list->n;) {
		int err = carry_some(carrying, &at);
		if (err && err != CURB_EUNFIT)
			return err;
		if (err && !first[0])
			(void)snprintf(first, sizeof first, "%s", curb_error_text());
	}
	if (first[0])
		curb_error_set(first, first);
	return first[0] ? CURB_EUNFIT : 0;
}
