#include "credit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"

enum { SPANS_MOST = 512, COURSES_MOST = 64, OFFLINE_MOST = 64, POSITION_MOST = 1000000000 };

/* ---- POST /api/v1/cohorts ---- */

struct new_cohort {
	struct credit *c;
	struct credit_plan plan;
	struct curb_id by, id;
	int64_t now_ms;
};

static int read_courses(struct curb_arena *arena, const struct curb_value *list, struct credit_plan *plan)
{
	size_t n = curb_value_count(list);
	if (curb_value_type(list) != CURB_ARRAY || n > COURSES_MOST)
		return curb_fail(CURB_EINVAL, "courses must be a list of at most %d course versions",
		                 COURSES_MOST);
	struct curb_str *versions = curb_alloc_n(arena, n + 1, sizeof *versions);
	for (size_t i = 0; i < n; i++)
		versions[i] = curb_value_str(curb_value_at(list, i));
	plan->versions = versions;
	plan->version_count = n;
	return 0;
}

static int read_offline(struct curb_arena *arena, const struct curb_value *list, struct credit_plan *plan)
{
	size_t n = curb_value_count(list);
	if (list && (curb_value_type(list) != CURB_ARRAY || n > OFFLINE_MOST))
		return curb_fail(CURB_EINVAL, "offline must be a list of at most %d units", OFFLINE_MOST);
	struct credit_offline *offline = curb_alloc_n(arena, n + 1, sizeof *offline);
	for (size_t i = 0; i < n; i++) {
		const struct curb_value *unit = curb_value_at(list, i);
		offline[i].name = curb_get_str(unit, "name");
		if (!curb_value_fixed(curb_value_get(unit, "hours"), 2, &offline[i].hours_c))
			return curb_fail(
				CURB_EINVAL,
				"The hours of an offline unit must be a number with at most two decimals");
	}
	plan->offline = offline;
	plan->offline_count = n;
	return 0;
}

static int read_plan(struct curb_req *req, struct credit_plan *plan)
{
	const struct curb_value *body = curb_req_value(req);
	plan->programme = curb_str_trim(curb_get_str(body, "programme"));
	plan->institution = curb_get_str(body, "institution");
	plan->starts_ms = curb_get_int(body, "starts", -1);
	plan->ends_ms = curb_get_int(body, "ends", -1);
	if (!curb_value_fixed(curb_value_get(body, "total"), 2, &plan->total_c))
		return curb_fail(CURB_EINVAL,
		                 "total must be class hours with at most two decimals, such as 40 or 12.5");
	int err = read_courses(curb_req_arena(req), curb_value_get(body, "courses"), plan);
	return err ? err : read_offline(curb_req_arena(req), curb_value_get(body, "offline"), plan);
}

static int open_cohort(struct curb_tx *tx, void *arg)
{
	struct new_cohort *new = arg;
	return credit_open_cohort(new->c, tx, &new->plan, &new->by, new->now_ms, &new->id);
}

static int answer_cohort(struct curb_req *req, void *arg)
{
	struct new_cohort *new = arg;
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", new->id.text);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

/* A class is opened only where a grant of the person covers the institution. */
static int check_may_open(struct curb_req *req, struct curb_str institution)
{
	struct curb_id id;
	if (curb_id_parse(institution, &id) && curb_may(req, CURB_STAFF | CURB_TEACHER, &id))
		return 0;
	return curb_fail(CURB_EDENIED, "You may open classes only for your own institution");
}

int credit_post_cohort(struct curb_req *req, void *state)
{
	struct new_cohort new = { .c = state, .by = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	int err = read_plan(req, &new.plan);
	if (!err)
		err = check_may_open(req, new.plan.institution);
	if (err)
		return err;
	return curb_write_reply(req, new.plan.institution, open_cohort, answer_cohort, &new);
}

/* ---- GET /api/v1/cohorts: of the institutions that the person's grants cover ---- */

static void put_cohort(struct curb_json *j, const struct credit_cohort *cohort)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", cohort->id.text);
	curb_json_kstr(j, "programme", cohort->programme);
	curb_json_ktext(j, "institution", cohort->institution.text);
	curb_json_key(j, "total");
	curb_json_milli(j, cohort->total_c * 10);
	curb_json_kint(j, "starts", cohort->starts_ms);
	curb_json_kint(j, "ends", cohort->ends_ms);
	curb_json_end(j, '}');
}

int credit_get_cohorts(struct curb_req *req, void *state)
{
	size_t institutions_n = 0;
	const struct curb_id *institutions = curb_req_institutions(
		req, CURB_STAFF | CURB_TEACHER | CURB_AUDITOR, &institutions_n);
	struct curb_buf out = curb_buf(4 << 20);
	struct curb_json j = curb_json(&out);
	int err = 0;
	curb_json_begin(&j, '{');
	curb_json_key(&j, "items");
	curb_json_begin(&j, '[');
	for (size_t i = 0; !err && i < institutions_n; i++) {
		struct credit_cohort *cohorts = NULL;
		size_t n = 0;
		err = credit_cohorts_of_institution(state, curb_req_tx(req), &institutions[i], &cohorts, &n);
		for (size_t k = 0; !err && k < n; k++)
			put_cohort(&j, &cohorts[k]);
	}
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
	if (!err)
		return curb_reply_json(req, 200, &out);
	curb_buf_free(&out);
	return err;
}

/* ---- POST /api/v1/cohorts/:id/trainees ---- */

struct new_trainee {
	struct credit *c;
	struct curb_str cohort, trainee;
	struct curb_id by;
	struct curb_user user;
	int64_t now_ms;
	bool page;
};

static int add_trainee(struct curb_tx *tx, void *arg)
{
	struct new_trainee *new = arg;
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(new->c, tx, new->cohort, &cohort);
	if (!err)
		err = curb_person_find(tx, new->trainee, new->now_ms, &new->user);
	if (!err && !(new->user.roles &CURB_LEARNER))
		return curb_fail(CURB_EUNFIT,
		                 "This account is not a learner's; give it the role learner first");
	return err ? err : credit_trainee_add(new->c, tx, &cohort.id, &new->user, &new->by, new->now_ms);
}

static int answer_trainee(struct curb_req *req, void *arg)
{
	struct new_trainee *new = arg;
	if (new->page)
		return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/classes/%.*s",
		                                                     (int)new->cohort.len, new->cohort.ptr)));
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "trainee", new->user.id.text);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

int credit_post_trainee(struct curb_req *req, void *state)
{
	struct new_trainee new = {
		.c = state,
		.cohort = curb_req_param(req, "id"),
		.trainee = curb_str_trim(curb_req_field(req, "trainee")),
		.by = curb_req_user(req)->id,
		.now_ms = curb_wall_ms(),
		.page = curb_req_wants_page(req),
	};
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(state, curb_req_tx(req), new.cohort, &cohort);
	if (err)
		return err;
	if (!curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (new.trainee.len == 0)
		return curb_fail(CURB_EINVAL, "Give the trainee's learner number");
	return curb_write_reply(req, new.cohort, add_trainee, answer_trainee, &new);
}

/* ---- POST /api/v1/plays ---- */

struct new_play {
	struct credit *c;
	struct curb_str unit, cohort;
	struct curb_id person;
	struct credit_now now;
	struct credit_play play;
};

static int open_play(struct curb_tx *tx, void *arg)
{
	struct new_play *new = arg;
	return credit_open_play(new->c, tx, &new->person, new->unit, new->cohort, &new->now, &new->play);
}

static int put_media(struct curb_req *req, struct credit *c, struct curb_str unit_id, struct curb_json *j)
{
	struct content_unit unit;
	int err = c->content->unit(c->content, curb_req_tx(req), unit_id, &unit);
	if (err)
		return err;
	struct credit_player player = { 0 };
	(void)pthread_mutex_lock(&c->players_lock);
	for (size_t i = 0; i < CREDIT_PLAYERS_MOST; i++)
		if (c->players[i].kind && curb_str_is(unit.kind, c->players[i].kind))
			player = c->players[i].player;
	(void)pthread_mutex_unlock(&c->players_lock);
	return player.media ? player.media(player.self, req, &unit, j) : 0;
}

static int answer_play(struct curb_req *req, void *arg)
{
	struct new_play *new = arg;
	struct curb_buf out = curb_buf(256 << 10);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "play", new->play.id.text);
	curb_json_key(&j, "media");
	curb_json_begin(&j, '{');
	int err = put_media(req, new->c, new->unit, &j);
	curb_json_end(&j, '}');
	curb_json_kint(&j, "resume_s", new->play.position_s);
	curb_json_kint(&j, "beat_s", CREDIT_BEAT_S);
	curb_json_end(&j, '}');
	if (!err)
		return curb_reply_json(req, 201, &out);
	curb_buf_free(&out);
	return err;
}

int credit_post_play(struct curb_req *req, void *state)
{
	struct new_play new = {
		.c = state,
		.unit = curb_req_field(req, "unit"),
		.cohort = curb_req_field(req, "cohort"),
		.person = curb_req_user(req)->id,
		.now = credit_now(),
	};
	if (!new.unit.ptr || !new.cohort.ptr)
		return curb_fail(CURB_EINVAL,
		                 "unit and cohort are needed: the lesson and the class it is learned in");
	return curb_write_reply(req, curb_id_str(&new.person), open_play, answer_play, &new);
}

/* ---- POST /api/v1/plays/:id/beats ---- */

struct new_beat {
	struct credit *c;
	struct credit_beat beat;
	struct credit_answer answer;
};

/* A bound in whole seconds: a part of a second is not played yet, so `from` is rounded up and `to` down. */
static bool read_second(const struct curb_value *value, bool up, uint32_t *ret_second)
{
	int64_t ms;
	if (!curb_value_fixed(value, 3, &ms) || ms > (int64_t)POSITION_MOST * 1000)
		return false;
	*ret_second = (uint32_t)((ms + (up ? 999 : 0)) / 1000);
	return true;
}

static int read_played(struct curb_arena *arena, const struct curb_value *list, struct credit_beat *beat)
{
	size_t n = curb_value_count(list);
	if (curb_value_type(list) != CURB_ARRAY || n > SPANS_MOST)
		return curb_fail(CURB_EINVAL, "played must be a list of at most %d pairs [from, to]",
		                 SPANS_MOST);
	struct span *spans = curb_alloc_n(arena, n + 1, sizeof *spans);
	for (size_t i = 0; i < n; i++) {
		const struct curb_value *pair = curb_value_at(list, i);
		if (curb_value_count(pair) != 2 ||
		    !read_second(curb_value_at(pair, 0), true, &spans[i].from) ||
		    !read_second(curb_value_at(pair, 1), false, &spans[i].to))
			return curb_fail(CURB_EINVAL,
			                 "Each pair of played must be two numbers of seconds, from 0 on, "
			                 "with at most three decimals");
	}
	beat->played = spans;
	beat->played_count = n;
	return 0;
}

static int read_beat(struct curb_req *req, struct credit_beat *beat)
{
	enum { SEQ_MOST = 1000000000 };
	const struct curb_value *body = curb_req_value(req);
	beat->seq = curb_get_int(body, "seq", -1);
	if (beat->seq < 0 || beat->seq > SEQ_MOST)
		return curb_fail(CURB_EINVAL, "seq must be a whole number from 0 on");
	const struct curb_value *position = curb_value_get(body, "position");
	uint32_t position_s = 0;
	if (position && !read_second(position, false, &position_s))
		return curb_fail(CURB_EINVAL, "position must be a number of seconds from 0 on");
	beat->position_s = position ? (int64_t)position_s : -1;
	return read_played(curb_req_arena(req), curb_value_get(body, "played"), beat);
}

static int take_beat(struct curb_tx *tx, void *arg)
{
	struct new_beat *new = arg;
	return credit_take_beat(new->c, tx, &new->beat, &new->answer);
}

static const char *why(const char *reason)
{
	static const struct {
		const char *reason, *text;
	} words[] = {
		{ "share_full",
		  CURB_TEXT("The online hours of this class are full. Everything you learned is kept. You "
		            "can go on watching "
		            "as much as you like; it adds no hours. The rest is earned in class.") },
		{ "hours_full",
		  CURB_TEXT("This lesson has earned all its class hours. You can watch it again as often as "
		            "you like.") },
		{ "clock", CURB_TEXT("This came faster than it can be played, so a part is not counted yet. "
		                     "Play it again "
		                     "and it counts.") },
		{ "not_delivered",
		  CURB_TEXT("A part of this was not sent to you by this server, so it is not counted. Play "
		            "it here and it counts.") },
		{ "seen_before",
		  CURB_TEXT("This part counted before. You can watch it as often as you like.") },
		{ "repeated", CURB_TEXT("This was reported before; nothing was counted twice.") },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(reason, words[i].reason) == 0)
			return words[i].text;
	return CURB_TEXT("Counted.");
}

static int answer_beat(struct curb_req *req, void *arg)
{
	const struct new_beat *new = arg;
	const struct credit_answer *a = &new->answer;
	struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "seen_s", a->seen_s);
	curb_json_kint(&j, "granted_s", a->granted_s);
	curb_json_kint(&j, "added_s", a->added_s);
	curb_json_kint(&j, "uncredited_s", a->seen_s - a->granted_s);
	curb_json_kint(&j, "unit_s", a->unit_s);
	curb_json_key(&j, "online");
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "granted_s", a->online_s);
	curb_json_kint(&j, "cap_s", a->cap_s);
	curb_json_kint(&j, "remains_s", a->cap_s - a->online_s);
	curb_json_end(&j, '}');
	curb_json_ktext(&j, "lease", a->held ? "held" : "moved");
	curb_json_ktext(&j, "reason", a->reason);
	curb_json_kstr(&j, "why", curb_tr(req, why(a->reason), NULL));
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

int credit_post_beat(struct curb_req *req, void *state)
{
	struct new_beat new = { .c = state };
	new.beat.play = curb_req_param(req, "id");
	new.beat.person = curb_req_user(req)->id;
	new.beat.now = credit_now();
	int err = read_beat(req, &new.beat);
	if (err)
		return err;
	return curb_write_reply(req, curb_id_str(&new.beat.person), take_beat, answer_beat, &new);
}
