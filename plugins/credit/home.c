/* What stands on a first page of credit's: where a trainee goes on, her courses and hours; the classes of the staff. */
#include "audit.h"
#include "credit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "gate.h"
#include "move.h"
#include "points.h"
#include "question.h"
#include "sheet.h"
#include "task.h"
#include "version.h"
#include "waiver.h"

enum { FREE_COURSES_MOST = 6, CLASSES_MOST = 6 };

/* A course of a person: in a class, or (class "") learned freely. */
struct course {
	struct content_version version;
	struct curb_str programme;
	struct credit_stand *stands;
	size_t stand_count;
	int64_t lessons, finished, left_s;
	const struct content_unit *first_open; /* the first lesson that is not finished */
	bool touched;
};

/* What is gathered for one person's page. */
struct view {
	struct credit *c;
	struct curb_req *req;
	struct credit_place *places;
	size_t place_count;
	struct curb_value *sections, *next;
};

/* A little at the end (names, thanks) needs not be watched. */
static bool is_finished(const struct content_unit *unit, int64_t seen_s)
{
	int64_t media_s = unit->duration_ms / 1000;
	return media_s > 0 && seen_s * 20 >= media_s * 19;
}

static struct curb_str page_of(const struct view *view, const struct content_unit *unit)
{
	struct credit_player player = credit_player_of(view->c, unit->kind);
	return player.page ? player.page(player.self, view->req, unit) : curb_str(NULL);
}

static int64_t seen_in(const struct course *course, const struct curb_id *unit)
{
	for (size_t i = 0; i < course->stand_count; i++)
		if (strcmp(course->stands[i].unit.text, unit->text) == 0)
			return course->stands[i].seen_s;
	return 0;
}

/* Lessons that can be played here, those that are finished, and what remains. */
static int add_up(const struct view *view, struct course *course)
{
	const struct content_unit *units = NULL;
	size_t n = 0;
	int err = view->c->content->units(view->c->content, curb_req_tx(view->req),
	                                  curb_id_str(&course->version.id), &units, &n);
	for (size_t i = 0; !err && i < n; i++) {
		if (!page_of(view, &units[i]).ptr)
			continue;
		int64_t seen_s = seen_in(course, &units[i].id);
		course->lessons++;
		course->touched = course->touched || seen_s > 0;
		if (is_finished(&units[i], seen_s)) {
			course->finished++;
			continue;
		}
		course->left_s += units[i].duration_ms / 1000 - seen_s;
		if (!course->first_open)
			course->first_open = &units[i];
	}
	return err;
}

/* ---- what to do next ---- */

static struct curb_value *lesson_link(const struct view *view, const char *source,
                                      const struct content_unit *unit)
{
	struct curb_arena *arena = curb_req_arena(view->req);
	struct curb_value *link = curb_object(arena), *values = curb_object(arena);
	curb_put_int(values, "number", unit->position);
	curb_put_str(values, "name", unit->name);
	curb_put_str(link, "label", curb_tr(view->req, source, values));
	curb_put_str(link, "href", page_of(view, unit));
	return link;
}

/* Players show the place again; here it is told in words. */
static int find_place(struct view *view)
{
	for (size_t i = 0; i < view->place_count; i++) {
		const struct credit_place *place = &view->places[i];
		struct content_unit unit;
		int err = view->c->content->unit(view->c->content, curb_req_tx(view->req),
		                                 curb_id_str(&place->unit), &unit);
		if (err == CURB_ENOTFOUND)
			continue;
		if (err)
			return err;
		int64_t seen_s = place->in_class ? place->seen_s : place->position_s;
		if (is_finished(&unit, seen_s) || !page_of(view, &unit).ptr)
			continue;
		struct curb_value *values = curb_object(curb_req_arena(view->req));
		curb_put_str(values, "time", curb_words_span(view->req, place->position_s));
		view->next = lesson_link(view, CURB_TEXT("Go on with lesson {number}: {name}"), &unit);
		if (place->position_s > 0)
			curb_put_str(view->next, "text", curb_tr(view->req, "You stopped at {time}", values));
		return 0;
	}
	return 0;
}

static void find_first(struct view *view, const struct course *course)
{
	if (view->next || !course->first_open)
		return;
	view->next = lesson_link(view,
	                         course->touched ? CURB_TEXT("Next lesson, number {number}: {name}") :
	                                           CURB_TEXT("Begin with lesson {number}: {name}"),
	                         course->first_open);
	curb_put_str(view->next, "text", course->version.name);
}

/* ---- my courses ---- */

static struct curb_str left_in_words(struct curb_req *req, int64_t seconds)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "time", credit_words_about(req, seconds));
	return curb_tr(req, "Still to learn: {time}", values);
}

static struct curb_value *course_item(const struct view *view, const struct course *course)
{
	struct curb_arena *arena = curb_req_arena(view->req);
	struct curb_value *item = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena), *progress = curb_object(arena);
	curb_put_str(item, "title", course->version.name);
	curb_put_str(item, "title_lang", course->version.lang);
	curb_put_str(item, "text", course->programme);
	curb_put_int(values, "finished", course->finished);
	curb_put_int(values, "lessons", course->lessons);
	curb_put_str(progress, "label",
	             curb_tr(view->req, "Lessons finished: {finished} of {lessons}", values));
	curb_put_int(progress, "value", course->finished);
	curb_put_int(progress, "max", course->lessons);
	curb_put(item, "progress", progress);
	if (course->finished == course->lessons)
		curb_push(facts, curb_string(arena, curb_tr(view->req, "You have learned all of it.", NULL)));
	else
		curb_push(facts, curb_string(arena, left_in_words(view->req, course->left_s)));
	curb_put(item, "facts", facts);
	return item;
}

static int add_course(struct view *view, struct course *course, struct curb_str version,
                      struct curb_value *items)
{
	int err = view->c->content->version(view->c->content, curb_req_tx(view->req), version,
	                                    &course->version);
	if (!err)
		err = add_up(view, course);
	if (err || course->lessons == 0)
		return err;
	find_first(view, course);
	struct curb_value *item = course_item(view, course);
	curb_push(items, item);
	return credit_put_version(view->req, view->c, &course->version, item);
}

static int courses_of_class(struct view *view, const struct credit_cohort *cohort, struct curb_value *items)
{
	struct curb_tx *tx = curb_req_tx(view->req);
	const struct curb_id *person = &curb_req_user(view->req)->id;
	struct curb_id *versions = NULL;
	struct credit_stand *stands = NULL;
	size_t n = 0, stand_count = 0;
	int err = credit_cohort_courses(view->c, tx, &cohort->id, &versions, &n);
	if (!err)
		err = credit_stands(view->c, tx, person, &cohort->id, &stands, &stand_count);
	for (size_t i = 0; !err && i < n; i++) {
		struct course course = { .programme = cohort->programme,
			                 .stands = stands,
			                 .stand_count = stand_count };
		err = add_course(view, &course, curb_id_str(&versions[i]), items);
	}
	return err;
}

static bool is_among(struct curb_id *ids, size_t n, const struct curb_id *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i].text, id->text) == 0)
			return true;
	return false;
}

/* Courses that somebody looks at outside any class: how far she came in each lesson is all that is known. */
static int free_courses(struct view *view, struct curb_value *items)
{
	struct curb_arena *arena = curb_req_arena(view->req);
	struct curb_id done[FREE_COURSES_MOST];
	struct credit_stand *stands = curb_alloc_n(arena, view->place_count + 1, sizeof *stands);
	size_t done_count = 0;
	for (size_t i = 0; i < view->place_count; i++)
		stands[i] = (struct credit_stand){ .unit = view->places[i].unit,
			                           .seen_s = view->places[i].position_s };
	int err = 0;
	for (size_t i = 0; !err && i < view->place_count && done_count < FREE_COURSES_MOST; i++) {
		struct content_unit unit;
		if (view->places[i].in_class)
			continue;
		err = view->c->content->unit(view->c->content, curb_req_tx(view->req),
		                             curb_id_str(&view->places[i].unit), &unit);
		if (err || is_among(done, done_count, &unit.version))
			continue;
		struct course course = { .programme = curb_tr(view->req, "Learned freely, without a class",
			                                      NULL),
			                 .stands = stands,
			                 .stand_count = view->place_count };
		done[done_count++] = unit.version;
		err = add_course(view, &course, curb_id_str(&unit.version), items);
	}
	return err;
}

/* ---- my hours ---- */

static int hours_of_class(struct view *view, const struct credit_cohort *cohort, struct curb_value *items)
{
	struct curb_arena *arena = curb_req_arena(view->req);
	struct curb_value *item = curb_object(arena), *facts = curb_array(arena);
	struct credit_earned earned;
	int err = credit_earned_of(view->c, curb_req_tx(view->req), cohort, &curb_req_user(view->req)->id,
	                           &earned);
	if (err)
		return err;
	curb_put_str(item, "title", cohort->programme);
	curb_put_text(item, "href", "/record");
	credit_push_hours(view->req, cohort, &earned, facts);
	err = earned.left_ms ?
	              move_push_facts(view->req, view->c, cohort, &curb_req_user(view->req)->id, facts) :
	              credit_push_meeting(view->req, view->c, cohort, facts);
	curb_put(item, "facts", facts);
	curb_push(items, item);
	return err;
}

static struct curb_value *section(const struct view *view, const char *title, struct curb_value *items)
{
	struct curb_value *made = curb_object(curb_req_arena(view->req));
	curb_put_str(made, "title", curb_tr(view->req, title, NULL));
	curb_put(made, "items", items);
	curb_push(view->sections, made);
	return made;
}

static void put_more(const struct view *view, struct curb_value *of, const char *href, const char *label)
{
	struct curb_value *more = curb_object(curb_req_arena(view->req));
	curb_put_text(more, "href", href);
	curb_put_str(more, "label", curb_tr(view->req, label, NULL));
	curb_put(of, "more", more);
}

static void put_empty(const struct view *view, struct curb_value *of, const char *text)
{
	curb_put_str(of, "empty", curb_tr(view->req, text, NULL));
}

static int fill_trainee(struct view *view)
{
	struct curb_arena *arena = curb_req_arena(view->req);
	const struct curb_id *person = &curb_req_user(view->req)->id;
	struct curb_value *courses = curb_array(arena), *hours = curb_array(arena);
	struct credit_cohort *cohorts = NULL;
	size_t n = 0, shown = 0;
	int64_t now_ms = curb_wall_ms(), left_ms = 0;
	int err = credit_places(view->c, curb_req_tx(view->req), person, &view->places, &view->place_count);
	if (!err)
		err = credit_cohorts_of_person(view->c, curb_req_tx(view->req), person, &cohorts, &n);
	if (!err)
		err = find_place(view);
	for (size_t i = 0; !err && i < n && shown < CLASSES_MOST; i++) {
		if (cohorts[i].ends_ms <= now_ms)
			continue;
		shown++;
		err = move_left_ms(view->c, curb_req_tx(view->req), &cohorts[i].id, person, &left_ms);
		if (!err && !left_ms)
			err = courses_of_class(view, &cohorts[i], courses);
		if (!err)
			err = hours_of_class(view, &cohorts[i], hours);
	}
	if (!err)
		err = free_courses(view, courses);
	if (!err)
		err = question_home_trainee(view->req, view->c, view->sections);
	if (err)
		return err;
	struct curb_value *made = section(view, CURB_TEXT("My courses"), courses);
	put_empty(view, made,
	          CURB_TEXT("You have not begun a course yet. Choose one below, or ask your teacher."));
	made = section(view, CURB_TEXT("My class hours"), hours);
	put_empty(
		view, made,
		CURB_TEXT(
			"You are in no class now. You can learn freely; hours are counted once your teacher "
			"has put you on the roster of a class."));
	put_more(view, made, "/record", CURB_TEXT("How were my hours counted?"));
	return points_home(view->req, view->c, view->sections);
}

/* ---- staff ---- */

static struct curb_value *class_item(const struct view *view, const struct credit_cohort *cohort)
{
	struct curb_arena *arena = curb_req_arena(view->req);
	struct curb_value *item = curb_object(arena), *facts = curb_array(arena);
	curb_put_str(item, "title", cohort->programme);
	curb_put_text(item, "href", curb_printf(arena, "/classes/%s", cohort->id.text));
	curb_push(facts, curb_string(arena, credit_words_days(view->req, view->c, cohort)));
	curb_put(item, "facts", facts);
	return item;
}

static int fill_staff(struct view *view)
{
	struct curb_value *items = curb_array(curb_req_arena(view->req));
	struct class_filter filter = { .state = CLASS_UNDER_WAY, .most = CLASSES_MOST };
	struct credit_class_row *rows = NULL;
	size_t n = 0;
	int err = question_home_staff(view->req, view->c, view->sections);
	if (!err)
		err = credit_find_classes(view->req, view->c, &filter, &rows, &n);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		curb_push(items, class_item(view, &rows[i].cohort));
	struct curb_value *made = section(view, CURB_TEXT("Classes under way"), items);
	put_empty(view, made, CURB_TEXT("No class is under way now."));
	put_more(view, made, "/classes", CURB_TEXT("All classes"));
	if (view->next)
		return 0;
	view->next = curb_object(curb_req_arena(view->req));
	curb_put_str(view->next, "label",
	             n ? curb_tr(view->req, "Go to the classes", NULL) :
	                 curb_tr(view->req, "Open a class", NULL));
	curb_put_text(view->next, "href", n ? "/classes" : "/classes/new");
	return 0;
}

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	struct view view = { .c = self, .req = req, .sections = sections };
	uint32_t roles = curb_req_user(req)->roles;
	int err = sheet_home(req, view.c, sections, &view.next);
	if (!err && (roles & TASK_OWNERS))
		err = task_home(req, view.c, sections);
	if (!err && (roles & CURB_REVIEWER))
		err = gate_home(req, view.c, sections);
	if (!err && (roles & CURB_LEARNER))
		err = fill_trainee(&view);
	if (!err && (roles & MOVE_DECIDERS))
		err = moves_home(req, view.c, sections);
	if (!err && (roles & (CURB_STAFF | CURB_TEACHER)))
		err = fill_staff(&view);
	if (!err && (roles & CURB_REVIEWER))
		err = waivers_home(req, view.c, sections);
	if (!err && (roles & CURB_AUDITOR))
		audit_home(req, sections);
	if (!err)
		*ret_next = view.next;
	return err;
}

struct curb_home_part credit_home_part(struct credit *c)
{
	return (struct curb_home_part){
		.self = c,
		.name = "credit",
		.roles = CURB_LEARNER | CURB_TEACHER | CURB_AUDITOR | TASK_OWNERS,
		.rank = 10,
		.fill = fill,
		.help = credit_help,
	};
}
