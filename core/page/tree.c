/* A tree of elements as a value of the model: a text, or a list of an element's name, perhaps an object of what is known of
 * it, and what is in it: ["p", {"lang": "en"}, "one ", ["em", "two"]]. Each name and each attribute that is written stands in the
 * table below; of an unknown element only what is in it is written, of an unknown attribute nothing. */
#include "template.h"

enum { DEEPEST = 48, TOKEN_MAX = 40, ATTRIBUTES = 8 };

struct element {
	const char *name, *out; /* out: what is written where that is another name */
	const char *known[ATTRIBUTES];
	const char *role;
	bool empty, typed; /* typed: its lines stay lines, and break where the page is narrow */
};

/* Tables say their roles: a narrow page shows them as lists, and browsers then forget what they are. Heads of columns stand in
 * the body, because a narrow page hides a head. */
static const struct element elements[] = {
	{ .name = "a", .known = { "href", "role" } },
	{ .name = "abbr", .known = { "title" } },
	{ .name = "b" },
	{ .name = "bdi" },
	{ .name = "bdo" },
	{ .name = "blockquote" },
	{ .name = "br", .empty = true },
	{ .name = "caption" },
	{ .name = "cite" },
	{ .name = "code" },
	{ .name = "dd" },
	{ .name = "del" },
	{ .name = "dfn" },
	{ .name = "div", .known = { "role" } },
	{ .name = "dl" },
	{ .name = "dt" },
	{ .name = "em" },
	{ .name = "figcaption" },
	{ .name = "figure" },
	{ .name = "h2" },
	{ .name = "h3" },
	{ .name = "h4" },
	{ .name = "h5" },
	{ .name = "h6" },
	{ .name = "hr", .empty = true },
	{ .name = "i" },
	{ .name = "img", .known = { "src", "alt" }, .empty = true },
	{ .name = "ins" },
	{ .name = "kbd" },
	{ .name = "li", .known = { "value" } },
	{ .name = "mark" },
	{ .name = "ol", .known = { "start", "type", "reversed" } },
	{ .name = "p" },
	{ .name = "page", .out = "span", .known = { "aria-label" }, .role = "doc-pagebreak" },
	{ .name = "pre", .typed = true },
	{ .name = "q" },
	{ .name = "rp" },
	{ .name = "rt" },
	{ .name = "ruby" },
	{ .name = "s" },
	{ .name = "samp" },
	{ .name = "small" },
	{ .name = "span" },
	{ .name = "strong" },
	{ .name = "sub" },
	{ .name = "sup" },
	{ .name = "table", .role = "table" },
	{ .name = "tbody", .role = "rowgroup" },
	{ .name = "td", .known = { "colspan", "rowspan" }, .role = "cell" },
	{ .name = "th", .known = { "colspan", "rowspan", "scope" } }, /* its role is by its scope */
	{ .name = "thead", .out = "tbody", .role = "rowgroup" },
	{ .name = "tr", .role = "row" },
	{ .name = "u" },
	{ .name = "ul" },
	{ .name = "var" },
	{ .name = "wbr", .empty = true },
	{ .name = "math", .known = { "display" } },
	{ .name = "merror" },
	{ .name = "mfrac" },
	{ .name = "mi", .known = { "mathvariant" } },
	{ .name = "mmultiscripts" },
	{ .name = "mn" },
	{ .name = "mo", .known = { "stretchy" } },
	{ .name = "mover", .known = { "accent" } },
	{ .name = "mpadded" },
	{ .name = "mphantom" },
	{ .name = "mprescripts" },
	{ .name = "mroot" },
	{ .name = "mrow" },
	{ .name = "ms" },
	{ .name = "mspace" },
	{ .name = "msqrt" },
	{ .name = "mstyle", .known = { "displaystyle" } },
	{ .name = "msub" },
	{ .name = "msubsup" },
	{ .name = "msup" },
	{ .name = "mtable" },
	{ .name = "mtd" },
	{ .name = "mtext" },
	{ .name = "mtr" },
	{ .name = "munder", .known = { "accentunder" } },
	{ .name = "munderover", .known = { "accent", "accentunder" } },
};

static const struct element *find_element(struct curb_str name)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (curb_str_is(name, elements[i].name))
			return &elements[i];
	return NULL;
}

/* Letters, digits and hyphens. */
static bool is_token(struct curb_str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return value.len > 0 && value.len <= TOKEN_MAX;
}

/* Addresses are of this server; words may say anything; all else is a token. */
static bool may_stand(const char *key, struct curb_str value)
{
	if (strcmp(key, "alt") == 0 || strcmp(key, "title") == 0 || strcmp(key, "aria-label") == 0)
		return value.ptr != NULL;
	if (strcmp(key, "href") == 0 || strcmp(key, "src") == 0)
		return value.len > 1 && (value.ptr[0] == '#' || value.ptr[0] == '/') && value.ptr[1] != '/' &&
		       value.ptr[1] != '\\';
	return is_token(value);
}

static void put(struct curb_buf *out, const char *key, struct curb_str value)
{
	curb_buf_printf(out, " %s=\"", key);
	escape_html(out, value);
	curb_buf_char(out, '"');
}

static void put_known(struct curb_buf *out, const struct curb_value *known, const char *key)
{
	struct curb_str value = curb_get_str(known, key);
	if (value.ptr && may_stand(key, value))
		put(out, key, value);
}

static void begin_element(struct curb_buf *out, const struct element *element, const struct curb_value *known)
{
	static const char *const all[] = { "id", "lang", "dir" };
	struct curb_str scope = curb_get_str(known, "scope");
	const char *role = element->role;
	if (strcmp(element->name, "th") == 0)
		role = curb_str_starts(scope, "row") ? "rowheader" : "columnheader";
	curb_buf_printf(out, "<%s", element->out ? element->out : element->name);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		put_known(out, known, all[i]);
	for (size_t i = 0; i < ATTRIBUTES && element->known[i]; i++)
		put_known(out, known, element->known[i]);
	if (role)
		put(out, "role", curb_str(role));
	if (element->typed)
		put(out, "class", curb_str("typed"));
	curb_buf_char(out, '>');
}

/* A page joins runs of blanks in lines that may break: those of a run, and at the front of a line, become such that it does not
 * join. */
static void write_typed(struct curb_buf *out, struct curb_str text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.len; i++) {
		char before = i ? text.ptr[i - 1] : '\n', after = i + 1 < text.len ? text.ptr[i + 1] : 'x';
		if (text.ptr[i] != ' ' || (before != '\n' && before != ' ' && after != ' '))
			continue;
		escape_html(out, curb_str_n(text.ptr + from, i - from));
		curb_buf_text(out, "\xc2\xa0");
		from = i + 1;
	}
	escape_html(out, curb_str_from(text, from));
}

static void write_inside(struct curb_buf *out, const struct curb_value *list, size_t from, int depth,
                         bool typed);

static void write_node(struct curb_buf *out, const struct curb_value *node, int depth, bool typed)
{
	if (curb_value_type(node) == CURB_STRING && typed)
		write_typed(out, curb_value_str(node));
	else if (curb_value_type(node) == CURB_STRING)
		escape_html(out, curb_value_str(node));
	if (curb_value_type(node) != CURB_ARRAY || depth > DEEPEST)
		return;
	const struct element *element = find_element(curb_value_str(curb_value_at(node, 0)));
	const struct curb_value *known = curb_value_at(node, 1);
	bool some = curb_value_type(known) == CURB_OBJECT;
	if (element)
		begin_element(out, element, some ? known : NULL);
	if (!element || !element->empty)
		write_inside(out, node, some ? 2 : 1, depth, typed || (element && element->typed));
	if (element && !element->empty)
		curb_buf_printf(out, "</%s>", element->out ? element->out : element->name);
}

static void write_inside(struct curb_buf *out, const struct curb_value *list, size_t from, int depth,
                         bool typed)
{
	for (size_t i = from; i < curb_value_count(list); i++)
		write_node(out, curb_value_at(list, i), depth + 1, typed);
}

void tree_write(struct curb_buf *out, const struct curb_value *blocks)
{
	if (curb_value_type(blocks) == CURB_ARRAY)
		write_inside(out, blocks, 0, 0, false);
}
