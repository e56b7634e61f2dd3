/* Sign-in cards: a code that staff hand out, on a page to print, read aloud or show. */
#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "handlers.h"
#include "http.h"
#include "qr.h"
#include "roles.h"
#include "signing.h"

/* The person of the path when whoever asks may hand out a code for her. */
static int find_person(struct curb_req *req, struct people_row *ret_person)
{
	const struct curb_user *user = curb_req_user(req);
	const struct people_actor actor = { user->id, user->roles, curb_wall_ms() };
	struct curb_id id = curb_id_of(curb_req_param(req, "id"));
	int err = people_hands_out(curb_req_tx(req), &actor, &id);
	return err ? err : people_row(curb_req_tx(req), &id, actor.now_ms, ret_person);
}

static struct curb_str tr_two(struct curb_req *req, const char *source, struct curb_str name,
                              struct curb_str day)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "name", name);
	curb_put_str(values, "day", day);
	return curb_tr(req, source, values);
}

static struct curb_value *model_of(struct curb_req *req, const struct people_row *person)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title",
	             tr_two(req, CURB_TEXT("Sign-in card of {name}"), person->shown, curb_str(NULL)));
	curb_put_str(model, "name", person->shown);
	curb_put_str(model, "number", person->sign_in);
	curb_put_text(model, "action", curb_printf(curb_req_arena(req), "/people/%s/card", person->id.text));
	curb_put_text(model, "person", curb_printf(curb_req_arena(req), "/people/%s", person->id.text));
	return model;
}

int signin_get_card(struct curb_req *req, void *state)
{
	(void)state;
	struct people_row person;
	struct people_code open;
	int err = find_person(req, &person);
	if (!err)
		err = people_code_open(curb_req_tx(req), &person.id, curb_wall_ms(), &open);
	if (err)
		return err;
	struct curb_value *model = model_of(req, &person);
	if (open.made_ms)
		curb_put_str(model, "open",
		             tr_two(req,
		                    CURB_TEXT("A code handed out by {name} waits to be used until {day}. A "
		                              "new one ends it"),
		                    open.made_by, curb_words_date(req, open.ends_ms)));
	return curb_reply_page(req, 200, "card_make", model);
}

/* ---- the card ---- */

struct making {
	struct curb_id person, by;
	int64_t now_ms;
	char text[PEOPLE_CODE_TEXT];
};

static int make(struct curb_tx *tx, void *arg)
{
	struct making *making = arg;
	const struct curb_change change = { .actor = making->by,
		                            .about = curb_id_str(&making->person),
		                            .place = curb_str(""),
		                            .act = CURB_TEXT("handed out a sign-in code") };
	int err = people_code_make(tx, &making->person, &making->by, making->now_ms, making->text);
	return err ? err : curb_note_change(tx, &change, making->now_ms);
}

/* Behind the "#": browsers keep it to themselves, so no log and no proxy sees the code. */
static struct curb_str address_of(struct curb_req *req, const struct people_row *person, const char *code)
{
	char digits[PEOPLE_CODE_TEXT] = "";
	for (size_t i = 0, n = 0; code[i]; i++)
		if (code[i] != ' ')
			digits[n++] = code[i];
	struct curb_str origin = curb_req_origin(req);
	return curb_str(curb_printf(curb_req_arena(req), "%.*s/signin#n=%s&c=%s", (int)origin.len, origin.ptr,
	                            signin_percent(curb_req_arena(req), person->sign_in), digits));
}

static void put_fact(struct curb_value *facts, struct curb_str term, struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_value_arena(facts));
	curb_put_str(fact, "term", term);
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

int signin_post_card(struct curb_req *req, void *state)
{
	(void)state;
	struct people_row person;
	struct making making = { .by = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	int size = 0, err = find_person(req, &person);
	if (err)
		return err;
	making.person = person.id;
	err = curb_write(req, curb_id_str(&person.id), make, &making);
	struct curb_str path, origin = curb_req_origin(req);
	if (!err)
		err = curb_qr(curb_req_arena(req), address_of(req, &person, making.text), &path, &size);
	if (err)
		return err;
	struct curb_value *model = model_of(req, &person);
	struct curb_value *facts = curb_array(curb_req_arena(req));
	put_fact(facts, curb_tr(req, "Learner number or phone", NULL), person.sign_in);
	put_fact(facts, curb_tr(req, "Sign-in code", NULL), curb_str(making.text));
	put_fact(facts, curb_tr(req, "Good until", NULL),
	         curb_words_date(req, making.now_ms + (int64_t)PEOPLE_CODE_DAYS * 24 * 3600 * 1000));
	curb_put(model, "facts", facts);
	curb_put_str(model, "address",
	             curb_str(curb_printf(curb_req_arena(req), "%.*s/signin", (int)origin.len, origin.ptr)));
	curb_put_str(model, "qr", path);
	curb_put_int(model, "qr_size", size);
	err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, 200, "card", model);
}
