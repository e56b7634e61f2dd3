/* How long a page is to read, where it is cut into parts, and how its headings stand to each other. */
#include "captions_inside.h"
#include "html.h"
#include "prose.h"

static int64_t words_ms(struct curb_str text)
{
	int64_t ms = 0;
	for (size_t i = 0; i < text.len;) {
		if (html_is_space(text.ptr[i])) {
			i++;
			continue;
		}
		ms += captions_wide(curb_utf8_next(text, &i)) ? PROSE_WIDE_MS : PROSE_NARROW_MS;
	}
	return ms;
}

static int64_t measure(struct prose_node *node, int64_t at_ms)
{
	node->at_ms = at_ms;
	if (node->name && node->name->shape == PROSE_RUBY) /* said once */
		return at_ms;
	if (node->name && prose_is(node, "img"))
		at_ms += PROSE_PICTURE_MS;
	if (!node->name || prose_is(node, "img"))
		at_ms += words_ms(node->text);
	for (struct prose_node *child = node->first; child; child = child->next)
		at_ms = measure(child, at_ms);
	return at_ms;
}

int64_t prose_measure(struct prose_node *body)
{
	return measure(body, 0);
}

static size_t bytes_of(const struct prose_node *node)
{
	enum { MARKUP = 8 };
	size_t n = node->name ? MARKUP : node->text.len;
	for (const struct prose_node *child = node->first; child; child = child->next)
		n += bytes_of(child);
	return n;
}

/* A part that is long enough ends before a heading; one that is full ends anywhere, but a heading goes with what follows it. */
struct prose_node *prose_part_end(struct prose_node *from)
{
	size_t bytes = 0;
	struct prose_node *last_heading = NULL;
	for (struct prose_node *node = from; node; node = node->next) {
		size_t more = bytes_of(node);
		if (node != from && node->level && bytes > PROSE_PART_BYTES / 2)
			return node;
		if (node != from && bytes + more > PROSE_PART_BYTES)
			return last_heading && last_heading != from ? last_heading : node;
		last_heading = !node->level ? NULL : last_heading ? last_heading : node;
		bytes += more;
	}
	return NULL;
}

/* ---- headings ---- */

struct levels {
	int open[6]; /* what they were, one below the other */
	int n;
};

static void level_all(struct prose_node *node, const struct prose_node *end, struct levels *levels)
{
	static const char *const names[] = { "h2", "h3", "h4", "h5", "h6" };
	enum { MOST = 5 };
	for (; node && node != end; node = node->next) {
		if (node->level) {
			while (levels->n && levels->open[levels->n - 1] >= node->level)
				levels->n--;
			int at = levels->n < MOST ? levels->n : MOST - 1;
			node->name = prose_name(curb_str(names[at]));
			if (levels->n < MOST)
				levels->open[levels->n++] = node->level;
		}
		level_all(node->first, NULL, levels);
	}
}

void prose_levels(struct prose_node *from, const struct prose_node *end)
{
	struct levels levels = { .n = 0 };
	level_all(from, end, &levels);
}
