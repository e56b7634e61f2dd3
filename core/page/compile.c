#include <string.h>

#include "curb/err.h"
#include "template.h"

enum { STEPS_MAX = 20000, SOURCE_MAX = 2000 };

struct open_section {
	size_t step;
	struct html html;
};

struct compiler {
	struct curb_arena *arena;
	struct template *template;
	size_t room;
	struct curb_str text;
	size_t at, literal_from;
	uint32_t line;
	struct html html;
	struct open_section open[TEMPLATE_DEPTH_MAX];
	size_t depth;
	size_t url_step; /* number of the step STEP_URL_BEGIN of the address being read */
};

/* The inside of one {{…}}. */
struct tag {
	char kind; /* '#', '^', '/', '>', '_', '!' or 0 for a value or asset */
	struct curb_str body;
};

static int refuse(const struct compiler *c, const char *why)
{
	return curb_fail(CURB_EINVAL, "Template %s/%s.html, line %u: %s.", c->template->owner,
	                 c->template->name, c->line, why);
}

static struct template_step *add_step(struct compiler *c, enum step_kind kind)
{
	struct template *t = c->template;
	if (t->count == c->room) {
		struct template_step *old = t->steps;
		c->room = c->room ? c->room * 2 : 32;
		t->steps = curb_alloc_n(c->arena, c->room, sizeof *t->steps);
		if (t->count)
			memcpy(t->steps, old, t->count * sizeof *old);
	}
	struct template_step *step = &t->steps[t->count++];
	step->kind = kind;
	step->line = c->line;
	return step;
}

static void flush_literal(struct compiler *c, size_t to)
{
	if (to > c->literal_from)
		add_step(c, STEP_LITERAL)->text = curb_str_n(c->text.ptr + c->literal_from,
		                                             to - c->literal_from);
	c->literal_from = to;
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "." or names joined by points. */
static bool is_path(struct curb_str s)
{
	if (curb_str_is(s, "."))
		return true;
	size_t run = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' && run > 0)
			run = 0;
		else if (is_key_char(s.ptr[i]) && run + 1 < TEMPLATE_KEY_MAX)
			run++;
		else
			return false;
	}
	return run > 0;
}

static bool is_file_name(struct curb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_key_char(s.ptr[i]) && !strchr("-./", s.ptr[i]))
			return false;
	return s.len > 0;
}

/* One blank for each run of them: the source text is the same however the template is laid out.
 * NULL when a brace is not that of a {path}. */
static const char *source_text(struct compiler *c, struct curb_str body)
{
	body = curb_str_trim(body);
	if (!body.len || body.len > SOURCE_MAX)
		return NULL;
	char *source = curb_alloc(c->arena, body.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < body.len; i++) {
		char b = strchr("\t\r\n", body.ptr[i]) ? ' ' : body.ptr[i];
		if (b != ' ' || source[n - 1] != ' ')
			source[n++] = b;
	}
	struct curb_str rest = curb_str_n(source, n), part;
	for (bool inside = false; curb_str_cut(&rest, inside ? '}' : '{', &part); inside = !inside) {
		if (inside ? !rest.ptr || !is_path(part) : memchr(part.ptr, '}', part.len) != NULL)
			return NULL;
	}
	return source;
}

static int place_here(struct compiler *c, struct template_step *step)
{
	const char *why = NULL;
	step->place = html_place(&c->html, &why);
	return step->place ? 0 : refuse(c, why);
}

static int add_value(struct compiler *c, struct curb_str path)
{
	if (path.len && strchr("&{=", path.ptr[0]))
		return refuse(c, "there is no way to write a value without escaping");
	if (!is_path(path))
		return refuse(c, "a name is made of letters, digits, _ and points between them");
	struct template_step *step = add_step(c, STEP_VALUE);
	step->text = path;
	return place_here(c, step);
}

static int add_text(struct compiler *c, struct curb_str body)
{
	struct template_step *step = add_step(c, STEP_TEXT);
	int err = place_here(c, step);
	if (err)
		return err;
	if (step->place == HTML_PLACE_URL || step->place == HTML_PLACE_QUERY)
		return refuse(c, "an address is not a text to be translated");
	step->source = source_text(c, body);
	return step->source ? 0 : refuse(c, "a text to translate is empty, too long or has a stray brace");
}

static int add_asset(struct compiler *c, struct curb_str name)
{
	if (c->html.state != HTML_QUOTED)
		return refuse(c, "the address of an asset stands in a quoted attribute");
	if (!is_file_name(name))
		return refuse(c, "an asset is named like player.js or a11y/curb.css");
	add_step(c, STEP_ASSET)->text = name;
	return 0;
}

static int add_tree(struct compiler *c, struct curb_str path)
{
	if (c->html.state != HTML_TEXT)
		return refuse(c, "a tree stands between tags, not inside one");
	if (!is_path(path))
		return refuse(c, "a tree is named like a value");
	add_step(c, STEP_TREE)->text = path;
	return 0;
}

static int begin_section(struct compiler *c, struct curb_str path, bool inverted)
{
	const char *why = NULL;
	html_border(&c->html);
	if (!is_path(path))
		return refuse(c, "a section is named like a value");
	if (c->depth == TEMPLATE_DEPTH_MAX)
		return refuse(c, "sections are nested too deep");
	if (c->html.state != HTML_ATTRS && c->html.state != HTML_GAP && !html_place(&c->html, &why))
		return refuse(c, "a section where no value may stand");
	c->open[c->depth++] = (struct open_section){ c->template->count, c->html };
	struct template_step *step = add_step(c, STEP_SECTION);
	step->text = path;
	step->inverted = inverted;
	return 0;
}

static int end_section(struct compiler *c, struct curb_str path)
{
	html_border(&c->html);
	if (c->depth == 0)
		return refuse(c, "the end of a section that did not begin");
	struct open_section *open = &c->open[--c->depth];
	if (!curb_str_eq(c->template->steps[open->step].text, path))
		return refuse(c, "another section has to end first");
	if (!html_join(&c->html, &open->html))
		return refuse(c, "a section leaves the HTML in another state than it found it");
	size_t end = c->template->count;
	add_step(c, STEP_END)->jump = (uint32_t)open->step;
	c->template->steps[open->step].jump = (uint32_t)end;
	return 0;
}

static size_t key_length(struct curb_str s)
{
	size_t n = 0;
	while (n < s.len && is_key_char(s.ptr[n]))
		n++;
	return n;
}

/* key="…" or key=path at the beginning of *rest, which is moved behind it. */
static int read_arg(struct compiler *c, struct curb_str *rest, struct template_arg *arg)
{
	size_t n = key_length(*rest);
	if (n == 0 || n >= TEMPLATE_KEY_MAX || n + 1 >= rest->len || rest->ptr[n] != '=')
		return refuse(c, "a partial is given key=\"text\", key=\"_text to translate\" or key=path");
	arg->key = curb_cstr(c->arena, curb_str_n(rest->ptr, n));
	*rest = curb_str_from(*rest, n + 1);
	arg->is_path = rest->ptr[0] != '"';
	if (!arg->is_path) {
		*rest = curb_str_from(*rest, 1);
		if (!memchr(rest->ptr, '"', rest->len))
			return refuse(c, "a text given to a partial has no closing quote");
	}
	(void)curb_str_cut(rest, arg->is_path ? ' ' : '"', &arg->text);
	if (arg->is_path && !is_path(arg->text))
		return refuse(c, "a partial is given something that is neither a quoted text nor a name");
	if (!arg->is_path && arg->text.len && arg->text.ptr[0] == '_') {
		arg->source = source_text(c, curb_str_from(arg->text, 1));
		if (!arg->source)
			return refuse(c, "a text to translate is empty, too long or has a stray brace");
	}
	return 0;
}

static int add_partial(struct compiler *c, struct curb_str body)
{
	if (c->html.state != HTML_TEXT)
		return refuse(c, "a partial stands between tags, not inside one");
	struct template_step *step = add_step(c, STEP_PARTIAL);
	struct curb_str rest = body;
	size_t n = 0;
	while (n < body.len && (is_key_char(body.ptr[n]) || body.ptr[n] == '-'))
		n++;
	step->text = curb_str_n(body.ptr, n);
	if (n == 0 || (n < body.len && !strchr(" \t\r\n", body.ptr[n])))
		return refuse(c, "a partial is named with letters, digits, - and _");
	rest = curb_str_trim(curb_str_from(body, n));
	struct template_arg args[TEMPLATE_ARGS_MAX] = { 0 };
	while (rest.ptr && rest.len) {
		if (step->arg_count == TEMPLATE_ARGS_MAX)
			return refuse(c, "a partial is given too much");
		int err = read_arg(c, &rest, &args[step->arg_count++]);
		if (err)
			return err;
		rest = curb_str_trim(rest);
	}
	step->args = curb_alloc_n(c->arena, step->arg_count + 1, sizeof *args);
	memcpy(step->args, args, step->arg_count * sizeof *args);
	return 0;
}

/* Finds the }} that belongs to the {{ at c->at, {name} parts counted in between. */
static bool cut_tag(struct compiler *c, struct tag *ret_tag)
{
	struct curb_str rest = curb_str_from(c->text, c->at + 2);
	char kind = rest.len && strchr("#^/>_!", rest.ptr[0]) ? rest.ptr[0] : '\0';
	size_t depth = 0, from = kind != '\0';
	for (size_t i = from; i + 1 < rest.len; i++) {
		if (rest.ptr[i] == '}' && rest.ptr[i + 1] == '}' && depth == 0) {
			ret_tag->kind = kind;
			ret_tag->body = curb_str_trim(curb_str_n(rest.ptr + from, i - from));
			c->at += 2 + i + 2;
			return true;
		}
		if (rest.ptr[i] == '{' && kind != '!')
			depth++;
		else if (rest.ptr[i] == '}' && depth > 0)
			depth--;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The literal before the tag at `from` ends; when the tag is all that its line holds, the line is left out. */
static void end_literal(struct compiler *c, size_t from, char kind)
{
	size_t start = from, end = c->at;
	while (start > c->literal_from && is_blank(c->text.ptr[start - 1]))
		start--;
	while (end < c->text.len && is_blank(c->text.ptr[end]))
		end++;
	bool alone = kind && strchr("#^/!", kind) && c->html.state == HTML_TEXT &&
	             (start == 0 || c->text.ptr[start - 1] == '\n') && end < c->text.len &&
	             c->text.ptr[end] == '\n';
	flush_literal(c, alone ? start : from);
	c->at = alone ? end + 1 : c->at;
	c->literal_from = c->at;
}

static int compile_tag(struct compiler *c)
{
	struct tag tag = { 0 };
	size_t from = c->at;
	if (!cut_tag(c, &tag))
		return refuse(c, "{{ without its }}");
	end_literal(c, from, tag.kind);
	int err = 0;
	switch (tag.kind) {
	case '!': break;
	case '_': err = add_text(c, tag.body); break;
	case '>': err = add_partial(c, tag.body); break;
	case '/': err = end_section(c, tag.body); break;
	case '#':
	case '^': err = begin_section(c, tag.body, tag.kind == '^'); break;
	default:
		if (curb_str_starts(tag.body, "asset "))
			err = add_asset(c, curb_str_trim(curb_str_from(tag.body, 6)));
		else if (curb_str_starts(tag.body, "tree "))
			err = add_tree(c, curb_str_trim(curb_str_from(tag.body, 5)));
		else
			err = add_value(c, tag.body);
	}
	for (size_t i = from; i < c->at; i++)
		c->line += c->text.ptr[i] == '\n';
	return err;
}

/* An address ends: one without values is judged now, one with values when it is written. */
static int end_url(struct compiler *c)
{
	if (c->template->count > c->url_step + 1) {
		flush_literal(c, c->at);
		(void)add_step(c, STEP_URL_END);
		return 0;
	}
	c->template->count--;
	struct curb_str url = curb_str_n(c->text.ptr + c->literal_from, c->at - c->literal_from);
	bool picture = strcmp(c->html.tag, "link") == 0 && curb_str_starts(url, "data:image/");
	return picture || escape_url_is_safe(url) ?
	               0 :
	               refuse(c, "an address of another kind than http, https, mailto or tel");
}

static int compile_char(struct compiler *c)
{
	char ch = c->text.ptr[c->at];
	bool was_url = html_in_url(&c->html);
	const char *why = html_feed(&c->html, ch);
	if (why)
		return refuse(c, why);
	bool is_url = html_in_url(&c->html);
	int err = was_url && !is_url ? end_url(c) : 0;
	if (err)
		return err;
	c->line += ch == '\n';
	c->at++;
	if (is_url && !was_url) {
		flush_literal(c, c->at);
		c->url_step = c->template->count;
		(void)add_step(c, STEP_URL_BEGIN);
	}
	return 0;
}

static int compile_all(struct compiler *c)
{
	while (c->at < c->text.len) {
		bool tag = c->text.ptr[c->at] == '{' && c->at + 1 < c->text.len &&
		           c->text.ptr[c->at + 1] == '{';
		int err = tag ? compile_tag(c) : compile_char(c);
		if (err)
			return err;
		if (c->template->count > STEPS_MAX)
			return refuse(c, "the template is too long");
	}
	if (c->depth)
		return refuse(c, "a section does not end");
	if (c->html.state != HTML_TEXT)
		return refuse(c, "the template ends inside a tag");
	flush_literal(c, c->at);
	return 0;
}

int template_compile(struct curb_arena *arena, const char *owner, const char *name, struct curb_str text,
                     struct template **ret_template)
{
	struct template *template = curb_alloc(arena, sizeof *template);
	template->owner = owner;
	template->name = name;
	struct compiler c = { .arena = arena, .template = template, .text = text, .line = 1 };
	if (!curb_utf8_valid(text) || memchr(text.ptr, '\0', text.len))
		return refuse(&c, "the bytes are not UTF-8, or one of them is 0");
	int err = compile_all(&c);
	if (!err)
		*ret_template = template;
	return err;
}
