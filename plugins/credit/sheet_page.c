/* One sheet: who was there, who countersigned, and countersigning it. */
#include "audit.h"
#include "curb/err.h"
#include "curb/words.h"
#include "paper.h"

int sheet_view(struct curb_req *req, struct credit *c, struct sheet_view *view)
{
	view->c = c;
	int err = sheet_by_id(c, curb_req_tx(req), curb_req_param(req, "sheet"), &view->sheet);
	if (!err)
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&view->sheet.cohort),
		                          &view->cohort);
	if (err)
		return err;
	view->reads = curb_may(req, CREDIT_READERS, &view->cohort.institution);
	if (!curb_str_eq(curb_req_param(req, "id"), curb_id_str(&view->cohort.id)) ||
	    (!view->reads && !curb_may(req, SHEET_SIGNERS, &view->cohort.institution)))
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	return sheet_lines(c, curb_req_tx(req), &view->sheet.id, NULL, &view->lines, &view->n);
}

static int put_facts(struct curb_req *req, const struct sheet_view *view, struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	const struct sheet *sheet = &view->sheet;
	struct credit_offline *units = NULL;
	struct curb_str name;
	size_t n = 0;
	int err = credit_cohort_offline(view->c, curb_req_tx(req), &view->cohort.id, &units, &n);
	if (!err)
		err = credit_name_of(req, &sheet->entered_by, &name);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Time of the lesson"), sheet_when_words(req, view->c, sheet));
	if (sheet->unit < (int64_t)n)
		credit_push_fact(req, facts, CURB_TEXT("Offline unit"), units[sheet->unit].name);
	credit_push_fact(req, facts, CURB_TEXT("How it was taught"),
	                 curb_tr(req, sheet_mode_text(sheet->mode), NULL));
	credit_push_fact(req, facts, CURB_TEXT("Place"), sheet_place_words(req, sheet));
	credit_push_fact(req, facts, CURB_TEXT("Taught by"), sheet->teacher);
	credit_push_fact(req, facts, CURB_TEXT("Entered by"), name);
	if (sheet->paper.len)
		credit_push_fact(req, facts, CURB_TEXT("How it was entered"),
		                 curb_tr(req, "Entered from paper; photo attached", NULL));
	curb_put(model, "facts", facts);
	return 0;
}

/* What somebody may have to do comes before what is done. */
static const struct sheet_line **waiting_first(struct curb_arena *arena, const struct sheet_view *view)
{
	const struct sheet_line **lines = curb_alloc_n(arena, view->n + 1, sizeof *lines);
	size_t n = 0;
	for (int signed_already = 0; signed_already < 2; signed_already++)
		for (size_t i = 0; i < view->n; i++)
			if ((view->lines[i].signed_ms != 0) == signed_already)
				lines[n++] = &view->lines[i];
	return lines;
}

static int put_lines(struct curb_req *req, const struct sheet_view *view, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Trainee"), CURB_TEXT("Time"), CURB_TEXT("State"),
		                              NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	const struct sheet_line **lines = waiting_first(arena, view);
	int err = 0;
	for (size_t i = 0; !err && i < view->n; i++) {
		const struct sheet_line *line = lines[i];
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		struct curb_str state = curb_tr(req, "Waits", NULL);
		if (line->signed_ms)
			err = sheet_state_words(req, line, &state);
		if (err)
			break;
		curb_push(cells, credit_head(req, CURB_TEXT("Trainee"),
		                             audit_name(req, &view->cohort.institution, line->shown), NULL));
		curb_push(cells, credit_cell(req, CURB_TEXT("Time"),
		                             sheet_line_words(req, &view->cohort, line,
		                                              sheet_before_s(view->lines,
		                                                             (size_t)(line - view->lines)))));
		curb_push(cells, credit_cell(req, CURB_TEXT("State"), state));
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	credit_put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	curb_put_bool(model, "waits", view->n > 0 && !lines[0]->signed_ms);
	return err;
}

/* For whoever countersigns: to be asked about, not refused. */
static int put_both(struct curb_req *req, const struct sheet_view *view, struct curb_value *model)
{
	struct curb_value *list = curb_array(curb_req_arena(req));
	struct audit_both *rows = NULL;
	size_t n = 0;
	int err = audit_both_of(view->c, curb_req_tx(req), &view->sheet.id, &rows, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_str(values, "name", audit_name(req, &view->cohort.institution, rows[i].shown));
		curb_put_str(values, "time", curb_words_span(req, rows[i].played_s));
		curb_push(list, curb_string(curb_req_arena(req),
		                            curb_tr(req, "{name}: {time} of recorded lessons", values)));
	}
	curb_put(model, "both", list);
	return err;
}

/* "Countersign: 18 people, 4 class hours each"; of one trainee who she is, and her newest line that waits. */
static struct curb_str sign_words(struct curb_req *req, const struct sheet_view *view, size_t people,
                                  int64_t each_s, const struct sheet_line *newest)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "people", (int64_t)people);
	curb_put_str(values, "hours", credit_words_hours(req, &view->cohort, each_s));
	if (people == 1) {
		curb_put_str(values, "name", newest->shown);
		curb_put_str(values, "time",
		             sheet_length_words(req, &view->cohort,
		                                sheet_before_s(view->lines, (size_t)(newest - view->lines)) +
		                                        newest->seconds));
		return curb_tr(req, "Countersign: {name}, {time}", values);
	}
	return each_s > 0 ? curb_tr(req, "Countersign: {people} people, {hours} class hours each", values) :
	                    curb_tr(req, "Countersign: {people} people", values);
}

static void put_sign(struct curb_req *req, const struct sheet_view *view, struct curb_value *model)
{
	const struct sheet_signing me = sheet_signing_of(req, view->c, curb_id_str(&view->sheet.id));
	const char *last = "";
	size_t people = 0, own = 0;
	int64_t each_s = -1;
	const struct sheet_line *latest = NULL;
	for (size_t i = 0; i < view->n; i++) {
		const struct sheet_line *line = &view->lines[i];
		if (line->signed_ms)
			continue;
		if (sheet_signing_enters(&me, line)) {
			own++;
			continue;
		}
		people += strcmp(last, line->person.text) != 0;
		last = line->person.text;
		latest = line;
		each_s = each_s == -1 || each_s == line->seconds ? line->seconds : 0;
	}
	if (!curb_may(req, SHEET_SIGNERS, &view->cohort.institution))
		return;
	if (people > 0) {
		curb_put_text(model, "sign",
		              curb_printf(curb_req_arena(req), "/classes/%s/sheets/%s/sign",
		                          view->cohort.id.text, view->sheet.id.text));
		curb_put_str(model, "sign_label", sign_words(req, view, people, each_s, latest));
	} else {
		curb_put_bool(model, "own", own > 0);
	}
}

static void put_notice(struct curb_req *req, struct curb_value *model)
{
	static const struct {
		const char *done, *text;
	} said[] = {
		{ "entered", CURB_TEXT("The sheet is entered. It waits for a countersignature.") },
		{ "signed", CURB_TEXT("Countersigned. The hours are counted now.") },
		{ "corrected", CURB_TEXT("The correction is entered. It waits for a countersignature.") },
	};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		if (!curb_str_is(curb_req_query(req, "done"), said[i].done))
			continue;
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text", curb_tr(req, said[i].text, NULL));
		curb_put(model, "notice", notice);
	}
}

int credit_page_sheet(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *values = curb_object(arena);
	struct sheet_view view = { .c = state };
	int err = sheet_view(req, state, &view);
	if (!err)
		err = audit_note_look(req, NULL, &view.cohort);
	if (!err)
		err = put_facts(req, &view, model);
	if (!err)
		err = put_lines(req, &view, model);
	if (!err)
		err = paper_put_photo(req, state, &view, model);
	if (!err)
		err = put_both(req, &view, model);
	if (err)
		return err;
	put_sign(req, &view, model);
	put_notice(req, model);
	curb_put_str(values, "when", sheet_when_words(req, state, &view.sheet));
	curb_put_str(model, "title", curb_tr(req, "Attendance, {when}", values));
	curb_put_str(model, "programme", view.cohort.programme);
	curb_put_bool(model, "reads", view.reads);
	curb_put_text(model, "back",
	              view.reads ? curb_printf(arena, "/classes/%s/sheets", view.cohort.id.text) :
	                           "/attendance");
	if (curb_may(req, SHEET_ENTERERS, &view.cohort.institution))
		curb_put_text(model, "correct",
		              curb_printf(arena, "/classes/%s/sheets/%s/correct", view.cohort.id.text,
		                          view.sheet.id.text));
	return curb_reply_page(req, 200, "sheet", model);
}

/* ---- countersigning ---- */

static int answer_signed(struct curb_req *req, void *arg)
{
	(void)arg;
	return sheet_reply_done(req, curb_req_param(req, "id"), curb_req_param(req, "sheet"), "signed");
}

int credit_post_sheet_sign(struct curb_req *req, void *state)
{
	struct sheet_signing signing = sheet_signing_of(req, state, curb_req_param(req, "sheet"));
	struct sheet sheet;
	int err = sheet_seen(req, state, signing.sheet, SHEET_SIGNERS, &sheet, &signing.role);
	if (!err && !signing.role)
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	return err ? err :
	             curb_write_reply(req, curb_id_str(&sheet.cohort), sheet_sign, answer_signed, &signing);
}
