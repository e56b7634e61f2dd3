/* Asking for a move: by a page, or by a program. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "move.h"

/* What somebody asks for, and in which class; outside any its id is "". */
struct asked {
	struct move move;
	struct credit_cohort cohort;
};

static int find_class(struct curb_req *req, struct credit *c, struct curb_str class, struct asked *asked)
{
	int64_t left_ms = 0;
	int err = credit_cohort_by_id(c, curb_req_tx(req), class, &asked->cohort);
	if (!err && !curb_may(req, MOVE_ASKERS, &asked->cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (!err)
		err = move_left_ms(c, curb_req_tx(req), &asked->cohort.id, &asked->move.person, &left_ms);
	if (err)
		return err;
	if (move_of_class(asked->move.kind))
		asked->move.cohort = asked->cohort.id;
	asked->move.institution = asked->cohort.institution;
	return 0;
}

static int find(struct curb_req *req, struct credit *c, struct curb_str kind, struct curb_str person,
                struct curb_str class, struct asked *asked)
{
	if (!move_named(kind, &asked->move.kind))
		return curb_fail(CURB_ENOTFOUND, "Nothing like this can be asked for");
	asked->move.person = curb_id_of(person);
	if (class.len || move_of_class(asked->move.kind))
		return find_class(req, c, class.ptr ? class : curb_str(""), asked);
	int err = move_institution_of(req, c, &asked->move.person, &asked->move.institution);
	if (!err && !curb_may(req, MOVE_ASKERS, &asked->move.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such trainee in your classes");
	return err;
}

/* The class that she moves to, as it was chosen; another institution's staff decide then. */
static int read_class_to(struct curb_req *req, struct credit *c, struct move *move)
{
	struct credit_cohort target;
	struct curb_str chosen = curb_req_field(req, "to");
	int err = credit_cohort_by_id(c, curb_req_tx(req), chosen.ptr ? chosen : curb_str(""), &target);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	move->target = target.id;
	if (strcmp(target.institution.text, move->institution.text) != 0)
		move->receiver = target.institution;
	return 0;
}

/* The record that stays, by its number; where it belongs to another institution its staff decide. */
static int read_into(struct curb_req *req, struct credit *c, struct move *move)
{
	struct curb_str typed = curb_str_trim(curb_req_field(req, "into"));
	struct curb_id institution;
	struct curb_user user;
	int err = curb_person_find(curb_req_tx(req), typed.ptr ? typed : curb_str(""), curb_wall_ms(), &user);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	move->target = user.id;
	err = move_institution_of(req, c, &user.id, &institution);
	if (!err && !curb_may(req, MOVE_ASKERS, &institution))
		move->receiver = institution;
	return err == CURB_ENOTFOUND ? 0 : err;
}

static int read_rest(struct curb_req *req, struct credit *c, struct move *move)
{
	struct curb_user user;
	move->reason = curb_str_trim(curb_req_field(req, "reason"));
	if (move->kind == MOVE_TRANSFER)
		return read_class_to(req, c, move);
	if (move_of_class(move->kind) || move->kind == MOVE_KEEP)
		return 0;
	int err = curb_person_find(curb_req_tx(req), curb_id_str(&move->person), curb_wall_ms(), &user);
	if (err)
		return err;
	move->before = user.name;
	move->name = curb_str_trim(curb_req_field(req, "name"));
	return move->kind == MOVE_MERGE ? read_into(req, c, move) : 0;
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
		[MOVE_TRANSFER] = CURB_TEXT(
			"What was learned in lessons that both classes have counts in the new one, as "
			"far as its rules let it; so do attended hours of offline units that have the "
			"same name in both, as far as the unit has room. Nothing counts twice. All else is "
			"kept on the record of the old class."),
		[MOVE_NAME] = CURB_TEXT(
			"Pages, rosters and new certificates have the right name from then on. A "
			"certificate that was issued under the old one is renewed on its own page. "
			"The number of a certificate of disability is mended on the page about the "
			"person."),
		[MOVE_MERGE] = CURB_TEXT(
			"Somebody was entered twice. All that was learned under this record goes to the "
			"one that stays, as far as the rules of each class let it; nothing counts "
			"twice. Results, certificates, credits, learning points and exceptions go with it. "
			"This record signs in no more, and its number leads to the other. Let the one with "
			"the right name stay. This cannot be undone."),
		[MOVE_ERASE] = CURB_TEXT(
			"Once it is countersigned, the person signs in no more and stands on no list. The "
			"records are kept as long as the rule of the place says, and are then destroyed for "
			"good: names, numbers, contact data, hours, results and certificates. Until then it "
			"can be undone. Give the person the address that the next page shows: there stands "
			"until when the records are kept."),
		[MOVE_KEEP] = CURB_TEXT(
			"The account is opened again, and all is as it was before: rosters, hours, "
			"certificates. Nothing counts for the time in between."),
	};
	return texts[kind];
}

/* Classes of an institution that are under way or to come, but for the one that she is in. */
static int push_classes(struct curb_req *req, struct credit *c, const struct curb_id *institution,
                        enum class_state state, const struct credit_cohort *but, struct curb_str chosen,
                        struct curb_value *options)
{
	enum { CLASSES_MOST = 200 };
	const struct class_wanted wanted = { *institution, state, curb_wall_ms(), 0, CLASSES_MOST };
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int err = credit_cohorts_in_state(c, curb_req_tx(req), &wanted, &cohorts, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		if (strcmp(cohorts[i].id.text, but->id.text) == 0)
			continue;
		curb_put_str(values, "programme", cohorts[i].programme);
		curb_put_str(values, "days", credit_words_days(req, c, &cohorts[i]));
		typed_option(options, curb_dup(curb_req_arena(req), curb_id_str(&cohorts[i].id)),
		             curb_tr(req, "{programme}, {days}", values), chosen);
	}
	return err;
}

/* The institution whose classes are shown: that of the class, or the one that was asked for by its name. */
static int find_place(struct curb_req *req, const struct credit_cohort *cohort, struct typed_form *form,
                      struct curb_id *ret_institution)
{
	struct curb_str asked = curb_str_trim(curb_req_query(req, "place"));
	struct curb_place place = { .institution = false };
	*ret_institution = cohort->institution;
	if (!asked.len)
		asked = curb_get_str(form->v, "place");
	curb_put_str(form->v, "place", asked);
	int err = asked.len ? curb_place_find(curb_req_tx(req), asked, &place) : 0;
	if (err && err != CURB_ENOTFOUND && err != CURB_EUNFIT)
		return err;
	if (asked.len && place.institution)
		*ret_institution = curb_id_of(place.id);
	else if (asked.len)
		typed_wrong(form, "place",
		            curb_tr(req, "No institution is called so; write its whole name", NULL));
	return 0;
}

static int put_classes(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                       struct typed_form *form)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	struct curb_str name, chosen = curb_get_str(form->v, "to");
	struct curb_id institution;
	int err = find_place(req, cohort, form, &institution);
	if (!err)
		err = curb_institution_name(curb_req_tx(req), &institution, &name);
	if (err)
		return err;
	typed_option(options, curb_str(""), curb_tr(req, "Choose a class", NULL), chosen);
	err = push_classes(req, c, &institution, CLASS_UNDER_WAY, cohort, chosen, options);
	if (!err)
		err = push_classes(req, c, &institution, CLASS_TO_COME, cohort, chosen, options);
	curb_put(form->model, "classes", options);
	curb_put_str(form->model, "classes_of", name);
	return err;
}

static int put_kind(struct curb_req *req, struct credit *c, const struct asked *asked,
                    struct typed_form *form)
{
	curb_put_bool(form->model, "transfer", asked->move.kind == MOVE_TRANSFER);
	curb_put_bool(form->model, "merge", asked->move.kind == MOVE_MERGE);
	curb_put_bool(form->model, "mends_name", asked->move.kind == MOVE_NAME);
	return asked->move.kind == MOVE_TRANSFER ? put_classes(req, c, &asked->cohort, form) : 0;
}

static int show(struct curb_req *req, struct credit *c, const struct asked *asked, struct typed_form *form,
                int status)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *facts = curb_array(arena), *model = form->model;
	const struct move *move = &asked->move;
	bool in_class = curb_id_some(&asked->cohort.id);
	struct curb_str name;
	int err = credit_name_of(req, &move->person, &name);
	if (!err)
		err = put_kind(req, c, asked, form);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Trainee"), name);
	if (move_of_class(move->kind))
		credit_push_fact(req, facts, CURB_TEXT("Class"), asked->cohort.programme);
	curb_put(model, "facts", facts);
	curb_put_str(model, "title", curb_tr(req, move_text(move->kind), NULL));
	curb_put_str(model, "name", name);
	curb_put_text(model, "back",
	              in_class ? curb_printf(arena, "/classes/%s/trainees/%s", asked->cohort.id.text,
	                                     move->person.text) :
	                         curb_printf(arena, "/people/%s", move->person.text));
	curb_put_text(model, "action",
	              curb_printf(arena, "/moves/new/%s/%s", move_word(move->kind), move->person.text));
	curb_put_text(model, "class", asked->cohort.id.text);
	curb_put_str(model, "text", curb_tr(req, explanation(move->kind), NULL));
	return curb_reply_page(req, status, "move_new", model);
}

int move_page_new(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct asked asked = { .move = { .kind = MOVE_LEAVE } };
	int err = find(req, state, curb_req_param(req, "kind"), curb_req_param(req, "person"),
	               curb_req_query(req, "class"), &asked);
	return err ? err : show(req, state, &asked, &form, form.wrong ? 422 : 200);
}

static int answer_page(struct curb_req *req, void *arg)
{
	const struct move_asking *asking = arg;
	return curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req), "/moves/%s?done=asked",
	                                                     asking->move.id.text)));
}

int move_post_new(struct curb_req *req, void *state)
{
	static const char *const fields[] = { "to", "place", "name", "into", "reason" };
	struct typed_form form = typed_form(req);
	struct asked asked = { .move = { .kind = MOVE_LEAVE } };
	int err = find(req, state, curb_req_param(req, "kind"), curb_req_param(req, "person"),
	               curb_req_field(req, "class"), &asked);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		(void)typed_field(&form, fields[i]);
	if (!err)
		err = read_rest(req, state, &asked.move);
	if (err)
		return err;
	struct move_asking asking = asking_of(req, state, asked.move);
	err = curb_write_reply(req, curb_id_str(&asked.move.person), move_ask, answer_page, &asking);
	if (err != CURB_EINVAL && err != CURB_EUNFIT && err != CURB_ECONFLICT)
		return err;
	typed_wrong_error(&form, asking.field);
	return show(req, state, &asked, &form, curb_err_status(err));
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
	struct asked asked = { .move = { .kind = MOVE_LEAVE } };
	int err = find(req, state, curb_req_field(req, "kind"), curb_req_field(req, "trainee"),
	               curb_req_field(req, "cohort"), &asked);
	if (!err)
		err = read_rest(req, state, &asked.move);
	if (err)
		return err;
	struct move_asking asking = asking_of(req, state, asked.move);
	return curb_write_reply(req, curb_id_str(&asked.move.person), move_ask, answer_api, &asking);
}
