/* The page of a person's eligibility, and what waits of them on the first page. */
#include "eligible_view.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "inside.h"
#include "number.h"

const char *const eligible_kind_texts[ELIGIBLE_KINDS] = {
	[ELIGIBLE_DISABILITY] = CURB_TEXT("Certificate of disability"),
	[ELIGIBLE_SOLDIER] = CURB_TEXT("Certificate of a disabled soldier"),
	[ELIGIBLE_RELATIVE] = CURB_TEXT("Relative or guardian of a severely disabled person"),
	[ELIGIBLE_EMPLOYEE] = CURB_TEXT("Works for an employer of disabled people or in a service for them"),
};
const char *const eligible_category_texts[NUMBER_CATEGORIES + 1] = {
	CURB_TEXT("Not recorded"), CURB_TEXT("Visual"),   CURB_TEXT("Hearing"),
	CURB_TEXT("Speech"),       CURB_TEXT("Physical"), CURB_TEXT("Intellectual"),
	CURB_TEXT("Psychosocial"), CURB_TEXT("Multiple"),
};

/* ---- the page ---- */

int eligible_find(struct curb_req *req, uint32_t roles, struct eligible_view *view)
{
	struct curb_id person;
	*view = (struct eligible_view){ .req = req };
	if (!curb_id_parse(curb_req_param(req, "id"), &person))
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	int err = curb_person_place(curb_req_tx(req), &person, CURB_LEARNER, curb_wall_ms(), &view->place);
	if (err == CURB_ENOTFOUND || (!err && !curb_may_at(req, roles, view->place)))
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	if (!err)
		err = people_row(curb_req_tx(req), &person, curb_wall_ms(), &view->person);
	if (!err)
		err = people_eligible(curb_req_tx(req), &view->person.id, &view->holds, &view->waits);
	return err;
}

bool eligible_is_shown(struct curb_req *req, const struct curb_id *person)
{
	struct curb_str place;
	return curb_person_place(curb_req_tx(req), person, CURB_LEARNER, curb_wall_ms(), &place) == 0 &&
	       curb_may_at(req, ELIGIBLE_READERS, place);
}

int eligible_still_there(struct curb_tx *tx, const struct curb_id *person, struct curb_str place,
                         int64_t now_ms)
{
	struct curb_str now;
	int err = curb_person_place(tx, person, CURB_LEARNER, now_ms, &now);
	if (!err && curb_str_eq(now, place))
		return 0;
	return err && err != CURB_ENOTFOUND ?
	               err :
	               curb_fail(CURB_ECONFLICT, "This person learns elsewhere by now; load the page again");
}

static struct curb_str masked(struct curb_req *req, const struct eligible *row)
{
	struct curb_str shown = row->kind == ELIGIBLE_DISABILITY ? people_number_shown(row->number) :
	                                                           curb_str(NULL);
	if (!row->number.len)
		return curb_tr(req, "Not recorded", NULL);
	return shown.ptr ? desk_tr_str(req, CURB_TEXT("Begins with {first}; the rest is hidden"), "first",
	                               shown) :
	                   curb_tr(req, "Recorded, and hidden", NULL);
}

static int put_row(struct eligible_view *view, const struct eligible *row, const char *key)
{
	struct curb_req *req = view->req;
	struct curb_value *facts = curb_array(curb_req_arena(req));
	struct people_row by = { .shown = curb_str("") };
	int err = people_row(curb_req_tx(req), &row->recorded_by, curb_wall_ms(), &by);
	desk_fact(facts, curb_tr(req, "Eligible by", NULL),
	          curb_tr(req, eligible_kind_texts[row->kind], NULL), NULL);
	desk_fact(facts, curb_tr(req, "Certificate number", NULL), masked(req, row), NULL);
	desk_fact(facts, curb_tr(req, "Recorded by", NULL), by.shown, NULL);
	desk_fact(facts, curb_tr(req, "Recorded on", NULL), curb_words_date(req, row->recorded_ms), NULL);
	curb_put(view->model, key, facts);
	return err;
}

static void put_kinds(struct desk_form *form)
{
	struct curb_req *req = form->req;
	struct curb_value *options = curb_array(curb_req_arena(req)),
			  *categories = curb_array(curb_req_arena(req)),
			  *grades = curb_array(curb_req_arena(req));
	struct curb_str kind = curb_get_str(form->v, "kind"), category = curb_get_str(form->v, "category"),
			grade = curb_get_str(form->v, "grade");
	desk_option(options, curb_str(""), curb_tr(req, "Choose", NULL), !kind.len);
	for (int i = 0; i < ELIGIBLE_KINDS; i++) {
		const char *word = eligible_kind_word((enum eligible_kind)i);
		desk_option(options, curb_str(word), curb_tr(req, eligible_kind_texts[i], NULL),
		            curb_str_is(kind, word));
	}
	for (int i = 0; i <= NUMBER_CATEGORIES; i++) {
		const char *word = curb_printf(curb_req_arena(req), "%d", i);
		desk_option(categories, curb_str(word), curb_tr(req, eligible_category_texts[i], NULL),
		            curb_str_is(category, word));
	}
	for (int i = 0; i <= NUMBER_SOLDIER_GRADES; i++) {
		const char *word = curb_printf(curb_req_arena(req), "%d", i);
		desk_option(grades, curb_str(word),
		            i ? desk_tr_int(req, CURB_TEXT("Grade {n}"), "n", i) :
		                curb_tr(req, "Not recorded", NULL),
		            curb_str_is(grade, word));
	}
	curb_put(form->model, "kinds", options);
	curb_put(form->model, "categories", categories);
	curb_put(form->model, "grades", grades);
}

static void tell(struct eligible_view *view)
{
	static const struct {
		const char *word, *text;
	} done[] = {
		{ "recorded", CURB_TEXT("It is recorded.") },
		{ "asked",
		  CURB_TEXT("The change is recorded. Another person must countersign it; until then what "
		            "was recorded before holds.") },
		{ "agreed", CURB_TEXT("The change is countersigned, and holds from now on.") },
		{ "refused", CURB_TEXT("The change is refused. What was recorded before holds.") },
	};
	for (size_t i = 0; i < sizeof done / sizeof *done; i++)
		if (curb_str_is(curb_req_query(view->req, "done"), done[i].word))
			desk_notice(view->model, "good", curb_tr(view->req, done[i].text, NULL));
}

bool eligible_may_decide(const struct eligible_view *view)
{
	const struct curb_id *me = &curb_req_user(view->req)->id;
	return strcmp(view->waits.recorded_by.text, me->text) != 0 &&
	       strcmp(view->person.id.text, me->text) != 0;
}

int eligible_show(struct eligible_view *view, struct desk_form *form)
{
	struct curb_req *req = view->req;
	struct curb_arena *arena = curb_req_arena(req);
	uint32_t roles = curb_req_user(req)->roles;
	const char *here = curb_printf(arena, "/people/%s", view->person.id.text);
	view->model = form->model;
	tell(view);
	curb_put_str(view->model, "title",
	             desk_tr_str(req, CURB_TEXT("Eligibility of {name}"), "name", view->person.shown));
	if (roles & (CURB_STAFF | CURB_AUDITOR))
		curb_put_text(view->model, "back", here);
	curb_put_text(view->model, "here", curb_printf(arena, "%s/eligibility", here));
	int err = 0;
	if (curb_id_some(&view->holds.id))
		err = put_row(view, &view->holds, "holds");
	if (!err && curb_id_some(&view->waits.id)) {
		err = put_row(view, &view->waits, "waits");
		curb_put_text(view->model, "change", view->waits.id.text);
		curb_put_bool(view->model, "decides",
		              (roles & ELIGIBLE_DECIDERS) && eligible_may_decide(view));
	}
	if ((roles & ELIGIBLE_DECIDERS) && (view->holds.number.len || view->holds.category))
		eligible_put_purposes(view);
	if ((roles & ELIGIBLE_RECORDERS) && !curb_id_some(&view->waits.id)) {
		put_kinds(form);
		curb_put_bool(view->model, "records", true);
	}
	if (!err)
		err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, form->wrong ? 422 : 200, "eligibility", view->model);
}

/* ---- the first page ---- */

static int put_waiting(struct curb_req *req, const struct curb_id *person, struct curb_value *items)
{
	struct curb_value *item = curb_object(curb_req_arena(req));
	struct people_row row;
	int err = people_row(curb_req_tx(req), person, curb_wall_ms(), &row);
	if (err)
		return err;
	curb_put_text(item, "href", curb_printf(curb_req_arena(req), "/people/%s/eligibility", person->text));
	curb_put_str(item, "title", desk_tr_str(req, CURB_TEXT("Eligibility of {name}"), "name", row.shown));
	curb_push(items, item);
	return 0;
}

int desk_put_waiting(struct curb_req *req, struct curb_value *sections)
{
	enum { MOST = 20 };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena);
	const struct curb_id *places = NULL;
	size_t n = 0, left = MOST;
	int err = curb_req_institutions(req, ELIGIBLE_DECIDERS, &places, &n);
	for (size_t i = 0; !err && left && i < n; i++) {
		struct curb_id *persons = NULL;
		size_t count = 0;
		err = people_eligible_waiting(curb_req_tx(req), &places[i], &curb_req_user(req)->id,
		                              curb_wall_ms(), left, &persons, &count);
		for (size_t k = 0; !err && k < count; k++)
			err = put_waiting(req, &persons[k], items);
		left -= count;
	}
	if (err || curb_value_count(items) == 0)
		return err;
	curb_put_str(section, "title", curb_tr(req, "Changes of eligibility to countersign", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
	return 0;
}
