/* Questions about hours as pages tell them: what they are about, how they stand, where they are read. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "question.h"

enum { HOME_MOST = 6 };
static const int64_t news_ms = 14LL * 24 * 3600 * 1000; /* so long an answer stands on the first page */

static bool is_own(struct curb_req *req, const struct curb_id *person)
{
	return strcmp(curb_req_user(req)->id.text, person->text) == 0;
}

static int about_lesson(struct curb_req *req, struct credit *c, const struct question *question,
                        struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct content_unit unit;
	int err = c->content->unit(c->content, curb_req_tx(req), curb_id_str(&question->unit), &unit);
	if (err)
		return err;
	curb_put_str(values, "day", curb_words_day(req, question->day));
	curb_put_int(values, "number", unit.position);
	curb_put_str(values, "unit", unit.name);
	*ret_words = curb_tr(req, "{day}, lesson {number}: {unit}", values);
	return 0;
}

int question_about(struct curb_req *req, struct credit *c, const struct question *question,
                   struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct credit_cohort cohort;
	if (curb_id_some(&question->unit))
		return about_lesson(req, c, question, ret_words);
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&question->cohort), &cohort);
	curb_put_str(values, "programme", cohort.programme);
	if (!err)
		*ret_words = curb_tr(req, "The class {programme}", values);
	return err;
}

const char *question_state(const struct question *question)
{
	return question->waiting ? CURB_TEXT("Waits for an answer") : CURB_TEXT("Answered");
}

const char *question_page(struct curb_req *req, const struct question *question)
{
	if (is_own(req, &question->person))
		return curb_printf(curb_req_arena(req), "/record/questions/%s", question->id.text);
	return curb_printf(curb_req_arena(req), "/classes/%s/questions/%s", question->cohort.text,
	                   question->id.text);
}

/* ---- first pages ---- */

static int push_card(struct curb_req *req, struct credit *c, const struct question *question,
                     struct curb_str fact, struct curb_value *items)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena);
	struct curb_str about;
	int err = question_about(req, c, question, &about);
	if (err)
		return err;
	curb_put_str(card, "title", about);
	curb_put_text(card, "href", question_page(req, question));
	curb_push(facts, curb_string(arena, fact));
	curb_put(card, "facts", facts);
	curb_push(items, card);
	return 0;
}

static void push_section(struct curb_req *req, const char *title, struct curb_value *items,
                         struct curb_value *sections)
{
	struct curb_value *made = curb_object(curb_req_arena(req));
	if (curb_value_count(items) == 0)
		return;
	curb_put_str(made, "title", curb_tr(req, title, NULL));
	curb_put(made, "items", items);
	curb_push(sections, made);
}

static int push_waiting(struct curb_req *req, struct credit *c, const struct question *question,
                        struct curb_value *items)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_user person;
	int err = curb_person_find(curb_req_tx(req), curb_id_str(&question->person), curb_wall_ms(), &person);
	if (err)
		return err == CURB_ENOTFOUND ? 0 :
		                               err; /* her account is closed: the list of the class has it */
	curb_put_str(values, "name", person.name);
	curb_put_str(values, "day", curb_words_date(req, question->asked_ms));
	return push_card(req, c, question, curb_tr(req, "{name} asked on {day}", values), items);
}

int question_home_staff(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	struct curb_value *items = curb_array(curb_req_arena(req));
	const struct curb_id *institutions = NULL;
	size_t n = 0;
	int err = curb_req_institutions(req, CURB_STAFF | CURB_TEACHER, &institutions, &n);
	for (size_t i = 0; !err && i < n && curb_value_count(items) < HOME_MOST; i++) {
		struct question *questions = NULL;
		size_t count = 0;
		err = questions_of_institution(c, curb_req_tx(req), &institutions[i],
		                               HOME_MOST - (int64_t)curb_value_count(items), &questions,
		                               &count);
		for (size_t k = 0; !err && k < count; k++)
			err = push_waiting(req, c, &questions[k], items);
	}
	push_section(req, CURB_TEXT("Questions to answer"), items, sections);
	return err;
}

int question_home_trainee(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	static const struct curb_id any = { "" };
	struct curb_value *items = curb_array(curb_req_arena(req));
	struct question *questions = NULL;
	size_t n = 0;
	int err = questions_of_person(c, curb_req_tx(req), &curb_req_user(req)->id, &any,
	                              curb_wall_ms() - news_ms, &questions, &n);
	for (size_t i = 0; !err && i < n && curb_value_count(items) < HOME_MOST; i++) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		if (questions[i].waiting)
			continue;
		curb_put_str(values, "day", curb_words_date(req, questions[i].said_ms));
		err = push_card(req, c, &questions[i], curb_tr(req, "Answered on {day}", values), items);
	}
	push_section(req, CURB_TEXT("Answers to your questions"), items, sections);
	return err;
}

/* ---- on the record and on the page of a class ---- */

int question_put_list(struct curb_req *req, struct credit *c, const struct curb_id *person,
                      const struct credit_cohort *cohort, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *list = curb_array(arena);
	struct question *questions = NULL;
	size_t n = 0;
	int err = questions_of_person(c, curb_req_tx(req), person, &cohort->id, 0, &questions, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *values = curb_object(arena);
		struct curb_str about;
		err = question_about(req, c, &questions[i], &about);
		if (err)
			return err;
		curb_put_str(values, "about", about);
		curb_put_str(values, "day", curb_words_date(req, questions[i].asked_ms));
		curb_put_str(values, "state", curb_tr(req, question_state(&questions[i]), NULL));
		curb_put_str(row, "label", curb_tr(req, "Asked on {day}: {about}. {state}", values));
		curb_put_text(row, "href", question_page(req, &questions[i]));
		curb_push(list, row);
	}
	curb_put(model, "questions", list);
	curb_put_text(model, "entries",
	              is_own(req, person) ? curb_printf(arena, "/record/entries?class=%s", cohort->id.text) :
	                                    curb_printf(arena, "/classes/%s/trainees/%s/entries",
	                                                cohort->id.text, person->text));
	if (is_own(req, person)) {
		struct curb_value *values = curb_object(arena);
		curb_put_str(values, "programme", cohort->programme);
		curb_put_text(model, "ask", curb_printf(arena, "/record/ask?class=%s", cohort->id.text));
		curb_put_str(model, "ask_label", curb_tr(req, "Ask about my hours in {programme}", values));
	}
	return err;
}

void question_put_ask(struct curb_req *req, const struct credit_cohort *cohort,
                      const struct credit_line *line, struct curb_value *row)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	curb_put_str(values, "day", curb_words_day(req, line->day));
	curb_put_int(values, "number", curb_get_int(row, "number", 0));
	curb_put_str(row, "ask_label", curb_tr(req, "Ask about {day}, lesson {number}", values));
	curb_put_text(row, "ask",
	              curb_printf(arena, "/record/ask?class=%s&unit=%s&day=%lld", cohort->id.text,
	                          line->unit.text, (long long)line->day));
}

int question_put_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                       struct curb_value *model)
{
	static const struct curb_id anybody = { "" };
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t waiting = 0;
	int err = questions_waiting(c, curb_req_tx(req), &cohort->id, &anybody, &waiting);
	if (err)
		return err;
	curb_put_int(values, "number", waiting);
	curb_put_text(model, "questions",
	              curb_printf(curb_req_arena(req), "/classes/%s/questions", cohort->id.text));
	curb_put_str(model, "questions_label",
	             curb_tr(req, "Questions about hours; waiting for an answer: {number}", values));
	return 0;
}
