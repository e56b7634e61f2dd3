/* Asking for a move: by a page, or by a program. */
#include "curb/clock.h"
#include "curb/err.h"
#include "move.h"

/* What is asked for, of whom, in which class; *ret_cohort is that class. */
static int find(struct curb_req *req, struct credit *c, struct curb_str kind, struct curb_str person,
                struct curb_str class, struct move *move, struct credit_cohort *ret_cohort)
{
	int64_t left_ms = 0;
	if (!move_named(kind, &move->kind))
		return curb_fail(CURB_ENOTFOUND, "Nothing like this can be asked for");
	move->person = curb_id_of(person);
	int err = credit_cohort_by_id(c, curb_req_tx(req), class.ptr ? class : curb_str(""), ret_cohort);
	if (!err && !curb_may(req, MOVE_ASKERS, &ret_cohort->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (!err)
		err = move_left_ms(c, curb_req_tx(req), &ret_cohort->id, &move->person, &left_ms);
	if (err)
		return err;
	move->cohort = ret_cohort->id;
	move->institution = ret_cohort->institution;
	return 0;
}

static struct move_asking asking_of(struct curb_req *req, struct credit *c, struct move move)
{
	move.asked_ms = curb_wall_ms();
	move.id = curb_id_new(move.asked_ms);
	move.asked_by = curb_req_user(req)->id;
	return (struct move_asking){ .c = c, .move = move, .role = "staff" };
}

/* ---- the page ---- */

static const char *explanation(enum move_kind kind)
{
	static const char *const texts[MOVE_KINDS] = {
		[MOVE_LEAVE] = CURB_TEXT("Whoever is withdrawn stays on the roster, and what was earned is "
		                         "kept. From then on nothing more counts in this class, until the "
		                         "trainee is taken back."),
		[MOVE_RETURN] = CURB_TEXT("From then on what the trainee learns counts in this class again. "
		                          "Nothing counts for the time in between."),
	};
	return texts[kind];
}

static int show(struct curb_req *req, const struct move *move, const struct credit_cohort *cohort,
                struct typed_form *form, int status)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *facts = curb_array(arena), *model = form->model;
	struct curb_str name;
	int err = credit_name_of(req, &move->person, &name);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Trainee"), name);
	credit_push_fact(req, facts, CURB_TEXT("Class"), cohort->programme);
	curb_put(model, "facts", facts);
	curb_put_str(model, "title", curb_tr(req, move_text(move->kind), NULL));
	curb_put_str(model, "name", name);
	curb_put_text(model, "back",
	              curb_printf(arena, "/classes/%s/trainees/%s", cohort->id.text, move->person.text));
	curb_put_text(model, "action",
	              curb_printf(arena, "/moves/new/%s/%s", move_word(move->kind), move->person.text));
	curb_put_text(model, "class", cohort->id.text);
	curb_put_str(model, "text", curb_tr(req, explanation(move->kind), NULL));
	return curb_reply_page(req, status, "move_new", model);
}

int move_page_new(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	struct move move = { .kind = MOVE_LEAVE };
	int err = find(req, state, curb_req_param(req, "kind"), curb_req_param(req, "person"),
	               curb_req_query(req, "class"), &move, &cohort);
	return err ? err : show(req, &move, &cohort, &form, 200);
}

static int answer_page(struct curb_req *req, void *arg)
{
	const struct move_asking *asking = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/moves/%s?done=asked",
	                                                     asking->move.id.text)));
}

int move_post_new(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	struct move move = { .reason = typed_field(&form, "reason") };
	int err = find(req, state, curb_req_param(req, "kind"), curb_req_param(req, "person"),
	               curb_req_field(req, "class"), &move, &cohort);
	if (err)
		return err;
	struct move_asking asking = asking_of(req, state, move);
	err = curb_write_reply(req, curb_id_str(&cohort.id), move_ask, answer_page, &asking);
	if (err != CURB_EINVAL && err != CURB_EUNFIT && err != CURB_ECONFLICT)
		return err;
	typed_wrong_error(&form, "reason");
	return show(req, &move, &cohort, &form, curb_err_status(err));
}

/* ---- programs ---- */

static int answer_api(struct curb_req *req, void *arg)
{
	const struct move_asking *asking = arg;
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", asking->move.id.text);
	curb_json_ktext(&j, "state", "asked");
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

int move_post_api(struct curb_req *req, void *state)
{
	struct credit_cohort cohort;
	struct move move = { .reason = curb_str_trim(curb_req_field(req, "reason")) };
	int err = find(req, state, curb_req_field(req, "kind"), curb_req_field(req, "trainee"),
	               curb_req_field(req, "cohort"), &move, &cohort);
	if (err)
		return err;
	struct move_asking asking = asking_of(req, state, move);
	return curb_write_reply(req, curb_id_str(&cohort.id), move_ask, answer_api, &asking);
}
