/* Who is in a class: adding by learner number or name, taking off while nothing was learned. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "move.h"

enum { AT_ONCE = 100, NAME_LONGEST = 200 };

struct adding {
	struct credit *c;
	struct credit_cohort cohort;
	struct curb_str names[AT_ONCE];
	size_t n;
	struct curb_id by;
	struct curb_user last;
	int64_t now_ms;
	bool page;
	char *wrong; /* result: the names that cannot be added, arena of the request */
	struct curb_arena *arena;
};

/* Those of a name whom the institution knows: its trainees, and who was in a class of it. *ret_n is 0, 1 or 2 for more. */
static int find_called(struct curb_tx *tx, const struct adding *adding, struct curb_str name,
                       struct curb_id *ret_one, size_t *ret_n)
{
	enum { SEVERAL = 2, SOURCES = 2 };
	const struct curb_id *institution = &adding->cohort.institution;
	struct curb_id *called[SOURCES] = { NULL, NULL };
	size_t counts[SOURCES] = { 0, 0 };
	int err = curb_persons_called(tx, name, CURB_LEARNER, institution, adding->now_ms, SEVERAL,
	                              &called[0], &counts[0]);
	if (!err)
		err = credit_trainees_called(adding->c, tx, institution, name, &called[1], &counts[1]);
	*ret_n = 0;
	for (size_t i = 0; i < SOURCES; i++)
		for (size_t k = 0; k < counts[i]; k++) {
			if (*ret_n && strcmp(ret_one->text, called[i][k].text) != 0)
				*ret_n = SEVERAL;
			else if (!*ret_n)
				*ret_n = 1;
			*ret_one = called[i][k];
		}
	return err;
}

/* A learner number or phone; else the name of somebody whom the institution knows, when there is one such alone. */
static int find_trainee(struct curb_tx *tx, const struct adding *adding, struct curb_str name,
                        struct curb_user *ret_user)
{
	struct curb_id called;
	size_t n = 0;
	int err = curb_person_find(tx, name, adding->now_ms, ret_user);
	if (err != CURB_ENOTFOUND)
		return err;
	err = find_called(tx, adding, name, &called, &n);
	if (err)
		return err;
	if (n == 1)
		return curb_person_find(tx, curb_id_str(&called), adding->now_ms, ret_user);
	if (n > 1)
		return curb_fail(CURB_EUNFIT, "Several people are called %.*s; give the learner number",
		                 (int)name.len, name.ptr);
	return curb_fail(CURB_ENOTFOUND,
	                 "Nobody has the number %.*s, and no trainee of your institution is called so; "
	                 "check it and try again",
	                 (int)name.len, name.ptr);
}

static int note(struct curb_tx *tx, const struct credit_cohort *cohort, const struct curb_id *by,
                const struct curb_id *trainee, const char *act, int64_t now_ms)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", cohort->programme);
	const struct curb_change change = { *by, curb_id_str(trainee), curb_id_str(&cohort->institution), act,
		                            detail };
	return curb_note_change(tx, &change, now_ms);
}

static int add_one(struct curb_tx *tx, struct adding *adding, struct curb_str name)
{
	int64_t left_ms = 0;
	int err = find_trainee(tx, adding, name, &adding->last);
	if (!err && !(adding->last.roles & CURB_LEARNER))
		return curb_fail(CURB_EUNFIT,
		                 "This account is not a learner's; give it the role learner first");
	if (err)
		return err;
	err = credit_trainee_add(adding->c, tx, &adding->cohort.id, &adding->last, &adding->by,
	                         adding->now_ms);
	if (!err)
		err = move_left_ms(adding->c, tx, &adding->cohort.id, &adding->last.id, &left_ms);
	if (!err && left_ms)
		return curb_fail(CURB_EUNFIT,
		                 "This trainee was withdrawn from the class. Take the trainee back "
		                 "on the page of the trainee in the class");
	return err ? err :
	             note(tx, &adding->cohort, &adding->by, &adding->last.id,
	                  CURB_TEXT("put this person on the roster of {name}"), adding->now_ms);
}

/* All or nobody: what was typed stays in the field until all of it fits. */
static int add_all(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	int failed = 0;
	adding->wrong = NULL;
	for (size_t i = 0; i < adding->n; i++) {
		int err = add_one(tx, adding, adding->names[i]);
		if (err && err != CURB_ENOTFOUND && err != CURB_EUNFIT)
			return err;
		if (!err)
			continue;
		failed = err;
		adding->wrong = (char *)curb_printf(
			adding->arena, "%s%s%.*s", adding->wrong ? adding->wrong : "",
			adding->wrong ? ", " : "", (int)adding->names[i].len, adding->names[i].ptr);
	}
	return failed;
}

/* ---- for programs ---- */

static int answer_json(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "trainee", adding->last.id.text);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

static struct adding adding_for(struct curb_req *req, struct credit *c)
{
	return (struct adding){
		.c = c, .by = curb_req_user(req)->id, .now_ms = curb_wall_ms(), .arena = curb_req_arena(req)
	};
}

int credit_post_trainee(struct curb_req *req, void *state)
{
	struct adding adding = adding_for(req, state);
	int err = credit_class_of(req, state, &adding.cohort);
	if (err)
		return err;
	adding.names[0] = curb_str_trim(curb_req_field(req, "trainee"));
	adding.n = 1;
	if (adding.names[0].len == 0 || adding.names[0].len > NAME_LONGEST)
		return curb_fail(CURB_EINVAL, "Give the trainee's learner number");
	return curb_write_reply(req, curb_id_str(&adding.cohort.id), add_all, answer_json, &adding);
}

/* ---- the form ---- */

static int answer_page(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	const char *place = adding->n == 1 ? curb_printf(curb_req_arena(req), "/classes/%s?added=%s",
	                                                 adding->cohort.id.text, adding->last.id.text) :
	                                     curb_printf(curb_req_arena(req), "/classes/%s?several=%zu",
	                                                 adding->cohort.id.text, adding->n);
	return curb_reply_redirect(req, curb_str(place));
}

/* A character that stands between two names, from its first byte on; 0: none. Chinese keyboards have their own. */
static size_t divider(struct curb_str rest)
{
	static const char *const marks[] = { "\n", "\r", "\t", ",", ";", "，", "；", "、" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (curb_str_starts(rest, marks[i]))
			return strlen(marks[i]);
	return 0;
}

/* One a line; commas and semicolons do as well. Names may hold blanks. */
static int read_names(struct curb_str typed, struct adding *adding)
{
	size_t begin = 0;
	for (size_t i = 0; i <= typed.len; i++) {
		size_t mark = i < typed.len ? divider(curb_str_from(typed, i)) : 1;
		if (mark == 0)
			continue;
		struct curb_str name = curb_str_trim(curb_str_n(typed.ptr + begin, i - begin));
		begin = i + mark;
		i = begin - 1;
		if (name.len == 0)
			continue;
		if (adding->n == AT_ONCE)
			return curb_fail(CURB_EINVAL, "At most %d trainees can be added at once", AT_ONCE);
		if (name.len > NAME_LONGEST)
			return curb_fail(CURB_EINVAL,
			                 "A learner number or name is too long; write one a line");
		adding->names[adding->n++] = name;
	}
	if (adding->n == 0)
		return curb_fail(CURB_EINVAL, "Give the trainee's learner number");
	return 0;
}

static struct curb_str words_of_error(struct curb_req *req, const struct adding *adding)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	if (!adding->wrong || adding->n == 1)
		return curb_dup(curb_req_arena(req), curb_str(curb_error_local()));
	curb_put_text(values, "names", adding->wrong);
	return curb_tr(
		req,
		"Nobody was added yet. These are not known here as trainees: {names}. Mend or remove them, "
		"then press the button again.",
		values);
}

int credit_post_trainees(struct curb_req *req, void *state)
{
	struct adding adding = adding_for(req, state);
	struct curb_str typed = curb_req_field(req, "trainee");
	int err = credit_class_of(req, state, &adding.cohort);
	if (err)
		return err;
	err = read_names(typed.ptr ? typed : curb_str(""), &adding);
	if (!err)
		err = curb_write_reply(req, curb_id_str(&adding.cohort.id), add_all, answer_page, &adding);
	if (err == CURB_EINVAL || err == CURB_ENOTFOUND || err == CURB_EUNFIT)
		return credit_page_class_wrong(req, state, typed, words_of_error(req, &adding),
		                               curb_err_status(err));
	return err;
}

/* ---- off the roster ---- */

struct removing {
	struct credit *c;
	struct credit_cohort cohort;
	struct curb_id person, by;
	int64_t now_ms;
};

static int remove_trainee(struct curb_tx *tx, void *arg)
{
	const struct removing *removing = arg;
	bool blank = false;
	int err = credit_trainee_blank(removing->c, tx, &removing->cohort.id, &removing->person, &blank);
	if (!err && !blank)
		return curb_fail(CURB_ECONFLICT,
		                 "This trainee has learned in the class, and what was learned is "
		                 "kept: she stays on the roster");
	if (!err)
		err = credit_trainee_remove(removing->c, tx, &removing->cohort.id, &removing->person);
	return err ? err :
	             note(tx, &removing->cohort, &removing->by, &removing->person,
	                  CURB_TEXT("took this person off the roster of {name}"), removing->now_ms);
}

static int answer_removed(struct curb_req *req, void *arg)
{
	const struct removing *removing = arg;
	return curb_reply_redirect(req,
	                           curb_str(curb_printf(curb_req_arena(req), "/classes/%s?removed=%s",
	                                                removing->cohort.id.text, removing->person.text)));
}

int credit_post_remove(struct curb_req *req, void *state)
{
	struct removing removing = { .c = state,
		                     .person = curb_id_of(curb_req_param(req, "person")),
		                     .by = curb_req_user(req)->id,
		                     .now_ms = curb_wall_ms() };
	int64_t online_s = 0;
	int err = credit_class_of(req, state, &removing.cohort);
	if (!err)
		err = credit_online_s(state, curb_req_tx(req), &removing.cohort.id, &removing.person,
		                      &online_s);
	if (err)
		return err;
	return curb_write_reply(req, curb_id_str(&removing.cohort.id), remove_trainee, answer_removed,
	                        &removing);
}
