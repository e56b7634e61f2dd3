/* What is known of an element: of its attributes those that help to read it, as far as they make sense. */
#include "prose_inside.h"

enum { VALUE_MAX = 4000 };

static struct curb_str value_of(struct prose_building *b, const char **attributes, const char *name)
{
	struct curb_str value = xml_attribute(attributes, name);
	return value.ptr && value.len <= VALUE_MAX ? curb_dup(b->page->arena, curb_str_trim(value)) :
	                                             curb_str(NULL);
}

static bool has_word(struct curb_str list, const char *const *words)
{
	for (; *words; words++)
		if (name_has_word(list, *words))
			return true;
	return false;
}

bool prose_says(const char **attributes, const char *const *words)
{
	return has_word(xml_attribute(attributes, "type"), words) ||
	       has_word(xml_attribute(attributes, "role"), words);
}

static void keep(struct prose_building *b, struct prose_node *node, const char *key, struct curb_str value)
{
	struct prose_attribute *attribute = curb_alloc(b->page->arena, sizeof *attribute);
	*attribute = (struct prose_attribute){ key, value, node->attributes };
	node->attributes = attribute;
}

static void keep_number(struct prose_building *b, struct prose_node *node, const char **attributes,
                        const char *key, int64_t least, int64_t most)
{
	struct curb_str value = value_of(b, attributes, key);
	int64_t number = 0;
	if (value.ptr && curb_str_int(value, &number) && number >= least && number <= most)
		keep(b, node, key, value);
}

static void keep_one_of(struct prose_building *b, struct prose_node *node, const char **attributes,
                        const char *key, const char *const *words)
{
	struct curb_str value = value_of(b, attributes, key);
	for (; value.ptr && *words; words++)
		if (curb_str_is(value, *words))
			keep(b, node, key, value);
}

static void keep_table(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	enum { SPAN_MOST = 100 };
	static const char *const scopes[] = { "row", "col", "rowgroup", "colgroup", NULL };
	keep_number(b, node, attributes, "colspan", 2, SPAN_MOST);
	keep_number(b, node, attributes, "rowspan", 2, SPAN_MOST);
	if (prose_is(node, "th"))
		keep_one_of(b, node, attributes, "scope", scopes);
}

static void keep_list(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	enum { NUMBER_MOST = 1000000 };
	static const char *const types[] = { "1", "a", "A", "i", "I", NULL };
	keep_number(b, node, attributes, prose_is(node, "ol") ? "start" : "value", -NUMBER_MOST, NUMBER_MOST);
	if (!prose_is(node, "ol"))
		return;
	keep_one_of(b, node, attributes, "type", types);
	if (xml_attribute(attributes, "reversed").ptr)
		keep(b, node, "reversed", curb_str("reversed"));
}

static void keep_formula(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	static const char *const displays[] = { "block", "inline", NULL },
				 *const normal[] = { "normal", NULL },
				 *const yes_no[] = { "true", "false", NULL };
	static const char *const flags[] = { "stretchy", "accent", "accentunder", "displaystyle" };
	keep_one_of(b, node, attributes, "display", displays);
	keep_one_of(b, node, attributes, "mathvariant", normal);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		keep_one_of(b, node, attributes, flags[i], yes_no);
}

static void keep_picture(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	static const char *const unseen[] = { "presentation", "none", NULL };
	struct curb_str src = value_of(b, attributes, "src"), alt = value_of(b, attributes, "alt");
	node->url = src.ptr ? src : value_of(b, attributes, "href");
	node->text = alt.len ? alt : value_of(b, attributes, "aria-label");
	node->described = alt.ptr || node->text.len || has_word(xml_attribute(attributes, "role"), unseen);
	if (b->svg)
		b->drawn = node;
}

static void keep_link(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	static const char *const notes[] = { "noteref", "doc-noteref", NULL }, *const backs[] = {
		"backlink", "doc-backlink", NULL
	};
	struct curb_str name = value_of(b, attributes, "name");
	node->url = value_of(b, attributes, "href");
	if (!node->id.len && name.len)
		node->id = name;
	if (node->url.len && prose_says(attributes, notes))
		keep(b, node, "role", curb_str("doc-noteref"));
	else if (node->url.len && prose_says(attributes, backs))
		keep(b, node, "role", curb_str("doc-backlink"));
}

/* The number of a printed page; without a label it is the words that stand there. */
static void keep_page(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	static const char *const labels[] = { "aria-label", "title", "page" };
	for (size_t i = 0; i < sizeof labels / sizeof *labels && !node->text.len; i++)
		node->text = value_of(b, attributes, labels[i]);
	if (!node->text.len)
		b->number = node;
	b->skip = b->depth;
	curb_buf_clear(&b->title);
}

struct curb_str prose_lang_of(struct prose_building *b, const char **attributes)
{
	struct curb_str lang = value_of(b, attributes, "lang");
	return name_is_lang(lang) ? lang : curb_str(NULL);
}

struct curb_str prose_dir_of(struct prose_building *b, const char **attributes)
{
	struct curb_str dir = value_of(b, attributes, "dir");
	return curb_str_is(dir, "rtl") || curb_str_is(dir, "ltr") ? dir : curb_str(NULL);
}

void prose_know(struct prose_building *b, struct prose_node *node, const char **attributes)
{
	enum { ID_MOST = 200, TITLE_MOST = 300 };
	const char *out = node->name->out ? node->name->out : "";
	struct curb_str id = value_of(b, attributes, "id");
	node->id = id.len && id.len <= ID_MOST ? id : curb_str(NULL);
	node->lang = prose_lang_of(b, attributes);
	node->dir = prose_dir_of(b, attributes);
	if (strcmp(out, "img") == 0)
		keep_picture(b, node, attributes);
	else if (strcmp(out, "a") == 0)
		keep_link(b, node, attributes);
	else if (strcmp(out, "page") == 0)
		keep_page(b, node, attributes);
	else if (strcmp(out, "ol") == 0 || strcmp(out, "li") == 0)
		keep_list(b, node, attributes);
	else if (node->name->shape == PROSE_CELL)
		keep_table(b, node, attributes);
	else if (node->name->shape == PROSE_MATH)
		keep_formula(b, node, attributes);
	else if (strcmp(out, "div") == 0)
		keep(b, node, "role", curb_str("doc-footnote"));
	else if (strcmp(out, "abbr") == 0 && value_of(b, attributes, "title").len &&
	         value_of(b, attributes, "title").len <= TITLE_MOST)
		keep(b, node, "title", value_of(b, attributes, "title"));
	if (node->name->shape == PROSE_LINE && node->name->name[0] == 'h')
		node->level = node->name->name[1] - '0';
	b->kept_blanks += strcmp(out, "pre") == 0;
}
