/* Pages of the staff: the classes of their institutions, and one class with its plan and roster. */
#include "credit.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"

/* The first and the last day of a class. */
static void put_days(struct curb_req *req, const struct credit *c, const struct credit_cohort *cohort,
                     struct curb_value *model)
{
	int64_t first = count_day(cohort->starts_ms, c->utc_offset_ms);
	int64_t last = count_day(cohort->ends_ms - 1, c->utc_offset_ms);
	curb_put_str(model, "starts", curb_words_day(req, first));
	curb_put_str(model, "ends", curb_words_day(req, last));
}

static struct curb_value *class_card(struct curb_req *req, const struct credit *c,
                                     const struct credit_cohort *cohort, struct curb_str institution)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *values = curb_object(arena),
			  *facts = curb_array(arena);
	curb_put_str(card, "title", cohort->programme);
	curb_put_text(card, "href", curb_printf(arena, "/classes/%s", cohort->id.text));
	curb_put_str(card, "text", institution);
	put_days(req, c, cohort, values);
	curb_push(facts, curb_string(arena, curb_tr(req, "From {starts} to {ends}", values)));
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	curb_push(facts, curb_string(arena, curb_tr(req, "{total} class hours", values)));
	curb_put(card, "facts", facts);
	return card;
}

int credit_page_classes(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)), *items = curb_array(curb_req_arena(req));
	size_t institutions_n = 0;
	const struct curb_id *institutions = NULL;
	int err = curb_req_institutions(req, CURB_STAFF | CURB_TEACHER, &institutions, &institutions_n);
	for (size_t i = 0; !err && i < institutions_n; i++) {
		struct credit_cohort *cohorts = NULL;
		struct curb_str institution;
		size_t n = 0;
		err = credit_cohorts_of_institution(state, curb_req_tx(req), &institutions[i], &cohorts, &n);
		if (!err)
			err = curb_institution_name(curb_req_tx(req), &institutions[i], &institution);
		for (size_t k = 0; !err && k < n; k++)
			curb_push(items, class_card(req, state, &cohorts[k], institution));
	}
	if (err)
		return err;
	curb_put(model, "items", items);
	curb_put_str(model, "title", curb_tr(req, "Classes", NULL));
	return curb_reply_page(req, 200, "classes", model);
}

static int put_plan(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *offline_list = curb_array(arena), *courses = curb_array(arena);
	struct credit_offline *offline = NULL;
	struct curb_id *versions = NULL;
	size_t offline_n = 0, versions_n = 0;
	int err = credit_cohort_offline(c, curb_req_tx(req), &cohort->id, &offline, &offline_n);
	if (!err)
		err = credit_cohort_courses(c, curb_req_tx(req), &cohort->id, &versions, &versions_n);
	for (size_t i = 0; !err && i < offline_n; i++) {
		struct curb_value *row = curb_object(arena);
		curb_put_str(row, "term", offline[i].name);
		curb_put_str(row, "hours", curb_words_hours(req, offline[i].hours_c));
		curb_push(offline_list, row);
	}
	for (size_t i = 0; !err && i < versions_n; i++) {
		struct content_version version;
		struct curb_value *row = curb_object(arena);
		err = c->content->version(c->content, curb_req_tx(req), curb_id_str(&versions[i]), &version);
		if (err)
			return err;
		curb_put_str(row, "name", version.name);
		curb_put_text(row, "href", curb_printf(arena, "/courses/%s", version.course.text));
		curb_push(courses, row);
	}
	curb_put(model, "offline", offline_list);
	curb_put(model, "courses", courses);
	return err;
}

/* Behind the form: the page comes back by its own address, so it says at the top what was done. */
static void tell_added(struct curb_req *req, struct curb_str name, struct curb_value *model)
{
	struct curb_value *notice = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "name", name);
	curb_put_text(notice, "kind", "status");
	curb_put_str(notice, "text", curb_tr(req, "{name} is on the roster now", values));
	curb_put(model, "notice", notice);
}

static int put_roster(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *roster = curb_array(arena);
	struct credit_trainee *trainees = NULL;
	struct curb_str added = curb_req_query(req, "added");
	size_t n = 0;
	int err = credit_trainees(c, curb_req_tx(req), &cohort->id, &trainees, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena);
		curb_put_str(row, "name", trainees[i].shown);
		curb_put_str(row, "online",
		             curb_words_hours(req, trainees[i].online_s * 100 / cohort->hour_s));
		curb_push(roster, row);
		if (curb_str_is(added, trainees[i].person.text))
			tell_added(req, trainees[i].shown, model);
	}
	curb_put(model, "roster", roster);
	return err;
}

static int show_class(struct curb_req *req, struct credit *c, int status, struct curb_value *model)
{
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), &cohort);
	if (err)
		return err;
	if (!curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	int64_t cap_c = count_most_online_c(cohort.total_c, cohort.share_m);
	curb_put_str(model, "title", cohort.programme);
	struct curb_str institution;
	err = curb_institution_name(curb_req_tx(req), &cohort.institution, &institution);
	if (err)
		return err;
	curb_put_str(model, "institution", institution);
	put_days(req, c, &cohort, model);
	curb_put_str(model, "total", curb_words_hours(req, cohort.total_c));
	curb_put_str(model, "cap", curb_words_hours(req, cap_c));
	curb_put_text(model, "action",
	              curb_printf(curb_req_arena(req), "/classes/%s/trainees", cohort.id.text));
	err = put_plan(req, c, &cohort, model);
	if (!err)
		err = put_roster(req, c, &cohort, model);
	return err ? err : curb_reply_page(req, status, "class", model);
}

int credit_page_class(struct curb_req *req, void *state)
{
	return show_class(req, state, 200, curb_object(curb_req_arena(req)));
}

int credit_page_class_wrong(struct curb_req *req, struct credit *c, struct curb_str trainee, int why)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "typed", trainee);
	curb_put_str(model, "error", curb_dup(curb_req_arena(req), curb_str(curb_error_local())));
	return show_class(req, c, curb_err_status(why), model);
}
