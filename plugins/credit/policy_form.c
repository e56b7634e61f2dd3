/* Entering a rule: what was typed, what it would change, and the rule. */
#include "cells.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

/* How a figure is typed: a number with so many decimals, times `times`, or the word of a choice. */
static const struct {
	int decimals;
	int64_t most, times;
} numbers[POLICY_FIELDS] = {
	[POLICY_HOUR] = { 0, 1000, 1 },       /* minutes */
	[POLICY_SHARE] = { 1, 9999, 1 },      /* of a hundred */
	[POLICY_DAILY] = { 0, 10000, 60 },    /* minutes */
	[POLICY_RATE] = { 3, 99999, 1 },      /* times the normal speed */
	[POLICY_COMPLETION] = { 1, 9999, 1 }, /* of a hundred */
	[POLICY_PRESENCE] = { 0, 1000, 1 },   /* minutes */
	[POLICY_POINTS] = { 0, 10000, 1 },    /* minutes */
	[POLICY_CREDITS] = { 4, 9999999, 1 }, /* of a class hour */
	[POLICY_KEEP] = { 0, 10000, 1 },      /* years */
};

static const char *const choices[POLICY_FIELDS][4] = {
	[POLICY_BASIS] = { CURB_TEXT("the hours that are planned, and those that were earned"),
	                   CURB_TEXT("the hours that are planned"), CURB_TEXT("the hours that were earned") },
	[POLICY_DECIDES] = { "", CURB_TEXT("the federation of the county"),
	                     CURB_TEXT("the federation of the city"),
	                     CURB_TEXT("the federation of the province") },
};

static bool is_choice(enum policy_field field)
{
	return choices[field][0] != NULL;
}

/* Nobody enters what nothing rests on. */
static bool is_offered(enum policy_field field)
{
	return is_choice(field) || numbers[field].most > 0;
}

static int64_t read_figure(struct typed_form *form, enum policy_field field)
{
	struct curb_str text = typed_field(form, policy_word(field));
	int64_t value = POLICY_NONE;
	if (text.len == 0 || !is_offered(field))
		return POLICY_NONE;
	bool good = is_choice(field) ?
	                    curb_str_int(text, &value) :
	                    draft_read_number(text, numbers[field].decimals, numbers[field].most, &value);
	if (good)
		return is_choice(field) ? value : value * numbers[field].times;
	typed_wrong_called(
		form, policy_word(field), policy_field_name(form->req, field),
		curb_tr(form->req, "Write this as a number, such as 40; the help says what it counts", NULL));
	return POLICY_NONE;
}

static void read_place(struct typed_form *form, struct policy_rule *rule)
{
	struct curb_str typed = typed_field(form, "place");
	struct curb_place place = { .id = curb_str("") };
	int err = typed.len ? curb_place_find(curb_req_tx(form->req), typed, &place) : 0;
	if (!err && place.institution)
		err = curb_fail(CURB_EUNFIT, "This is an institution; a rule holds for a region");
	if (!err && !curb_may_at(form->req, CURB_REVIEWER, place.id))
		err = typed.len ?
		              curb_fail(
				      CURB_EDENIED,
				      "Your own role does not reach this place; choose one that it covers") :
		              curb_fail(CURB_EDENIED, "Type the code or the name of your region");
	rule->region = place.id;
	if (err)
		typed_wrong_error(form, "place");
}

static struct policy_rule read_rule(struct typed_form *form)
{
	int64_t now_ms = curb_wall_ms();
	struct policy_rule rule = { .id = curb_id_new(now_ms),
		                    .by = curb_req_user(form->req)->id,
		                    .entered_ms = now_ms };
	read_place(form, &rule);
	rule.kind = typed_field(form, "kind");
	rule.title = typed_field(form, "title");
	rule.number = typed_field(form, "number");
	rule.from_day = typed_date(form, "from", CURB_TEXT("Valid from"));
	int64_t last = typed_date(form, "until", CURB_TEXT("Valid until"));
	rule.until_day = last ? last + 1 : 0;
	if (!rule.from_day && !curb_value_get(form->e, "from"))
		typed_wrong(form, "from",
		            curb_tr(form->req, "Give the first day on which the rule holds", NULL));
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++)
		rule.value[field] = read_figure(form, field);
	return rule;
}

/* ---- the page ---- */

static void put_choices(struct typed_form *form)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++) {
		struct curb_value *options = curb_array(arena);
		struct curb_str chosen = curb_get_str(form->v, policy_word(field));
		if (!is_choice(field))
			continue;
		typed_option(options, curb_str(""), curb_tr(form->req, "Not entered here", NULL), chosen);
		for (int i = 0; i < 4 && choices[field][i]; i++)
			if (*choices[field][i])
				typed_option(options, curb_str(curb_printf(arena, "%d", i)),
				             curb_tr(form->req, choices[field][i], NULL), chosen);
		curb_put(form->model, curb_printf(arena, "%s_options", policy_word(field)), options);
	}
	struct curb_value *kinds = curb_array(arena);
	for (size_t i = 0; i < POLICY_KINDS; i++)
		typed_option(kinds, curb_str(policy_kinds[i].word),
		             curb_tr(form->req, policy_kinds[i].text, NULL), curb_get_str(form->v, "kind"));
	curb_put(form->model, "kinds", kinds);
}

/* Her own region, where she has one. */
static int put_own_place(struct typed_form *form)
{
	struct curb_str place;
	int err = curb_person_place(curb_req_tx(form->req), &curb_req_user(form->req)->id, CURB_REVIEWER,
	                            curb_wall_ms(), &place);
	if (!err)
		curb_put_str(form->v, "place", place);
	return err;
}

static int show(struct typed_form *form)
{
	put_choices(form);
	curb_put_str(form->model, "title", curb_tr(form->req, "Enter a rule", NULL));
	return curb_reply_page(form->req, form->wrong ? 422 : 200, "policy_new", form->model);
}

int policy_page_new(struct curb_req *req, void *state)
{
	(void)state;
	struct typed_form form = typed_form(req);
	int err = put_own_place(&form);
	return err ? err : show(&form);
}

/* ---- what it changes ---- */

static void push_change(struct typed_form *form, struct curb_value *changes, enum policy_field field,
                        const struct policy *before, const struct policy *after)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *fact = curb_object(arena), *values = curb_object(arena);
	bool same = before->value[field] == after->value[field];
	curb_put_str(values, "before", policy_figure_words(form->req, field, before->value[field]));
	curb_put_str(values, "after", policy_figure_words(form->req, field, after->value[field]));
	curb_put_str(fact, "term", policy_field_name(form->req, field));
	curb_put_str(fact, "text",
	             same ? curb_tr(form->req, "{after}, as before", values) :
	                    curb_tr(form->req, "{after}; before: {before}", values));
	curb_push(changes, fact);
}

static int put_changes(struct typed_form *form, struct credit *c, const struct policy_rule *rule)
{
	struct curb_value *changes = curb_array(curb_req_arena(form->req)),
			  *values = curb_object(curb_req_arena(form->req));
	struct policy_place place;
	struct policy before, after;
	int err = policy_place(c, curb_req_tx(form->req), rule->region, &place);
	if (err)
		return err;
	struct policy_rule *all = curb_alloc_n(curb_req_arena(form->req), place.book.n + 1, sizeof *all);
	const struct policy_book with = { all, place.book.n + 1, place.book.settings };
	if (place.book.n)
		memcpy(all, place.book.rules, place.book.n * sizeof *all);
	all[place.book.n] = *rule;
	policy_resolve(&place.book, place.regions, place.n, rule->kind, rule->from_day, &before);
	policy_resolve(&with, place.regions, place.n, rule->kind, rule->from_day, &after);
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++)
		if (before.from[field] != after.from[field] || rule->value[field] != POLICY_NONE)
			push_change(form, changes, field, &before, &after);
	curb_put(form->model, "changes", changes);
	put_notice(form->req, form->model, "good",
	           curb_tr(form->req,
	                   "The changes are below. Nothing is entered yet: press Enter this rule at the end.",
	                   NULL));
	curb_put_str(values, "place", policy_region_words(form->req, rule->region));
	curb_put_str(values, "kind", policy_kind_words(form->req, rule->kind));
	curb_put_str(values, "day", curb_words_day(form->req, rule->from_day));
	curb_put_str(form->model, "changes_title",
	             curb_tr(form->req, "What changes in {place} for {kind}, from {day} on", values));
	return 0;
}

/* ---- it is entered ---- */

struct entering {
	struct credit *c;
	struct policy_rule rule;
	const char *field; /* at fault */
};

static int enter(struct curb_tx *tx, void *arg)
{
	struct entering *entering = arg;
	return policy_enter(entering->c, tx, &entering->rule, &entering->field);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct entering *entering = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/policies/%s?done=yes",
	                                                     entering->rule.id.text)));
}

static bool mendable(int err)
{
	return err == CURB_EINVAL || err == CURB_EUNFIT || err == CURB_ECONFLICT || err == CURB_ENOTFOUND;
}

int policy_post_new(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct entering entering = { .c = state, .rule = read_rule(&form), .field = "place" };
	bool sure = curb_str_is(curb_req_field(req, "go"), "enter");
	int err = 0;
	if (!form.wrong && sure) {
		err = curb_write_reply(req, entering.rule.region, enter, answer, &entering);
		if (!mendable(err))
			return err;
		typed_wrong_error(&form, entering.field);
	} else if (!form.wrong) {
		err = policy_would_fit(state, curb_req_tx(req), &entering.rule, &entering.field);
		if (err && !mendable(err))
			return err;
		if (err)
			typed_wrong_error(&form, entering.field);
		else
			err = put_changes(&form, state, &entering.rule);
	}
	return err && !form.wrong ? err : show(&form);
}
