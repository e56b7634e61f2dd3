/* Planning a class: each step keeps what was typed as a draft; the last one shows all of it and opens the class. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "pages.h"

enum { BODY_MOST = 48 << 10 };
static const int64_t forget_ms = 30LL * 24 * 3600 * 1000;

static bool step_named(struct curb_str word, enum draft_step *ret_step)
{
	for (int i = 0; i < DRAFT_STEPS; i++)
		if (curb_str_is(word, draft_step_word((enum draft_step)i))) {
			*ret_step = (enum draft_step)i;
			return true;
		}
	return false;
}

static int read_body(struct curb_req *req, const struct credit_draft *draft, struct curb_value **ret_body)
{
	if (draft->body.len)
		return curb_json_parse(curb_req_arena(req), draft->body, ret_body);
	*ret_body = curb_object(curb_req_arena(req));
	return 0;
}

/* The draft of the path, still open to be changed; one that was opened leads to its class. */
static int find_draft(struct curb_req *req, struct credit *c, struct credit_draft *ret_draft)
{
	return credit_draft_by_id(c, curb_req_tx(req), curb_req_param(req, "draft"), &curb_req_user(req)->id,
	                          ret_draft);
}

static int to_class(struct curb_req *req, const struct curb_id *cohort)
{
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/classes/%s?opened=yes", cohort->text)));
}

/* For the list of mistakes at the top: each leads to its field, that of a date to its first part. */
static struct curb_value *mistakes_of(struct curb_req *req, const struct curb_value *errors)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena);
	for (size_t i = 0; i < curb_value_count(errors); i++) {
		struct curb_value *item = curb_object(arena);
		struct curb_str field = curb_value_key(errors, i);
		bool date = curb_str_is(field, "starts") || curb_str_is(field, "ends") ||
		            curb_str_starts(field, "when");
		curb_put_text(item, "field",
		              curb_printf(arena, "%.*s%s", (int)field.len, field.ptr, date ? "-year" : ""));
		curb_put_str(item, "text", curb_value_str(curb_value_member(errors, i)));
		curb_push(items, item);
	}
	return items;
}

static int show(struct curb_req *req, struct credit *c, const struct credit_draft *draft,
                const struct curb_value *body, enum draft_step step, const struct curb_value *errors)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	int err = draft_model(req, c, draft, body, step, errors, model);
	bool wrong = curb_value_count(errors) > 0;
	if (wrong)
		curb_put(model, "mistakes", mistakes_of(req, errors));
	return err ? err : curb_reply_page(req, wrong ? 400 : 200, "draft", model);
}

/* The last step once more: it says what keeps the class from being opened. */
static int show_unfit(struct curb_req *req, struct credit *c, const struct credit_draft *draft,
                      const struct curb_value *body)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	int err = draft_model(req, c, draft, body, DRAFT_CHECK, NULL, model);
	return err ? err : curb_reply_page(req, 422, "draft", model);
}

int credit_page_new_class(struct curb_req *req, void *state)
{
	const struct credit_draft none = { .id = { "" } };
	struct curb_value *empty = curb_object(curb_req_arena(req));
	return show(req, state, &none, empty, DRAFT_PLAN, empty);
}

int credit_page_draft(struct curb_req *req, void *state)
{
	struct credit_draft draft;
	struct curb_value *body = NULL;
	enum draft_step step;
	int err = find_draft(req, state, &draft);
	if (!err && curb_id_some(&draft.cohort))
		return to_class(req, &draft.cohort);
	if (!err && !step_named(curb_req_param(req, "step"), &step))
		return curb_fail(CURB_ENOTFOUND, "There is no such step");
	if (!err)
		err = read_body(req, &draft, &body);
	if (err)
		return err;
	return show(req, state, &draft, body, step, curb_object(curb_req_arena(req)));
}

/* ---- a step is sent ---- */

struct saving {
	struct credit *c;
	struct credit_draft draft;
};

static int save(struct curb_tx *tx, void *arg)
{
	const struct saving *saving = arg;
	struct credit_draft there;
	int err = credit_draft_by_id(saving->c, tx, curb_id_str(&saving->draft.id), &saving->draft.person,
	                             &there);
	if (!err && curb_id_some(&there.cohort))
		return curb_fail(CURB_ECONFLICT, "This class is open already; its plan stays as it is");
	if (err && err != CURB_ENOTFOUND)
		return err;
	err = credit_drafts_forget(saving->c, tx, saving->draft.changed_ms - forget_ms);
	return err ? err : credit_draft_save(saving->c, tx, &saving->draft);
}

static int body_text(struct curb_req *req, const struct curb_value *body, struct curb_str *ret_text)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BODY_MOST);
	struct curb_json j = curb_json(&out);
	curb_json_value(&j, body);
	if (curb_buf_check(&out))
		return curb_fail(CURB_ETOOBIG, "This is too much for one class; use fewer words");
	*ret_text = curb_dup(curb_req_arena(req), curb_buf_view(&out));
	return 0;
}

/* Only what is wrong on the step itself is told there. */
static struct curb_value *errors_of(struct curb_req *req, struct credit *c, const struct curb_value *body,
                                    enum draft_step step)
{
	struct curb_value *all = curb_object(curb_req_arena(req)), *own = curb_object(curb_req_arena(req));
	struct credit_plan plan;
	(void)draft_plan(req, c, body, &plan, all);
	for (size_t i = 0; i < curb_value_count(all); i++)
		if (draft_step_of(curb_value_key(all, i)) == step)
			curb_put(own, curb_cstr(curb_req_arena(req), curb_value_key(all, i)),
			         curb_value_member(all, i));
	return own;
}

/* Behind a step: the list, the same step once more, or the next one. */
static int go_on(struct curb_req *req, struct credit *c, const struct saving *saving,
                 const struct curb_value *body, enum draft_step step)
{
	struct curb_str go = curb_req_field(req, "go");
	struct curb_arena *arena = curb_req_arena(req);
	if (curb_str_is(go, "save"))
		return curb_reply_redirect(req, curb_str("/classes?saved=yes"));
	if (curb_str_is(go, "more") || curb_str_is(go, "find"))
		return show(req, c, &saving->draft, body, step, curb_object(arena));
	struct curb_value *errors = errors_of(req, c, body, step);
	if (curb_value_count(errors) > 0)
		return show(req, c, &saving->draft, body, step, errors);
	return curb_reply_redirect(req,
	                           curb_str(curb_printf(arena, "/classes/drafts/%s/%s", saving->draft.id.text,
	                                                draft_step_word(step + 1))));
}

/* The first step with a mistake comes back as it is: nothing is there yet that could be thrown away. */
static struct curb_value *first_mistakes(struct curb_req *req, struct credit *c, const struct saving *saving,
                                         const struct curb_value *body)
{
	bool first = saving->draft.body.len == 0, as_draft = curb_str_is(curb_req_field(req, "go"), "save");
	return first && !as_draft ? errors_of(req, c, body, DRAFT_PLAN) : NULL;
}

static int keep_step(struct curb_req *req, struct credit *c, struct saving *saving, enum draft_step step)
{
	static const struct credit_draft none;
	struct curb_value *before = NULL;
	int err = read_body(req, &saving->draft, &before);
	if (err)
		return err;
	struct curb_value *body = draft_merge(req, before, step),
			  *mistakes = first_mistakes(req, c, saving, body);
	if (curb_value_count(mistakes) > 0)
		return show(req, c, &none, body, step, mistakes);
	err = body_text(req, body, &saving->draft.body);
	if (!err)
		err = curb_write(req, curb_id_str(&saving->draft.person), save, saving);
	return err ? err : go_on(req, c, saving, body, step);
}

int credit_post_new_class(struct curb_req *req, void *state)
{
	int64_t now_ms = curb_wall_ms();
	struct saving saving = { .c = state };
	struct curb_str key = curb_req_field(req, "idempotency_key");
	const struct curb_id *person = &curb_req_user(req)->id;
	/* The form's own key names the draft: sent twice, or mended after going back to it, it is one draft, with what the
	 * other steps have. */
	bool named = curb_id_parse(key, &saving.draft.id);
	int err = named ? credit_draft_by_id(state, curb_req_tx(req), key, person, &saving.draft) : 0;
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (!named)
		saving.draft.id = curb_id_new(now_ms);
	saving.draft.person = *person;
	saving.draft.changed_ms = now_ms;
	saving.draft.dropped = false;
	return keep_step(req, state, &saving, DRAFT_PLAN);
}

int credit_post_draft(struct curb_req *req, void *state)
{
	struct saving saving = { .c = state };
	enum draft_step step;
	int err = find_draft(req, state, &saving.draft);
	if (!err && curb_id_some(&saving.draft.cohort))
		return to_class(req, &saving.draft.cohort);
	if (!err && (!step_named(curb_req_param(req, "step"), &step) || step == DRAFT_CHECK))
		return curb_fail(CURB_ENOTFOUND, "There is no such step");
	if (err)
		return err;
	saving.draft.changed_ms = curb_wall_ms();
	return keep_step(req, state, &saving, step);
}

/* ---- it is opened, dropped, taken back ---- */

struct opening {
	struct credit *c;
	struct credit_draft draft;
	struct credit_plan plan;
	struct credit_actor by;
	int64_t now_ms;
};

static int open_class(struct curb_tx *tx, void *arg)
{
	struct opening *opening = arg;
	struct credit_draft there;
	int err = credit_draft_by_id(opening->c, tx, curb_id_str(&opening->draft.id), &opening->draft.person,
	                             &there);
	if (err)
		return err;
	if (curb_id_some(&there.cohort)) { /* pressed twice: the class of the first time */
		opening->draft.cohort = there.cohort;
		return 0;
	}
	if (!curb_str_eq(there.body, opening->draft.body))
		return curb_fail(CURB_ECONFLICT, "The draft was changed meanwhile; look at it once more");
	err = credit_open_cohort(opening->c, tx, &opening->plan, &opening->by, opening->now_ms,
	                         &opening->draft.cohort);
	if (!err)
		err = credit_draft_save(opening->c, tx, &opening->draft);
	return err;
}

static int answer_opened(struct curb_req *req, void *arg)
{
	const struct opening *opening = arg;
	return to_class(req, &opening->draft.cohort);
}

int credit_post_draft_open(struct curb_req *req, void *state)
{
	struct opening opening = { .c = state, .now_ms = curb_wall_ms() };
	struct curb_value *body = NULL, *errors = curb_object(curb_req_arena(req));
	int err = find_draft(req, state, &opening.draft);
	if (!err && curb_id_some(&opening.draft.cohort))
		return to_class(req, &opening.draft.cohort);
	if (!err)
		err = read_body(req, &opening.draft, &body);
	if (err)
		return err;
	if (!draft_plan(req, state, body, &opening.plan, errors))
		return show_unfit(req, state, &opening.draft, body);
	err = credit_check_courses(req, state, &opening.plan);
	opening.draft.changed_ms = opening.now_ms;
	const struct curb_id institution = curb_id_of(opening.plan.institution);
	opening.by = credit_actor_of(req, &institution);
	if (!err)
		err = curb_write_reply(req, opening.plan.institution, open_class, answer_opened, &opening);
	if (err == CURB_EUNFIT || err == CURB_EINVAL)
		return show_unfit(req, state, &opening.draft, body);
	return err;
}

static int drop_or_restore(struct curb_req *req, struct credit *c, bool drop)
{
	struct saving saving = { .c = c };
	int err = find_draft(req, c, &saving.draft);
	if (err)
		return err;
	saving.draft.dropped = drop;
	saving.draft.changed_ms = curb_wall_ms();
	err = curb_write(req, curb_id_str(&saving.draft.person), save, &saving);
	if (err)
		return err;
	return curb_reply_redirect(req,
	                           drop ? curb_str(curb_printf(curb_req_arena(req), "/classes?dropped=%s",
	                                                       saving.draft.id.text)) :
	                                  curb_str("/classes?saved=yes"));
}

int credit_post_draft_drop(struct curb_req *req, void *state)
{
	return drop_or_restore(req, state, true);
}

int credit_post_draft_restore(struct curb_req *req, void *state)
{
	return drop_or_restore(req, state, false);
}
