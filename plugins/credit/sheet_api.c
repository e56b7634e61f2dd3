/* Attendance for programs. */
#include "curb/clock.h"
#include "curb/err.h"
#include "sheet.h"

struct entering {
	struct credit *c;
	struct sheet_entering it;
};

/* "2027-03-01T09:00" in the place's own time, or milliseconds UTC. */
static bool read_moment(const struct credit *c, const struct curb_value *value, int64_t *ret_ms)
{
	static const int64_t latest_ms = 253402300800000; /* the year 10000 */
	struct curb_str text = curb_value_str(value);
	int64_t day = 0, minutes = 0;
	if (!text.ptr)
		return curb_value_fixed(value, 0, ret_ms) && *ret_ms <= latest_ms;
	if (text.len != 16 || text.ptr[10] != 'T' || !credit_read_date(curb_str_n(text.ptr, 10), &day) ||
	    !sheet_read_time(curb_str_from(text, 11), &minutes))
		return false;
	*ret_ms = count_day_begins_ms(day, c->utc_offset_ms) + minutes * 60 * 1000;
	return true;
}

static int read_lesson(struct curb_req *req, const struct credit *c, struct sheet *sheet)
{
	const struct curb_value *body = curb_req_value(req);
	if (!curb_value_fixed(curb_value_get(body, "unit"), 0, &sheet->unit) || sheet->unit < 1)
		return curb_fail(CURB_EINVAL,
		                 "unit must be the number of an offline unit in the class's plan, from 1 on");
	sheet->unit--;
	if (!sheet_mode_named(curb_get_str(body, "mode"), &sheet->mode))
		return curb_fail(CURB_EINVAL, "mode must be onsite, visit or live");
	if (!read_moment(c, curb_value_get(body, "from"), &sheet->from_ms) ||
	    !read_moment(c, curb_value_get(body, "to"), &sheet->to_ms))
		return curb_fail(CURB_EINVAL,
		                 "from and to must be times of the place, such as 2027-03-01T09:00");
	sheet->place = curb_str_trim(curb_get_str(body, "place"));
	sheet->teacher = curb_str_trim(curb_get_str(body, "teacher"));
	sheet->key = curb_get_str(body, "key");
	if (sheet->key.len == 0 || sheet->key.len > SHEET_TEXT_LONGEST)
		return curb_fail(CURB_EINVAL,
		                 "key must be a text of your own that no other sheet of the class "
		                 "has: sent again, it is the same sheet");
	return 0;
}

/* The person of an id, learner number or phone, when she is on the roster. */
static int find_trainee(struct curb_req *req, struct credit *c, const struct curb_id *cohort,
                        struct curb_str said, struct curb_id *ret_person)
{
	struct curb_user user;
	int64_t online_s = 0;
	int err = said.len ? curb_person_find(curb_req_tx(req), said, curb_wall_ms(), &user) : CURB_ENOTFOUND;
	if (err == CURB_ENOTFOUND && said.len && curb_id_parse(said, &user.id))
		err = 0; /* her account may be closed: her hours are still to be corrected */
	if (!err)
		err = credit_online_s(c, curb_req_tx(req), cohort, &user.id, &online_s);
	if (err == CURB_ENOTFOUND)
		return curb_fail(CURB_EUNFIT, "%.*s is not on the roster of the class", (int)said.len,
		                 said.ptr ? said.ptr : "");
	if (!err)
		*ret_person = user.id;
	return err;
}

static int read_present(struct curb_req *req, struct credit *c, struct sheet_entering *it)
{
	const struct curb_value *list = curb_value_get(curb_req_value(req), "present");
	size_t n = curb_value_count(list);
	if (curb_value_type(list) != CURB_ARRAY || n > SHEET_TRAINEES_MOST)
		return curb_fail(CURB_EINVAL,
		                 "present must be a list of at most %d trainees with their seconds",
		                 SHEET_TRAINEES_MOST);
	struct sheet_present *present = curb_alloc_n(curb_req_arena(req), n + 1, sizeof *present);
	for (size_t i = 0; i < n; i++) {
		const struct curb_value *one = curb_value_at(list, i);
		if (!curb_value_fixed(curb_value_get(one, "seconds"), 0, &present[i].seconds))
			return curb_fail(CURB_EINVAL, "seconds must be a whole number for each trainee");
		int err = find_trainee(req, c, &it->sheet.cohort, curb_get_str(one, "trainee"),
		                       &present[i].person);
		if (err)
			return err;
	}
	it->present = present;
	it->n = n;
	return 0;
}

static int enter(struct curb_tx *tx, void *arg)
{
	struct entering *entering = arg;
	return sheet_enter(entering->c, tx, &entering->it);
}

static int reply_id(struct curb_req *req, int status, const char *id, const char *count, int64_t n)
{
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", id);
	curb_json_kint(&j, count, n);
	curb_json_end(&j, '}');
	return curb_reply_json(req, status, &out);
}

static int answer_entered(struct curb_req *req, void *arg)
{
	const struct entering *entering = arg;
	return reply_id(req, 201, entering->it.sheet.id.text, "trainees", (int64_t)entering->it.n);
}

int credit_post_attendance(struct curb_req *req, void *state)
{
	struct entering entering = { .c = state };
	struct sheet_entering *it = &entering.it;
	struct credit_cohort cohort;
	int err = credit_class_of(req, state, &cohort);
	if (err)
		return err;
	it->now_ms = curb_wall_ms();
	it->role = sheet_role_of(req, SHEET_ENTERERS, &cohort.institution);
	it->sheet.cohort = cohort.id;
	it->sheet.entered_by = curb_req_user(req)->id;
	err = read_lesson(req, state, &it->sheet);
	if (!err)
		err = read_present(req, state, it);
	return err ? err : curb_write_reply(req, curb_id_str(&cohort.id), enter, answer_entered, &entering);
}

/* ---- POST /api/v1/attendance/:id/countersign ---- */

int sheet_seen(struct curb_req *req, struct credit *c, struct curb_str id, uint32_t roles,
               struct sheet *ret_sheet, const char **ret_role)
{
	struct credit_cohort cohort;
	int err = sheet_by_id(c, curb_req_tx(req), id, ret_sheet);
	if (!err)
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&ret_sheet->cohort), &cohort);
	if (!err)
		*ret_role = sheet_role_of(req, roles, &cohort.institution);
	return err;
}

static int answer_signed(struct curb_req *req, void *arg)
{
	const struct sheet_signing *signing = arg;
	return reply_id(req, 200, curb_cstr(curb_req_arena(req), signing->sheet), "countersigned",
	                signing->signed_n);
}

/* A colleague or the federation signs for all; a trainee for herself. */
int credit_post_countersign(struct curb_req *req, void *state)
{
	struct sheet_signing signing = sheet_signing_of(req, state, curb_req_param(req, "id"));
	struct sheet sheet;
	const char *role = NULL;
	int err = sheet_seen(req, state, signing.sheet, SHEET_SIGNERS, &sheet, &role);
	if (err)
		return err;
	if (role)
		signing.role = role;
	return curb_write_reply(req, curb_id_str(&sheet.cohort), sheet_sign, answer_signed, &signing);
}

/* ---- POST /api/v1/attendance/:id/corrections ---- */

struct correcting {
	struct credit *c;
	struct sheet_correcting it;
};

static int correct(struct curb_tx *tx, void *arg)
{
	struct correcting *correcting = arg;
	return sheet_correct(correcting->c, tx, &correcting->it);
}

static int answer_corrected(struct curb_req *req, void *arg)
{
	const struct correcting *correcting = arg;
	return reply_id(req, 201, curb_cstr(curb_req_arena(req), correcting->it.sheet), "seconds",
	                correcting->it.seconds);
}

int credit_post_correction(struct curb_req *req, void *state)
{
	struct correcting correcting = { .c = state };
	struct sheet_correcting *it = &correcting.it;
	const struct curb_value *body = curb_req_value(req);
	struct sheet sheet;
	it->sheet = curb_req_param(req, "id");
	it->by = curb_req_user(req)->id;
	it->now_ms = curb_wall_ms();
	it->reason = curb_str_trim(curb_get_str(body, "reason"));
	int err = sheet_seen(req, state, it->sheet, SHEET_ENTERERS, &sheet, &it->role);
	if (!err && !it->role)
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	if (!err)
		err = find_trainee(req, state, &sheet.cohort, curb_get_str(body, "trainee"), &it->person);
	if (!err && !curb_value_fixed(curb_value_get(body, "seconds"), 0, &it->seconds))
		return curb_fail(CURB_EINVAL,
		                 "seconds must say how long the trainee was there, 0 for not at all");
	return err ? err :
	             curb_write_reply(req, curb_id_str(&sheet.cohort), correct, answer_corrected,
	                              &correcting);
}
