/* A part as JSON. What is asked of the writer's arg is where links lead, and what is led to. */
#include "prose.h"

#include "curb/json.h"

struct writing {
	const struct prose_writer *writer;
	struct curb_json *j;
	int64_t last_at; /* the last place that was written: no place has two names */
	bool open;       /* the list of what is known of the element has begun */
};

static void key(struct writing *w, const char *name)
{
	if (!w->open)
		curb_json_begin(w->j, '{');
	w->open = true;
	curb_json_key(w->j, name);
}

static void put(struct writing *w, const char *name, struct curb_str value)
{
	if (!value.ptr)
		return;
	key(w, name);
	curb_json_str(w->j, value);
}

static void put_int(struct writing *w, const char *name, int64_t value)
{
	key(w, name);
	curb_json_int(w->j, value);
}

static void put_place(struct writing *w, const struct prose_node *node)
{
	int64_t at_ms = node->at_ms - w->writer->from_ms;
	if (!node->id.len || at_ms <= w->last_at || !w->writer->wanted(w->writer->arg, node->id))
		return;
	w->last_at = at_ms;
	put_int(w, prose_is(node, "a") ? "here" : "at", at_ms);
}

static void put_known(struct writing *w, const struct prose_node *node)
{
	put(w, "lang", node->lang);
	put(w, "dir", node->dir);
	put_place(w, node);
	for (const struct prose_attribute *known = node->attributes; known; known = known->next)
		put(w, known->key, known->value);
	if (w->open)
		curb_json_end(w->j, '}');
	w->open = false;
}

static void write_node(struct writing *w, const struct prose_node *node);

static void write_inside(struct writing *w, const struct prose_node *node)
{
	for (const struct prose_node *child = node->first; child; child = child->next)
		write_node(w, child);
}

static void write_as(struct writing *w, const struct prose_node *node, const char *name)
{
	curb_json_begin(w->j, '[');
	curb_json_text(w->j, name);
	put_known(w, node);
	write_inside(w, node);
	curb_json_end(w->j, ']');
}

/* A picture that is not in the package, or of a kind that is not shown, is what it would have shown. */
static void write_picture(struct writing *w, const struct prose_node *node)
{
	struct prose_place place = w->writer->picture(w->writer->arg, node->url);
	if (place.picture < 0) {
		if (node->text.len)
			curb_json_str(w->j, node->text);
		return;
	}
	curb_json_begin(w->j, '[');
	curb_json_text(w->j, "img");
	put_int(w, "picture", place.picture);
	put(w, "alt", node->text.ptr ? node->text : curb_str(""));
	put_known(w, node);
	curb_json_end(w->j, ']');
}

static void write_page(struct writing *w, const struct prose_node *node)
{
	if (!node->text.len)
		return;
	curb_json_begin(w->j, '[');
	curb_json_text(w->j, "page");
	put(w, "page", node->text);
	put_known(w, node);
	curb_json_end(w->j, ']');
}

/* A link whose address leads nowhere here, and an element that adds nothing, are what is in them. */
static void write_plain(struct writing *w, const struct prose_node *node)
{
	bool place = node->id.len && node->at_ms - w->writer->from_ms > w->last_at &&
	             w->writer->wanted(w->writer->arg, node->id);
	if (place || node->lang.ptr || node->dir.ptr || node->attributes)
		write_as(w, node, "span");
	else
		write_inside(w, node);
}

static void write_link(struct writing *w, const struct prose_node *node)
{
	struct prose_place place = { 0, 0, -1 };
	if (node->url.len)
		place = w->writer->link(w->writer->arg, node->url);
	if (place.part == 0 || !node->first) {
		struct prose_node plain = *node;
		plain.attributes = NULL; /* it is no reference */
		write_plain(w, &plain);
		return;
	}
	curb_json_begin(w->j, '[');
	curb_json_text(w->j, "a");
	put_int(w, "part", (int64_t)place.part);
	if (place.at_ms)
		put_int(w, "at", place.at_ms);
	put_known(w, node);
	write_inside(w, node);
	curb_json_end(w->j, ']');
}

static void write_node(struct writing *w, const struct prose_node *node)
{
	if (!node->name) {
		if (node->text.len)
			curb_json_str(w->j, node->text);
	} else if (prose_is(node, "a")) {
		write_link(w, node);
	} else if (prose_is(node, "img")) {
		write_picture(w, node);
	} else if (prose_is(node, "page")) {
		write_page(w, node);
	} else if (prose_is(node, "span")) {
		write_plain(w, node);
	} else {
		write_as(w, node, node->name->out);
	}
}

void prose_write(const struct prose_page *page, const struct prose_writer *writer,
                 const struct prose_node *from, const struct prose_node *end,
                 const struct prose_node *left_out, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	struct writing w = { .writer = writer, .j = &j };
	curb_json_begin(&j, '{');
	if (page->lang.ptr)
		curb_json_kstr(&j, "lang", page->lang);
	if (page->dir.ptr)
		curb_json_kstr(&j, "dir", page->dir);
	curb_json_key(&j, "blocks");
	curb_json_begin(&j, '[');
	for (const struct prose_node *node = from; node && node != end; node = node->next)
		if (node != left_out)
			write_node(&w, node);
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
}
