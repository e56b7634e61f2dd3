#include "rows.h"

#include "curb/arena.h"
#include "curb/cleanup.h"

int rows_gather(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                size_t size, void (*read)(struct curb_tx *tx, struct curb_stmt *stmt, void *row),
                void *ret_rows, size_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(host, tx, sql, binds, &stmt);
	size_t n = 0, cap = 0;
	char *rows = NULL;
	while (!err && (err = curb_step(stmt)) > 0) {
		if (n == cap) {
			cap = cap ? cap * 2 : 8;
			char *more = curb_alloc_n(curb_tx_arena(tx), cap, size);
			if (n)
				memcpy(more, rows, n * size);
			rows = more;
		}
		read(tx, stmt, rows + n++ * size);
		err = 0;
	}
	if (err)
		return err;
	*(void **)ret_rows = rows;
	*ret_n = n;
	return 0;
}

int rows_number(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                int64_t otherwise, int64_t *ret_number)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_number = err ? curb_col_int(stmt, 0) : otherwise;
	return 0;
}
