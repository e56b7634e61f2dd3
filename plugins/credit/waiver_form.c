/* Asking for an exception: by a page with its document, or by a program. */
#include "curb/clock.h"
#include "curb/err.h"
#include "waiver.h"

struct asking {
	struct credit *c;
	struct waiver_asking asking;
};

static int ask(struct curb_tx *tx, void *arg)
{
	struct asking *asking = arg;
	return waiver_ask(asking->c, tx, &asking->asking);
}

static struct asking begin(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort)
{
	const struct credit_actor by = credit_actor_of(req, &cohort->institution);
	struct asking asking = { .c = c, .asking = { .role = by.role, .field = "share" } };
	struct waiver *waiver = &asking.asking.waiver;
	waiver->asked_ms = curb_wall_ms();
	waiver->id = curb_id_new(waiver->asked_ms);
	waiver->cohort = cohort->id;
	waiver->by = by.id;
	return asking;
}

static int find_trainee(struct curb_req *req, struct curb_str typed, struct curb_id *ret_person)
{
	struct curb_user user;
	if (!typed.len)
		return 0;
	int err = curb_person_find(curb_req_tx(req), typed, curb_wall_ms(), &user);
	if (!err)
		*ret_person = user.id;
	return err == CURB_ENOTFOUND ?
	               curb_fail(CURB_EUNFIT, "This person is not on the roster of the class") :
	               err;
}

/* ---- the page ---- */

static int answer_page(struct curb_req *req, void *arg)
{
	const struct asking *asking = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/waivers/%s?done=asked",
	                                                     asking->asking.waiver.id.text)));
}

static void read_form(struct typed_form *form, const struct credit *c, const struct credit_cohort *cohort,
                      struct waiver *waiver)
{
	int64_t share_m = 0, last = 0;
	struct curb_str trainee = typed_field(form, "trainee"), share = typed_field(form, "share");
	waiver->document = typed_field(form, "document");
	waiver->reason = typed_field(form, "reason");
	last = typed_date(form, "until", CURB_TEXT("Last day"));
	waiver->until_ms = last ? count_day_begins_ms(last + 1, c->utc_offset_ms) : cohort->ends_ms;
	if (!draft_read_number(share, 1, 9999, &share_m))
		typed_wrong(form, "share",
		            curb_tr(form->req,
		                    "Write this as a number, such as 40; the help says what it counts",
		                    NULL));
	waiver->share_m = share_m;
	if (!waiver->document.len)
		typed_wrong(form, "document",
		            curb_tr(form->req, "Give the title and the number of the document", NULL));
	if (find_trainee(form->req, trainee, &waiver->person))
		typed_wrong_error(form, "trainee");
}

static bool mendable(int err)
{
	return err == CURB_EINVAL || err == CURB_EUNFIT || err == CURB_ENOTFOUND;
}

int waiver_post_class(struct curb_req *req, void *state)
{
	struct credit *c = state;
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = credit_class_of(req, c, &cohort);
	if (err)
		return err;
	struct asking asking = begin(req, c, &cohort);
	read_form(&form, c, &cohort, &asking.asking.waiver);
	if (form.wrong)
		return waiver_show_class(req, c, &cohort, &form);
	err = curb_write_reply(req, curb_id_str(&cohort.id), ask, answer_page, &asking);
	if (!mendable(err))
		return err;
	typed_wrong_error(&form, asking.asking.field);
	return waiver_show_class(req, c, &cohort, &form);
}

/* ---- programs ---- */

static int answer_api(struct curb_req *req, void *arg)
{
	const struct asking *asking = arg;
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", asking->asking.waiver.id.text);
	curb_json_ktext(&j, "state", "asked");
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

int waiver_post_api(struct curb_req *req, void *state)
{
	struct credit *c = state;
	const struct curb_value *body = curb_req_value(req);
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_get_str(body, "cohort"), &cohort);
	if (!err && !curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (err)
		return err;
	struct asking asking = begin(req, c, &cohort);
	struct waiver *waiver = &asking.asking.waiver;
	if (!curb_value_fixed(curb_value_get(body, "share"), 3, &waiver->share_m))
		return curb_fail(CURB_EINVAL, "share must be a part of all class hours, such as 0.6");
	waiver->document = curb_str_trim(curb_get_str(body, "document"));
	waiver->reason = curb_str_trim(curb_get_str(body, "reason"));
	err = credit_read_moment(c, curb_value_get(body, "until"), true, &waiver->until_ms);
	if (err == CURB_EINVAL)
		return curb_fail(err, "until must be the last day of the exception, such as 2027-06-30");
	if (!err)
		err = find_trainee(req, curb_str_trim(curb_get_str(body, "trainee")), &waiver->person);
	return err ? err : curb_write_reply(req, curb_id_str(&cohort.id), ask, answer_api, &asking);
}
