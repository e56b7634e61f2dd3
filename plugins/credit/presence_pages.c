/* Answers over HTTP: of the trainee, by the player and by a form without scripts, and of who looks after the class. */
#include "audit.h"
#include "cells.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "presence.h"

static int answer(struct curb_tx *tx, void *arg)
{
	return presence_answer(tx, arg);
}

/* Of the trainee, or of who helps her. */
static struct presence_answer own_answer(struct curb_req *req, void *state, struct curb_str cohort)
{
	const struct curb_id *person = &curb_req_user(req)->id, helper = curb_req_helper(req);
	bool helped = curb_id_some(&helper);
	return (struct presence_answer){
		.c = state,
		.person = *person,
		.cohort = cohort,
		.by = { helped ? helper : *person, helped ? "helper" : "learner" },
		.now_ms = curb_wall_ms(),
	};
}

/* ---- POST /api/v1/cohorts/:id/presence {check, answer?}: answer of the question, from 1 ---- */

static int tell_answer(struct curb_req *req, void *arg)
{
	const struct presence_answer *answered = arg;
	enum { OUT_MOST = 16 << 10 }; /* with the question of the next check */
	struct curb_buf out = curb_buf(OUT_MOST);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_kbool(&j, "repeated", answered->repeated);
	curb_json_kint(&j, "waited_s", answered->held_s);
	curb_json_kint(&j, "granted_s", answered->granted_s);
	presence_put_json(&j, &answered->next);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

int presence_post_api(struct curb_req *req, void *state)
{
	struct presence_answer new = own_answer(req, state, curb_req_param(req, "id"));
	new.check = curb_get_int(curb_req_value(req), "check", 0);
	new.chosen = curb_get_int(curb_req_value(req), "answer", 0);
	new.modality = curb_value_get(curb_req_value(req), "answer") ? PRESENCE_QUESTION : PRESENCE_BUTTON;
	return curb_write_reply(req, curb_id_str(&new.person), answer, tell_answer, &new);
}

/* ---- POST /record/presence {cohort, check, unit, how?, answer?}: the form of a page ---- */

struct form_answer {
	struct presence_answer answer;
	/* the lesson, where it stopped; her hours in the class when nothing plays it; arena */
	const char *back;
};

static int find_back(struct curb_req *req, struct form_answer *form)
{
	struct credit *c = form->answer.c;
	struct content_unit unit = { .kind = curb_str("") };
	struct ranges seen, credited;
	int64_t from_s = 0;
	struct curb_str cohort = form->answer.cohort; /* one that is there, when she gets back */
	form->back = curb_printf(curb_req_arena(req), "/record?class=%.*s&", (int)cohort.len, cohort.ptr);
	int err = c->content->unit(c->content, curb_req_tx(req), curb_req_field(req, "unit"), &unit);
	if (err && err != CURB_ENOTFOUND)
		return err;
	struct credit_player player = credit_player_of(c, unit.kind);
	if (err || !player.page)
		return 0;
	const struct credit_line_key key = { .person = form->answer.person,
		                             .cohort = curb_id_of(form->answer.cohort),
		                             .unit = unit.id };
	struct curb_str page = player.page(player.self, req, &unit);
	err = credit_coverage_of(c, curb_req_tx(req), &key, &seen, &credited, &from_s);
	form->back = curb_printf(curb_req_arena(req), "%.*s?from=%lld&", (int)page.len, page.ptr,
	                         (long long)from_s);
	return err;
}

static int back_to(struct curb_req *req, const struct form_answer *form, const char *word)
{
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "%sanswered=%s", form->back, word)));
}

static int answer_form(struct curb_tx *tx, void *arg)
{
	struct form_answer *form = arg;
	return presence_answer(tx, &form->answer);
}

static int go_back(struct curb_req *req, void *arg)
{
	return back_to(req, arg, "yes");
}

int presence_post_form(struct curb_req *req, void *state)
{
	struct form_answer form = { .answer = own_answer(req, state, curb_req_field(req, "cohort")) };
	bool question = curb_str_is(curb_req_field(req, "how"), "question");
	if (!curb_str_int(curb_req_field(req, "check"), &form.answer.check))
		return curb_fail(CURB_EINVAL, "There is no such presence check; open the lesson again");
	if (!question || !curb_str_int(curb_req_field(req, "answer"), &form.answer.chosen))
		form.answer.chosen = 0;
	form.answer.modality = question ? PRESENCE_QUESTION : PRESENCE_FORM;
	int err = find_back(req, &form);
	if (!err)
		err = curb_write_reply(req, curb_id_str(&form.answer.person), answer_form, go_back, &form);
	return err == CURB_EUNFIT ? back_to(req, &form, "no") : err;
}

/* ---- /classes/:id/presence: who looks after the class confirms ---- */

static const char *const labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Lesson"), CURB_TEXT("Waits since"),
	                              CURB_TEXT("Waiting"), NULL };

static int put_waiting(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                       struct typed_form *form)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *options = curb_array(arena);
	struct presence_waiting *list = NULL;
	size_t n = 0;
	int err = presence_waiting_of(c, curb_req_tx(req), &cohort->id, &list, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		struct content_unit unit;
		err = c->content->unit(c->content, curb_req_tx(req), curb_id_str(&list[i].unit), &unit);
		if (err)
			return err;
		curb_push(cells, credit_head(req, labels[0], list[i].shown, NULL));
		curb_push(cells, credit_cell(req, labels[1], unit.name));
		curb_push(cells, credit_cell(req, labels[2], curb_words_date(req, list[i].due_ms)));
		curb_push(cells, credit_cell(req, labels[3], curb_words_span(req, list[i].held_s)));
		curb_put(row, "cells", cells);
		curb_push(rows, row);
		typed_option(options,
		             curb_str(curb_printf(arena, "%s/%lld", list[i].person.text,
		                                  (long long)list[i].check)),
		             list[i].shown, typed_field(form, "who"));
	}
	credit_put_columns(req, form->model, labels);
	curb_put(form->model, "rows", rows);
	curb_put(form->model, "options", options);
	return err;
}

static int show_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct typed_form *form, int status)
{
	const char *here = curb_printf(curb_req_arena(req), "/classes/%s", cohort->id.text);
	int err = put_waiting(req, c, cohort, form);
	if (err)
		return err;
	curb_put_text(form->model, "back", here);
	curb_put_text(form->model, "action", curb_printf(curb_req_arena(req), "%s/presence", here));
	curb_put_str(form->model, "programme", cohort->programme);
	curb_put_str(form->model, "title", curb_tr(req, "Presence checks that wait", NULL));
	if (curb_str_is(curb_req_query(req, "done"), "yes"))
		put_notice(req, form->model, "good",
		           curb_tr(req,
		                   "Confirmed. What had waited counts now, and the trainee sees by whom.",
		                   NULL));
	return curb_reply_page(req, status, "presence", form->model);
}

int presence_page_class(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = credit_class_of(req, state, &cohort);
	return err ? err : show_class(req, state, &cohort, &form, 200);
}

static int answer_class(struct curb_req *req, void *arg)
{
	const struct presence_answer *answered = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/classes/%.*s/presence?done=yes",
	                                  (int)answered->cohort.len, answered->cohort.ptr)));
}

/* "PERSON/CHECK" of the one that was chosen. */
static bool read_chosen(struct curb_str text, struct presence_answer *new)
{
	struct curb_str person;
	return curb_str_cut(&text, '/', &person) && curb_id_parse(person, &new->person) &&
	       curb_str_int(text, &new->check);
}

int presence_post_class(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = credit_class_of(req, state, &cohort);
	if (err)
		return err;
	struct presence_answer new = { .c = state,
		                       .cohort = curb_id_str(&cohort.id),
		                       .by = credit_actor_of(req, &cohort.institution),
		                       .modality = PRESENCE_INSTRUCTOR,
		                       .now_ms = curb_wall_ms() };
	if (!read_chosen(typed_field(&form, "who"), &new))
		typed_wrong(&form, "who", curb_tr(req, "Choose the trainee who was there", NULL));
	else if (strcmp(new.person.text, new.by.id.text) == 0)
		typed_wrong(&form, "who",
		            curb_tr(req, "Nobody confirms for herself; press Go on instead", NULL));
	if (form.wrong)
		return show_class(req, state, &cohort, &form, 422);
	err = curb_write_reply(req, curb_id_str(&new.person), answer, answer_class, &new);
	if (err != CURB_ECONFLICT && err != CURB_EINVAL)
		return err;
	typed_wrong_error(&form, "who");
	return show_class(req, state, &cohort, &form, 422);
}
