/* The blobs that a database names. */
#include <fcntl.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { FIRST = 256, ARENA_MOST = 64 << 20, LINE_MOST = BLOB_HEX + 24 };

void named_free(struct named_list *list)
{
	free(list->items);
	*list = (struct named_list){ 0 };
}

void named_hex(const struct named *one, char ret_hex[static BLOB_HEX + 1])
{
	curb_hex(one->sha256, sizeof one->sha256, ret_hex);
}

void named_add(struct named_list *list, const struct named *one)
{
	if (list->n == list->room) {
		list->room = list->room ? 2 * list->room : FIRST;
		list->items = realloc(list->items, list->room * sizeof *list->items);
		CURB_ASSERT(list->items);
	}
	list->items[list->n++] = *one;
	list->bytes += one->size;
}

static int add(struct named_list *list, struct curb_str hex, int64_t size)
{
	struct named one = { .size = size };
	if (size < 0 || size > INT64_MAX - list->bytes || !curb_unhex(hex, one.sha256, sizeof one.sha256))
		return curb_fail(CURB_EUNFIT, "The backup is damaged: a file has no right name");
	named_add(list, &one);
	return 0;
}

static int read_rows(struct curb_tx *tx, struct named_list *list)
{
	static const char sql[] = "SELECT sha256, size FROM core_blob ORDER BY sha256";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0)
		err = add(list, curb_col_text(stmt, 0), curb_col_int(stmt, 1));
	return err;
}

int named_of_store(struct curb_store *store, struct named_list *list)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct store_reader *reader = NULL;
	int err = store_reader_open(store, &reader);
	if (err)
		return err;
	err = read_rows(store_begin(reader, arena), list);
	store_reader_close(reader);
	return err;
}

/* ---- the file ---- */

static int put_lines(int at, const char *name, const struct named_list *list)
{
	CURB_AUTO(buf) struct curb_buf text = curb_buf(list->n * LINE_MOST + 1);
	for (size_t i = 0; i < list->n; i++) {
		char hex[BLOB_HEX + 1];
		named_hex(&list->items[i], hex);
		curb_buf_printf(&text, "%s %lld\n", hex, (long long)list->items[i].size);
	}
	int err = curb_buf_check(&text);
	return err ? err : file_put(at, name, curb_buf_view(&text));
}

int named_put(int at, const struct named_list *list, char ret_hex[static BLOB_HEX + 1])
{
	static const struct backup_call quiet = { 0 };
	int64_t bytes;
	int err = put_lines(at, "blobs", list);
	return err ? err : file_hash(at, "blobs", &quiet, ret_hex, &bytes);
}

int named_put_missing(int at, const struct named_list *list)
{
	return put_lines(at, "missing", list);
}

static int read_lines(FILE *file, const char *name, struct named_list *list)
{
	char line[LINE_MOST + 2];
	int err = 0;
	while (!err && fgets(line, sizeof line, file)) {
		struct curb_str rest = curb_str_trim(curb_str(line)), hex;
		int64_t size = -1;
		if (!curb_str_cut(&rest, ' ', &hex) || !curb_str_int(rest, &size))
			size = -1;
		err = add(list, hex, size);
	}
	return err ? err : ferror(file) ? file_fail(name) : 0;
}

static int get_lines(int at, const char *name, struct named_list *list)
{
	int fd = -1;
	int err = file_open(at, name, &fd);
	CURB_AUTO(file) FILE *file = err ? NULL : fdopen(fd, "r");
	return err ? err : file ? read_lines(file, name, list) : file_fail(name);
}

int named_get(int at, const char *name, const char *hex, struct named_list *list)
{
	static const struct backup_call quiet = { 0 };
	CURB_AUTO(fd) int folder = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	char there[BLOB_HEX + 1];
	int64_t bytes;
	if (folder < 0)
		return file_fail(name);
	int err = file_hash(folder, "blobs", &quiet, there, &bytes);
	if (!err && strcmp(there, hex) != 0)
		err = curb_fail(CURB_EUNFIT, "The backup is damaged: %s has changed", "blobs");
	return err ? err : get_lines(folder, "blobs", list);
}

int named_missing(int at, const struct manifest *manifest, struct named_list *list)
{
	const size_t before = list->n;
	if (!manifest->row.missing)
		return 0;
	int err = get_lines(at, "missing", list);
	if (err == CURB_ENOTFOUND || (!err && (int64_t)(list->n - before) != manifest->row.missing))
		err = curb_fail(CURB_EUNFIT, "The backup is damaged: %s has changed", "missing");
	return err;
}

/* ---- looking up ---- */

static int compare(const void *a, const void *b)
{
	return memcmp(((const struct named *)a)->sha256, ((const struct named *)b)->sha256, NAMED_BYTES);
}

void named_sort(struct named_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, compare);
}

bool named_has(const struct named_list *list, struct curb_str hex)
{
	struct named one = { .size = 0 };
	return list->n && curb_unhex(hex, one.sha256, sizeof one.sha256) &&
	       bsearch(&one, list->items, list->n, sizeof one, compare);
}
