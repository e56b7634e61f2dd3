/* The page about one person: who she is, what she may do where, what she learns. */
#include "curb/clock.h"
#include "curb/err.h"
#include "eligible_view.h"
#include "inside.h"

int desk_sees(struct curb_req *req, const struct people_actor *actor, const struct curb_id *person,
              bool *ret_sees)
{
	bool sees = false;
	int err = people_reaches(curb_req_tx(req), actor, curb_str(""), &sees);
	if (!err && !sees)
		err = people_sees(curb_req_tx(req), actor, person, &sees);
	if (!err)
		*ret_sees = sees;
	return err;
}

int desk_find_person(struct curb_req *req, const struct people_actor *actor, struct people_row *ret_row)
{
	struct curb_id person;
	bool sees = false;
	if (!curb_id_parse(curb_req_param(req, "id"), &person))
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	int err = desk_sees(req, actor, &person, &sees);
	if (!err && !sees)
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	return err ? err : people_row(curb_req_tx(req), &person, actor->now_ms, ret_row);
}

/* ---- her roles ---- */

static bool over(const struct people_grant_row *grant, int64_t now_ms)
{
	return grant->until_ms && grant->until_ms <= now_ms;
}

static const char *state_of(const struct people_grant_row *grant, int64_t now_ms)
{
	return over(grant, now_ms)     ? CURB_TEXT("Has ended") :
	       grant->from_ms > now_ms ? CURB_TEXT("Begins later") :
	                                 CURB_TEXT("In force");
}

static int put_grant(struct curb_req *req, const struct people_actor *actor,
                     const struct people_grant_row *grant, struct curb_value *columns, struct curb_value *row)
{
	struct curb_str role = desk_role(req, grant->role);
	bool reaches = false;
	int err = 0;
	desk_cell(row, columns, role, NULL);
	desk_cell(row, columns, desk_place(req, grant->place_name), NULL);
	desk_cell(row, columns, desk_period(req, grant->from_ms, grant->until_ms), NULL);
	desk_cell(row, columns, curb_tr(req, state_of(grant, actor->now_ms), NULL), NULL);
	if (!(curb_req_user(req)->roles & CURB_ADMIN))
		return 0;
	if (!over(grant, actor->now_ms))
		err = people_reaches(curb_req_tx(req), actor, grant->place, &reaches);
	if (reaches)
		desk_cell(row, columns, desk_tr_str(req, CURB_TEXT("End the role {role}"), "role", role),
		          curb_printf(curb_req_arena(req), "/people/%s/roles/%s", grant->person.text,
		                      grant->id.text));
	else
		desk_cell(row, columns, curb_tr(req, "Nothing", NULL), NULL);
	return err;
}

static int put_grants(struct curb_req *req, const struct people_actor *actor, const struct people_row *person,
                      struct curb_value *model)
{
	static const char *const all[] = {
		CURB_TEXT("Role"),  CURB_TEXT("Where"),           CURB_TEXT("When"),
		CURB_TEXT("State"), CURB_TEXT("What you can do"), NULL
	};
	static const char *const some[] = { CURB_TEXT("Role"), CURB_TEXT("Where"), CURB_TEXT("When"),
		                            CURB_TEXT("State"), NULL };
	bool admin = (curb_req_user(req)->roles & CURB_ADMIN) != 0;
	struct curb_value *columns = desk_columns(req, admin ? all : some);
	struct curb_value *rows = curb_array(curb_req_arena(req));
	struct people_grant_row *grants = NULL;
	size_t n = 0;
	int err = people_grants(curb_req_tx(req), &person->id, &grants, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = put_grant(req, actor, &grants[i], columns, desk_row(rows));
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
	return err;
}

static int put_role_form(struct curb_req *req, struct desk_form *form, const struct people_row *person)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	struct curb_str chosen = curb_get_str(form->v, "role");
	desk_option(options, curb_str(""), curb_tr(req, "Choose a role", NULL), !chosen.len);
	for (int i = 0; people_role_word(i); i++)
		desk_option(options, curb_str(people_role_word(i)), desk_role(req, 1u << i),
		            curb_str_is(chosen, people_role_word(i)));
	curb_put(form->model, "roles", options);
	curb_put_text(form->model, "give",
	              curb_printf(curb_req_arena(req), "/people/%s/roles", person->id.text));
	return desk_put_places(req, &actor, curb_get_str(form->v, "place"), true, form->model);
}

/* Nobody gives a role to herself: what one person may do, another one has decided. */
static bool is_own(struct curb_req *req, const struct curb_id *person)
{
	return strcmp(curb_req_user(req)->id.text, person->text) == 0;
}

/* ---- the page ---- */

static void tell_done(struct curb_req *req, struct curb_value *model)
{
	struct curb_str done = curb_req_query(req, "done");
	if (curb_str_is(done, "added"))
		desk_notice(model, "good",
		            curb_tr(req, "This person was added. Hand out a first sign-in code next.", NULL));
	else if (curb_str_is(done, "given"))
		desk_notice(model, "good", curb_tr(req, "The role was given.", NULL));
	else if (curb_str_is(done, "ended"))
		desk_notice(model, "good",
		            curb_tr(req, "The role has ended. To undo it, give the same role again.", NULL));
}

static int put_classes(struct curb_req *req, struct desk *desk, const struct people_row *person,
                       struct curb_value *model)
{
	struct curb_value *cards = NULL;
	if (!desk->study)
		return 0;
	int err = desk->study->classes(desk->study, req, &person->id, &cards);
	if (!err) {
		curb_put_bool(model, "studies", true);
		curb_put(model, "classes", cards);
	}
	struct curb_value *links = curb_array(curb_req_arena(req));
	if (!err)
		err = desk->study->links(desk->study, req, &person->id, links);
	curb_put(model, "links", links);
	return err;
}

/* The card, where it is hers to hand out: not for everybody whom she sees. */
static int put_card(struct curb_req *req, const struct people_row *person, struct curb_value *model)
{
	const struct people_actor actor = desk_actor(req, curb_req_user(req)->roles);
	int err = people_hands_out(curb_req_tx(req), &actor, &person->id);
	if (!err)
		curb_put_text(model, "card",
		              curb_printf(curb_req_arena(req), "/people/%s/card", person->id.text));
	return err == CURB_EDENIED || err == CURB_ENOTFOUND ? 0 : err;
}

static int show(struct curb_req *req, struct desk *desk, struct desk_form *form,
                const struct people_row *person)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = form->model, *facts = curb_array(arena);
	const struct people_actor actor = desk_actor(req, DESK_PEOPLE);
	uint32_t roles = curb_req_user(req)->roles;
	curb_put_str(model, "title", person->shown);
	desk_fact(facts, curb_tr(req, "Learner number or phone", NULL), person->sign_in, NULL);
	desk_fact(facts, curb_tr(req, "Roles now", NULL), desk_roles(req, person->roles), NULL);
	curb_put(model, "facts", facts);
	tell_done(req, model);
	if (roles & (CURB_ADMIN | CURB_AUDITOR))
		curb_put_text(model, "changes", curb_printf(arena, "/changes?about=%s", person->id.text));
	if (eligible_is_shown(req, &person->id))
		curb_put_text(model, "eligible",
		              curb_printf(arena, "/people/%s/eligibility", person->id.text));
	int err = put_card(req, person, model);
	if (!err)
		err = put_grants(req, &actor, person, model);
	if (!err && (roles & CURB_ADMIN) && !is_own(req, &person->id))
		err = put_role_form(req, form, person);
	if (!err)
		err = put_classes(req, desk, person, model);
	return err ? err : curb_reply_page(req, form->wrong ? 422 : 200, "person", model);
}

static int reply_json(struct curb_req *req, const struct people_row *person)
{
	struct curb_buf out = curb_buf(256 << 10);
	struct curb_json j = curb_json(&out);
	struct people_grant_row *grants = NULL;
	size_t n = 0;
	int err = people_grants(curb_req_tx(req), &person->id, &grants, &n);
	if (err)
		return err;
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", person->id.text);
	curb_json_kstr(&j, "name", person->shown);
	curb_json_kstr(&j, "number", person->sign_in);
	curb_json_key(&j, "grants");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++) {
		curb_json_begin(&j, '{');
		curb_json_ktext(&j, "id", grants[i].id.text);
		for (int k = 0; people_role_word(k); k++)
			if (grants[i].role == 1u << k)
				curb_json_ktext(&j, "role", people_role_word(k));
		curb_json_kstr(&j, "place", grants[i].place);
		curb_json_kint(&j, "from", grants[i].from_ms);
		if (grants[i].until_ms)
			curb_json_kint(&j, "until", grants[i].until_ms);
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

int desk_get_person(struct curb_req *req, void *state)
{
	const struct people_actor actor = desk_actor(req, DESK_PEOPLE);
	struct people_row person;
	int err = desk_find_person(req, &actor, &person);
	if (err)
		return err;
	if (!curb_req_wants_page(req))
		return reply_json(req, &person);
	struct desk_form form = desk_form(req, NULL);
	return show(req, state, &form, &person);
}

/* ---- giving a role ---- */

struct giving {
	struct people_grant_row grant;
	struct curb_id by;
	int64_t now_ms;
	bool page;
};

static int note(struct curb_tx *tx, const struct giving *giving, const char *act)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	for (int i = 0; people_role_word(i); i++)
		if (giving->grant.role == 1u << i)
			curb_put_text(detail, "role", people_role_word(i));
	const struct curb_change change = { giving->by, curb_id_str(&giving->grant.person),
		                            giving->grant.place, act, detail };
	return curb_note_change(tx, &change, giving->now_ms);
}

static int give(struct curb_tx *tx, void *arg)
{
	struct giving *giving = arg;
	int err = people_grant_add(tx, &giving->grant, giving->now_ms, &giving->grant.id);
	return err ? err : note(tx, giving, CURB_TEXT("gave the role {role}"));
}

static int answer_given(struct curb_req *req, void *arg)
{
	const struct giving *giving = arg;
	if (giving->page)
		return desk_go(req, curb_printf(curb_req_arena(req), "/people/%s?done=given",
		                                giving->grant.person.text));
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", giving->grant.id.text);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

int desk_post_role(struct curb_req *req, void *state)
{
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	struct people_row person;
	struct desk_form form = desk_form(req, NULL);
	struct giving giving = { .by = actor.person,
		                 .now_ms = actor.now_ms,
		                 .page = curb_req_wants_page(req) };
	struct people_grant_row *grant = &giving.grant;
	int err = desk_find_person(req, &actor, &person);
	if (!err && is_own(req, &person.id))
		err = curb_fail(CURB_EDENIED, "Nobody gives a role to herself; ask another administrator");
	if (err)
		return err;
	grant->person = person.id;
	grant->place = curb_str("");
	grant->role = people_role(desk_text(&form, "role"));
	grant->from_ms = desk_date(&form, "from");
	int64_t last_ms = desk_date(&form, "until");
	grant->until_ms = last_ms ? last_ms + DESK_DAY_MS : 0;
	if (!grant->role)
		desk_wrong(&form, "role", curb_tr(req, "Choose a role", NULL));
	err = desk_read_place(&form, &actor, "place", &grant->place);
	if (err)
		return err;
	if (!form.wrong) {
		err = curb_write_reply(req, curb_id_str(&grant->person), give, answer_given, &giving);
		if (!err || !desk_mendable(err) || !giving.page)
			return err;
		desk_wrong_error(&form, err == CURB_ECONFLICT ? "role" : grant->until_ms ? "until" : "place");
	}
	if (!giving.page)
		return curb_fail(CURB_EUNFIT,
		                 "The role, the place or a date is not one of those that can be given");
	return show(req, state, &form, &person);
}

/* ---- ending one ---- */

static int find_grant(struct curb_req *req, const struct people_actor *actor,
                      struct people_grant_row *ret_grant)
{
	bool reaches = false;
	struct people_row person;
	int err = desk_find_person(req, actor, &person);
	if (!err)
		err = people_grant_by_id(curb_req_tx(req), curb_req_param(req, "grant"), ret_grant);
	if (!err && strcmp(ret_grant->person.text, person.id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such role of this person");
	if (!err)
		err = people_reaches(curb_req_tx(req), actor, ret_grant->place, &reaches);
	if (!err && !reaches)
		return curb_fail(CURB_EDENIED,
		                 "Your own role does not reach this place; choose one that it covers");
	return err;
}

int desk_get_role(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_arena *arena = curb_req_arena(req);
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	struct people_grant_row grant;
	struct people_row person;
	int err = find_grant(req, &actor, &grant);
	if (!err)
		err = people_row(curb_req_tx(req), &grant.person, actor.now_ms, &person);
	if (err)
		return err;
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	desk_title(req, model, CURB_TEXT("End this role?"));
	desk_fact(facts, curb_tr(req, "Name", NULL), person.shown, NULL);
	desk_fact(facts, curb_tr(req, "Role", NULL), desk_role(req, grant.role), NULL);
	desk_fact(facts, curb_tr(req, "Where", NULL), desk_place(req, grant.place_name), NULL);
	desk_fact(facts, curb_tr(req, "When", NULL), desk_period(req, grant.from_ms, grant.until_ms), NULL);
	curb_put(model, "facts", facts);
	curb_put_text(model, "back", curb_printf(arena, "/people/%s", grant.person.text));
	curb_put_text(model, "action",
	              curb_printf(arena, "/people/%s/roles/%s/end", grant.person.text, grant.id.text));
	return curb_reply_page(req, 200, "role_end", model);
}

static int end(struct curb_tx *tx, void *arg)
{
	struct giving *giving = arg;
	int err = people_grant_end(tx, &giving->grant.id, giving->now_ms);
	return err ? err : note(tx, giving, CURB_TEXT("ended the role {role}"));
}

static int answer_ended(struct curb_req *req, void *arg)
{
	const struct giving *giving = arg;
	return giving->page ? desk_go(req, curb_printf(curb_req_arena(req), "/people/%s?done=ended",
	                                               giving->grant.person.text)) :
	                      curb_reply_empty(req, 204);
}

int desk_post_role_end(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	struct giving giving = { .by = actor.person,
		                 .now_ms = actor.now_ms,
		                 .page = curb_req_wants_page(req) };
	int err = find_grant(req, &actor, &giving.grant);
	return err ? err :
	             curb_write_reply(req, curb_id_str(&giving.grant.person), end, answer_ended, &giving);
}
