/* What waits for whoever is signed in: sheets of others to countersign, and lessons of which a trainee says that she was there. */
#include "cells.h"
#include "curb/err.h"
#include "curb/words.h"
#include "sheet.h"

enum { WAITING_MOST = 100 };

static const char own_page[] = "/attendance";

/* ---- on the first page ---- */

static struct curb_value *waiting_card(struct curb_req *req, const struct credit *c,
                                       const struct sheet_row *row, const char *href)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	bool own = strcmp(href, own_page) == 0;
	curb_put_int(values, "people", row->waiting);
	curb_put_str(values, "unit", row->unit_name);
	curb_put_str(card, "title", sheet_when_words(req, c, &row->sheet));
	curb_put_text(card, "href", href);
	curb_put_str(card, "text", row->programme);
	curb_push(facts,
	          curb_string(arena, own ? row->unit_name : curb_tr(req, "{unit}, {people} wait", values)));
	curb_put(card, "facts", facts);
	return card;
}

static const char *page_of(struct curb_req *req, const struct sheet_row *row)
{
	return curb_printf(curb_req_arena(req), "/classes/%s/sheets/%s", row->sheet.cohort.text,
	                   row->sheet.id.text);
}

/* A trainee has lessons of her own to confirm, and nothing of others. */
static struct curb_str page_title(struct curb_req *req)
{
	return curb_req_user(req)->roles & SHEET_SIGNERS ? curb_tr(req, "Attendance to confirm", NULL) :
	                                                   curb_tr(req, "Lessons to confirm", NULL);
}

static struct curb_value *lead_to_all(struct curb_req *req, const char *label)
{
	struct curb_value *link = curb_object(curb_req_arena(req));
	curb_put_text(link, "href", own_page);
	curb_put_str(link, "label", curb_tr(req, label, NULL));
	return link;
}

int sheet_home(struct curb_req *req, struct credit *c, struct curb_value *sections,
               struct curb_value **ret_next)
{
	enum { SHOWN = 3 };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena);
	uint32_t roles = curb_req_user(req)->roles;
	struct sheet_row *own = NULL, *others = NULL;
	size_t own_n = 0, others_n = 0;
	int err = roles & CURB_LEARNER ? sheet_rows_of(req, c, &own, &own_n) : 0;
	if (!err && (roles & SHEET_SIGNERS))
		err = sheet_rows_waiting(req, c, SHOWN, &others, &others_n);
	if (err || own_n + others_n == 0)
		return err;
	for (size_t i = 0; i < own_n && i < SHOWN; i++)
		curb_push(items, waiting_card(req, c, &own[i], own_page));
	for (size_t i = 0; i < others_n; i++)
		curb_push(items, waiting_card(req, c, &others[i], page_of(req, &others[i])));
	bool mine = !(roles & SHEET_SIGNERS);
	curb_put_str(section, "title", page_title(req));
	curb_put(section, "items", items);
	curb_put(section, "more",
	         lead_to_all(req, mine ? CURB_TEXT("All lessons to confirm") :
	                                 CURB_TEXT("All attendance to confirm")));
	curb_push(sections, section);
	if (others_n > 0)
		*ret_next = lead_to_all(req, CURB_TEXT("Countersign the attendance of colleagues"));
	return 0;
}

/* ---- the page ---- */

static bool same_day(const struct credit *c, const struct sheet *a, const struct sheet *b)
{
	return strcmp(a->cohort.text, b->cohort.text) == 0 &&
	       count_day(a->from_ms, c->utc_offset_ms) == count_day(b->from_ms, c->utc_offset_ms);
}

/* A class that has several sheets of one day: they can be countersigned together. */
static void push_days(struct curb_req *req, const struct credit *c, const struct sheet_row *rows, size_t n,
                      struct curb_value *days)
{
	for (size_t i = 0; i < n; i++) {
		size_t first = i, sheets = 0;
		for (size_t k = n; k-- > 0;)
			if (same_day(c, &rows[i].sheet, &rows[k].sheet)) {
				first = k;
				sheets++;
			}
		if (first != i || sheets < 2)
			continue;
		struct curb_value *day = curb_object(curb_req_arena(req)),
				  *values = curb_object(curb_req_arena(req));
		int64_t number = count_day(rows[i].sheet.from_ms, c->utc_offset_ms);
		curb_put_str(values, "day", curb_words_day(req, number));
		curb_put_str(values, "programme", rows[i].programme);
		curb_put_int(values, "sheets", (int64_t)sheets);
		curb_put_str(day, "label",
		             curb_tr(req, "Countersign the whole day: {day}, {programme}, {sheets} sheets",
		                     values));
		curb_put_text(day, "class", rows[i].sheet.cohort.text);
		curb_put_int(day, "day", number);
		curb_push(days, day);
	}
}

static int put_others(struct curb_req *req, struct credit *c, struct curb_value *model)
{
	struct curb_value *items = curb_array(curb_req_arena(req)), *days = curb_array(curb_req_arena(req));
	struct sheet_row *rows = NULL;
	size_t n = 0;
	int err = sheet_rows_waiting(req, c, WAITING_MOST, &rows, &n);
	if (!err)
		push_days(req, c, rows, n, days);
	curb_put(model, "days", days);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *card = waiting_card(req, c, &rows[i], page_of(req, &rows[i]));
		struct curb_str institution;
		err = curb_institution_name(curb_req_tx(req), &rows[i].institution, &institution);
		if (!err)
			curb_push(curb_value_get(card, "facts"),
			          curb_string(curb_req_arena(req), institution));
		curb_push(items, card);
	}
	curb_put(model, "others", items);
	return err;
}

/* Where she writes when she was not there: to the teachers of each class. */
static void put_doubts(struct curb_req *req, const struct sheet_row *rows, size_t n, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *doubts = curb_array(arena);
	bool several = false;
	for (size_t i = 1; i < n; i++)
		several = several || strcmp(rows[0].sheet.cohort.text, rows[i].sheet.cohort.text) != 0;
	for (size_t i = 0; i < n; i++) {
		struct curb_value *link = curb_object(arena), *values = curb_object(arena);
		size_t first = 0;
		while (strcmp(rows[first].sheet.cohort.text, rows[i].sheet.cohort.text) != 0)
			first++;
		if (first != i)
			continue;
		curb_put_str(values, "programme", rows[i].programme);
		curb_put_text(link, "href",
		              curb_printf(arena, "/record/ask?class=%s", rows[i].sheet.cohort.text));
		curb_put_str(link, "label",
		             several ? curb_tr(req,
		                               "{programme}: if not, do not confirm. Write to your teacher.",
		                               values) :
		                       curb_tr(req, "If not, do not confirm. Write to your teacher.", NULL));
		curb_push(doubts, link);
	}
	curb_put(model, "doubts", doubts);
}

static int put_own(struct curb_req *req, struct credit *c, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena);
	struct sheet_row *rows = NULL;
	size_t n = 0;
	int err = sheet_rows_of(req, c, &rows, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *item = curb_object(arena), *facts = curb_array(arena),
				  *values = curb_object(arena);
		const struct sheet *sheet = &rows[i].sheet;
		struct curb_str when = sheet_when_words(req, c, sheet);
		curb_put_str(values, "when", when);
		curb_put_str(item, "when", when);
		credit_push_fact(req, facts, CURB_TEXT("Training programme"), rows[i].programme);
		credit_push_fact(req, facts, CURB_TEXT("Offline unit"), rows[i].unit_name);
		credit_push_fact(req, facts, CURB_TEXT("How it was taught"),
		                 curb_tr(req, sheet_mode_text(sheet->mode), NULL));
		credit_push_fact(req, facts, CURB_TEXT("Place"), sheet_place_words(req, sheet));
		credit_push_fact(req, facts, CURB_TEXT("Taught by"), sheet->teacher);
		credit_push_fact(req, facts, CURB_TEXT("Your time"), curb_words_span(req, rows[i].seconds));
		curb_put(item, "facts", facts);
		curb_put_str(item, "label", curb_tr(req, "I was there: {when}", values));
		curb_put_text(item, "action", curb_printf(arena, "/attendance/%s/sign", sheet->id.text));
		curb_push(items, item);
	}
	put_doubts(req, rows, n, model);
	curb_put(model, "own", items);
	return err;
}

/* What she has just confirmed; no time when the sheet is not about her. */
static int put_confirmed(struct curb_req *req, struct credit *c, struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str id = curb_req_query(req, "sheet");
	struct sheet sheet;
	struct sheet_line *lines = NULL;
	size_t n = 0;
	int err = sheet_by_id(c, curb_req_tx(req), id.ptr ? id : curb_str(""), &sheet);
	if (!err)
		err = sheet_lines(c, curb_req_tx(req), &sheet.id, &curb_req_user(req)->id, &lines, &n);
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (!err && n > 0)
		curb_put_str(values, "when", sheet_when_words(req, c, &sheet));
	put_notice(req, model, "good",
	           n > 0 ? curb_tr(req, "Confirmed. The hours of {when} count now.", values) :
	                   curb_tr(req, "Thank you. These hours are counted now.", NULL));
	return 0;
}

static void put_here(struct curb_req *req, struct curb_value *model)
{
	put_notice(
		req, model, "good",
		curb_tr(req,
	                "You are signed in to this lesson. After it your teacher enters the sheet; what you "
	                "confirmed now counts then, and you need not confirm it again.",
	                NULL));
}

int sheet_show_attendance(struct curb_req *req, struct credit *c, struct typed_form *form, int status)
{
	struct curb_value *model = form->model;
	const struct curb_id helper = curb_req_helper(req);
	struct curb_str done = curb_req_query(req, "done");
	uint32_t roles = curb_req_user(req)->roles;
	int err = roles & CURB_LEARNER ? put_own(req, c, model) : 0;
	if (!err && (roles & SHEET_SIGNERS))
		err = put_others(req, c, model);
	if (!err && curb_str_is(done, "signed"))
		err = put_confirmed(req, c, model);
	if (err)
		return err;
	if (curb_str_is(done, "here"))
		put_here(req, model);
	curb_put_bool(model, "learner", (roles & CURB_LEARNER) != 0);
	curb_put_bool(model, "helped", curb_id_some(&helper));
	curb_put_bool(model, "enters", (roles & SHEET_ENTERERS) != 0);
	curb_put_bool(model, "signer", (roles & SHEET_SIGNERS) != 0);
	curb_put_str(model, "title", page_title(req));
	return curb_reply_page(req, status, "attendance", model);
}

int credit_page_attendance(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct curb_str code = curb_req_query(req, "code");
	if (code.len)
		curb_put_str(form.v, "code", code);
	return sheet_show_attendance(req, state, &form, 200);
}

static int answer_signed(struct curb_req *req, void *arg)
{
	(void)arg;
	return curb_reply_redirect(req, curb_str("/attendance?done=signed"));
}

static int answer_own(struct curb_req *req, void *arg)
{
	const struct sheet_signing *signing = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "%s?done=signed&sheet=%.*s", own_page,
	                                  (int)signing->sheet.len, signing->sheet.ptr)));
}

int credit_post_own_sign(struct curb_req *req, void *state)
{
	struct sheet_signing signing = sheet_signing_of(req, state, curb_req_param(req, "sheet"));
	return curb_write_reply(req, curb_id_str(&signing.user), sheet_sign, answer_own, &signing);
}

/* ---- a whole day of a class ---- */

struct day_signing {
	struct credit_cohort cohort;
	int64_t day;
	struct sheet_signing it;
};

/* Sheets that only their own enterer could sign stay as they are. */
static int sign_day(struct curb_tx *tx, void *arg)
{
	struct day_signing *signing = arg;
	struct curb_id *sheets = NULL;
	struct credit *c = signing->it.c;
	size_t n = 0;
	int err = sheets_between(c, tx, &signing->cohort.id,
	                         count_day_begins_ms(signing->day, c->utc_offset_ms),
	                         count_day_begins_ms(signing->day + 1, c->utc_offset_ms), &sheets, &n);
	for (size_t i = 0; !err && i < n; i++) {
		signing->it.sheet = curb_id_str(&sheets[i]);
		err = sheet_sign(tx, &signing->it);
		if (err == CURB_ECONFLICT)
			err = 0;
	}
	return err;
}

int credit_post_day_sign(struct curb_req *req, void *state)
{
	enum { DAYS_MOST = 100000 }; /* since 1970: the year 2243 */
	struct day_signing signing = { .it = sheet_signing_of(req, state, curb_str("")) };
	struct curb_str class = curb_req_field(req, "class");
	int err = credit_cohort_by_id(state, curb_req_tx(req), class.ptr ? class : curb_str(""),
	                              &signing.cohort);
	if (!err)
		signing.it.role = sheet_role_of(req, SHEET_SIGNERS, &signing.cohort.institution);
	if (!err && !signing.it.role)
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (!err && (!curb_str_int(curb_req_field(req, "day"), &signing.day) || signing.day < 0 ||
	             signing.day > DAYS_MOST))
		return curb_fail(CURB_EINVAL, "Give the day of the lesson");
	return err ? err :
	             curb_write_reply(req, curb_id_str(&signing.cohort.id), sign_day, answer_signed,
	                              &signing);
}
