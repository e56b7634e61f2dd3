/* The page of the auditor's room: whose hours, and what stands out at an institution. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"

static const struct {
	const char *word, *text;
	int64_t days;
} periods[] = {
	{ "quarter", CURB_TEXT("The last three months"), 92 },
	{ "year", CURB_TEXT("The last twelve months"), 366 },
	{ "all", CURB_TEXT("All years"), 0 },
};
enum { PERIODS = sizeof periods / sizeof *periods };

/* What is asked for. */
struct room {
	struct credit *c;
	struct curb_req *req;
	bool asked; /* for a person: `person` is what was typed */
	struct curb_str person;
	struct audit_span span;
	size_t period;
	struct curb_value *model;
};

static void put_periods(struct room *room)
{
	struct curb_value *options = curb_array(curb_req_arena(room->req));
	int64_t today = count_day(curb_wall_ms(), room->c->utc_offset_ms);
	struct curb_str asked = curb_req_query(room->req, "period");
	for (size_t i = 0; i < PERIODS; i++)
		if (curb_str_is(asked, periods[i].word))
			room->period = i;
	for (size_t i = 0; i < PERIODS; i++)
		credit_option(options, curb_str(periods[i].word), curb_tr(room->req, periods[i].text, NULL),
		              i == room->period);
	room->span.last_day = today;
	room->span.first_day = periods[room->period].days ? today - periods[room->period].days : 0;
	curb_put(room->model, "periods", options);
}

static int put_institutions(struct room *room)
{
	struct curb_value *options = curb_array(curb_req_arena(room->req));
	const struct curb_id *ids = NULL;
	size_t n = 0;
	struct curb_str asked = curb_req_query(room->req, "institution");
	int err = curb_req_institutions(room->req, CURB_AUDITOR, &ids, &n);
	credit_option(options, curb_str(""), curb_tr(room->req, "Choose an institution", NULL),
	              asked.len == 0);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_str name;
		bool chosen = curb_str_is(asked, ids[i].text);
		if (chosen)
			room->span.institution = ids[i];
		err = curb_institution_name(curb_req_tx(room->req), &ids[i], &name);
		if (!err)
			credit_option(options, curb_id_str(&ids[i]), name, chosen);
	}
	curb_put(room->model, "institutions", options);
	if (asked.ptr && asked.len == 0)
		curb_put_str(room->model, "institution_error",
		             curb_tr(room->req, "Choose an institution first", NULL));
	if (!err && asked.len && !curb_id_some(&room->span.institution))
		return curb_fail(CURB_ENOTFOUND, "This institution is not among those that you may read");
	return err;
}

/* ---- one person ---- */

static int push_class(struct room *room, const struct credit_cohort *cohort, const struct curb_user *person,
                      struct curb_value *cards)
{
	struct curb_req *req = room->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	struct credit_earned earned;
	struct curb_str institution;
	int err = audit_note_look(req, &person->id, cohort);
	if (!err)
		err = credit_earned_of(room->c, curb_req_tx(req), cohort, &person->id, &earned);
	if (!err)
		err = curb_institution_name(curb_req_tx(req), &cohort->institution, &institution);
	if (err)
		return err;
	curb_put_str(values, "name", audit_name(req, &cohort->institution, person->name));
	curb_put_str(values, "programme", cohort->programme);
	curb_put_str(card, "title", curb_tr(req, "{name}: {programme}", values));
	curb_put_text(card, "href",
	              curb_printf(arena, "/classes/%s/trainees/%s", cohort->id.text, person->id.text));
	curb_put_str(card, "text", institution);
	curb_push(facts, curb_string(arena, credit_words_days(req, room->c, cohort)));
	curb_put_str(values, "counted", curb_words_hours(req, earned.counted_s * 100 / cohort->hour_s));
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	curb_push(facts,
	          curb_string(arena, curb_tr(req, "{counted} of {total} class hours count now", values)));
	curb_put(card, "facts", facts);
	curb_push(cards, card);
	return 0;
}

/* Classes of somebody by her number, as far as the auditor may read them; nobody tells whether there are others. */
static int put_person(struct room *room)
{
	struct curb_value *cards = curb_array(curb_req_arena(room->req));
	struct credit_cohort *cohorts = NULL;
	struct curb_user person;
	size_t n = 0;
	if (!room->asked)
		return 0;
	if (!room->person.len) {
		curb_put_str(room->model, "error", curb_tr(room->req, "Type a number to look for", NULL));
		return 0;
	}
	int err = curb_person_find(curb_req_tx(room->req), room->person, curb_wall_ms(), &person);
	if (!err)
		err = credit_classes_seen(room->req, room->c, &person.id, &cohorts, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = push_class(room, &cohorts[i], &person, cards);
	curb_put_bool(room->model, "searched", true);
	curb_put(room->model, "classes", cards);
	return err == CURB_ENOTFOUND ? 0 : err;
}

/* ---- what stands out ---- */

/* "Li …, no. 12" on the roster of the class. */
static int put_trainee(struct room *room, const struct curb_id *cohort, const struct curb_id *person,
                       struct curb_value *values)
{
	struct curb_value *parts = curb_object(curb_req_arena(room->req));
	struct curb_str name;
	int64_t place = 0;
	int err = credit_name_of(room->req, person, &name);
	if (!err)
		err = audit_place(room->c, curb_req_tx(room->req), cohort, person, &place);
	if (err)
		return err;
	curb_put_str(parts, "name", audit_name(room->req, &room->span.institution, name));
	curb_put_int(parts, "place", place);
	curb_put_str(values, "name", curb_tr(room->req, "{name}, no. {place}", parts));
	return 0;
}

static void push_link(struct room *room, struct curb_value *list, const char *source,
                      const struct curb_value *values, const char *href)
{
	struct curb_value *row = curb_object(curb_req_arena(room->req));
	curb_put_str(row, "label", curb_tr(room->req, source, values));
	curb_put_text(row, "href", href);
	curb_push(list, row);
}

static const char *entries_of(struct room *room, const struct curb_id *cohort, const struct curb_id *person)
{
	return curb_printf(curb_req_arena(room->req), "/classes/%s/trainees/%s/entries", cohort->text,
	                   person->text);
}

static int put_fast(struct room *room)
{
	struct curb_value *list = curb_array(curb_req_arena(room->req));
	struct audit_fast *rows = NULL;
	size_t n = 0;
	int err = audit_fast(room->c, curb_req_tx(room->req), &room->span, &rows, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(room->req));
		err = put_trainee(room, &rows[i].cohort, &rows[i].person, values);
		curb_put_str(values, "day", curb_words_day(room->req, rows[i].day));
		curb_put_str(values, "time", curb_words_span(room->req, rows[i].clock_s));
		push_link(room, list,
		          CURB_TEXT("{name}, {day}: {time} more was reported than can be played, and did not "
		                    "count"),
		          values, entries_of(room, &rows[i].cohort, &rows[i].person));
	}
	curb_put(room->model, "fast", list);
	return err;
}

static int put_equal(struct room *room)
{
	struct curb_value *list = curb_array(curb_req_arena(room->req));
	struct audit_trace *traces = NULL;
	size_t n = 0;
	int64_t group = 0;
	int err = audit_equal_traces(room->c, curb_req_tx(room->req), &room->span, &traces, &n);
	for (size_t i = 0; !err && i < n && i < AUDIT_ROWS_MOST; i++) {
		struct curb_value *values = curb_object(curb_req_arena(room->req));
		struct credit_cohort cohort;
		group += i == 0 || traces[i].mark != traces[i - 1].mark ||
		         strcmp(traces[i].cohort.text, traces[i - 1].cohort.text) != 0;
		err = put_trainee(room, &traces[i].cohort, &traces[i].person, values);
		if (!err)
			err = credit_cohort_by_id(room->c, curb_req_tx(room->req),
			                          curb_id_str(&traces[i].cohort), &cohort);
		if (err)
			return err;
		curb_put_str(values, "programme", cohort.programme);
		curb_put_int(values, "group", group);
		curb_put_int(values, "lines", traces[i].lines);
		curb_put_str(values, "time", curb_words_span(room->req, traces[i].played_s));
		push_link(room, list, CURB_TEXT("Group {group}: {programme}, {name}, {lines} lines, {time}"),
		          values, entries_of(room, &traces[i].cohort, &traces[i].person));
	}
	curb_put(room->model, "equal", list);
	return err;
}

static int put_pairs(struct room *room)
{
	struct curb_arena *arena = curb_req_arena(room->req);
	struct curb_value *list = curb_array(arena);
	struct audit_pair *pairs = NULL;
	size_t n = 0;
	int err = audit_pairs(room->c, curb_req_tx(room->req), &room->span, &pairs, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(arena);
		struct curb_str one, other;
		err = credit_name_of(room->req, &pairs[i].one, &one);
		if (!err)
			err = credit_name_of(room->req, &pairs[i].other, &other);
		if (err)
			return err;
		curb_put_str(values, "one", one);
		curb_put_str(values, "other", other);
		curb_put_int(values, "by_one", pairs[i].by_one);
		curb_put_int(values, "by_other", pairs[i].by_other);
		curb_put_int(values, "office", pairs[i].office);
		curb_push(
			list,
			curb_string(arena, curb_tr(room->req,
		                                   "{one} and {other} countersign each other alone: {by_one} "
		                                   "and {by_other} sheets. People of the office who enter or "
		                                   "countersign: {office}",
		                                   values)));
	}
	curb_put(room->model, "pairs", list);
	return err;
}

static const char *sheet_of(struct room *room, const struct curb_id *cohort, const struct curb_id *sheet)
{
	return curb_printf(curb_req_arena(room->req), "/classes/%s/sheets/%s", cohort->text, sheet->text);
}

static int put_early(struct room *room)
{
	struct curb_value *list = curb_array(curb_req_arena(room->req));
	struct audit_early *rows = NULL;
	size_t n = 0;
	int err = audit_early(room->c, curb_req_tx(room->req), &room->span, &rows, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(room->req));
		curb_put_str(values, "programme", rows[i].programme);
		curb_put_str(values, "day",
		             curb_words_day(room->req, count_day(rows[i].from_ms, room->c->utc_offset_ms)));
		curb_put_int(values, "people", rows[i].people);
		push_link(room, list,
		          rows[i].class ?
		                  CURB_TEXT("{programme}, {day}: the class was opened behind this lesson. "
		                            "Trainees on its sheet: {people}") :
		                  CURB_TEXT("{programme}, {day}: they came onto the roster behind this "
		                            "lesson. Trainees: {people}"),
		          values, sheet_of(room, &rows[i].cohort, &rows[i].sheet));
	}
	curb_put(room->model, "early", list);
	return err;
}

static int put_both(struct room *room)
{
	struct curb_value *list = curb_array(curb_req_arena(room->req));
	struct audit_both *rows = NULL;
	size_t n = 0;
	int err = audit_both(room->c, curb_req_tx(room->req), &room->span, &rows, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(room->req));
		err = put_trainee(room, &rows[i].cohort, &rows[i].person, values);
		curb_put_str(values, "day",
		             curb_words_day(room->req, count_day(rows[i].from_ms, room->c->utc_offset_ms)));
		curb_put_str(values, "time", curb_words_span(room->req, rows[i].played_s));
		push_link(room, list,
		          CURB_TEXT("{name}, {day}: in a lesson in person, and {time} of recorded lessons "
		                    "were played meanwhile"),
		          values, entries_of(room, &rows[i].cohort, &rows[i].person));
	}
	curb_put(room->model, "both", list);
	return err;
}

static int put_signs(struct room *room)
{
	if (!curb_id_some(&room->span.institution))
		return 0;
	int err = put_fast(room);
	if (!err)
		err = put_equal(room);
	if (!err)
		err = put_pairs(room);
	if (!err)
		err = put_early(room);
	if (!err)
		err = put_both(room);
	curb_put_bool(room->model, "chosen", true);
	return err;
}

static int show(struct curb_req *req, struct credit *c, bool asked, struct curb_str person)
{
	struct room room = { .c = c,
		             .req = req,
		             .asked = asked,
		             .person = person,
		             .model = curb_object(curb_req_arena(req)) };
	put_periods(&room);
	int err = put_institutions(&room);
	if (!err)
		err = put_person(&room);
	if (!err)
		err = put_signs(&room);
	if (err)
		return err;
	curb_put_str(room.model, "person", room.person);
	curb_put_str(room.model, "title", curb_tr(req, "Auditor's room", NULL));
	return curb_reply_page(req, asked && !person.len ? 400 : 200, "audit", room.model);
}

void audit_home(struct curb_req *req, struct curb_value *sections)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena),
			  *item = curb_object(arena);
	curb_put_str(item, "title", curb_tr(req, "Auditor's room", NULL));
	curb_put_text(item, "href", "/audit");
	curb_put_str(item, "text",
	             curb_tr(req, "The hours of a trainee, and what stands out at an institution", NULL));
	curb_push(items, item);
	curb_put_str(section, "title", curb_tr(req, "Looking at hours", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
}

int credit_page_audit(struct curb_req *req, void *state)
{
	return show(req, state, false, curb_str(NULL));
}

int credit_post_audit(struct curb_req *req, void *state)
{
	return show(req, state, true, curb_str_trim(curb_req_field(req, "person")));
}
