/* The cells that the worker sent, each within its bounds. */
#include "curb/err.h"
#include "inside.h"

static int broken(const char *what)
{
	return curb_fail(CURB_EINVAL, "worker: the table's %s", what);
}

static int take_row(struct curb_arena *arena, const struct curb_value *from, int64_t after,
                    struct content_table_row *ret_row)
{
	size_t n = curb_value_count(from);
	if (curb_value_type(from) != CURB_ARRAY || n < 2 || n > CONTENT_TABLE_COLUMNS + 1)
		return broken("row");
	struct curb_str *cells = curb_alloc_n(arena, n, sizeof *cells);
	*ret_row = (struct content_table_row){ curb_value_int(curb_value_at(from, 0), 0), cells, n - 1 };
	if (ret_row->number <= after || ret_row->number > INT32_MAX)
		return broken("row number");
	for (size_t i = 0; i + 1 < n; i++) {
		cells[i] = curb_value_str(curb_value_at(from, i + 1));
		if (!cells[i].ptr || cells[i].len > CONTENT_TABLE_CELL)
			return broken("cell");
	}
	return cells[n - 2].len > 0 ? 0 : broken("last cell");
}

int intake_check_table(struct intake_state *state, const struct content_table **ret_table)
{
	const struct curb_value *from = state->package, *list = curb_value_get(from, "rows");
	size_t n = curb_value_count(list);
	if (!from || curb_value_type(list) != CURB_ARRAY || n > CONTENT_TABLE_ROWS)
		return broken("rows");
	struct content_table_row *rows = curb_alloc_n(state->arena, n + 1, sizeof *rows);
	struct content_table *table = curb_alloc(state->arena, sizeof *table);
	*table = (struct content_table){
		.sheet = curb_get_str(from, "sheet"),
		.others = curb_get_int(from, "others", -1),
		.hidden = curb_get_int(from, "hidden", -1),
		.rows = rows,
		.n = n,
	};
	if (!table->sheet.ptr || table->sheet.len > CONTENT_TABLE_CELL)
		return broken("sheet");
	if (table->others < 0 || table->others > INT32_MAX || table->hidden < 0 || table->hidden > (int64_t)n)
		return broken("counts");
	int err = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = take_row(state->arena, curb_value_at(list, i), i ? rows[i - 1].number : 0, &rows[i]);
	if (!err)
		*ret_table = table;
	return err;
}
