/* The record: what counted, what did not, and why; as JSON and as a page. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "move.h"
#include "presence.h"
#include "question.h"
#include "sheet.h"
#include "waiver.h"

/* Lines of a class on a page, and in an answer for programs; classes on a page. */
enum { LINES_PAGE = 25, LINES_ANSWER = 2000, CLASSES_PAGE = 10 };

/* One class of one trainee, with a part of its lines. */
struct record {
	struct credit_cohort cohort;
	struct credit_line *lines;
	size_t line_count;
	int64_t line_total;
	struct credit_earned earned;
	int64_t uncredited_s;
};

static int read_record(struct curb_req *req, struct credit *c, const struct curb_id *person,
                       const struct credit_cohort *cohort, const struct credit_lines_part *part,
                       struct record *ret)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct record record = { .cohort = *cohort };
	int err = credit_earned_of(c, tx, cohort, person, &record.earned);
	if (!err)
		err = credit_uncredited_s(c, tx, &cohort->id, person, &record.uncredited_s);
	if (!err)
		err = credit_lines(c, tx, &cohort->id, person, part, &record.lines, &record.line_count,
		                   &record.line_total);
	if (!err)
		*ret = record;
	return err;
}

static bool is_own(struct curb_req *req, const struct curb_id *person)
{
	return strcmp(curb_req_user(req)->id.text, person->text) == 0;
}

int credit_classes_seen(struct curb_req *req, struct credit *c, const struct curb_id *person,
                        struct credit_cohort **ret_cohorts, size_t *ret_n)
{
	bool own = is_own(req, person);
	struct credit_cohort *cohorts = NULL;
	size_t n = 0, kept = 0;
	int err = credit_cohorts_of_person(c, curb_req_tx(req), person, &cohorts, &n);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		if (own || curb_may(req, CREDIT_READERS, &cohorts[i].institution))
			cohorts[kept++] = cohorts[i];
	*ret_cohorts = cohorts;
	*ret_n = kept;
	return 0;
}

/* Her own, or those of institutions a grant covers. */
static int visible_cohorts(struct curb_req *req, struct credit *c, const struct curb_id *person,
                           struct credit_cohort **ret_cohorts, size_t *ret_n)
{
	bool own = is_own(req, person);
	int err = credit_classes_seen(req, c, person, ret_cohorts, ret_n);
	if (!err && *ret_n == 0 && !own)
		return curb_fail(CURB_ENOTFOUND, "There is no such trainee in your classes");
	return err;
}

/* ---- JSON: ?page=2 has the next lines of each class; lines_total says how many there are ---- */

void credit_json_line(struct curb_json *j, const struct credit_line *line)
{
	curb_json_kint(j, "day", line->day);
	curb_json_ktext(j, "unit", line->unit.text);
	curb_json_kint(j, "played_s", line->played_s);
	curb_json_kint(j, "granted_s", line->granted_s);
	curb_json_kint(j, "seen_before_s", line->again_s);
	curb_json_kint(j, "share_full_s", line->share_s);
	curb_json_kint(j, "day_full_s", line->day_s);
	curb_json_kint(j, "hours_full_s", line->hours_s);
	curb_json_kint(j, "clock_s", line->clock_s);
	curb_json_kint(j, "not_delivered_s", line->undelivered_s);
	curb_json_kint(j, "waiting_s", line->held_s);
}

static void put_earned(struct curb_json *j, const struct credit_earned *earned)
{
	curb_json_kint(j, "total_s", earned->total_s);
	curb_json_kint(j, "cap_s", earned->cap_s);
	curb_json_kint(j, "online_s", earned->online_s);
	curb_json_kint(j, "live_s", earned->live_s);
	curb_json_kint(j, "live_over_s", earned->over_s);
	curb_json_kint(j, "offline_s", earned->offline_s);
	curb_json_kint(j, "pending_s", earned->pending_s);
	curb_json_kint(j, "waits_s", earned->waits_s);
	curb_json_kint(j, "counted_s", earned->counted_s);
	curb_json_kint(j, "left_ms", earned->left_ms);
	curb_json_key(j, "share_now");
	curb_json_milli(j, (earned->online_s + earned->live_s) * 1000 / earned->total_s);
}

/* Of an open object. */
static int put_record(struct curb_req *req, struct credit *c, struct curb_json *j,
                      const struct curb_id *person, const struct record *record)
{
	curb_json_ktext(j, "cohort", record->cohort.id.text);
	curb_json_kstr(j, "programme", record->cohort.programme);
	put_earned(j, &record->earned);
	curb_json_kint(j, "uncredited_s", record->uncredited_s);
	curb_json_key(j, "waivers");
	curb_json_begin(j, '[');
	int err = waiver_put_json(req, c, &record->cohort, person, j);
	curb_json_end(j, ']');
	curb_json_kint(j, "lines_total", record->line_total);
	curb_json_key(j, "lines");
	curb_json_begin(j, '[');
	for (size_t i = 0; i < record->line_count; i++) {
		curb_json_begin(j, '{');
		credit_json_line(j, &record->lines[i]);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
	return err;
}

static int put_records(struct curb_req *req, struct credit *c, const struct curb_id *person,
                       struct curb_json *j)
{
	struct credit_cohort *cohorts = NULL;
	struct credit_lines_part part = { (credit_asked_page(req, "page") - 1) * LINES_ANSWER, LINES_ANSWER };
	size_t n = 0;
	int err = visible_cohorts(req, c, person, &cohorts, &n);
	curb_json_begin(j, '{');
	curb_json_key(j, "cohorts");
	curb_json_begin(j, '[');
	for (size_t i = 0; !err && i < n; i++) {
		struct record record;
		err = audit_note_look(req, person, &cohorts[i]);
		if (!err)
			err = read_record(req, c, person, &cohorts[i], &part, &record);
		if (err)
			break;
		curb_json_begin(j, '{');
		err = put_record(req, c, j, person, &record);
		if (!err)
			err = sheet_json_record(req, c, person, &cohorts[i], j);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
	curb_json_end(j, '}');
	return err;
}

int credit_get_record(struct curb_req *req, void *state)
{
	struct curb_str id = curb_req_param(req, "id");
	struct curb_id person = curb_req_user(req)->id;
	if (!curb_str_is(id, "me") && !curb_id_parse(id, &person))
		return curb_fail(CURB_ENOTFOUND, "There is no such trainee in your classes");
	struct curb_buf out = curb_buf(4 << 20);
	struct curb_json j = curb_json(&out);
	int err = put_records(req, state, &person, &j);
	if (!err)
		return curb_reply_json(req, 200, &out);
	curb_buf_free(&out);
	return err;
}

/* ---- page ---- */

static void put_reason(struct curb_req *req, struct curb_value *reasons, const char *source, int64_t seconds)
{
	if (seconds <= 0)
		return;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	curb_put_str(values, "time", curb_words_span(req, seconds));
	curb_push(reasons, curb_string(arena, curb_tr(req, source, values)));
}

static struct curb_value *reasons_of(struct curb_req *req, const struct credit_line *line)
{
	struct curb_value *reasons = curb_array(curb_req_arena(req));
	put_reason(req, reasons, CURB_TEXT("{time} counted before"), line->again_s);
	put_reason(req, reasons, CURB_TEXT("{time} not counted: the online hours of this class are full"),
	           line->share_s);
	put_reason(req, reasons,
	           CURB_TEXT("{time} not counted: that day's online hours were full. Watch it again and it "
	                     "can count"),
	           line->day_s);
	put_reason(req, reasons, CURB_TEXT("{time} not counted: the hours of this lesson are full"),
	           line->hours_s);
	put_reason(req, reasons,
	           CURB_TEXT("{time} not counted: it came faster than it can be played, or after the class "
	                     "had ended"),
	           line->clock_s);
	put_reason(req, reasons, CURB_TEXT("{time} not counted: this server did not send that part"),
	           line->undelivered_s);
	put_reason(
		req, reasons,
		CURB_TEXT("{time} waits: it counts once the presence check is answered. Nothing is lost by "
	                  "waiting"),
		line->held_s);
	put_reason(req, reasons, CURB_TEXT("{time} had waited for a presence check, which was answered now"),
	           -line->held_s);
	return reasons;
}

/* The lesson of a line: its name, its number, and where it can be played again. */
static int put_lesson(struct curb_req *req, struct credit *c, const struct curb_id *id,
                      struct curb_value *row)
{
	struct content_unit unit;
	int err = c->content->unit(c->content, curb_req_tx(req), curb_id_str(id), &unit);
	if (err)
		return err;
	curb_put_str(row, "unit", unit.name);
	curb_put_int(row, "number", unit.position);
	struct credit_player player = credit_player_of(c, unit.kind);
	if (player.page)
		curb_put_str(row, "href", player.page(player.self, req, &unit));
	return 0;
}

int credit_line_model(struct curb_req *req, struct credit *c, const struct credit_line *line,
                      struct curb_value *row)
{
	curb_put_str(row, "day", curb_words_day(req, line->day));
	curb_put_str(row, "played", curb_words_span(req, line->played_s));
	curb_put_str(row, "granted", curb_words_span(req, line->granted_s));
	curb_put(row, "reasons", reasons_of(req, line));
	return put_lesson(req, c, &line->unit, row);
}

static int put_lines(struct curb_req *req, struct credit *c, const struct record *record, bool own,
                     struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *lines = curb_array(arena);
	int err = 0;
	for (size_t i = 0; !err && i < record->line_count; i++) {
		const struct credit_line *line = &record->lines[i];
		struct curb_value *row = curb_object(arena);
		err = credit_line_model(req, c, line, row);
		if (own)
			question_put_ask(req, &record->cohort, line, row);
		curb_push(lines, row);
	}
	curb_put(model, "lines", lines);
	return err;
}

/* What counts for the end of the class, and how much of that is online. */
static void put_completion(struct curb_req *req, const struct record *record, struct curb_value *model)
{
	const struct credit_earned *earned = &record->earned;
	if (earned->counted_s <= 0)
		return;
	int64_t online_s = earned->online_s + earned->live_s - earned->waits_s;
	curb_put_bool(model, "some_counted", true);
	curb_put_str(model, "counted", credit_words_hours(req, &record->cohort, earned->counted_s));
	curb_put_str(model, "share_counted", curb_words_hours(req, online_s * 10000 / earned->counted_s));
}

static void put_figures(struct curb_req *req, const struct record *record, struct curb_value *model)
{
	const struct credit_cohort *cohort = &record->cohort;
	curb_put_str(model, "earned", credit_words_hours(req, cohort, record->earned.sum_s));
	curb_put_str(model, "sum", curb_words_span(req, record->earned.sum_s));
	curb_put_str(model, "uncredited", curb_words_span(req, record->uncredited_s));
	curb_put_bool(model, "some_uncredited", record->uncredited_s > 0);
	curb_put_str(model, "share", curb_words_hours(req, cohort->share_m * 10)); /* 33.3 of a hundred */
	curb_put_int(model, "hour_minutes", cohort->hour_s / 60);
	curb_put_text(model, "rule", credit_rule_address(req, cohort));
	curb_put_bool(model, "some_over", record->earned.over_s > 0);
	curb_put_str(model, "over", curb_words_span(req, record->earned.over_s));
	put_completion(req, record, model);
}

/* The page of lines that is asked for; behind the last one, the last. */
static int read_page(struct curb_req *req, struct credit *c, const struct curb_id *person,
                     const struct credit_cohort *cohort, int64_t *page, struct record *ret)
{
	struct credit_lines_part part = { (*page - 1) * LINES_PAGE, LINES_PAGE };
	int err = read_record(req, c, person, cohort, &part, ret);
	if (err || ret->line_count || !ret->line_total)
		return err;
	*page = (ret->line_total - 1) / LINES_PAGE + 1;
	part.skip = (*page - 1) * LINES_PAGE;
	return read_record(req, c, person, cohort, &part, ret);
}

int credit_record_model(struct curb_req *req, struct credit *c, const struct curb_id *person,
                        const struct credit_cohort *cohort, const char *list, int64_t *page,
                        struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	struct record record;
	int err = read_page(req, c, person, cohort, page, &record);
	if (err)
		return err;
	credit_push_hours(req, cohort, &record.earned, facts);
	struct curb_value *papers = curb_array(curb_req_arena(req));
	err = move_push_facts(req, c, cohort, person, facts);
	if (!err)
		err = waiver_push_facts(req, c, cohort, person, facts, papers);
	curb_put(model, "papers", papers);
	if (!err)
		err = presence_put_record(req, c, cohort, person, facts, model);
	if (!err)
		err = credit_push_meeting(req, c, cohort, facts);
	curb_put_str(model, "programme", cohort->programme);
	curb_put(model, "facts", facts);
	put_figures(req, &record, model);
	struct credit_list pages = { list, *page, LINES_PAGE, record.line_total };
	credit_put_named_pager(req, model, cohort->programme, &pages);
	if (!err)
		err = question_put_list(req, c, person, cohort, model);
	if (!err)
		err = sheet_put_record(req, c, person, cohort, model);
	return err ? err : put_lines(req, c, &record, is_own(req, person), model);
}

static int put_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     int64_t *page, struct curb_value *row)
{
	curb_put_text(row, "receipt", cohort->id.text);
	return credit_record_model(
		req, c, &curb_req_user(req)->id, cohort,
		curb_printf(curb_req_arena(req), "/record?class=%s&page={page}", cohort->id.text), page, row);
}

/* One of her classes, with the page of its lines that is asked for. */
static int put_one(struct curb_req *req, struct credit *c, struct curb_str id, struct curb_value *model,
                   struct curb_value *classes)
{
	int64_t page = credit_asked_page(req, "page");
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int err = visible_cohorts(req, c, &curb_req_user(req)->id, &cohorts, &n);
	for (size_t i = 0; !err && i < n; i++) {
		if (!curb_str_eq(id, curb_id_str(&cohorts[i].id)))
			continue;
		struct curb_value *row = curb_object(curb_req_arena(req));
		curb_push(classes, row);
		curb_put_bool(row, "alone", true);
		curb_put_bool(model, "one", true);
		err = put_class(req, c, &cohorts[i], &page, row);
		presence_put_answered(req, row, model);
		curb_put_str(model, "title", credit_page_title(req, cohorts[i].programme, page));
		return err;
	}
	return err ? err :
	             curb_fail(CURB_ENOTFOUND, "This class is not among yours; look at all your class hours");
}

/* All of them, a few a page, each with its latest lines. */
static int put_all(struct curb_req *req, struct credit *c, struct curb_value *model,
                   struct curb_value *classes)
{
	int64_t page = credit_asked_page(req, "page");
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int err = visible_cohorts(req, c, &curb_req_user(req)->id, &cohorts, &n);
	size_t last = n ? (n - 1) / CLASSES_PAGE : 0, at = (size_t)page - 1 < last ? (size_t)page - 1 : last;
	for (size_t i = at * CLASSES_PAGE; !err && i < n && i < (at + 1) * CLASSES_PAGE; i++) {
		struct curb_value *row = curb_object(curb_req_arena(req));
		int64_t latest = 1;
		curb_push(classes, row);
		err = put_class(req, c, &cohorts[i], &latest, row);
	}
	curb_put_pager(req, model, "/record?page={page}", (int64_t)at + 1, CLASSES_PAGE, (int64_t)n);
	curb_put_str(model, "title",
	             credit_page_title(req, curb_tr(req, "My class hours", NULL), (int64_t)at + 1));
	return err;
}

int credit_page_record(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *classes = curb_array(curb_req_arena(req));
	struct curb_str id = curb_req_query(req, "class");
	curb_put(model, "classes", classes);
	curb_put_bool(model, "held", curb_ledger_takes(curb_req_tx(req)) != 0);
	int err = id.ptr ? put_one(req, state, id, model, classes) : put_all(req, state, model, classes);
	return err ? err : curb_reply_page(req, 200, "record", model);
}
