#include <stdlib.h>
#include <string.h>

#include "curb/err.h"
#include "pages.h"

static int by_owner_and_name(const void *a, const void *b)
{
	const struct template *const *x = a, *const *y = b;
	int order = strcmp((*x)->owner, (*y)->owner);
	return order ? order : strcmp((*x)->name, (*y)->name);
}

static int refuse(const struct template *t, const struct template_step *step, const char *what,
                  struct curb_str name)
{
	return curb_fail(CURB_EINVAL, "Template %s/%s.html, line %u: there is no %s %.*s.", t->owner, t->name,
	                 step->line, what, (int)name.len, name.ptr);
}

static const char *const *seal_text(struct pages *pages, const struct template *t, const char *source)
{
	const char **texts = curb_alloc_n(pages->arena, 2 * pages->lang_count, sizeof *texts);
	for (size_t i = 0; i < 2 * pages->lang_count; i++)
		texts[i] = pages_owner_text(pages, t->owner, i / 2, i % 2, source);
	return texts;
}

static void seal_args(struct pages *pages, const struct template *t, struct template_step *step)
{
	for (size_t i = 0; i < step->arg_count; i++)
		if (step->args[i].source)
			step->args[i].texts = seal_text(pages, t, step->args[i].source);
}

static bool is_special(const struct template *t, struct curb_str name)
{
	return strcmp(t->owner, PAGES_COMMON) == 0 && strcmp(t->name, "layout") == 0 &&
	       (curb_str_is(name, "content") || curb_str_is(name, "head") || curb_str_is(name, "nav") ||
	        curb_str_is(name, "foot"));
}

static int seal_partial(struct pages *pages, const struct template *t, struct template_step *step)
{
	seal_args(pages, t, step);
	if (is_special(t, step->text))
		return 0;
	step->partial = pages_template(pages, t->owner, step->text);
	if (!step->partial)
		step->partial = pages_template(pages, PAGES_COMMON, step->text);
	return step->partial ? 0 : refuse(t, step, "partial", step->text);
}

/* "player.js" is the owner's own, "a11y/curb.css" somebody's. */
static int seal_asset(struct pages *pages, const struct template *t, struct template_step *step)
{
	for (size_t i = 0; i < pages->asset_count; i++) {
		const struct pages_asset *asset = &pages->assets[i];
		size_t n = strlen(asset->owner);
		bool own = strcmp(asset->owner, t->owner) == 0 && curb_str_is(step->text, asset->name);
		bool named = curb_str_starts(step->text, asset->owner) && step->text.len > n &&
		             step->text.ptr[n] == '/' &&
		             curb_str_is(curb_str_from(step->text, n + 1), asset->name);
		if (own || named) {
			step->text = curb_str(asset->address);
			return 0;
		}
	}
	return refuse(t, step, "asset", step->text);
}

static int seal_template(struct pages *pages, struct template *t)
{
	int err = 0;
	for (size_t i = 0; i < t->count && !err; i++) {
		struct template_step *step = &t->steps[i];
		if (step->kind == STEP_TEXT)
			step->texts = seal_text(pages, t, step->source);
		else if (step->kind == STEP_PARTIAL)
			err = seal_partial(pages, t, step);
		else if (step->kind == STEP_ASSET)
			err = seal_asset(pages, t, step);
	}
	return err;
}

static const char *direction(const char *lang)
{
	static const char *const leftwards[] = { "ar", "fa", "he", "ug", "ur" };
	for (size_t i = 0; i < sizeof leftwards / sizeof *leftwards; i++)
		if (strncmp(lang, leftwards[i], 2) == 0 && (lang[2] == '\0' || lang[2] == '-'))
			return "rtl";
	return "ltr";
}

static const char *name_of_lang(const struct pages *pages, const char *lang)
{
	/* Translators: the name of your language in your language. */
	static const char source[] = CURB_TEXT("(the name of this language)");
	const char *name = pages_tr(pages, curb_str(lang), source);
	if (name != source)
		return name;
	return strcmp(lang, "en") == 0 ? "English" : lang;
}

static void seal_globals(struct pages *pages, size_t lang)
{
	struct curb_value *globals = curb_object(pages->arena), *languages = curb_array(pages->arena);
	for (size_t i = 0; i < pages->lang_count; i++) {
		struct curb_value *row = curb_object(pages->arena);
		curb_put_text(row, "code", pages->langs[i]);
		curb_put_text(row, "name", name_of_lang(pages, pages->langs[i]));
		curb_put_bool(row, "current", i == lang);
		curb_push(languages, row);
	}
	curb_put_text(globals, "lang", pages->langs[lang]);
	curb_put_text(globals, "dir", direction(pages->langs[lang]));
	curb_put(globals, "languages", languages);
	pages->globals[lang] = globals;
}

int pages_seal(struct pages *pages)
{
	CURB_ASSERT(!pages->sealed);
	pages->sealed = true;
	if (pages->template_count)
		qsort(pages->templates, pages->template_count, sizeof *pages->templates, by_owner_and_name);
	for (size_t i = 1; i < pages->template_count; i++)
		if (by_owner_and_name(&pages->templates[i - 1], &pages->templates[i]) == 0)
			return curb_fail(CURB_EINVAL, "Template %s/%s.html is there twice.",
			                 pages->templates[i]->owner, pages->templates[i]->name);
	for (size_t i = 0; i < pages->lang_count; i++)
		seal_globals(pages, i);
	int err = 0;
	for (size_t i = 0; i < pages->template_count && !err; i++)
		err = seal_template(pages, pages->templates[i]);
	return err;
}
