/* A spreadsheet through the worker, while somebody waits for it. */
#include <sys/mman.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { AT_ONCE = 2, WALL_MS = 10000, ARENA_MOST = 32 << 20 };

bool table_take_place(struct ingest *ingest)
{
	CURB_LOCKED(lock, &ingest->lock);
	if (ingest->tables == AT_ONCE)
		return false;
	ingest->tables++;
	return true;
}

void table_leave_place(struct ingest *ingest)
{
	CURB_LOCKED(lock, &ingest->lock);
	ingest->tables--;
}

int table_spool(struct curb_str bytes, int *ret_fd)
{
	*ret_fd = memfd_create("table", MFD_CLOEXEC);
	for (size_t done = 0; *ret_fd >= 0 && done < bytes.len;) {
		ssize_t n = write(*ret_fd, bytes.ptr + done, bytes.len - done);
		if (n <= 0)
			return curb_fail(CURB_EINTERNAL, "a file cannot be handed to the worker");
		done += (size_t)n;
	}
	return *ret_fd < 0 ? curb_fail(CURB_EINTERNAL, "no memory for a file") : 0;
}

/* The first thing that is wrong with it and how to mend that: one sentence behind the other. */
static int refuse(const struct ingest *ingest, struct curb_arena *arena, const struct intake_package *package,
                  struct curb_str lang)
{
	const struct intake_finding *finding = &package->findings[0];
	struct curb_str what = intake_text(arena, pages_tr(ingest->o.pages, lang, finding->row->what),
	                                   finding),
			mend = intake_text(arena, pages_tr(ingest->o.pages, lang, finding->row->mend),
	                                   finding);
	const char *gap = curb_str_is(lang, "en") ? " " : "";
	curb_error_set(finding->row->code, curb_printf(arena, "%.*s%s%.*s", (int)what.len, what.ptr, gap,
	                                               (int)mend.len, mend.ptr));
	return CURB_EUNFIT;
}

static const struct content_table *copy_of(struct curb_arena *arena, const struct content_table *from)
{
	struct content_table *table = curb_alloc(arena, sizeof *table);
	struct content_table_row *rows = curb_alloc_n(arena, from->n + 1, sizeof *rows);
	for (size_t i = 0; i < from->n; i++) {
		const struct content_table_row *row = &from->rows[i];
		struct curb_str *cells = curb_alloc_n(arena, row->n, sizeof *cells);
		for (size_t k = 0; k < row->n; k++)
			cells[k] = curb_dup(arena, row->cells[k]);
		rows[i] = (struct content_table_row){ row->number, cells, row->n };
	}
	*table = *from;
	table->sheet = curb_dup(arena, from->sheet);
	table->rows = rows;
	return table;
}

static int read_by_worker(struct ingest *ingest, struct curb_arena *arena, struct curb_str bytes,
                          struct curb_str lang, const struct content_table **ret_table)
{
	CURB_AUTO(arena) struct curb_arena *own = curb_arena_new(ARENA_MOST);
	CURB_AUTO(fd) int fd = -1;
	struct intake_package package = { 0 };
	int err = table_spool(bytes, &fd);
	const struct intake_job job = {
		.worker = ingest->o.worker,
		.blobs = ingest->o.blobs,
		.upload = fd,
		.name = "table",
		.table = true,
		.wall_ms = WALL_MS,
		.errors_fd = -1,
	};
	if (!err)
		err = intake_run(own, &job, &package);
	if (err)
		return err;
	if (package.refused)
		return refuse(ingest, arena, &package, lang);
	*ret_table = copy_of(arena, package.table);
	return 0;
}

int table_read(const struct content_api *self, struct curb_arena *arena, struct curb_str bytes,
               struct curb_str lang, const struct content_table **ret_table)
{
	struct ingest *ingest = (struct ingest *)(uintptr_t)CURB_CONTAINER_OF(self, struct ingest, api);
	if (!table_take_place(ingest))
		return curb_fail(CURB_EBUSY,
		                 "Other spreadsheets are being read just now; wait a moment and try again");
	int err = read_by_worker(ingest, arena, bytes, lang, ret_table);
	table_leave_place(ingest);
	return err;
}
