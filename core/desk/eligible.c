/* Eligibility: recorded by the staff, changed by two, its number shown to who says what for. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "eligible_view.h"
#include "inside.h"
#include "number.h"

int desk_get_eligibility(struct curb_req *req, void *state)
{
	(void)state;
	struct eligible_view view;
	struct desk_form form = desk_form(req, NULL);
	int err = eligible_find(req, ELIGIBLE_READERS, &view);
	return err ? err : eligible_show(&view, &form);
}

/* ---- recording ---- */

struct recording {
	struct eligible record;
	bool decide, agree;
	const char *role;
	int64_t now_ms;
};

static int note(struct curb_tx *tx, const struct recording *recording, const struct curb_id *by,
                const char *act, const char *what)
{
	const struct eligible *record = &recording->record;
	const struct curb_change change = { *by, curb_id_str(&record->person), record->place, act, NULL };
	const struct curb_fact fact = { .name = "done", .text = curb_str(what) };
	const struct curb_entry entry = { .kind = "eligible",
		                          .at_ms = recording->now_ms,
		                          .person = record->person,
		                          .by = *by,
		                          .role = recording->role,
		                          .key = curb_id_str(&record->id),
		                          .facts = &fact,
		                          .fact_count = 1 };
	int err = curb_note_change(tx, &change, recording->now_ms);
	return err ? err : curb_ledger_append(tx, &entry, NULL);
}

static int record(struct curb_tx *tx, void *arg)
{
	struct recording *recording = arg;
	struct eligible typed = recording->record; /* it may run again */
	int err = eligible_still_there(tx, &typed.person, typed.place, recording->now_ms);
	if (!err)
		err = people_eligible_record(tx, &typed);
	if (err)
		return err;
	recording->record.state = typed.state;
	return typed.state == ELIGIBLE_WAITS ?
	               note(tx, recording, &typed.recorded_by,
	                    CURB_TEXT("recorded a change of the eligibility"), "asked") :
	               note(tx, recording, &typed.recorded_by, CURB_TEXT("recorded the eligibility"),
	                    "recorded");
}

/* Whoever tries numbers to learn who is registered leaves a trace of each. */
static int note_taken(struct curb_tx *tx, void *arg)
{
	const struct recording *recording = arg;
	const struct eligible *record = &recording->record;
	const struct curb_change change = { record->recorded_by, curb_id_str(&record->person), record->place,
		                            CURB_TEXT("typed a certificate number that another person has"),
		                            NULL };
	return curb_note_change(tx, &change, recording->now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct recording *recording = arg;
	const char *done = recording->decide ? recording->agree ? "agreed" : "refused" :
	                   recording->record.state == ELIGIBLE_WAITS ? "asked" :
	                                                               "recorded";
	return desk_go(req, curb_printf(curb_req_arena(req), "/people/%s/eligibility?done=%s",
	                                recording->record.person.text, done));
}

static void read(struct desk_form *form, struct eligible *record)
{
	int64_t category = 0, grade = 0;
	struct curb_str kind = desk_text(form, "kind");
	record->number = desk_short(form, "sealed_number", ELIGIBLE_TEXT_LONGEST);
	record->whose = desk_short(form, "whose", ELIGIBLE_TEXT_LONGEST);
	(void)curb_str_int(desk_text(form, "category"), &category);
	(void)curb_str_int(desk_text(form, "grade"), &grade);
	record->category = category >= 0 && category <= NUMBER_CATEGORIES ? (int)category : -1;
	record->grade = grade >= 0 && grade <= NUMBER_SOLDIER_GRADES ? (int)grade : -1;
	if (!eligible_kind_named(kind, &record->kind))
		desk_wrong(form, "kind", curb_tr(form->req, "Choose what makes this person eligible", NULL));
	else if (record->kind == ELIGIBLE_RELATIVE && !record->whose.len)
		desk_wrong(form, "whose",
		           curb_tr(form->req, "Type whose relative or guardian this person is", NULL));
	if (record->kind != ELIGIBLE_RELATIVE)
		record->whose = curb_str("");
	if (record->kind == ELIGIBLE_RELATIVE || record->kind == ELIGIBLE_EMPLOYEE)
		record->category = record->grade = 0;
}

int desk_post_eligibility(struct curb_req *req, void *state)
{
	(void)state;
	struct eligible_view view;
	struct desk_form form = desk_form(req, NULL);
	int err = eligible_find(req, ELIGIBLE_RECORDERS, &view);
	if (err)
		return err;
	struct recording recording = { .role = "staff", .now_ms = curb_wall_ms() };
	struct eligible *typed = &recording.record;
	typed->id = curb_id_new(recording.now_ms);
	typed->person = view.person.id;
	typed->place = view.place;
	typed->recorded_by = curb_req_user(req)->id;
	typed->recorded_ms = recording.now_ms;
	read(&form, typed);
	if (!form.wrong) {
		err = curb_write_reply(req, curb_id_str(&typed->person), record, answer, &recording);
		if (!err || !desk_mendable(err))
			return err;
		desk_wrong_error(&form, "sealed_number");
		if (err == CURB_EUNFIT)
			err = curb_write(req, curb_id_str(&typed->person), note_taken, &recording);
		else
			err = 0;
		if (err)
			return err;
	}
	return eligible_show(&view, &form);
}

/* ---- countersigning ---- */

static int decide(struct curb_tx *tx, void *arg)
{
	struct recording *recording = arg;
	const struct eligible *record = &recording->record;
	int err = eligible_still_there(tx, &record->person, record->place, recording->now_ms);
	if (!err)
		err = people_eligible_decide(tx, &record->person, &record->id, &record->decided_by,
		                             recording->agree, recording->now_ms);
	if (err)
		return err;
	return recording->agree ? note(tx, recording, &record->decided_by,
	                               CURB_TEXT("countersigned a change of the eligibility"), "agreed") :
	                          note(tx, recording, &record->decided_by,
	                               CURB_TEXT("refused a change of the eligibility"), "refused");
}

int desk_post_eligibility_decision(struct curb_req *req, void *state)
{
	(void)state;
	struct eligible_view view;
	int err = eligible_find(req, ELIGIBLE_DECIDERS, &view);
	if (err)
		return err;
	struct recording recording = { .decide = true,
		                       .agree = curb_str_is(curb_req_field(req, "decision"), "agree"),
		                       .role = curb_may_at(req, CURB_STAFF, view.place) ? "staff" :
		                                                                          "reviewer",
		                       .now_ms = curb_wall_ms() };
	recording.record.id = curb_id_of(curb_req_field(req, "change"));
	recording.record.person = view.person.id;
	recording.record.place = view.place;
	recording.record.decided_by = curb_req_user(req)->id;
	return curb_write_reply(req, curb_id_str(&view.person.id), decide, answer, &recording);
}

/* ---- looking at the number ---- */

/* What a number is looked at for; each is a line in the list of changes. */
static const struct {
	const char *word, *text, *act;
} purposes[] = {
	{ "compare", CURB_TEXT("To compare it with the certificate"),
	  CURB_TEXT("looked at the certificate number, to compare it with the certificate") },
	{ "subsidy", CURB_TEXT("To apply for a subsidy"),
	  CURB_TEXT("looked at the certificate number, to apply for a subsidy") },
	{ "register", CURB_TEXT("To enter it into the real-name register"),
	  CURB_TEXT("looked at the certificate number, for the real-name register") },
	{ "asked", CURB_TEXT("The trainee asked for it"),
	  CURB_TEXT("looked at the certificate number, because the trainee asked for it") },
};
enum { PURPOSES = sizeof purposes / sizeof *purposes };

void eligible_put_purposes(struct eligible_view *view)
{
	struct curb_value *options = curb_array(curb_req_arena(view->req));
	desk_option(options, curb_str(""), curb_tr(view->req, "Choose", NULL), true);
	for (size_t i = 0; i < PURPOSES; i++)
		desk_option(options, curb_str(purposes[i].word), curb_tr(view->req, purposes[i].text, NULL),
		            false);
	curb_put(view->model, "purposes", options);
}

struct looking {
	struct curb_change change;
	int64_t now_ms;
};

static int note_look(struct curb_tx *tx, void *arg)
{
	const struct looking *looking = arg;
	return curb_note_change(tx, &looking->change, looking->now_ms);
}

static const char *act_of(struct curb_str word)
{
	for (size_t i = 0; i < PURPOSES; i++)
		if (curb_str_is(word, purposes[i].word))
			return purposes[i].act;
	return NULL;
}

static void put_whole(struct eligible_view *view, const struct eligible *row, const char *key)
{
	struct curb_req *req = view->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *facts = curb_array(arena);
	bool spaced = row->kind == ELIGIBLE_DISABILITY && row->number.len;
	desk_fact(facts, curb_tr(req, "Eligible by", NULL),
	          curb_tr(req, eligible_kind_texts[row->kind], NULL), NULL);
	desk_fact(facts, curb_tr(req, "Certificate number", NULL),
	          spaced          ? people_number_spaced(arena, row->number) :
	          row->number.len ? row->number :
	                            curb_tr(req, "Not recorded", NULL),
	          NULL);
	desk_fact(facts, curb_tr(req, "Category", NULL),
	          curb_tr(req, eligible_category_texts[row->category], NULL), NULL);
	desk_fact(facts, curb_tr(req, "Grade", NULL),
	          row->grade ? desk_tr_int(req, CURB_TEXT("Grade {n}"), "n", row->grade) :
	                       curb_tr(req, "Not recorded", NULL),
	          NULL);
	if (row->whose.len)
		desk_fact(facts, curb_tr(req, "Relative or guardian of", NULL), row->whose, NULL);
	curb_put(view->model, key, facts);
}

static int show_whole(struct eligible_view *view)
{
	struct curb_req *req = view->req;
	view->model = curb_object(curb_req_arena(req));
	curb_put_str(view->model, "title",
	             desk_tr_str(req, CURB_TEXT("Certificate number of {name}"), "name", view->person.shown));
	put_whole(view, &view->holds, "holds");
	if (curb_id_some(&view->waits.id))
		put_whole(view, &view->waits, "waits");
	curb_put_text(view->model, "here",
	              curb_printf(curb_req_arena(req), "/people/%s/eligibility", view->person.id.text));
	int err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, 200, "eligibility_whole", view->model);
}

int desk_post_eligibility_look(struct curb_req *req, void *state)
{
	(void)state;
	struct eligible_view view;
	struct desk_form form = desk_form(req, NULL);
	int err = eligible_find(req, ELIGIBLE_DECIDERS, &view);
	if (err)
		return err;
	struct looking looking = { .now_ms = curb_wall_ms() };
	looking.change = (struct curb_change){ curb_req_user(req)->id, curb_id_str(&view.person.id),
		                               view.holds.place, act_of(desk_text(&form, "purpose")), NULL };
	if (!curb_id_some(&view.holds.id))
		return curb_fail(CURB_ENOTFOUND, "Nothing is recorded for this person");
	if (!looking.change.act) {
		desk_wrong(&form, "purpose", curb_tr(req, "Choose what you need the number for", NULL));
		return eligible_show(&view, &form);
	}
	err = curb_write(req, curb_id_str(&view.person.id), note_look, &looking);
	return err ? err : show_whole(&view);
}
