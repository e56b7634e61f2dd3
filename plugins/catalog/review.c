/* The way of a course from its author to everybody: handed in, approved or sent back, retired. */
#include "catalog.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"

enum who { OWNER = 1, REVIEWER = 2 };

#define IN(state) (1u << (state))

static const struct {
	const char *word;
	unsigned who;  /* any of them */
	unsigned from; /* states it is done in */
	enum catalog_state to;
	bool reason, asks; /* a reason is needed; a page asks before it is done */
	bool other;        /* never by its owner, whatever her roles are */
	const char *note;  /* for the list of changes */
} acts[ACTS] = {
	[ACT_SUBMIT] = { "submit", OWNER, IN(CATALOG_DRAFT) | IN(CATALOG_RETURNED), CATALOG_WAITING, false,
	                 false, false, CURB_TEXT("handed in the course {name}") },
	[ACT_WITHDRAW] = { "withdraw", OWNER, IN(CATALOG_WAITING), CATALOG_DRAFT, false, false, false,
	                   CURB_TEXT("took the course {name} back") },
	[ACT_APPROVE] = { "approve", REVIEWER, IN(CATALOG_WAITING), CATALOG_PUBLISHED, false, false, true,
	                  CURB_TEXT("approved the course {name}") },
	[ACT_REJECT] = { "reject", REVIEWER, IN(CATALOG_WAITING), CATALOG_RETURNED, true, false, true,
	                 CURB_TEXT("sent the course {name} back") },
	[ACT_PUBLISH] = { "publish", REVIEWER, IN(CATALOG_DRAFT) | IN(CATALOG_RETURNED) | IN(CATALOG_WAITING),
	                  CATALOG_PUBLISHED, false, false, true, CURB_TEXT("published the course {name}") },
	[ACT_RETIRE] = { "retire", OWNER | REVIEWER, IN(CATALOG_PUBLISHED), CATALOG_RETIRED, false, true,
	                 false, CURB_TEXT("retired the course {name}") },
	[ACT_RESTORE] = { "restore", OWNER | REVIEWER, IN(CATALOG_RETIRED), CATALOG_PUBLISHED, false, false,
	                  false, CURB_TEXT("brought the course {name} back") },
};

const char *catalog_act_word(enum catalog_act act)
{
	return acts[act].word;
}

static bool act_named(struct curb_str word, enum catalog_act *ret_act)
{
	for (int i = 0; i < ACTS; i++)
		if (curb_str_is(word, acts[i].word)) {
			*ret_act = (enum catalog_act)i;
			return true;
		}
	return false;
}

bool catalog_owns(struct curb_req *req, const struct catalog_course *course)
{
	const struct curb_user *user = curb_req_user(req);
	return curb_id_some(&user->id) && strcmp(user->id.text, course->owner.text) == 0 &&
	       (user->roles & (CURB_AUTHOR | CURB_STAFF | CURB_REVIEWER));
}

static unsigned who_is(struct curb_req *req, const struct catalog_course *course)
{
	return (catalog_owns(req, course) ? OWNER : 0u) | (catalog_reviews(req, course) ? REVIEWER : 0u);
}

int catalog_check_who(struct curb_req *req, const struct catalog_course *course, enum catalog_act act)
{
	unsigned who = who_is(req, course);
	if (!(acts[act].who & who))
		return curb_fail(CURB_EDENIED,
		                 "This is up to others: the author hands in, a reviewer approves");
	if (acts[act].other && (who & OWNER))
		return curb_fail(CURB_EDENIED,
		                 "This course is your own: another reviewer is needed to decide about it");
	return 0;
}

bool catalog_may(struct curb_req *req, const struct catalog_course *course, enum catalog_act act)
{
	return (acts[act].from & IN(course->state)) && catalog_check_who(req, course, act) == 0;
}

bool catalog_needs_another(struct curb_req *req, const struct catalog_course *course)
{
	return course->state == CATALOG_WAITING && who_is(req, course) == (OWNER | REVIEWER);
}

/* ---- doing it ---- */

struct doing {
	struct catalog *c;
	struct curb_id id;
	struct catalog_course course; /* as it is afterwards */
	enum catalog_act act;
	struct catalog_step step;
	struct curb_str seen; /* the version that whoever decides has looked at; absent: not told */
	bool page;
};

static int check_state(const struct catalog_course *course, enum catalog_act act)
{
	if (acts[act].from & IN(course->state))
		return 0;
	if (course->state == CATALOG_PUBLISHED)
		return curb_fail(CURB_ECONFLICT, "This course is published already");
	return curb_fail(CURB_ECONFLICT,
	                 "Somebody has done something else with this course meanwhile; look at it again");
}

static int note(struct curb_tx *tx, const struct doing *doing)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", doing->course.name);
	const struct curb_change change = { doing->step.person, curb_id_str(&doing->course.id),
		                            doing->course.place, acts[doing->act].note, detail };
	return curb_note_change(tx, &change, doing->step.at_ms);
}

int catalog_check_undo(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                       const struct curb_id *person)
{
	struct catalog_step last;
	if (strcmp(course->owner.text, person->text) != 0)
		return 0;
	int err = catalog_last_step(c, tx, &course->id, &last);
	if (!err && strcmp(last.person.text, person->text) != 0)
		return curb_fail(CURB_EDENIED,
		                 "A reviewer took this course out of the list: a reviewer is needed to "
		                 "bring it back");
	return err == CURB_ENOTFOUND ? 0 : err;
}

static int do_it(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	struct catalog_course *course = &doing->course;
	int err = catalog_course_by_id(doing->c, tx, curb_id_str(&doing->id), course);
	if (!err)
		err = check_state(course, doing->act);
	if (!err && doing->act == ACT_RESTORE)
		err = catalog_check_undo(doing->c, tx, course, &doing->step.person);
	if (!err && doing->seen.len && !curb_str_is(doing->seen, course->version.text))
		err = curb_fail(
			CURB_ECONFLICT,
			"Somebody has done something else with this course meanwhile; look at it again");
	if (!err)
		err = catalog_step_add(doing->c, tx, &course->id, &doing->step);
	if (err)
		return err;
	enum catalog_state to = acts[doing->act].to;
	if (to == CATALOG_PUBLISHED) {
		err = catalog_take_over(doing->c, tx, course);
		if (!err)
			err = catalog_make_public(doing->c, tx, course, doing->step.at_ms);
	} else
		err = catalog_set_state(doing->c, tx, &course->id, to, doing->step.at_ms);
	if (!err && to == CATALOG_RETIRED)
		err = catalog_unlist(doing->c, tx, &course->id);
	course->state = to;
	return err ? err : note(tx, doing);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct doing *doing = arg;
	if (doing->page)
		return curb_reply_redirect(
			req, curb_str(curb_printf(curb_req_arena(req), "/courses/%s?done=%s",
		                                  doing->course.id.text, acts[doing->act].word)));
	struct curb_buf out = curb_buf(256);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", doing->course.id.text);
	curb_json_ktext(&j, "state", catalog_state_word(doing->course.state));
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

/* The reason that a course is sent back for: without one its author could only guess. */
static int read_reason(struct curb_req *req, enum catalog_act act, struct curb_str *ret_reason)
{
	enum { LONGEST = 6000 };
	struct curb_str reason = curb_str_trim(curb_req_field(req, "reason"));
	*ret_reason = reason.ptr ? reason : curb_str("");
	if (acts[act].reason && reason.len == 0)
		return curb_fail(CURB_EINVAL, "Say what should be mended, so that the author knows");
	if (reason.len > LONGEST)
		return curb_fail(CURB_EINVAL, "The reason is too long; about 2000 characters are the most");
	return 0;
}

static int find_act(struct curb_req *req, struct catalog *c, struct catalog_course *ret_course,
                    enum catalog_act *ret_act)
{
	struct curb_str path = curb_req_path(req), word = curb_str("");
	while (curb_str_cut(&path, '/', &word)) /* the last segment: each act has a route of its own */
		continue;
	if (!act_named(word, ret_act))
		return curb_fail(CURB_ENOTFOUND, "This course is not here");
	return catalog_open(c, req, curb_req_param(req, "id"), ret_course);
}

int catalog_post_act(struct curb_req *req, void *state)
{
	struct doing doing = { .c = state,
		               .seen = curb_req_field(req, "version"),
		               .page = curb_req_wants_page(req) };
	int err = find_act(req, state, &doing.course, &doing.act);
	if (!err)
		err = catalog_check_who(req, &doing.course, doing.act);
	if (err)
		return err;
	doing.id = doing.course.id;
	doing.step = (struct catalog_step){ .person = curb_req_user(req)->id,
		                            .act = curb_str(acts[doing.act].word),
		                            .at_ms = curb_wall_ms() };
	err = read_reason(req, doing.act, &doing.step.reason);
	if (err && doing.page) {
		struct curb_str error = curb_dup(curb_req_arena(req), curb_str(curb_error_local()));
		return catalog_show_course(req, state, &doing.course, doing.step.reason, error,
		                           curb_err_status(err));
	}
	return err ? err : curb_write_reply(req, curb_str(NULL), do_it, answer, &doing);
}

int catalog_page_act(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct catalog_course course;
	enum catalog_act act;
	int err = find_act(req, state, &course, &act);
	if (err)
		return err;
	if (!acts[act].asks || !catalog_may(req, &course, act))
		return curb_fail(CURB_ENOTFOUND, "This course is not here");
	struct curb_value *model = curb_object(arena);
	curb_put_str(model, "title", curb_tr(req, "Retire this course?", NULL));
	curb_put_str(model, "name", course.name);
	curb_put_str(model, "name_lang", course.lang);
	curb_put_text(model, "action", curb_printf(arena, "/courses/%s/%s", course.id.text, acts[act].word));
	curb_put_text(model, "back", curb_printf(arena, "/courses/%s", course.id.text));
	return curb_reply_page(req, 200, "retire", model);
}
