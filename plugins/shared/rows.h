/* Rows of a statement as an array. Built into each plugin that asks for it.
 */
#ifndef PLUGINS_ROWS_H
#define PLUGINS_ROWS_H

#include "curb/db.h"

/* All rows, `size` bytes each as `read` fills them; of none *ret_rows is NULL. Arena of tx; errors of curb_query and curb_step. */
int rows_gather(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                size_t size, void (*read)(struct curb_tx *tx, struct curb_stmt *stmt, void *row),
                void *ret_rows, size_t *ret_n);

/* The first number of the only row, or `otherwise` when there is none. */
int rows_number(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                int64_t otherwise, int64_t *ret_number);

#endif
