/* Presence checks in sentences. */
#include "cells.h"
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"
#include "presence.h"

enum { SHOWN = 10 };

static void push(struct curb_req *req, struct curb_value *facts, struct curb_str text)
{
	curb_push(facts, curb_string(curb_req_arena(req), text));
}

/* How one check was answered, when hours had waited for it. */
static int said_words(struct curb_req *req, const struct curb_id *person, const struct presence_said *said,
                      struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	bool instructor = curb_str_is(said->modality, PRESENCE_INSTRUCTOR);
	bool helped = !instructor && strcmp(said->by.text, person->text) != 0;
	struct curb_str name = curb_str("");
	int err = instructor || helped ? credit_name_of(req, &said->by, &name) : 0;
	curb_put_str(values, "day", curb_words_date(req, said->at_ms));
	curb_put_str(values, "held", curb_words_span(req, said->held_s));
	curb_put_str(values, "counted", curb_words_span(req, said->granted_s));
	curb_put_str(values, "name", name);
	bool question = curb_str_is(said->modality, PRESENCE_QUESTION);
	*ret_words = helped ?
	                     curb_tr(req,
	                             "{day}: {name}, who helps you, answered the check. {held} had waited "
	                             "for it; {counted} of it count now",
	                             values) :
	             question ?
	                     curb_tr(req,
	                             "{day}: you answered the question about the chapter. {held} had "
	                             "waited for it; {counted} of it count now",
	                             values) :
	             instructor ?
	                     curb_tr(req,
	                             "{day}: {name} confirmed that you were there. {held} had waited for it; "
	                             "{counted} of it count now",
	                             values) :
	                     curb_tr(req,
	                             "{day}: you pressed Go on. {held} had waited for it; {counted} of it "
	                             "count now",
	                             values);
	return err;
}

static int push_said(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     const struct curb_id *person, struct curb_value *facts)
{
	struct presence_said *said = NULL;
	int64_t total = 0;
	size_t n = 0;
	int err = presence_said_of(c, curb_req_tx(req), person, &cohort->id, SHOWN, &said, &n, &total);
	if (!err && total > 0) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_int(values, "number", total);
		push(req, facts, curb_tr(req, "Presence checks answered: {number}", values));
	}
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_str words;
		if (said[i].held_s == 0)
			continue;
		err = said_words(req, person, &said[i], &words);
		if (!err)
			push(req, facts, words);
	}
	return err;
}

static int push_waits(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      const struct curb_id *person, const struct presence *presence, struct curb_value *facts)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t held_s = 0;
	int err = presence_held_s(c, curb_req_tx(req), person, &cohort->id, &held_s);
	curb_put_str(values, "held", curb_words_span(req, held_s));
	if (!err && presence->due_ms)
		push(req, facts,
		     held_s ? curb_tr(req,
		                      "{held} wait for a presence check. They count as soon as it is "
		                      "answered: "
		                      "press Go on, or ask your teacher to confirm that you were there",
		                      values) :
		              curb_tr(req,
		                      "A presence check waits. Nothing is lost by waiting: what you learn "
		                      "meanwhile counts as soon as it is answered",
		                      values));
	return err;
}

int presence_put_record(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                        const struct curb_id *person, struct curb_value *facts, struct curb_value *model)
{
	struct presence presence;
	bool own = strcmp(curb_req_user(req)->id.text, person->text) == 0;
	if (cohort->presence_s == 0)
		return 0;
	int err = presence_of(c, curb_req_tx(req), person, &cohort->id, &presence);
	if (!err)
		err = push_waits(req, c, cohort, person, &presence, facts);
	if (!err && own && presence.due_ms) {
		struct curb_value *check = curb_object(curb_req_arena(req));
		curb_put_text(check, "cohort", cohort->id.text);
		curb_put_int(check, "number", presence.answered + 1);
		curb_put(model, "check", check);
	}
	return err ? err : push_said(req, c, cohort, person, facts);
}

void presence_put_answered(struct curb_req *req, const struct curb_value *row, struct curb_value *model)
{
	if (curb_str_is(curb_req_query(req, "answered"), "yes") && !curb_value_get(row, "check"))
		put_notice(req, model, "good",
		           curb_tr(req, "Your answer is in, and what had waited for it counts.", NULL));
}
