/* Which rule holds where, and all rules. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

enum { RULES_PAGE = 25, READERS = CURB_SIGNED_IN };

static struct curb_value *cell(struct curb_value *row, struct curb_str label, struct curb_str text)
{
	struct curb_value *made = curb_object(curb_value_arena(row));
	curb_put_str(made, "label", label);
	curb_put_str(made, "text", text);
	curb_push(curb_value_get(row, "cells"), made);
	return made;
}

static struct curb_value *add_row(struct curb_value *rows)
{
	struct curb_value *row = curb_object(curb_value_arena(rows));
	curb_put(row, "cells", curb_array(curb_value_arena(rows)));
	curb_push(rows, row);
	return row;
}

static void put_columns(struct curb_req *req, struct curb_value *model, const char *key,
                        const char *const *sources)
{
	struct curb_value *columns = curb_array(curb_req_arena(req));
	for (; *sources; sources++) {
		struct curb_value *column = curb_object(curb_req_arena(req));
		curb_put_str(column, "label", curb_tr(req, *sources, NULL));
		curb_push(columns, column);
	}
	curb_put(model, key, columns);
}

static const char *address_of(struct curb_req *req, const struct policy_rule *rule)
{
	return curb_printf(curb_req_arena(req), "/policies/%s", rule->id.text);
}

static struct curb_str source_words(struct curb_req *req, const struct policy_rule *rule)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "place", policy_region_words(req, rule->region));
	curb_put_str(values, "title", rule->title);
	curb_put_str(values, "number", rule->number);
	return curb_tr(req, "{place}: {title}, {number}", values);
}

/* ---- what holds in one place ---- */

/* The place that is asked for; hers when she asks for none. */
static int asked_place(struct curb_req *req, struct curb_str *ret_place)
{
	struct curb_str typed = curb_str_trim(curb_req_query(req, "place"));
	struct curb_place place;
	*ret_place = curb_str("");
	if (!typed.ptr) {
		int err = curb_person_place(curb_req_tx(req), &curb_req_user(req)->id, READERS,
		                            curb_wall_ms(), ret_place);
		return err == CURB_ENOTFOUND ? 0 : err;
	}
	if (typed.len == 0)
		return 0;
	int err = curb_place_find(curb_req_tx(req), typed, &place);
	if (!err)
		*ret_place = place.id;
	return err;
}

static void put_figures(struct curb_req *req, const struct policy *policy, struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("Figure"), CURB_TEXT("What holds"),
		                               CURB_TEXT("Where it comes from"), NULL };
	struct curb_value *rows = curb_array(curb_req_arena(req));
	put_columns(req, model, "figure_columns", sources);
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++) {
		const struct policy_rule *rule = policy->from[field];
		struct curb_value *row = add_row(rows);
		curb_put_bool(cell(row, curb_tr(req, sources[0], NULL), policy_field_name(req, field)),
		              "head", true);
		cell(row, curb_tr(req, sources[1], NULL),
		     policy_figure_words(req, field, policy->value[field]));
		struct curb_value *source = cell(
			row, curb_tr(req, sources[2], NULL),
			rule ? source_words(req, rule) :
			       curb_tr(req, "No document was entered; this server's settings", NULL));
		if (rule)
			curb_put_text(source, "href", address_of(req, rule));
	}
	curb_put(model, "figures", rows);
	curb_put_bool(model, "no_share", !policy->from[POLICY_SHARE]);
	curb_put_str(model, "share", policy_figure_words(req, POLICY_SHARE, policy->value[POLICY_SHARE]));
}

static int put_here(struct curb_req *req, struct credit *c, struct curb_value *model)
{
	struct curb_value *kinds = curb_array(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	struct curb_str typed = curb_str_trim(curb_req_query(req, "place")), id,
			kind = curb_req_query(req, "kind");
	struct policy_place place;
	struct policy policy;
	if (!policy_kind(kind))
		kind = curb_str("");
	for (size_t i = 0; i < POLICY_KINDS; i++)
		typed_option(kinds, curb_str(policy_kinds[i].word), curb_tr(req, policy_kinds[i].text, NULL),
		             kind);
	curb_put(model, "kinds", kinds);
	int err = asked_place(req, &id);
	if (err == CURB_ENOTFOUND || err == CURB_EUNFIT) {
		curb_put_str(model, "place", typed);
		curb_put_str(model, "place_error",
		             curb_dup(curb_req_arena(req), curb_str(curb_error_local())));
		return 0;
	}
	if (!err)
		err = policy_place(c, curb_req_tx(req), id, &place);
	if (err)
		return err;
	policy_resolve(&place.book, place.regions, place.n, kind, count_day(curb_wall_ms(), c->utc_offset_ms),
	               &policy);
	curb_put_str(model, "place", typed.ptr ? typed : place.name);
	curb_put_str(values, "place", policy_region_words(req, place.id));
	curb_put_str(values, "kind", policy_kind_words(req, kind));
	curb_put_str(model, "here", curb_tr(req, "{place}, {kind}", values));
	put_figures(req, &policy, model);
	return 0;
}

/* ---- all rules ---- */

static int put_rules(struct curb_req *req, struct credit *c, int64_t *page, struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("Document"), CURB_TEXT("Place"),
		                               CURB_TEXT("Kind of training"), CURB_TEXT("From"), NULL };
	struct curb_value *rows = curb_array(curb_req_arena(req));
	struct policy_rule *rules = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = policy_rules(c, curb_req_tx(req), (*page - 1) * RULES_PAGE, RULES_PAGE, &rules, &n, &total);
	put_columns(req, model, "rule_columns", sources);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = add_row(rows);
		struct curb_value *head = cell(row, curb_tr(req, sources[0], NULL), rules[i].title);
		curb_put_bool(head, "head", true);
		curb_put_text(head, "href", address_of(req, &rules[i]));
		cell(row, curb_tr(req, sources[1], NULL), policy_region_words(req, rules[i].region));
		cell(row, curb_tr(req, sources[2], NULL), policy_kind_words(req, rules[i].kind));
		cell(row, curb_tr(req, sources[3], NULL), curb_words_day(req, rules[i].from_day));
	}
	curb_put(model, "rules", rows);
	struct credit_list pages = { "/policies?page={page}", *page, RULES_PAGE, total };
	credit_put_named_pager(req, model, curb_tr(req, "All rules", NULL), &pages);
	return err;
}

int policy_page_all(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	int64_t page = credit_asked_page(req, "page");
	int err = put_here(req, state, model);
	if (!err)
		err = put_rules(req, state, &page, model);
	if (err)
		return err;
	curb_put_str(model, "title", credit_page_title(req, curb_tr(req, "Rules of counting", NULL), page));
	curb_put_bool(model, "may_enter", (curb_req_user(req)->roles & CURB_REVIEWER) != 0);
	return curb_reply_page(req, 200, "policies", model);
}

/* ---- one ---- */

static void push_fact(struct curb_req *req, struct curb_value *facts, struct curb_str term,
                      struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_req_arena(req));
	curb_put_str(fact, "term", term);
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

static struct curb_str period_words(struct curb_req *req, const struct policy_rule *rule)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "starts", curb_words_day(req, rule->from_day));
	if (!rule->until_day)
		return curb_tr(req, "From {starts} on", values);
	curb_put_str(values, "ends", curb_words_day(req, rule->until_day - 1));
	return curb_tr(req, "From {starts} to {ends}", values);
}

static void put_facts(struct curb_req *req, const struct policy_rule *rule, struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	push_fact(req, facts, curb_tr(req, "Document", NULL), rule->title);
	push_fact(req, facts, curb_tr(req, "Number, or place in the document", NULL), rule->number);
	push_fact(req, facts, curb_tr(req, "Place", NULL), policy_region_words(req, rule->region));
	push_fact(req, facts, curb_tr(req, "Kind of training", NULL), policy_kind_words(req, rule->kind));
	push_fact(req, facts, curb_tr(req, "Time", NULL), period_words(req, rule));
	for (enum policy_field field = 0; field < POLICY_FIELDS; field++)
		if (rule->value[field] != POLICY_NONE)
			push_fact(req, facts, policy_field_name(req, field),
			          policy_figure_words(req, field, rule->value[field]));
	curb_put_str(values, "day", curb_words_date(req, rule->entered_ms));
	push_fact(req, facts, curb_tr(req, "Entered", NULL),
	          rule->entered_ms ? curb_tr(req, "on {day}", values) :
	                             curb_tr(req, "It came with this server", NULL));
	curb_put(model, "facts", facts);
}

int policy_page_one(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *notice = curb_object(curb_req_arena(req));
	struct policy_rule rule;
	int err = policy_rule_by_id(state, curb_req_tx(req), curb_req_param(req, "id"), &rule);
	if (err)
		return err;
	curb_put_str(model, "title", rule.title);
	put_facts(req, &rule, model);
	if (curb_str_is(curb_req_query(req, "done"), "yes")) {
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text",
		             curb_tr(req, "The rule is entered. Classes that are open keep what they have.",
		                     NULL));
		curb_put(model, "notice", notice);
	}
	return curb_reply_page(req, 200, "policy", model);
}
