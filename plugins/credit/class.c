/* One class: its plan, its roster, and one trainee of it. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "erase.h"
#include "gate.h"
#include "move.h"
#include "question.h"
#include "support.h"
#include "task.h"
#include "version.h"

void credit_push_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_req_arena(req));
	curb_put_str(fact, "term", curb_tr(req, term, NULL));
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

struct curb_str credit_offline_words(struct curb_req *req, const struct credit_offline *unit)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "term", unit->name);
	curb_put_str(values, "hours", curb_words_hours(req, unit->hours_c));
	curb_put_str(values, "place", unit->place);
	if (unit->day)
		curb_put_str(values, "day", curb_words_day(req, unit->day));
	if (unit->day && unit->place.len)
		return curb_tr(req, "{term}: {hours} class hours, on {day}, {place}", values);
	if (unit->day)
		return curb_tr(req, "{term}: {hours} class hours, on {day}", values);
	if (unit->place.len)
		return curb_tr(req, "{term}: {hours} class hours, {place}", values);
	return curb_tr(req, "{term}: {hours} class hours", values);
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
	for (size_t i = 0; !err && i < offline_n; i++)
		curb_push(offline_list, curb_string(arena, credit_offline_words(req, &offline[i])));
	for (size_t i = 0; !err && i < versions_n; i++) {
		struct content_version version;
		struct curb_value *row = curb_object(arena);
		err = c->content->version(c->content, curb_req_tx(req), curb_id_str(&versions[i]), &version);
		if (err)
			return err;
		curb_put_str(row, "name", version.name);
		curb_put_str(row, "lang", version.lang);
		err = credit_put_version(req, c, &version, row);
		curb_push(courses, row);
	}
	curb_put(model, "offline", offline_list);
	curb_put(model, "courses", courses);
	return err;
}

const char *credit_rule_address(struct curb_req *req, const struct credit_cohort *cohort)
{
	struct curb_arena *arena = curb_req_arena(req);
	return curb_id_some(&cohort->policy) ?
	               curb_printf(arena, "/policies/%s", cohort->policy.text) :
	               curb_printf(arena, "/policies?place=%s&kind=%s", cohort->institution.text,
	                           curb_encoded(arena, cohort->kind, ""));
}

/* Which policy the class keeps, and where that stands. */
static int push_rule(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct curb_value *facts)
{
	struct curb_value *fact = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	struct policy_rule rule = { .title = curb_str(NULL) };
	int err = curb_id_some(&cohort->policy) ?
	                  policy_rule_by_id(c, curb_req_tx(req), curb_id_str(&cohort->policy), &rule) :
	                  0;
	curb_put_str(values, "share", policy_figure_words(req, POLICY_SHARE, cohort->share_m));
	curb_put_str(values, "title", rule.title);
	curb_put_str(fact, "term", curb_tr(req, "Rule of the online share", NULL));
	curb_put_str(fact, "text",
	             rule.title.ptr ?
	                     curb_tr(req, "{title}: {share}. The class keeps it until its end", values) :
	                     curb_tr(req,
	                             "This server's settings: {share}. The class keeps them until "
	                             "its end",
	                             values));
	curb_put_text(fact, "href", credit_rule_address(req, cohort));
	curb_push(facts, fact);
	return err;
}

/* Days on which trainees were there in person, and how many that are together (P26). */
static int push_days(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct curb_value *facts)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct attended_days *days = NULL;
	int64_t together = 0;
	size_t n = 0;
	int err = attended_days_of(c, curb_req_tx(req), &cohort->id, &days, &n);
	for (size_t i = 0; !err && i < n; i++)
		together += days[i].days;
	curb_put_int(values, "people", (int64_t)n);
	curb_put_int(values, "days", together);
	if (together > 0)
		credit_push_fact(req, facts, CURB_TEXT("Days attended in person"),
		                 curb_tr(req, "{days} days together, of {people} trainees", values));
	return err;
}

static int put_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	struct curb_str institution;
	int err = curb_institution_name(curb_req_tx(req), &cohort->institution, &institution);
	if (err)
		return err;
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	curb_put_str(values, "cap",
	             curb_words_hours(req, count_most_online_c(cohort->total_c, cohort->share_m)));
	credit_push_fact(req, facts, CURB_TEXT("Institution"), institution);
	credit_push_fact(req, facts, CURB_TEXT("Time"), credit_words_days(req, c, cohort));
	credit_push_fact(req, facts, CURB_TEXT("Class hours"),
	                 curb_tr(req, "{total} class hours, of which at most {cap} online", values));
	err = push_rule(req, c, cohort, facts);
	if (!err)
		err = push_days(req, c, cohort, facts);
	if (!err)
		err = erase_push_facts(req, c, cohort, facts);
	curb_put(model, "facts", facts);
	return err;
}

/* ---- the roster ---- */

static struct curb_str online_words(struct curb_req *req, const struct credit_cohort *cohort,
                                    int64_t online_s)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t cap_s = credit_cap_s(cohort);
	curb_put_str(values, "earned", curb_words_hours(req, online_s * 100 / cohort->hour_s));
	curb_put_str(values, "cap", curb_words_hours(req, cap_s * 100 / cohort->hour_s));
	curb_put_str(values, "time", curb_words_span(req, online_s));
	if (online_s == 0)
		return curb_tr(req, "Nothing counted yet", NULL);
	if (online_s >= cap_s)
		return curb_tr(req, "{earned} class hours, full", values);
	if (online_s * 10 < cohort->hour_s)
		return curb_tr(req, "{time}, less than a tenth of a class hour", values);
	return curb_tr(req, "{earned} of at most {cap} class hours", values);
}

static struct curb_str offline_words(struct curb_req *req, const struct credit_cohort *cohort,
                                     const struct credit_trainee *trainee)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "hours", credit_words_hours(req, cohort, trainee->offline_s));
	curb_put_str(values, "pending", credit_words_hours(req, cohort, trainee->pending_s));
	if (trainee->pending_s > 0)
		return curb_tr(req, "{hours} class hours, {pending} wait for countersignature", values);
	return trainee->offline_s ? curb_tr(req, "{hours} class hours", values) :
	                            curb_tr(req, "Nothing counted yet", NULL);
}

static const char *const roster_labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Online"), CURB_TEXT("Offline"),
	                                     CURB_TEXT("State"), NULL };

static struct curb_value *roster_row(struct curb_req *req, const struct credit_cohort *cohort,
                                     const struct credit_trainee *trainee)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	curb_push(cells,
	          credit_head(req, roster_labels[0], audit_name(req, &cohort->institution, trainee->shown),
	                      trainee->shown.len ? curb_printf(arena, "/classes/%s/trainees/%s",
	                                                       cohort->id.text, trainee->person.text) :
	                                           NULL));
	curb_push(cells, credit_cell(req, roster_labels[1], online_words(req, cohort, trainee->online_s)));
	curb_push(cells, credit_cell(req, roster_labels[2], offline_words(req, cohort, trainee)));
	curb_push(cells, credit_cell(req, roster_labels[3], move_standing_words(req, trainee)));
	curb_put(row, "cells", cells);
	return row;
}

enum { ROSTER_PAGE = 100 };

/* A page of the roster; `page` is one that there is. */
static int find_part(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct credit_trainee **ret_trainees, size_t *ret_n, int64_t *ret_total,
                     int64_t *ret_page)
{
	struct credit_part part = { .find = curb_str_trim(curb_req_query(req, "find")), .most = ROSTER_PAGE };
	*ret_page = credit_asked_page(req, "page");
	part.skip = (*ret_page - 1) * ROSTER_PAGE;
	return credit_trainees(c, curb_req_tx(req), &cohort->id, &part, ret_trainees, ret_n, ret_total);
}

static int put_roster(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *model)
{
	enum { WORTH_A_SEARCH = 12 };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *values = curb_object(arena);
	struct credit_trainee *trainees = NULL;
	size_t n = 0;
	int64_t fitting = 0, all = 0, page = 1;
	int err = find_part(req, c, cohort, &trainees, &n, &fitting, &page);
	if (!err)
		err = credit_trainee_count(c, curb_req_tx(req), &cohort->id, &all);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		curb_push(rows, roster_row(req, cohort, &trainees[i]));
	credit_put_columns(req, model, roster_labels);
	curb_put_int(values, "trainees", all);
	curb_put_str(model, "count", curb_tr(req, "Trainees on the roster: {trainees}", values));
	curb_put(model, "roster", rows);
	curb_put_bool(model, "some", all > 0);
	curb_put_str(model, "find", curb_str_trim(curb_req_query(req, "find")));
	curb_put_bool(model, "searchable", all >= WORTH_A_SEARCH || curb_get_str(model, "find").len > 0);
	curb_put_pager(req, model,
	               curb_printf(arena, "/classes/%s?find=%s&page={page}", cohort->id.text,
	                           curb_encoded(arena, curb_get_str(model, "find"), "")),
	               page, ROSTER_PAGE, fitting);
	return 0;
}

/* ---- what was done on the form before ---- */

static bool on_roster(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_str person)
{
	struct curb_id id;
	int64_t online_s;
	return curb_id_parse(person, &id) &&
	       credit_online_s(c, curb_req_tx(req), &cohort->id, &id, &online_s) == 0;
}

static struct curb_str added_words(struct curb_req *req, struct curb_str person)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_user user;
	if (curb_person_find(curb_req_tx(req), person, curb_wall_ms(), &user) != 0)
		return curb_str(NULL);
	curb_put_str(values, "name", user.name);
	return curb_tr(req, "{name} is on the roster now", values);
}

/* Behind a form the page comes back by its own address, so it says at the top what was done. */
static void tell(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                 struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *notice = curb_object(arena), *values = curb_object(arena);
	struct curb_str added = curb_req_query(req, "added"), removed = curb_req_query(req, "removed");
	struct curb_str text = curb_str(NULL);
	struct curb_id person;
	int64_t n = 0;
	if (curb_str_is(curb_req_query(req, "opened"), "yes"))
		text = curb_tr(req, "The class is open. Now add its trainees.", NULL);
	else if (curb_str_int(curb_req_query(req, "several"), &n) && n > 0) {
		curb_put_int(values, "number", n);
		text = curb_tr(req, "On the roster now: {number} trainees more", values);
	} else if (added.len && on_roster(req, c, cohort, added)) {
		text = added_words(req, added);
	} else if (curb_id_parse(removed, &person) && !on_roster(req, c, cohort, removed)) {
		text = curb_tr(req, "The trainee is off the roster.", NULL);
		curb_put_str(model, "undo", removed);
	}
	if (!text.len)
		return;
	curb_put_text(notice, "kind", "status");
	curb_put_str(notice, "text", text);
	curb_put(model, "notice", notice);
}

int credit_class_plan(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *model)
{
	int err = put_facts(req, c, cohort, model);
	return err ? err : put_plan(req, c, cohort, model);
}

static int show_class(struct curb_req *req, struct credit *c, int status, struct curb_value *model)
{
	struct credit_cohort cohort;
	int err = credit_class_seen(req, c, &cohort);
	if (!err)
		err = credit_class_plan(req, c, &cohort, model);
	if (!err)
		err = put_roster(req, c, &cohort, model);
	if (!err)
		err = question_put_class(req, c, &cohort, model);
	struct curb_value *links = curb_array(curb_req_arena(req));
	if (!err)
		err = credit_push_links(req, c, &cohort, links);
	if (err)
		return err;
	curb_put(model, "links", links);
	gate_put_link(req, &cohort, model);
	task_put_link(req, &cohort, model);
	curb_put_text(model, "dossier",
	              curb_printf(curb_req_arena(req), "/classes/%s/dossier", cohort.id.text));
	curb_put_text(model, "support",
	              curb_printf(curb_req_arena(req), "/classes/%s/support", cohort.id.text));
	const char *here = curb_printf(curb_req_arena(req), "/classes/%s", cohort.id.text);
	if (cohort.presence_s && curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		curb_put_text(model, "presence", curb_printf(curb_req_arena(req), "%s/presence", here));
	curb_put_text(model, "here", here);
	curb_put_text(model, "sheets", curb_printf(curb_req_arena(req), "%s/sheets", here));
	curb_put_text(model, "waivers", curb_printf(curb_req_arena(req), "%s/waivers", here));
	if (curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		curb_put_text(model, "action", curb_printf(curb_req_arena(req), "%s/trainees", here));
	curb_put_bool(model, "moves", curb_may(req, MOVE_ASKERS | MOVE_DECIDERS, &cohort.institution));
	curb_put_str(model, "title",
	             credit_page_title(req, cohort.programme, credit_asked_page(req, "page")));
	if (status == 200)
		tell(req, c, &cohort, model);
	return curb_reply_page(req, status, "class", model);
}

int credit_page_class(struct curb_req *req, void *state)
{
	return show_class(req, state, 200, curb_object(curb_req_arena(req)));
}

int credit_page_class_wrong(struct curb_req *req, struct credit *c, struct curb_str typed,
                            struct curb_str error, int status)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "typed", typed);
	curb_put_str(model, "error", error);
	return show_class(req, c, status, model);
}

/* ---- one trainee of it ---- */

int credit_page_trainee(struct curb_req *req, void *state)
{
	struct credit *c = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *classes = curb_array(arena),
			  *one = curb_object(arena);
	struct credit_cohort cohort;
	struct curb_user user;
	bool blank = false;
	int64_t online_s = 0;
	struct curb_id person = curb_id_of(curb_req_param(req, "person"));
	const char *list = curb_printf(arena, "/classes/%s/trainees/%s?page={page}",
	                               curb_id_of(curb_req_param(req, "id")).text, person.text);
	int64_t page = credit_asked_page(req, "page");
	int err = credit_class_seen(req, c, &cohort);
	if (!err)
		err = credit_online_s(c, curb_req_tx(req), &cohort.id, &person, &online_s);
	if (!err)
		err = curb_person_find(curb_req_tx(req), curb_id_str(&person), curb_wall_ms(), &user);
	if (!err)
		err = credit_trainee_blank(c, curb_req_tx(req), &cohort.id, &person, &blank);
	if (!err)
		err = audit_note_look(req, &person, &cohort);
	if (!err)
		err = credit_record_model(req, c, &person, &cohort, list, &page, one);
	if (!err)
		err = move_put_links(req, c, &cohort, &person, model);
	if (err)
		return err;
	curb_push(classes, one);
	curb_put(model, "classes", classes);
	curb_put_str(model, "title",
	             credit_page_title(req, audit_name(req, &cohort.institution, user.name), page));
	curb_put_text(model, "back", curb_printf(arena, "/classes/%s", cohort.id.text));
	curb_put_str(model, "programme", cohort.programme);
	if (blank && curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		curb_put_text(
			model, "remove",
			curb_printf(arena, "/classes/%s/trainees/%s/remove", cohort.id.text, person.text));
	return curb_reply_page(req, 200, "trainee", model);
}
