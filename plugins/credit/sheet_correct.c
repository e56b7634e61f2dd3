/* Correcting a sheet: how long somebody was really there, and why. The old line stays. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "sheet.h"

struct correcting {
	struct credit *c;
	struct sheet_view view;
	struct credit_trainee *roster;
	size_t n;
	struct sheet_correcting it;
};

/* What the sheet says of her now, with what waits; below 0: she is not on it. */
static int64_t seconds_of(const struct sheet_view *view, const struct curb_id *person)
{
	int64_t seconds = -1;
	for (size_t i = 0; i < view->n; i++)
		if (strcmp(view->lines[i].person.text, person->text) == 0)
			seconds = (seconds < 0 ? 0 : seconds) + view->lines[i].seconds;
	return seconds;
}

static int read_all(struct curb_req *req, struct credit *c, struct correcting *correcting)
{
	const struct credit_part everybody = { .find = curb_str(""), .most = SHEET_TRAINEES_MOST };
	int64_t total = 0;
	correcting->c = c;
	int err = sheet_view(req, c, &correcting->view);
	if (!err && !curb_may(req, SHEET_ENTERERS, &correcting->view.cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	return err ? err :
	             credit_trainees(c, curb_req_tx(req), &correcting->view.cohort.id, &everybody,
	                             &correcting->roster, &correcting->n, &total);
}

static struct curb_value *options_of(struct curb_req *req, const struct correcting *correcting)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	credit_option(options, curb_str(""), curb_tr(req, "Choose a trainee", NULL), false);
	credit_option(options, curb_str("all"), curb_tr(req, "Everybody on the sheet", NULL), false);
	for (size_t i = 0; i < correcting->n; i++) {
		const struct credit_trainee *one = &correcting->roster[i];
		struct curb_value *values = curb_object(curb_req_arena(req));
		int64_t seconds = seconds_of(&correcting->view, &one->person);
		curb_put_str(values, "name", one->shown);
		curb_put_str(values, "time", curb_words_span(req, seconds));
		credit_option(options, curb_id_str(&one->person),
		              seconds < 0 ? curb_tr(req, "{name}, not on the sheet", values) :
		                            curb_tr(req, "{name}, now {time}", values),
		              false);
	}
	return options;
}

static int show(struct curb_req *req, const struct correcting *correcting, int status,
                const struct curb_value *errors)
{
	static const char *const fields[] = { "who", "minutes", "reason" };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	const struct sheet *sheet = &correcting->view.sheet;
	const char *back = curb_printf(arena, "/classes/%s/sheets/%s", sheet->cohort.text, sheet->id.text);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		curb_put_str(model, curb_printf(arena, "%s_error", fields[i]),
		             curb_get_str(errors, fields[i]));
	if (curb_value_count(errors) > 0)
		curb_put(model, "mistakes", sheet_mistakes(req, correcting->roster, correcting->n, errors));
	curb_put(model, "people", options_of(req, correcting));
	curb_put_str(model, "title", curb_tr(req, "Correct the sheet", NULL));
	curb_put_str(model, "when", sheet_when_words(req, correcting->c, sheet));
	curb_put_text(model, "back", back);
	curb_put_text(model, "action", curb_printf(arena, "%s/correct", back));
	return curb_reply_page(req, status, "sheet_correct", model);
}

int credit_page_correct(struct curb_req *req, void *state)
{
	struct correcting correcting = { .c = state };
	int err = read_all(req, state, &correcting);
	return err ? err : show(req, &correcting, 200, NULL);
}

static struct curb_value *read_form(struct curb_req *req, struct correcting *correcting)
{
	enum { MINUTES_MOST = 24 * 60 };
	struct sheet_correcting *it = &correcting->it;
	struct curb_value *errors = curb_object(curb_req_arena(req));
	struct curb_str who = curb_req_field(req, "who");
	int64_t minutes = 0;
	if (!curb_str_is(who, "all") && !curb_id_parse(who.ptr ? who : curb_str(""), &it->person))
		curb_put_str(errors, "who", curb_tr(req, "Choose whom the correction is about", NULL));
	if (!draft_read_number(curb_str_trim(curb_req_field(req, "minutes")), 0, MINUTES_MOST, &minutes))
		curb_put_str(errors, "minutes",
		             curb_tr(req,
		                     "Write how many minutes she was there, as a whole number; 0 when she "
		                     "was not",
		                     NULL));
	it->seconds = minutes * 60;
	it->reason = curb_str_trim(curb_req_field(req, "reason"));
	if (it->reason.len == 0 || it->reason.len > SHEET_TEXT_LONGEST)
		curb_put_str(errors, "reason", curb_tr(req, "Say in a few words what was wrong", NULL));
	return errors;
}

static int correct(struct curb_tx *tx, void *arg)
{
	struct correcting *correcting = arg;
	return sheet_correct(correcting->c, tx, &correcting->it);
}

static int answer_corrected(struct curb_req *req, void *arg)
{
	(void)arg;
	return sheet_reply_done(req, curb_req_param(req, "id"), curb_req_param(req, "sheet"), "corrected");
}

int credit_post_correct(struct curb_req *req, void *state)
{
	struct correcting correcting = { .c = state };
	struct sheet_correcting *it = &correcting.it;
	int err = read_all(req, state, &correcting);
	if (err)
		return err;
	struct curb_value *errors = read_form(req, &correcting);
	if (curb_value_count(errors) > 0)
		return show(req, &correcting, 422, errors);
	it->sheet = curb_id_str(&correcting.view.sheet.id);
	it->by = curb_req_user(req)->id;
	it->now_ms = curb_wall_ms();
	it->role = sheet_role_of(req, SHEET_ENTERERS, &correcting.view.cohort.institution);
	err = curb_write_reply(req, curb_id_str(&correcting.view.cohort.id), correct, answer_corrected,
	                       &correcting);
	if (err != CURB_EUNFIT && err != CURB_EINVAL)
		return err;
	curb_put_str(errors, it->field ? it->field : "who", curb_str(curb_error_local()));
	return show(req, &correcting, 422, errors);
}
