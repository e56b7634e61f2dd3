/* One more person: by who runs the server in any role, by the staff as a trainee of their own institution. */
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { NAME_LONGEST = 90, NUMBER_LONGEST = 64 };

struct adding {
	struct curb_id by, id;
	struct people_new person;
	struct curb_str place;
	int64_t now_ms;
	bool page;
};

static int add(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	int err = people_add(tx, &adding->person, adding->now_ms, &adding->id);
	if (err)
		return err;
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	for (int i = 0; people_role_word(i); i++)
		if (adding->person.role == 1u << i)
			curb_put_text(detail, "role", people_role_word(i));
	const struct curb_change change = { adding->by, curb_id_str(&adding->id), adding->place,
		                            CURB_TEXT("added this person, role: {role}"), detail };
	return curb_note_change(tx, &change, adding->now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	if (adding->page)
		return desk_go(req,
		               curb_printf(curb_req_arena(req), "/people/%s?done=added", adding->id.text));
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", adding->id.text);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

/* ---- the form ---- */

static bool runs_all(struct curb_req *req)
{
	return (curb_req_user(req)->roles & CURB_ADMIN) != 0;
}

static int show(struct curb_req *req, struct desk_form *form, const struct people_actor *actor)
{
	struct curb_value *model = form->model, *options = curb_array(curb_req_arena(req));
	struct curb_str role = curb_get_str(form->v, "role");
	bool all = runs_all(req);
	int err = desk_put_places(req, actor, curb_get_str(form->v, "place"), all, model);
	if (err)
		return err;
	desk_title(req, model, all ? CURB_TEXT("Add a person") : CURB_TEXT("Add a trainee"));
	desk_option(options, curb_str(""), curb_tr(req, "Choose a role", NULL), !role.len);
	for (int i = 0; people_role_word(i); i++)
		desk_option(options, curb_str(people_role_word(i)), desk_role(req, 1u << i),
		            curb_str_is(role, people_role_word(i)));
	curb_put(model, "roles", options);
	curb_put_bool(model, "all", all);
	return curb_reply_page(req, form->wrong ? 422 : 200, "person_new", model);
}

static struct people_actor actor_of(struct curb_req *req)
{
	return desk_actor(req, runs_all(req) ? CURB_ADMIN : CURB_STAFF);
}

int desk_get_new(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = actor_of(req);
	struct desk_form form = desk_form(req, NULL);
	curb_put_str(form.v, "place", curb_req_query(req, "place"));
	return show(req, &form, &actor);
}

static int read_place(struct desk_form *form, const struct people_actor *actor, struct adding *adding)
{
	struct people_place place = { .institution = false };
	int err = desk_read_place(form, actor, "place", &adding->place);
	if (err || runs_all(form->req) || curb_value_get(form->e, "place"))
		return err;
	if (adding->place.len)
		err = people_place(curb_req_tx(form->req), adding->place, &place);
	if (!err && !place.institution)
		desk_wrong(form, "place", curb_tr(form->req, "Choose the institution of the trainee", NULL));
	return err;
}

static int read(struct desk_form *form, const struct people_actor *actor, struct adding *adding)
{
	struct curb_req *req = form->req;
	struct people_new *person = &adding->person;
	person->shown = desk_needed(form, "name", NAME_LONGEST, CURB_TEXT("Type the name"));
	person->name = desk_needed(form, "number", NUMBER_LONGEST,
	                           CURB_TEXT("Type the learner number or phone to sign in with"));
	person->role = CURB_LEARNER;
	if (runs_all(req)) {
		struct curb_str word = desk_text(form, "role");
		person->role = people_role(word);
		person->from_ms = desk_date(form, "from");
		int64_t last_ms = desk_date(form, "until");
		person->until_ms = last_ms ? last_ms + DESK_DAY_MS : 0;
		if (!person->role)
			desk_wrong(form, "role", curb_tr(req, "Choose a role", NULL));
	}
	return read_place(form, actor, adding);
}

static const char *field_of(int err)
{
	return err == CURB_EUNFIT ? "until" : err == CURB_ENOTFOUND ? "place" : "number";
}

int desk_post_people(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = actor_of(req);
	struct desk_form form = desk_form(req, NULL);
	struct adding adding = { .by = actor.person,
		                 .person = { .password_hash = "" },
		                 .place = curb_str(""),
		                 .now_ms = actor.now_ms,
		                 .page = curb_req_wants_page(req) };
	int err = read(&form, &actor, &adding);
	if (err)
		return err;
	if (!form.wrong) {
		if (adding.place.len)
			adding.person.institution = adding.place; /* of either kind: people_add looks it up */
		err = curb_write_reply(req, curb_str(NULL), add, answer, &adding);
		if (!err || !desk_mendable(err))
			return err;
		desk_wrong_error(&form, field_of(err));
	}
	if (!adding.page)
		return curb_fail(CURB_EUNFIT, "%.*s",
		                 (int)curb_get_str(curb_value_at(form.mistakes, 0), "text").len,
		                 curb_get_str(curb_value_at(form.mistakes, 0), "text").ptr);
	return show(req, &form, &actor);
}
