/* Classes over HTTP, for programs. */
#include "curb/clock.h"
#include "curb/err.h"
#include "pages.h"

enum { COURSES_MOST = 64, OFFLINE_MOST = 64 };

/* ---- POST /api/v1/cohorts ---- */

struct new_cohort {
	struct credit *c;
	struct credit_plan plan;
	struct credit_actor by;
	struct curb_id id;
	int64_t now_ms;
	struct curb_value *lacks;
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
		offline[i] = (struct credit_offline){ .name = curb_get_str(unit, "name") };
		if (!curb_value_fixed(curb_value_get(unit, "hours"), 2, &offline[i].hours_c))
			return curb_fail(
				CURB_EINVAL,
				"The hours of an offline unit must be a number with at most two decimals");
	}
	plan->offline = offline;
	plan->offline_count = n;
	return 0;
}

int credit_read_moment(const struct credit *c, const struct curb_value *value, bool past, int64_t *ret_ms)
{
	static const int64_t latest_ms = 253402300800000; /* the year 10000 */
	int64_t day = 0;
	if (credit_read_date(curb_value_str(value), &day))
		*ret_ms = count_day_begins_ms(day + past, c->utc_offset_ms);
	else if (!curb_value_fixed(value, 0, ret_ms) || *ret_ms > latest_ms)
		return curb_fail(CURB_EINVAL,
		                 "starts and ends must be the first and the last day, such as 2027-03-01");
	return 0;
}

static int read_plan(struct curb_req *req, const struct credit *c, struct credit_plan *plan)
{
	const struct curb_value *body = curb_req_value(req);
	plan->programme = curb_str_trim(curb_get_str(body, "programme"));
	plan->institution = curb_get_str(body, "institution");
	plan->kind = curb_get_str(body, "type");
	int err = credit_read_moment(c, curb_value_get(body, "starts"), false, &plan->starts_ms);
	if (!err)
		err = credit_read_moment(c, curb_value_get(body, "ends"), true, &plan->ends_ms);
	if (err)
		return err;
	if (!curb_value_fixed(curb_value_get(body, "total"), 2, &plan->total_c))
		return curb_fail(CURB_EINVAL,
		                 "total must be class hours with at most two decimals, such as 40 or 12.5");
	err = read_courses(curb_req_arena(req), curb_value_get(body, "courses"), plan);
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
	struct curb_buf out = curb_buf(1 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", new->id.text);
	curb_json_key(&j, "lacks");
	curb_json_value(&j, new->lacks);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

struct credit_actor credit_actor_of(struct curb_req *req, const struct curb_id *institution)
{
	return (struct credit_actor){ curb_req_user(req)->id,
		                      curb_may(req, CURB_STAFF, institution) ? "staff" : "teacher" };
}

/* A class is opened only where a grant of the person covers the institution. */
static int check_may_open(struct curb_req *req, struct curb_str institution)
{
	struct curb_id id;
	if (curb_id_parse(institution, &id) && curb_may(req, CURB_STAFF | CURB_TEACHER, &id))
		return 0;
	return curb_fail(CURB_EDENIED, "You may open classes only for your own institution");
}

/* Trainees could not open a draft; who opens the class sees it no more than they do. What was retired stays with the
 * classes that have it. */
int credit_check_courses(struct curb_req *req, const struct credit *c, const struct credit_plan *plan)
{
	int err = 0;
	for (size_t i = 0; c->catalog && !err && i < plan->version_count; i++) {
		struct content_version version;
		err = c->content->version(c->content, curb_req_tx(req), plan->versions[i], &version);
		if (!err)
			err = c->catalog->may_see(c->catalog, req, &version.course, &version.id);
		if (!err)
			err = c->catalog->may_take(c->catalog, curb_req_tx(req), &version.course,
			                           &version.id);
	}
	return err;
}

int credit_post_cohort(struct curb_req *req, void *state)
{
	struct new_cohort new = { .c = state, .now_ms = curb_wall_ms() };
	int err = read_plan(req, new.c, &new.plan);
	if (!err)
		err = check_may_open(req, new.plan.institution);
	const struct curb_id institution = curb_id_of(new.plan.institution);
	new.by = credit_actor_of(req, &institution);
	if (!err)
		err = credit_check_courses(req, new.c, &new.plan);
	if (!err)
		err = lacks_list(req, new.c, new.plan.versions, new.plan.version_count, &new.lacks);
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
	curb_json_kstr(j, "type", cohort->kind);
	curb_json_kint(j, "starts", cohort->starts_ms);
	curb_json_kint(j, "ends", cohort->ends_ms);
	curb_json_end(j, '}');
}

int credit_get_cohorts(struct curb_req *req, void *state)
{
	enum { AT_ONCE = 100, PAGE_LAST = 100000 };
	struct class_filter filter = { .most = AT_ONCE +
		                               1 }; /* one more tells whether there is a next page */
	struct curb_str typed = curb_req_query(req, "page");
	struct credit_class_row *rows = NULL;
	size_t n = 0;
	int64_t page = 1;
	if (typed.len && (!curb_str_int(typed, &page) || page < 1 || page > PAGE_LAST))
		return curb_fail(CURB_EINVAL, "page must be a whole number from 1 on");
	filter.skip = (size_t)(page - 1) * AT_ONCE;
	int err = credit_find_classes(req, state, &filter, &rows, &n);
	if (err)
		return err;
	struct curb_buf out = curb_buf(1 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "items");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n && i < AT_ONCE; i++)
		put_cohort(&j, &rows[i].cohort);
	curb_json_end(&j, ']');
	curb_json_key(&j, "next");
	if (n > AT_ONCE)
		curb_json_int(&j, page + 1);
	else
		curb_json_null(&j);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}
