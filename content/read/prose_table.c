/* Tables in order: rows of cells, in groups; what stands beside them goes into the nearest. */
#include "prose_inside.h"

static struct prose_node *last_or_new(struct prose_tidying *t, struct prose_node *parent, const char *name)
{
	if (parent->last && prose_is(parent->last, name))
		return parent->last;
	struct prose_node *node = prose_new(t->page->arena, prose_name(curb_str(name)));
	prose_append(parent, node);
	return node;
}

static void cells_into(struct prose_tidying *t, struct prose_node *row, struct prose_node *first)
{
	for (struct prose_node *node = first, *next; node; node = next) {
		next = node->next;
		bool cell = node->name && node->name->shape == PROSE_CELL;
		if (!cell && prose_blank(node))
			continue;
		struct prose_node *inside = cell ? prose_take_children(node) : node;
		if (!cell) {
			node->next = NULL;
			node = last_or_new(t, row, "td");
		} else {
			prose_append(row, node);
		}
		prose_blocks_into(t, node, inside, false);
	}
}

static void rows_into(struct prose_tidying *t, struct prose_node *body, struct prose_node *first)
{
	for (struct prose_node *node = first, *next; node; node = next) {
		next = node->next;
		if (prose_is(node, "tr")) {
			struct prose_node *inside = prose_take_children(node);
			prose_append(body, node);
			cells_into(t, node, inside);
		} else if (!prose_blank(node)) {
			node->next = NULL;
			cells_into(t, last_or_new(t, body, "tr"), node);
		}
	}
}

static bool has_heads(const struct prose_node *node)
{
	for (const struct prose_node *child = node->first; child; child = child->next)
		if (prose_is(child, "th") || (!prose_is(child, "table") && has_heads(child)))
			return true;
	return false;
}

static size_t rows_of(const struct prose_node *table)
{
	size_t n = 0;
	for (const struct prose_node *body = table->first; body; body = body->next)
		for (const struct prose_node *row = body->first; row; row = row->next)
			n += prose_is(row, "tr") && row->first && row->first->next;
	return n;
}

void prose_tidy_table(struct prose_tidying *t, struct prose_node *table)
{
	struct prose_doubts *doubts = t->page->doubts;
	for (struct prose_node *node = prose_take_children(table), *next; node; node = next) {
		next = node->next;
		if (prose_is(node, "caption")) {
			prose_tidy_line(t, node);
			if (!table->first && !prose_blank(node))
				prose_append(table, node);
		} else if (node->name && node->name->shape == PROSE_ROWS) {
			struct prose_node *inside = prose_take_children(node);
			prose_append(table, node);
			rows_into(t, node, inside);
		} else if (!prose_blank(node) || prose_is(node, "tr")) {
			node->next = NULL;
			rows_into(t, last_or_new(t, table, "tbody"), node);
		}
	}
	/* two rows of two cells: less is no table that needs heads */
	if (rows_of(table) > 1 && !has_heads(table) && doubts->headless++ == 0)
		doubts->headless_in = t->page->name;
}
