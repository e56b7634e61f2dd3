/* The versions of a course: a published one stays as it is for the classes that have it; the latest that is not withdrawn is
 * the one that new classes take and the catalog shows. */
#include "catalog.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"

static bool is_now(const struct catalog_course *course, const struct curb_id *version)
{
	return strcmp(course->version.text, version->text) == 0;
}

/* ---- showing one ---- */

int catalog_open_version(struct catalog *c, struct curb_req *req, struct catalog_course *course)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct curb_str asked = curb_req_query(req, "version");
	struct content_version version;
	struct catalog_course next;
	if (!asked.len || curb_str_is(asked, course->version.text))
		return 0;
	int err = c->content->version(c->content, tx, asked, &version);
	if (!err && strcmp(version.course.text, course->id.text) != 0)
		err = curb_fail(CURB_ENOTFOUND, "This version is not here");
	if (!err)
		err = catalog_may_see(c, req, &course->id, &version.id);
	if (!err)
		err = catalog_next_for(c, req, course, &next);
	if (err)
		return err;
	if (curb_id_some(&next.id) && is_now(&next, &version.id)) {
		*course = next;
		return 0;
	}
	course->other = true;
	return catalog_take_version(c, tx, &version, course);
}

int catalog_shown(struct catalog *c, struct curb_req *req, const struct content_version *version,
                  struct catalog_shown *ret_shown)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct catalog_course course;
	struct catalog_published published = { .withdrawn_ms = 0 };
	struct catalog_shown shown = { curb_printf(curb_req_arena(req), "/courses/%s", version->course.text),
		                       curb_str("") };
	int err = catalog_course_by_id(c, tx, curb_id_str(&version->course), &course);
	if (!err)
		err = catalog_published_by_id(c, tx, &course.id, curb_id_str(&version->id), &published);
	if (err && err != CURB_ENOTFOUND)
		return err;
	bool now = err == 0 && is_now(&course, &version->id);
	if (!now)
		shown.address = curb_printf(curb_req_arena(req), "%s?version=%s", shown.address,
		                            version->id.text);
	if (published.withdrawn_ms || (now && course.state == CATALOG_RETIRED))
		shown.note = curb_tr(req, "This version was withdrawn. Classes that have it keep it.", NULL);
	else if (!err && !now)
		shown.note = curb_tr(req, "A newer version is published. Classes that have this one keep it.",
		                     NULL);
	*ret_shown = shown;
	return 0;
}

int catalog_may_take(struct catalog *c, struct curb_tx *tx, const struct curb_id *id,
                     const struct curb_id *version)
{
	struct catalog_course course;
	struct catalog_published published = { .withdrawn_ms = 0 };
	int err = c->api.may_teach(&c->api, tx, id);
	if (!err)
		err = catalog_course_by_id(c, tx, curb_id_str(id), &course);
	if (err || is_now(&course, version))
		return err;
	err = catalog_published_by_id(c, tx, id, curb_id_str(version), &published);
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (published.withdrawn_ms)
		return curb_fail(
			CURB_EUNFIT,
			"This version of the course was withdrawn; choose the course again to take the "
			"version of now");
	return curb_fail(CURB_EUNFIT,
	                 "New classes take another version of this course; choose the course again to take "
	                 "the version of now");
}

/* ---- what the list of versions says of one ---- */

static void say(struct curb_req *req, struct curb_value *row, struct curb_str text)
{
	struct curb_value *about = curb_value_get(row, "about");
	if (!about) {
		about = curb_array(curb_req_arena(req));
		curb_put(row, "about", about);
	}
	curb_push(about, curb_string(curb_req_arena(req), text));
}

static void say_since(struct curb_req *req, struct curb_value *row, const char *source, int64_t ms)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "day", curb_words_date(req, ms));
	say(req, row, curb_tr(req, source, values));
}

static int say_classes(struct catalog *c, struct curb_req *req, const struct content_version *version,
                       struct curb_value *row)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t n = 0;
	int err = c->taker ? c->taker->classes(c->taker->self, curb_req_tx(req), &version->id, &n) : 0;
	curb_put_int(values, "n", n);
	if (!err && c->taker)
		say(req, row, curb_tr(req, "Classes that have it: {n}", values));
	return err;
}

/* One that is published or withdrawn can be turned. */
static void put_turn(struct curb_req *req, const struct catalog_course *course,
                     const struct content_version *version, bool withdrawn, struct curb_value *row)
{
	struct curb_value *turn = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	if (catalog_check_who(req, course, withdrawn ? ACT_RESTORE : ACT_RETIRE) != 0 ||
	    (!withdrawn && course->state != CATALOG_PUBLISHED))
		return;
	curb_put_int(values, "n", version->number);
	curb_put_str(turn, "label",
	             withdrawn ? curb_tr(req, "Publish version {n} again", values) :
	                         curb_tr(req, "Withdraw version {n}", values));
	curb_put_text(turn, "action",
	              curb_printf(curb_req_arena(req), "/courses/%s/versions/%s/%s", course->id.text,
	                          version->id.text, withdrawn ? "restore" : "retire"));
	curb_put(row, "turn", turn);
}

static int about_published(struct catalog *c, struct curb_req *req, const struct catalog_course *course,
                           const struct content_version *version, struct curb_value *row)
{
	struct catalog_published published;
	int err = catalog_published_by_id(c, curb_req_tx(req), &course->id, curb_id_str(&version->id),
	                                  &published);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	bool withdrawn = published.withdrawn_ms != 0, now = is_now(course, &version->id);
	curb_put_bool(row, "published", true);
	curb_put_str(row, "state",
	             withdrawn || course->state == CATALOG_RETIRED ? curb_tr(req, "Out of use", NULL) :
	             now                                           ? curb_tr(req, "Published", NULL) :
	                                                             curb_tr(req, "Replaced", NULL));
	say_since(req, row, CURB_TEXT("Published on {day}"), published.since_ms);
	if (withdrawn)
		say_since(req, row, CURB_TEXT("Withdrawn on {day}. Classes that have it keep it."),
		          published.withdrawn_ms);
	else if (course->state == CATALOG_RETIRED)
		say(req, row, curb_tr(req, "The course is retired. Classes that have it keep it.", NULL));
	else if (now)
		say(req, row, curb_tr(req, "New classes take this version.", NULL));
	else
		say(req, row,
		    curb_tr(req, "A newer version is published. Classes that have this one keep it.", NULL));
	put_turn(req, course, version, withdrawn, row);
	return say_classes(c, req, version, row);
}

int catalog_about(void *self, struct curb_req *req, const struct content_version *version,
                  struct curb_value *row)
{
	struct catalog *c = self;
	struct catalog_course course, next;
	int err = catalog_course_by_id(c, curb_req_tx(req), curb_id_str(&version->course), &course);
	if (!err)
		err = catalog_next_for(c, req, &course, &next);
	if (err)
		return err;
	const struct catalog_course *draft = curb_id_some(&next.id) ? &next : &course;
	if (is_now(draft, &version->id) && draft->state != CATALOG_PUBLISHED &&
	    draft->state != CATALOG_RETIRED)
		curb_put_str(row, "state", catalog_state_text(req, draft->state));
	return about_published(c, req, &course, version, row);
}

/* ---- publishing a new one ---- */

int catalog_take_over(struct catalog *c, struct curb_tx *tx, struct catalog_course *course)
{
	struct catalog_course taken = *course, main;
	if (!curb_id_some(&course->of))
		return 0;
	int err = catalog_course_by_id(c, tx, curb_id_str(&course->of), &main);
	if (!err)
		err = catalog_next_end(c, tx, course);
	if (err)
		return err;
	taken.id = main.id;
	taken.of = main.of;
	taken.state = main.state;
	err = catalog_course_put(c, tx, &taken);
	*course = taken;
	return err;
}

/* ---- withdrawing one, and publishing it again ---- */

struct turning {
	struct catalog *c;
	struct curb_id id, person;
	struct curb_str version;
	enum catalog_act act; /* ACT_RETIRE or ACT_RESTORE */
	int64_t at_ms;
	struct catalog_course course;
	struct catalog_published published;
};

static int check_turn(struct turning *t, struct curb_tx *tx)
{
	const struct catalog_course *course = &t->course;
	bool withdrawn = t->published.withdrawn_ms != 0, restore = t->act == ACT_RESTORE;
	if (withdrawn != restore || (!restore && course->state != CATALOG_PUBLISHED))
		return curb_fail(
			CURB_ECONFLICT,
			"Somebody has done something else with this course meanwhile; look at it again");
	if (!restore)
		return 0;
	if (strcmp(course->owner.text, t->person.text) == 0 &&
	    strcmp(t->published.withdrawn_by.text, t->person.text) != 0)
		return curb_fail(
			CURB_EDENIED,
			"A reviewer withdrew this version: a reviewer is needed to publish it again");
	return course->state == CATALOG_RETIRED ? catalog_check_undo(t->c, tx, course, &t->person) : 0;
}

static int note_turn(struct turning *t, struct curb_tx *tx)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", t->course.name);
	const struct curb_change change = {
		t->person, curb_id_str(&t->course.id), t->course.place,
		t->act == ACT_RETIRE ? CURB_TEXT("withdrew a version of the course {name}") :
				       CURB_TEXT("published a version of the course {name} again"),
		detail
	};
	return curb_note_change(tx, &change, t->at_ms);
}

/* Without any version the course is retired, and with the first that comes back it is published again. */
static int add_step(struct turning *t, struct curb_tx *tx)
{
	const struct catalog_step step = { t->person, curb_str(catalog_act_word(t->act)), curb_str(""),
		                           t->at_ms };
	return catalog_step_add(t->c, tx, &t->course.id, &step);
}

static int retire(struct turning *t, struct curb_tx *tx)
{
	int err = catalog_set_state(t->c, tx, &t->course.id, CATALOG_RETIRED, t->at_ms);
	if (!err)
		err = catalog_unlist(t->c, tx, &t->course.id);
	return err ? err : add_step(t, tx);
}

static int show(struct turning *t, struct curb_tx *tx, const struct curb_id *last)
{
	struct content_version version;
	bool back = t->course.state == CATALOG_RETIRED;
	if (!back && is_now(&t->course, last))
		return 0;
	int err = t->c->content->version(t->c->content, tx, curb_id_str(last), &version);
	if (!err)
		err = catalog_take_version(t->c, tx, &version, &t->course);
	if (!err)
		err = catalog_course_put(t->c, tx, &t->course);
	if (!err)
		err = catalog_make_public(t->c, tx, &t->course, t->at_ms);
	return !err && back ? add_step(t, tx) : err;
}

static int turn(struct curb_tx *tx, void *arg)
{
	struct turning *t = arg;
	struct catalog_published last;
	int err = catalog_course_by_id(t->c, tx, curb_id_str(&t->id), &t->course);
	if (!err)
		err = catalog_published_by_id(t->c, tx, &t->id, t->version, &t->published);
	if (err == CURB_ENOTFOUND)
		return curb_fail(CURB_ECONFLICT, "This version was never published");
	if (!err)
		err = check_turn(t, tx);
	t->published.withdrawn_ms = t->act == ACT_RETIRE ? t->at_ms : 0;
	t->published.withdrawn_by = t->act == ACT_RETIRE ? t->person : (struct curb_id){ "" };
	if (!err)
		err = catalog_published_turn(t->c, tx, &t->published);
	if (!err)
		err = catalog_published_last(t->c, tx, &t->id, &last);
	if (err == CURB_ENOTFOUND)
		err = retire(t, tx);
	else if (!err)
		err = show(t, tx, &last.version);
	return err ? err : note_turn(t, tx);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct turning *t = arg;
	bool own = strcmp(t->course.owner.text, t->person.text) == 0;
	return curb_reply_redirect(
		req,
		curb_str(own ? curb_printf(curb_req_arena(req), "/packages/courses/%s/versions", t->id.text) :
	                       curb_printf(curb_req_arena(req), "/courses/%s", t->id.text)));
}

int catalog_post_version(struct curb_req *req, void *state)
{
	struct curb_str path = curb_req_path(req), word = curb_str("");
	while (curb_str_cut(&path, '/', &word)) /* the last segment: each has a route of its own */
		continue;
	struct turning t = { .c = state,
		             .person = curb_req_user(req)->id,
		             .version = curb_req_param(req, "version"),
		             .act = curb_str_is(word, "retire") ? ACT_RETIRE : ACT_RESTORE,
		             .at_ms = curb_wall_ms() };
	int err = catalog_open(state, req, curb_req_param(req, "id"), &t.course);
	if (!err)
		err = catalog_check_who(req, &t.course, t.act);
	t.id = t.course.id;
	return err ? err : curb_write_reply(req, curb_str(NULL), turn, answer, &t);
}
