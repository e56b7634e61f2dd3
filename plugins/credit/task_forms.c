/* What is said of the tasks of a class by who looks after it: it is done, or not yet; who helps meanwhile. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "task.h"

/* The class of the path, when she looks after it. */
static int class_of_path(struct curb_req *req, struct credit *c, struct credit_cohort *ret)
{
	int err = credit_class_seen(req, c, ret);
	if (!err && !curb_may(req, SHEET_ENTERERS, &ret->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	return err;
}

struct tasking {
	struct credit *c;
	const struct credit_cohort *cohort;
	struct curb_id by;
	int64_t now_ms;
	struct task task;
	struct task_help help;
};

static struct tasking tasking(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort)
{
	const struct curb_id by = curb_req_user(req)->id;
	int64_t now_ms = curb_wall_ms();
	return (struct tasking){ .c = c,
		                 .cohort = cohort,
		                 .by = by,
		                 .now_ms = now_ms,
		                 .task = { .cohort = cohort->id, .done_by = by, .done_ms = now_ms },
		                 .help = { .cohort = cohort->id, .by = by, .named_ms = now_ms } };
}

static int answer(struct curb_req *req, void *arg)
{
	const struct tasking *tasking = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/classes/%s/tasks%s",
	                                                     tasking->cohort->id.text, task_at_page(req))));
}

static int note(struct curb_tx *tx, const struct tasking *tasking, const char *act)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", tasking->cohort->programme);
	const struct curb_change change = { tasking->by, curb_id_str(&tasking->cohort->id),
		                            curb_id_str(&tasking->cohort->institution), act, detail };
	return curb_note_change(tx, &change, tasking->now_ms);
}

static int write_done(struct curb_tx *tx, void *arg)
{
	const struct tasking *tasking = arg;
	int err = task_set_done(tasking->c, tx, &tasking->task);
	return err ? err :
	             note(tx, tasking, CURB_TEXT("said that something missing in the class {name} is done"));
}

static int write_again(struct curb_tx *tx, void *arg)
{
	const struct tasking *tasking = arg;
	int err = task_set_open(tasking->c, tx, &tasking->task);
	return err ? err :
	             note(tx, tasking,
	                  CURB_TEXT("said that something in the class {name} is still missing after all"));
}

static int write_help(struct curb_tx *tx, void *arg)
{
	const struct tasking *tasking = arg;
	int err = task_set_help(tasking->c, tx, &tasking->help);
	return err ? err :
	             note(tx, tasking, CURB_TEXT("named who interprets or captions for the class {name}"));
}

static int write_nobody(struct curb_tx *tx, void *arg)
{
	const struct tasking *tasking = arg;
	int err = task_drop_help(tasking->c, tx, &tasking->help);
	return err ? err :
	             note(tx, tasking, CURB_TEXT("took off who interprets or captions for the class {name}"));
}

/* A line of text as it was typed; what is wrong stands at its field. */
static struct curb_str read_line(struct typed_form *form, const char *name, size_t most, const char *missing)
{
	struct curb_str text = typed_field(form, name);
	if (text.len == 0)
		typed_wrong(form, name, curb_tr(form->req, missing, NULL));
	else if ((size_t)curb_utf8_count(text) > most)
		typed_wrong(form, name, curb_tr(form->req, "Say it in fewer words", NULL));
	return text;
}

static int write_it(struct curb_req *req, struct tasking *t, curb_write_fn write)
{
	return curb_write_reply(req, curb_id_str(&t->cohort->id), write, answer, t);
}

int task_post_done(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = class_of_path(req, state, &cohort);
	if (err)
		return err;
	struct tasking t = tasking(req, state, &cohort);
	if (!curb_id_parse(typed_field(&form, "task"), &t.task.id))
		typed_wrong(&form, "task", curb_tr(req, "Choose what is done", NULL));
	t.task.words = read_line(&form, "words", TASK_WORDS_MOST,
	                         CURB_TEXT("Say in a few words how it was done"));
	return form.wrong ? task_show(req, state, &cohort, &form, 422) : write_it(req, &t, write_done);
}

int task_post_again(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = class_of_path(req, state, &cohort);
	if (err)
		return err;
	struct tasking t = tasking(req, state, &cohort);
	if (!curb_id_parse(typed_field(&form, "early"), &t.task.id))
		typed_wrong(&form, "early", curb_tr(req, "Choose what is not done", NULL));
	return form.wrong ? task_show(req, state, &cohort, &form, 422) : write_it(req, &t, write_again);
}

static bool read_kind(struct typed_form *form, const char *name, enum support_kind *ret_kind)
{
	return support_kind_named(typed_field(form, name), ret_kind) && *ret_kind <= SUPPORT_CAPTIONER;
}

int task_post_help(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = class_of_path(req, state, &cohort);
	if (err)
		return err;
	struct tasking t = tasking(req, state, &cohort);
	if (!read_kind(&form, "kind", &t.help.kind))
		typed_wrong(&form, "kind", curb_tr(req, "Choose an interpreter or a captioner", NULL));
	t.help.name = read_line(&form, "name", TASK_NAME_MOST, CURB_TEXT("Write who it is"));
	return form.wrong ? task_show(req, state, &cohort, &form, 422) : write_it(req, &t, write_help);
}

int task_post_nobody(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = class_of_path(req, state, &cohort);
	if (err)
		return err;
	struct tasking t = tasking(req, state, &cohort);
	if (!read_kind(&form, "gone", &t.help.kind))
		typed_wrong(&form, "gone", curb_tr(req, "Choose an interpreter or a captioner", NULL));
	return form.wrong ? task_show(req, state, &cohort, &form, 422) : write_it(req, &t, write_nobody);
}
