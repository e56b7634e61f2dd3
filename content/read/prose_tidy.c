/* Order in the tree of a page: browsers and screen readers are given what the standard of HTML allows, whatever the page had.
 * Each list of children is taken off its parent and put back together. */
#include "captions_inside.h"
#include "curb/cleanup.h"
#include "html.h"
#include "prose_inside.h"

enum { DEEPEST = 30 }; /* levels of a part; JSON is read up to 48 */

struct prose_node *prose_new(struct curb_arena *arena, const struct prose_name *name)
{
	struct prose_node *node = curb_alloc(arena, sizeof *node);
	node->name = name;
	return node;
}

void prose_append(struct prose_node *parent, struct prose_node *child)
{
	child->parent = parent;
	child->next = NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

struct prose_node *prose_take_children(struct prose_node *node)
{
	struct prose_node *first = node->first;
	node->first = node->last = NULL;
	return first;
}

static bool blank_text(struct curb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!html_is_space(text.ptr[i]) && text.ptr[i] != '\0')
			return false;
	return true;
}

bool prose_blank(const struct prose_node *node)
{
	if (!node->name)
		return blank_text(node->text);
	if (prose_is(node, "img") || prose_is(node, "page") || prose_is(node, "hr") || prose_is(node, "math"))
		return false;
	for (const struct prose_node *child = node->first; child; child = child->next)
		if (!prose_blank(child))
			return false;
	return true;
}

static bool has_block(const struct prose_node *node)
{
	for (const struct prose_node *child = node->first; child; child = child->next)
		if (!prose_inline(child) || has_block(child))
			return true;
	return false;
}

void prose_words(const struct prose_node *node, struct curb_buf *out)
{
	if (node->name && node->name->shape == PROSE_RUBY)
		return;
	if (!node->name || prose_is(node, "img"))
		curb_buf_str(out, node->text);
	for (const struct prose_node *child = node->first; child; child = child->next)
		prose_words(child, out);
}

/* What something that is not kept said of all that is in it goes on to each. */
static void hand_down(struct prose_tidying *t, const struct prose_node *from, struct prose_node *first)
{
	for (struct prose_node *child = first; child && (from->lang.ptr || from->dir.ptr);
	     child = child->next) {
		if (!child->name && !blank_text(child->text)) {
			struct prose_node *words = prose_new(t->page->arena, NULL);
			words->text = child->text;
			child->name = prose_name(curb_str("span"));
			prose_append(child, words);
		}
		child->lang = child->lang.ptr ? child->lang : from->lang;
		child->dir = child->dir.ptr ? child->dir : from->dir;
	}
}

/* A place in the text that has no element of its own any more. */
static void keep_id(struct prose_tidying *t, struct prose_node *parent, struct curb_str id)
{
	if (!id.len)
		return;
	struct prose_node *place = prose_new(t->page->arena, prose_name(curb_str("span")));
	place->id = id;
	prose_append(parent, place);
}

/* ---- words ---- */

static void words_into(struct prose_tidying *t, struct prose_node *parent, struct prose_node *first);

/* A block among words: its words, apart from those before it. */
static void block_into(struct prose_tidying *t, struct prose_node *parent, struct prose_node *node)
{
	struct prose_node *space = prose_new(t->page->arena, NULL);
	space->text = curb_str(" ");
	prose_append(parent, space);
	keep_id(t, parent, node->id);
	words_into(t, parent, prose_take_children(node));
}

static void words_into(struct prose_tidying *t, struct prose_node *parent, struct prose_node *first)
{
	for (struct prose_node *node = first, *next; node; node = next) {
		next = node->next;
		if (!prose_inline(node)) {
			block_into(t, parent, node);
			continue;
		}
		struct prose_node *inside = prose_take_children(node);
		bool stray = node->name && node->name->shape == PROSE_RUBY && !prose_is(parent, "ruby");
		bool deep = t->depth > DEEPEST && node->name && node->name->shape != PROSE_EMPTY;
		if (stray || deep) {
			keep_id(t, parent, node->id);
			words_into(t, parent, inside);
			continue;
		}
		prose_append(parent, node);
		t->depth++;
		words_into(t, node, inside);
		t->depth--;
	}
}

/* Blanks at the edges of a block are nothing. */
static void trim_edges(struct prose_node *block)
{
	struct prose_node *first = block->first, *last = block->last;
	while (first && !first->name && first->text.len && html_is_space(first->text.ptr[0]))
		first->text = curb_str_from(first->text, 1);
	while (last && !last->name && last->text.len && html_is_space(last->text.ptr[last->text.len - 1]))
		last->text.len--;
}

void prose_tidy_line(struct prose_tidying *t, struct prose_node *line)
{
	words_into(t, line, prose_take_children(line));
	if (!prose_is(line, "pre"))
		trim_edges(line);
}

/* ---- blocks ---- */

/* A run of words among blocks. What is blank is left out; a place in it is kept where it stands. */
struct run {
	struct prose_node *parent, *block;
	bool wrap;
};

static void end_run(struct prose_tidying *t, struct run *run)
{
	struct prose_node *block = run->block;
	run->block = NULL;
	if (!block)
		return;
	bool blank = prose_blank(block);
	for (struct prose_node *node = prose_take_children(block), *next; node; node = next) {
		next = node->next;
		if (!blank)
			prose_append(block, node);
		else
			keep_id(t, run->parent, node->id);
	}
	if (blank)
		return;
	prose_tidy_line(t, block);
	if (run->wrap) {
		prose_append(run->parent, block);
		return;
	}
	for (struct prose_node *node = prose_take_children(block), *next; node; node = next) {
		next = node->next;
		prose_append(run->parent, node);
	}
}

static void add_to_run(struct prose_tidying *t, struct run *run, struct prose_node *node)
{
	if (!run->block)
		run->block = prose_new(t->page->arena, prose_name(curb_str("p")));
	prose_append(run->block, node);
}

/* Items of a list; what stands between them belongs to the one before. */
static void tidy_list(struct prose_tidying *t, struct prose_node *list)
{
	for (struct prose_node *node = prose_take_children(list), *next; node; node = next) {
		next = node->next;
		if (prose_blank(node) && !prose_is(node, "li"))
			continue;
		struct prose_node *item = prose_is(node, "li") ? node : list->last;
		if (item != node && !item)
			item = prose_new(t->page->arena, prose_name(curb_str("li")));
		if (item != list->last)
			prose_append(list, item);
		struct prose_node *inside = item == node ? prose_take_children(node) : node;
		if (inside == node)
			inside->next = NULL;
		prose_blocks_into(t, item, inside, false);
	}
}

/* Terms and what is said of them; groups of them are taken apart. */
static void terms_into(struct prose_tidying *t, struct prose_node *list, struct prose_node *first)
{
	for (struct prose_node *node = first, *next; node; node = next) {
		next = node->next;
		if (prose_is(node, "dt")) {
			prose_append(list, node);
			prose_tidy_line(t, node);
		} else if (prose_is(node, "dd")) {
			struct prose_node *inside = prose_take_children(node);
			prose_append(list, node);
			prose_blocks_into(t, node, inside, false);
		} else if (node->name && node->name->shape == PROSE_BOX) {
			terms_into(t, list, prose_take_children(node));
		} else if (!prose_blank(node)) {
			struct prose_node *said = prose_new(t->page->arena, prose_name(curb_str("dd")));
			prose_append(list, said);
			node->next = NULL;
			prose_blocks_into(t, said, node, false);
		}
	}
}

/* ---- all of them ---- */

static bool empty_block(const struct prose_node *node)
{
	return node->name->shape != PROSE_CELL && node->name->shape != PROSE_RULE && prose_blank(node);
}

static void tidy_block(struct prose_tidying *t, struct prose_node *parent, struct prose_node *node)
{
	prose_append(parent, node);
	static const int levels[] = {
		[PROSE_LIST] = 1, [PROSE_TERMS] = 1, [PROSE_TABLE] = 3, [PROSE_LOST] = 0
	};
	t->depth += levels[node->name->shape];
	switch (node->name->shape) {
	case PROSE_LINE: prose_tidy_line(t, node); break;
	case PROSE_LIST: tidy_list(t, node); break;
	case PROSE_TERMS: terms_into(t, node, prose_take_children(node)); break;
	case PROSE_TABLE: prose_tidy_table(t, node); break;
	case PROSE_FLOW:
		prose_blocks_into(t, node, prose_take_children(node), !prose_is(node, "figcaption"));
		break;
	default: break;
	}
	t->depth -= levels[node->name->shape];
}

/* Whether a block may stand by itself; parts of lists and tables that lost theirs, and what lies too deep, are taken apart. */
static bool stands(const struct prose_tidying *t, const struct prose_node *parent,
                   const struct prose_node *node)
{
	enum prose_shape shape = node->name->shape;
	bool part = shape == PROSE_ROWS || shape == PROSE_ROW || shape == PROSE_CELL ||
	            prose_is(node, "li") || prose_is(node, "dt") || prose_is(node, "dd") ||
	            prose_is(node, "caption") ||
	            (prose_is(node, "figcaption") && !prose_is(parent, "figure"));
	bool holds = shape == PROSE_FLOW || shape == PROSE_LIST || shape == PROSE_TERMS ||
	             shape == PROSE_TABLE;
	bool splits = shape == PROSE_LINE && node->level == 0 && !prose_is(node, "pre") && has_block(node);
	return shape != PROSE_BOX && !part && !splits && !(holds && t->depth >= DEEPEST);
}

static void take_apart(struct prose_tidying *t, struct run *run, struct prose_node *node)
{
	struct prose_node *inside = prose_take_children(node);
	hand_down(t, node, inside);
	keep_id(t, run->parent, node->id);
	prose_blocks_into(t, run->parent, inside, true);
}

/* Words with blocks in them: a link is kept, around the words; any other is taken apart. */
static bool flattened(struct prose_tidying *t, struct run *run, struct prose_node *node)
{
	if (!has_block(node))
		return false;
	if (prose_is(node, "a") && node->url.len)
		return false; /* tidy_line makes words of the blocks in it */
	end_run(t, run);
	take_apart(t, run, node);
	return true;
}

void prose_blocks_into(struct prose_tidying *t, struct prose_node *parent, struct prose_node *first,
                       bool wrap)
{
	struct run run = { .parent = parent, .wrap = wrap };
	for (const struct prose_node *node = first; node; node = node->next)
		run.wrap = run.wrap || !prose_inline(node);
	t->depth++;
	for (struct prose_node *node = first, *next; node; node = next) {
		next = node->next;
		if (prose_inline(node)) {
			if (!flattened(t, &run, node))
				add_to_run(t, &run, node);
			continue;
		}
		end_run(t, &run);
		if (!stands(t, parent, node)) {
			take_apart(t, &run, node);
		} else {
			struct prose_node *before = parent->last;
			tidy_block(t, parent, node);
			if (empty_block(node)) { /* it was put last */
				parent->last = before;
				if (before)
					before->next = NULL;
				else
					parent->first = NULL;
				keep_id(t, parent, node->id);
			}
		}
	}
	end_run(t, &run);
	t->depth--;
}

void prose_tidy(struct prose_page *page)
{
	struct prose_tidying t = { .page = page };
	prose_blocks_into(&t, page->body, prose_take_children(page->body), true);
}
