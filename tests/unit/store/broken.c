#include "broken.h"

#include <stdatomic.h>

#include "curb/db.h"
#include "curb/err.h"

static atomic_int good_left = -1;
static atomic_bool met;

/* The linker gives these to whoever calls curb_…, and the real ones as __real_…. */
int __real_curb_query(struct curb_host *host, struct curb_tx *tx, const char *sql,
                      const struct curb_bind *binds, struct curb_stmt **ret_stmt);
int __real_curb_step(struct curb_stmt *stmt);
int __real_curb_exec(struct curb_host *host, struct curb_tx *tx, const char *sql,
                     const struct curb_bind *binds, int64_t *ret_changed);
int __wrap_curb_query(struct curb_host *host, struct curb_tx *tx, const char *sql,
                      const struct curb_bind *binds, struct curb_stmt **ret_stmt);
int __wrap_curb_step(struct curb_stmt *stmt);
int __wrap_curb_exec(struct curb_host *host, struct curb_tx *tx, const char *sql,
                     const struct curb_bind *binds, int64_t *ret_changed);

void broken_after(int good)
{
	atomic_store(&met, false);
	atomic_store(&good_left, good);
}

bool broken_end(void)
{
	atomic_store(&good_left, -1);
	return atomic_load(&met);
}

static bool fails(void)
{
	int left = atomic_load(&good_left);
	if (left < 0)
		return false;
	atomic_store(&good_left, left - 1);
	if (left == 0)
		atomic_store(&met, true);
	return left == 0;
}

static int broken(void)
{
	return curb_fail(CURB_EINTERNAL, "the disk is broken");
}

int __wrap_curb_query(struct curb_host *host, struct curb_tx *tx, const char *sql,
                      const struct curb_bind *binds, struct curb_stmt **ret_stmt)
{
	return fails() ? broken() : __real_curb_query(host, tx, sql, binds, ret_stmt);
}

int __wrap_curb_step(struct curb_stmt *stmt)
{
	return fails() ? broken() : __real_curb_step(stmt);
}

int __wrap_curb_exec(struct curb_host *host, struct curb_tx *tx, const char *sql,
                     const struct curb_bind *binds, int64_t *ret_changed)
{
	return fails() ? broken() : __real_curb_exec(host, tx, sql, binds, ret_changed);
}
