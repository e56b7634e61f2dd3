#include <string.h>

#include "curb/err.h"
#include "template.h"

enum { FRAMES_MAX = 64 };

/* What a name stands for: a value of the model, or a text given to a partial. */
struct found {
	const struct curb_value *value;
	const struct template_arg *arg; /* a text; NULL: look at value */
	size_t depth;                   /* of the frames that a translated text takes its {name} parts from */
};

struct frame {
	const struct curb_value *value;
	const struct template_arg *args; /* what a partial was given, with what the paths stood for */
	const struct found *given;
	size_t arg_count;
	bool closed; /* names are not looked for further out */
	bool typed; /* `value` is what was typed in this field, and comes before what the partial was given */
};

struct renderer {
	const struct template_run *run;
	const struct curb_value *model;
	struct curb_buf *out;
	struct frame frames[FRAMES_MAX];
	size_t depth, url_from;
	enum html_place place;
};

static int run_steps(struct renderer *r, const struct template *t, size_t from, size_t to);

static bool find_in_frame(const struct frame *frame, const char *key, struct found *ret)
{
	if (frame->typed && (ret->value = curb_value_get(frame->value, key))) {
		ret->arg = NULL;
		return true;
	}
	for (size_t i = 0; i < frame->arg_count; i++)
		if (strcmp(frame->args[i].key, key) == 0) {
			*ret = frame->given[i];
			return true;
		}
	if (curb_value_type(frame->value) != CURB_OBJECT)
		return false;
	ret->arg = NULL;
	ret->value = curb_value_get(frame->value, key);
	return ret->value != NULL;
}

static struct found find_first(const struct renderer *r, const char *key)
{
	struct found found = { 0 };
	for (size_t i = r->depth; i > 0; i--) {
		if (find_in_frame(&r->frames[i - 1], key, &found))
			return found;
		if (r->frames[i - 1].closed)
			break;
	}
	found.value = curb_value_get(r->run->globals, key);
	return found;
}

static bool cut_key(struct curb_str *rest, char key[TEMPLATE_KEY_MAX])
{
	struct curb_str part;
	if (!curb_str_cut(rest, '.', &part) || part.len >= TEMPLATE_KEY_MAX)
		return false;
	memcpy(key, part.ptr, part.len);
	key[part.len] = '\0';
	return true;
}

static struct found find_item(const struct renderer *r)
{
	struct found found = { .value = r->frames[r->depth - 1].value };
	return found;
}

static struct curb_str text_of(struct found found)
{
	return found.arg ? found.arg->text : curb_value_str(found.value);
}

/* {{#_here}}: the address in `href` is that of the page. */
static struct found find_here(const struct renderer *r)
{
	static const struct template_arg yes = { .key = "_here", .text = { "true", 4 } };
	struct curb_str href = text_of(find_first(r, "href"));
	struct curb_str path = curb_value_str(curb_value_get(r->model, "path"));
	struct found found = { .arg = href.len && curb_str_eq(href, path) ? &yes : NULL };
	return found;
}

/* {{#selected}} of an option: when something was typed in its field, whether it was this. */
static struct found find_selected(const struct renderer *r)
{
	static const struct template_arg yes = { .key = "selected", .text = { "true", 4 } };
	size_t i = r->depth;
	while (i > 0 && !r->frames[i - 1].typed && !r->frames[i - 1].closed)
		i--;
	if (i == 0 || !r->frames[i - 1].typed || i == r->depth)
		return find_first(r, "selected");
	const struct curb_value *typed = curb_value_get(r->frames[i - 1].value, "value");
	struct curb_str option = text_of(find_first(r, "value"));
	bool is_this = curb_value_type(typed) == CURB_STRING && curb_str_eq(curb_value_str(typed), option);
	for (size_t k = 0; curb_value_type(typed) == CURB_ARRAY && k < curb_value_count(typed); k++)
		is_this = is_this || curb_str_eq(curb_value_str(curb_value_at(typed, k)), option);
	struct found found = { .arg = is_this ? &yes : NULL };
	return found;
}

/* A member of an object, or an item of a list by its number from 0. */
static const struct curb_value *find_inside(const struct curb_value *value, const char *key)
{
	int64_t i = -1;
	if (curb_value_type(value) == CURB_OBJECT)
		return curb_value_get(value, key);
	if (curb_value_type(value) == CURB_ARRAY && curb_str_int(curb_str(key), &i) && i >= 0)
		return curb_value_at(value, (size_t)i);
	return NULL;
}

/* The first name is looked up from the innermost section outwards, the others in what it stands for. */
static struct found find(const struct renderer *r, struct curb_str path)
{
	if (curb_str_is(path, "."))
		return find_item(r);
	if (curb_str_is(path, "_here"))
		return find_here(r);
	if (curb_str_is(path, "form_page"))
		return (struct found){ .value = curb_value_get(r->model, "path") };
	if (curb_str_is(path, "form_of"))
		return (struct found){ .value = curb_value_get(r->model, "form_of") };
	if (curb_str_is(path, "selected"))
		return find_selected(r);
	char key[TEMPLATE_KEY_MAX];
	struct found found = { 0 };
	if (!cut_key(&path, key))
		return found;
	found = find_first(r, key);
	while (found.value && cut_key(&path, key))
		found.value = find_inside(found.value, key);
	return found;
}

static void write_str(struct renderer *r, struct curb_str s)
{
	if (r->place == HTML_PLACE_QUERY)
		escape_query(r->out, s);
	else
		escape_html(r->out, s);
}

static void write_value(struct renderer *r, const struct curb_value *value)
{
	switch (curb_value_type(value)) {
	case CURB_STRING: write_str(r, curb_value_str(value)); break;
	case CURB_INT:
	case CURB_DECIMAL: curb_buf_str(r->out, curb_value_digits(value)); break;
	case CURB_BOOL: curb_buf_text(r->out, curb_value_bool(value, false) ? "true" : "false"); break;
	default: break;
	}
}

static void write_text(struct renderer *r, const char *text);

/* A translated text given to a partial is filled where the partial was called, not where it ends up. */
static void write_found(struct renderer *r, struct found found)
{
	size_t depth = r->depth;
	if (found.arg && found.arg->source) {
		r->depth = found.depth;
		write_text(r, found.arg->texts ? found.arg->texts[r->run->text] : found.arg->source);
		r->depth = depth;
	} else if (found.arg) {
		write_str(r, found.arg->text);
	} else {
		write_value(r, found.value);
	}
}

/* A translated text, its {name} parts filled with what they stand for here. */
static void write_text(struct renderer *r, const char *text)
{
	struct curb_str rest = curb_str(text), part;
	for (bool name = false; curb_str_cut(&rest, name ? '}' : '{', &part); name = !name) {
		if (name)
			write_found(r, find(r, part));
		else
			write_str(r, part);
	}
}

static bool is_true(struct found found)
{
	if (found.arg)
		return found.arg->source || found.arg->text.len > 0;
	switch (curb_value_type(found.value)) {
	case CURB_NULL: return false;
	case CURB_BOOL: return curb_value_bool(found.value, false);
	case CURB_INT: return curb_value_int(found.value, 0) != 0;
	case CURB_DECIMAL: return true;
	case CURB_STRING: return curb_value_str(found.value).len > 0;
	case CURB_ARRAY: return curb_value_count(found.value) > 0;
	case CURB_OBJECT: return true;
	}
	return false;
}

static int push(struct renderer *r, struct frame frame)
{
	if (r->depth == FRAMES_MAX)
		return curb_fail(CURB_EINTERNAL,
		                 "A page nests too deep: a partial that uses itself without end?");
	r->frames[r->depth++] = frame;
	return 0;
}

static int run_with(struct renderer *r, const struct template *t, size_t section, struct frame frame)
{
	int err = push(r, frame);
	if (err)
		return err;
	err = run_steps(r, t, section + 1, t->steps[section].jump);
	r->depth--;
	return err;
}

static int run_section(struct renderer *r, const struct template *t, size_t at)
{
	const struct template_step *step = &t->steps[at];
	struct found found = find(r, step->text);
	bool yes = is_true(found);
	if (step->inverted || !yes)
		return step->inverted != yes ? run_steps(r, t, at + 1, step->jump) : 0;
	if (found.arg)
		return run_steps(r, t, at + 1, step->jump);
	if (curb_value_type(found.value) != CURB_ARRAY)
		return run_with(r, t, at, (struct frame){ .value = found.value });
	int err = 0;
	for (size_t i = 0; !err && i < curb_value_count(found.value); i++)
		err = run_with(r, t, at, (struct frame){ .value = curb_value_at(found.value, i) });
	return err;
}

static int run_template(struct renderer *r, const struct template *t)
{
	return t ? run_steps(r, t, 0, t->count) : 0;
}

static int run_special(struct renderer *r, struct curb_str name)
{
	if (curb_str_is(name, "content"))
		return run_template(r, r->run->content);
	if (curb_str_is(name, "head"))
		return run_template(r, r->run->head);
	const struct template *const *part = curb_str_is(name, "foot") ? r->run->foot : r->run->nav;
	int err = 0;
	for (; part && *part && !err; part++)
		err = run_template(r, *part);
	return err;
}

static struct curb_str given_text(const struct template_step *step, const struct found *given,
                                  const char *key)
{
	for (size_t i = 0; i < step->arg_count; i++)
		if (strcmp(step->args[i].key, key) == 0)
			return text_of(given[i]);
	return curb_str(NULL);
}

/* What was typed in the field that a component is: by its name, else its id. Of a password only what is wrong with it. */
static const struct curb_value *typed_in(const struct renderer *r, const struct template_step *step,
                                         const struct found *given)
{
	const struct curb_value *typed = curb_value_get(r->model, "typed"), *field = NULL;
	struct curb_str names[] = { given_text(step, given, "name"), given_text(step, given, "id") };
	char key[TEMPLATE_KEY_MAX];
	for (size_t i = 0; typed && !field && i < 2; i++) {
		if (names[i].len == 0 || names[i].len >= sizeof key)
			continue;
		memcpy(key, names[i].ptr, names[i].len);
		key[curb_str_ends(names[i], "[]") ? names[i].len - 2 : names[i].len] = '\0';
		field = curb_value_get(typed, key);
	}
	bool secret = curb_str_is(given_text(step, given, "type"), "password");
	return secret && field ? curb_value_get(field, "secret") : field;
}

static int run_partial(struct renderer *r, const struct template_step *step)
{
	struct found given[TEMPLATE_ARGS_MAX] = { 0 };
	for (size_t i = 0; i < step->arg_count; i++) {
		if (step->args[i].is_path)
			given[i] = find(r, step->args[i].text);
		else
			given[i] = (struct found){ .arg = &step->args[i], .depth = r->depth };
	}
	const struct curb_value *typed = typed_in(r, step, given);
	int err = push(r, (struct frame){ .args = step->args,
	                                  .given = given,
	                                  .arg_count = step->arg_count,
	                                  .closed = step->arg_count > 0,
	                                  .typed = typed != NULL,
	                                  .value = typed           ? typed :
	                                           step->arg_count ? NULL :
	                                                             find_item(r).value });
	if (err)
		return err;
	err = step->partial ? run_template(r, step->partial) : run_special(r, step->text);
	r->depth--;
	return err;
}

static void end_url(struct renderer *r)
{
	struct curb_buf *out = r->out;
	if (out->failed || escape_url_is_safe(curb_str_n(out->data + r->url_from, out->len - r->url_from)))
		return;
	out->len = r->url_from;
	curb_buf_text(out, "#");
}

static int run_step(struct renderer *r, const struct template *t, size_t at)
{
	const struct template_step *step = &t->steps[at];
	r->place = step->place;
	switch (step->kind) {
	case STEP_LITERAL:
	case STEP_ASSET: curb_buf_str(r->out, step->text); return 0;
	case STEP_VALUE: write_found(r, find(r, step->text)); return 0;
	case STEP_TEXT: write_text(r, step->texts ? step->texts[r->run->text] : step->source); return 0;
	case STEP_TREE: tree_write(r->out, find(r, step->text).value); return 0;
	case STEP_SECTION: return run_section(r, t, at);
	case STEP_PARTIAL: return run_partial(r, step);
	case STEP_URL_BEGIN: r->url_from = r->out->len; return 0;
	case STEP_URL_END: end_url(r); return 0;
	case STEP_END: return 0;
	}
	return 0;
}

static int run_steps(struct renderer *r, const struct template *t, size_t from, size_t to)
{
	int err = 0;
	for (size_t at = from; at < to && !err; at++) {
		err = run_step(r, t, at);
		if (t->steps[at].kind == STEP_SECTION)
			at = t->steps[at].jump;
	}
	return err;
}

int template_render(const struct template *template, const struct template_run *run,
                    const struct curb_value *model, struct curb_buf *out)
{
	struct renderer r = { .run = run, .model = model, .out = out };
	r.frames[r.depth++].value = model;
	int err = run_template(&r, template);
	return err ? err : curb_buf_check(out);
}
