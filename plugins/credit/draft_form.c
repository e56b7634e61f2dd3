/* The models of the steps in which a class is planned. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "pages.h"

enum { FOUND_MOST = 10 };

static const char *const labels[DRAFT_STEPS] = {
	CURB_TEXT("Programme and class hours"), CURB_TEXT("Courses"),        CURB_TEXT("Offline hours"),
	CURB_TEXT("First and last day"),        CURB_TEXT("Check and open"),
};

/* What all fields need: what is typed, and what is wrong with it. */
struct form {
	struct curb_req *req;
	struct credit *c;
	const struct curb_value *body, *errors;
	struct curb_value *model;
};

static void put_field(const struct form *form, struct curb_value *into, const char *key, const char *field)
{
	struct curb_str value = curb_get_str(form->body, field), error = curb_get_str(form->errors, field);
	if (value.ptr)
		curb_put_str(into, key, value);
	if (error.ptr)
		curb_put_str(into, curb_printf(curb_req_arena(form->req), "%s_error", key), error);
}

/* A date's three parts and its error, as an object of its own. */
static void put_date(const struct form *form, struct curb_value *into, const char *key, const char *field)
{
	static const char *const parts[] = { "year", "month", "day" };
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *date = curb_object(arena);
	struct curb_str error = curb_get_str(form->errors, field);
	curb_put_text(date, "id", curb_printf(arena, "%s", field));
	for (size_t i = 0; i < 3; i++) {
		struct curb_str value = curb_get_str(form->body,
		                                     curb_printf(arena, "%s-%s", field, parts[i]));
		curb_put_str(date, parts[i], value.ptr ? value : curb_str(""));
	}
	if (error.ptr)
		curb_put_str(date, "error", error);
	curb_put(into, key, date);
}

static void push_option(const struct form *form, struct curb_value *options, struct curb_str value,
                        struct curb_str label, struct curb_str hint, bool selected)
{
	struct curb_value *option = curb_object(curb_req_arena(form->req));
	curb_put_str(option, "value", value);
	curb_put_str(option, "label", label);
	if (hint.ptr)
		curb_put_str(option, "hint", hint);
	curb_put_bool(option, "selected", selected);
	curb_push(options, option);
}

static int put_plan_step(const struct form *form)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *options = curb_array(arena);
	struct curb_str chosen = curb_get_str(form->body, "institution");
	const struct curb_id *institutions = NULL;
	size_t n = 0;
	int err = curb_req_institutions(form->req, CURB_STAFF | CURB_TEACHER, &institutions, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_str name;
		err = curb_institution_name(curb_req_tx(form->req), &institutions[i], &name);
		if (!err)
			push_option(form, options, curb_id_str(&institutions[i]), name, curb_str(NULL),
			            curb_str_eq(chosen, curb_id_str(&institutions[i])));
	}
	curb_put(form->model, "institutions", options);
	put_field(form, form->model, "programme", "programme");
	put_field(form, form->model, "total", "total");
	put_field(form, form->model, "institution", "institution");
	put_field(form, form->model, "kind", "kind");
	if (err)
		return err;
	return draft_put_rule(form->req, form->c, form->body,
	                      n ? curb_id_str(&institutions[0]) : curb_str(""), form->model);
}

/* ---- courses ---- */

static bool is_chosen(const struct form *form, struct curb_str version)
{
	const struct curb_value *list = curb_value_get(form->body, "courses");
	for (size_t i = 0; i < curb_value_count(list); i++)
		if (curb_str_eq(curb_value_str(curb_value_at(list, i)), version))
			return true;
	return false;
}

static int course_hours(const struct form *form, struct curb_str version, int64_t *ret_c)
{
	const struct content_unit *units = NULL;
	size_t n = 0;
	int err = form->c->content->units(form->c->content, curb_req_tx(form->req), version, &units, &n);
	*ret_c = 0;
	for (size_t i = 0; !err && i < n; i++)
		*ret_c += units[i].hours_c;
	return err;
}

static struct curb_str hours_hint(const struct form *form, int64_t hours_c)
{
	struct curb_value *values = curb_object(curb_req_arena(form->req));
	curb_put_str(values, "total", curb_words_hours(form->req, hours_c));
	return curb_tr(form->req, "{total} class hours", values);
}

static int push_chosen(const struct form *form, struct curb_value *options)
{
	const struct curb_value *list = curb_value_get(form->body, "courses");
	for (size_t i = 0; i < curb_value_count(list); i++) {
		struct curb_str id = curb_value_str(curb_value_at(list, i));
		struct content_version version;
		int64_t hours_c = 0;
		int err = form->c->content->version(form->c->content, curb_req_tx(form->req), id, &version);
		if (err == CURB_ENOTFOUND)
			continue;
		if (!err)
			err = course_hours(form, id, &hours_c);
		if (err)
			return err;
		push_option(form, options, id, version.name, hours_hint(form, hours_c), true);
	}
	return 0;
}

static int push_found(const struct form *form, struct curb_str words, struct curb_value *options)
{
	struct catalog_listing *found = NULL;
	size_t n = 0;
	if (!form->c->catalog)
		return 0;
	int err = form->c->catalog->find(form->c->catalog, curb_req_tx(form->req), words, FOUND_MOST, &found,
	                                 &n);
	for (size_t i = 0; !err && i < n; i++)
		if (!is_chosen(form, curb_id_str(&found[i].version)))
			push_option(form, options, curb_id_str(&found[i].version), found[i].name,
			            hours_hint(form, found[i].hours_c), false);
	return err;
}

static int put_courses_step(const struct form *form)
{
	struct curb_value *options = curb_array(curb_req_arena(form->req));
	struct curb_str words = curb_str_trim(curb_req_field(form->req, "q"));
	struct curb_str error = curb_get_str(form->errors, "courses");
	if (!words.ptr)
		words = curb_str("");
	int err = push_chosen(form, options);
	size_t chosen = curb_value_count(options);
	if (!err)
		err = push_found(form, words, options);
	curb_put(form->model, "options", options);
	curb_put_str(form->model, "q", words);
	curb_put_bool(form->model, "none_found", words.len > 0 && curb_value_count(options) == chosen);
	if (error.ptr)
		curb_put_str(form->model, "courses_error", error);
	return err;
}

/* ---- offline ---- */

static bool unit_is_typed(const struct form *form, int number)
{
	static const struct {
		const char *name, *part;
	} fields[] = { { "name", "" },      { "hours", "" },      { "place", "" },
		       { "when", "-year" }, { "when", "-month" }, { "when", "-day" } };
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *field = curb_printf(curb_req_arena(form->req), "%s%d%s", fields[i].name, number,
		                                fields[i].part);
		if (curb_str_trim(curb_get_str(form->body, field)).len > 0)
			return true;
	}
	return false;
}

static int put_offline_step(const struct form *form)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *rows = curb_array(arena);
	int last = 0;
	for (int i = 1; i <= DRAFT_UNITS_MOST; i++)
		if (unit_is_typed(form, i))
			last = i;
	bool more = curb_str_is(curb_req_field(form->req, "go"), "more");
	int shown = last == 0 ? 1 : last + more;
	for (int i = 1; i <= shown && i <= DRAFT_UNITS_MOST; i++) {
		struct curb_value *row = curb_object(arena);
		curb_put_int(row, "number", i);
		curb_put_text(row, "name_id", curb_printf(arena, "name%d", i));
		curb_put_text(row, "hours_id", curb_printf(arena, "hours%d", i));
		curb_put_text(row, "place_id", curb_printf(arena, "place%d", i));
		put_field(form, row, "name", curb_printf(arena, "name%d", i));
		put_field(form, row, "hours", curb_printf(arena, "hours%d", i));
		put_field(form, row, "place", curb_printf(arena, "place%d", i));
		put_date(form, row, "when", curb_printf(arena, "when%d", i));
		curb_push(rows, row);
	}
	curb_put(form->model, "rows", rows);
	curb_put_bool(form->model, "room", shown < DRAFT_UNITS_MOST);
	return 0;
}

/* ---- check ---- */

static void push_fact(const struct form *form, struct curb_value *facts, const char *term,
                      struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_req_arena(form->req));
	curb_put_str(fact, "term", curb_tr(form->req, term, NULL));
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

static int push_courses(const struct form *form, const struct credit_plan *plan, struct curb_value *facts)
{
	for (size_t i = 0; i < plan->version_count; i++) {
		struct content_version version;
		int64_t hours_c = 0;
		int err = form->c->content->version(form->c->content, curb_req_tx(form->req),
		                                    plan->versions[i], &version);
		if (!err)
			err = course_hours(form, plan->versions[i], &hours_c);
		if (err)
			return err;
		struct curb_value *values = curb_object(curb_req_arena(form->req));
		curb_put_str(values, "term", version.name);
		curb_put_str(values, "hours", curb_words_hours(form->req, hours_c));
		push_fact(form, facts, CURB_TEXT("Course"),
		          curb_tr(form->req, "{term}: {hours} class hours", values));
	}
	return 0;
}

static int put_summary(const struct form *form, const struct credit_plan *plan)
{
	struct curb_value *facts = curb_array(curb_req_arena(form->req)),
			  *values = curb_object(curb_req_arena(form->req));
	struct credit_cohort like = { .starts_ms = plan->starts_ms, .ends_ms = plan->ends_ms };
	struct curb_id institution = curb_id_of(plan->institution);
	struct curb_str name;
	struct policy policy;
	int64_t offline_c = 0;
	int err = curb_institution_name(curb_req_tx(form->req), &institution, &name);
	if (!err)
		err = credit_plan_policy(form->c, curb_req_tx(form->req), plan, curb_wall_ms(), &policy);
	if (err)
		return err;
	for (size_t i = 0; i < plan->offline_count; i++)
		offline_c += plan->offline[i].hours_c;
	curb_put_str(values, "total", curb_words_hours(form->req, plan->total_c));
	curb_put_str(values, "offline", curb_words_hours(form->req, offline_c));
	curb_put_str(values, "online", curb_words_hours(form->req, plan->total_c - offline_c));
	curb_put_str(
		values, "cap",
		curb_words_hours(form->req, count_most_online_c(plan->total_c, policy.value[POLICY_SHARE])));
	push_fact(form, facts, CURB_TEXT("Training programme"), plan->programme);
	if (plan->kind.len)
		push_fact(form, facts, CURB_TEXT("Kind of training"),
		          curb_tr(form->req, policy_kind(plan->kind)->text, NULL));
	push_fact(form, facts, CURB_TEXT("Institution"), name);
	push_fact(form, facts, CURB_TEXT("Time"), credit_words_days(form->req, form->c, &like));
	push_fact(form, facts, CURB_TEXT("Class hours"),
	          curb_tr(form->req,
	                  "{total} class hours, of which {offline} offline and {online} online. At most "
	                  "{cap} may be online.",
	                  values));
	curb_put(form->model, "facts", facts);
	for (size_t i = 0; i < plan->offline_count; i++)
		push_fact(form, facts, CURB_TEXT("Offline"),
		          credit_offline_words(form->req, &plan->offline[i]));
	return push_courses(form, plan, facts);
}

/* Mistakes of single fields, each with the step it is mended on. */
static void put_missing(const struct form *form, const struct credit_draft *draft)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *list = curb_array(arena);
	for (size_t i = 0; i < curb_value_count(form->errors); i++) {
		struct curb_value *item = curb_object(arena);
		struct curb_str field = curb_value_key(form->errors, i);
		curb_put_text(item, "href",
		              curb_printf(arena, "/classes/drafts/%s/%s", draft->id.text,
		                          draft_step_word(draft_step_of(field))));
		curb_put_str(item, "text", curb_value_str(curb_value_member(form->errors, i)));
		curb_push(list, item);
	}
	curb_put(form->model, "missing", list);
}

static int put_check_step(const struct form *form, const struct credit_draft *draft)
{
	struct curb_value *errors = curb_object(curb_req_arena(form->req));
	struct form with = *form;
	struct credit_plan plan;
	with.errors = errors;
	if (!draft_plan(form->req, form->c, form->body, &plan, errors)) {
		put_missing(&with, draft);
		return 0;
	}
	int err = put_summary(form, &plan);
	if (err)
		return err;
	err = credit_check_plan(form->c, curb_req_tx(form->req), &plan, curb_wall_ms());
	if (err == CURB_EUNFIT || err == CURB_EINVAL || err == CURB_ENOTFOUND) {
		curb_put_str(form->model, "unfit",
		             curb_dup(curb_req_arena(form->req), curb_str(curb_error_local())));
		return 0;
	}
	if (!err)
		err = lacks_put(form->req, form->c, plan.versions, plan.version_count, form->model);
	if (!err)
		curb_put_text(
			form->model, "open",
			curb_printf(curb_req_arena(form->req), "/classes/drafts/%s/open", draft->id.text));
	return err;
}

/* ---- all of them ---- */

static void put_steps(const struct form *form, const struct credit_draft *draft, enum draft_step step)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *steps = curb_array(arena), *errors = curb_object(arena);
	bool wrong[DRAFT_STEPS] = { false };
	struct credit_plan plan;
	(void)draft_plan(form->req, form->c, form->body, &plan, errors);
	for (size_t i = 0; i < curb_value_count(errors); i++)
		wrong[draft_step_of(curb_value_key(errors, i))] = true;
	bool offline = plan.offline_count > 0;
	for (int i = 0; i < DRAFT_STEPS; i++) {
		struct curb_value *item = curb_object(arena);
		bool done = i != DRAFT_CHECK && !wrong[i] && (i != DRAFT_OFFLINE || offline);
		curb_put_str(item, "label", curb_tr(form->req, labels[i], NULL));
		curb_put_bool(item, "current", i == (int)step);
		curb_put_bool(item, "done", done && i != (int)step);
		if (curb_id_some(&draft->id) && i != (int)step)
			curb_put_text(item, "href",
			              curb_printf(arena, "/classes/drafts/%s/%s", draft->id.text,
			                          draft_step_word((enum draft_step)i)));
		curb_push(steps, item);
	}
	curb_put(form->model, "steps", steps);
}

int draft_model(struct curb_req *req, struct credit *c, const struct credit_draft *draft,
                const struct curb_value *body, enum draft_step step, const struct curb_value *errors,
                struct curb_value *model)
{
	const struct form form = { .req = req, .c = c, .body = body, .errors = errors, .model = model };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	curb_put_str(values, "step", curb_tr(req, labels[step], NULL));
	curb_put_str(model, "title", curb_tr(req, "Open a class: {step}", values));
	curb_put_text(model, "action",
	              curb_id_some(&draft->id) ? curb_printf(arena, "/classes/drafts/%s/%s", draft->id.text,
	                                                     draft_step_word(step)) :
	                                         "/classes/new");
	if (curb_id_some(&draft->id))
		curb_put_text(model, "drop", curb_printf(arena, "/classes/drafts/%s/drop", draft->id.text));
	put_steps(&form, draft, step);
	curb_put_bool(model, draft_step_word(step), true);
	switch (step) {
	case DRAFT_PLAN: return put_plan_step(&form);
	case DRAFT_COURSES: return put_courses_step(&form);
	case DRAFT_OFFLINE: return put_offline_step(&form);
	case DRAFT_DATES:
		put_date(&form, model, "starts", "starts");
		put_date(&form, model, "ends", "ends");
		return 0;
	case DRAFT_CHECK: return put_check_step(&form, draft);
	case DRAFT_STEPS: break;
	}
	return curb_fail(CURB_EINTERNAL, "no such step");
}
