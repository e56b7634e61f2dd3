/* The dossier of a class on one page to print: what was planned and decided, who was there, what counts, and the proofs. */
#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "gate.h"
#include "support.h"

enum { TRAINEES_MOST = 1000, SHEETS_MOST = 1000 };

struct dossier {
	struct curb_req *req;
	struct credit *c;
	struct credit_cohort cohort;
	struct curb_value *model, *tables, *proofs;
};

/* A table of the page, empty yet. */
static struct curb_value *table(struct dossier *d, const char *title, const char *empty)
{
	struct curb_value *made = curb_object(curb_req_arena(d->req));
	curb_put_str(made, "title", curb_tr(d->req, title, NULL));
	curb_put_str(made, "empty", curb_tr(d->req, empty, NULL));
	curb_push(d->tables, made);
	return made;
}

/* ---- who earned what ---- */

static const char *const hour_labels[] = { CURB_TEXT("Trainee"),
	                                   CURB_TEXT("Online"),
	                                   CURB_TEXT("Live online"),
	                                   CURB_TEXT("Offline"),
	                                   CURB_TEXT("Waits for offline hours"),
	                                   CURB_TEXT("Counts"),
	                                   CURB_TEXT("Days in person"),
	                                   NULL };
enum { TRAINEE, ONLINE, LIVE, OFFLINE, WAITS, COUNTS, DAYS };

static int push_trainee(struct dossier *d, const struct credit_trainee *trainee, int64_t days,
                        struct curb_value *rows)
{
	struct curb_value *row = curb_object(curb_req_arena(d->req)),
			  *cells = curb_array(curb_req_arena(d->req));
	struct credit_earned earned;
	int err = credit_earned_of(d->c, curb_req_tx(d->req), &d->cohort, &trainee->person, &earned);
	if (err)
		return err;
	const int64_t seconds[] = {
		0, earned.online_s, earned.live_s, earned.offline_s, earned.waits_s, earned.counted_s
	};
	curb_push(cells, credit_head(d->req, hour_labels[TRAINEE],
	                             audit_name(d->req, &d->cohort.institution, trainee->shown), NULL));
	for (int i = ONLINE; i <= COUNTS; i++)
		curb_push(cells, credit_cell(d->req, hour_labels[i],
		                             credit_words_hours(d->req, &d->cohort, seconds[i])));
	curb_push(cells, credit_cell(d->req, hour_labels[DAYS],
	                             curb_str(curb_printf(curb_req_arena(d->req), "%d", (int)days))));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

static int64_t days_of(const struct attended_days *days, size_t n, const struct curb_id *person)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(days[i].person.text, person->text) == 0)
			return days[i].days;
	return 0;
}

static int put_hours(struct dossier *d)
{
	struct curb_value *made = table(d, CURB_TEXT("Class hours of each trainee"),
	                                CURB_TEXT("Nobody is on the roster.")),
			  *rows = curb_array(curb_req_arena(d->req));
	const struct credit_part part = { .find = curb_str(""), .most = TRAINEES_MOST };
	struct credit_trainee *trainees = NULL;
	struct attended_days *days = NULL;
	size_t n = 0, days_n = 0;
	int64_t total = 0;
	int err = attended_days_of(d->c, curb_req_tx(d->req), &d->cohort.id, &days, &days_n);
	if (!err)
		err = credit_trainees(d->c, curb_req_tx(d->req), &d->cohort.id, &part, &trainees, &n, &total);
	for (size_t i = 0; !err && i < n; i++)
		err = push_trainee(d, &trainees[i], days_of(days, days_n, &trainees[i].person), rows);
	credit_put_columns(d->req, made, hour_labels);
	curb_put(made, "rows", rows);
	return err;
}

/* ---- attendance ---- */

static const char *const sheet_labels[] = { CURB_TEXT("Lesson"),
	                                    CURB_TEXT("Offline unit"),
	                                    CURB_TEXT("How it was taught"),
	                                    CURB_TEXT("Taught by"),
	                                    CURB_TEXT("Who came"),
	                                    CURB_TEXT("State"),
	                                    NULL };
enum { LESSON, UNIT, MODE, TEACHER, PEOPLE, STATE };

static void push_sheet(struct dossier *d, const struct sheet_row *sheet, struct curb_value *rows)
{
	struct curb_req *req = d->req;
	struct curb_value *row = curb_object(curb_req_arena(req)), *cells = curb_array(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "trainees", sheet->people);
	curb_push(cells,
	          credit_head(req, sheet_labels[LESSON], sheet_when_words(req, d->c, &sheet->sheet), NULL));
	curb_push(cells, credit_cell(req, sheet_labels[UNIT], sheet->unit_name));
	curb_push(cells, credit_cell(req, sheet_labels[MODE],
	                             curb_tr(req, sheet_mode_text(sheet->sheet.mode), NULL)));
	curb_push(cells, credit_cell(req, sheet_labels[TEACHER], sheet->sheet.teacher));
	curb_push(cells, credit_cell(req, sheet_labels[PEOPLE], curb_tr(req, "{trainees} people", values)));
	curb_push(cells, credit_cell(req, sheet_labels[STATE],
	                             sheet->waiting ? curb_tr(req, "Waits for a countersignature", NULL) :
	                                              curb_tr(req, "Countersigned", NULL)));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
}

static int put_sheets(struct dossier *d)
{
	struct curb_value *made = table(d, CURB_TEXT("Attendance sheets"), CURB_TEXT("There is no sheet.")),
			  *rows = curb_array(curb_req_arena(d->req));
	const struct credit_lines_part part = { 0, SHEETS_MOST };
	struct sheet_row *sheets = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = sheet_rows(d->c, curb_req_tx(d->req), &d->cohort.id, &part, &sheets, &n, &total);
	for (size_t i = n; !err && i-- > 0;) /* the earliest first, as it happened */
		push_sheet(d, &sheets[i], rows);
	credit_put_columns(d->req, made, sheet_labels);
	curb_put(made, "rows", rows);
	return err;
}

/* ---- proofs: that the class opened as it did, and what was decided ---- */

static int push_proof(struct dossier *d, int64_t index, struct curb_str title)
{
	struct curb_value *proof = curb_object(curb_req_arena(d->req));
	struct curb_str text;
	int err = curb_ledger_receipt(d->req, index, &text);
	if (err == CURB_EBUSY || err == CURB_EGONE || err == CURB_ENOTFOUND)
		text = curb_dup(curb_req_arena(d->req), curb_str(curb_error_local()));
	else if (err)
		return err;
	curb_put_str(proof, "title", title);
	curb_put_str(proof, "text", text);
	curb_push(d->proofs, proof);
	return 0;
}

static int put_proofs(struct dossier *d)
{
	struct gate_decision *list = NULL;
	size_t n = 0;
	int err = gate_decisions(d->c, curb_req_tx(d->req), &d->cohort.id, &list, &n);
	if (!err && d->cohort.entry)
		err = push_proof(d, d->cohort.entry - 1, curb_tr(d->req, "The class opened", NULL));
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(d->req));
		curb_put_str(values, "gate", curb_tr(d->req, gate_text(list[i].gate), NULL));
		curb_put_int(values, "number", list[i].number);
		err = push_proof(d, list[i].entry, curb_tr(d->req, "{gate}, decision {number}", values));
	}
	curb_put(d->model, "proofs", d->proofs);
	return err;
}

/* ---- the page ---- */

static int put_gates(struct dossier *d)
{
	return gate_put_decisions(d->req, d->c, &d->cohort,
	                          table(d, CURB_TEXT("What the federation decided"),
	                                CURB_TEXT("Nothing was decided about this class yet.")));
}

int credit_page_dossier(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	struct dossier d = { .req = req,
		             .c = state,
		             .model = curb_object(arena),
		             .tables = curb_array(arena),
		             .proofs = curb_array(arena) };
	int err = credit_class_seen(req, state, &d.cohort);
	if (!err)
		err = audit_note_look(req, NULL, &d.cohort);
	if (!err)
		err = put_proofs(&d); /* first: what is read behind it is what the checkpoint has, or newer */
	if (!err)
		err = credit_class_plan(req, state, &d.cohort, d.model);
	if (!err)
		err = put_gates(&d);
	if (!err)
		err = put_sheets(&d);
	if (!err)
		err = support_put_rows(req, d.c, &d.cohort, false,
		                       table(&d, CURB_TEXT("Support given to the class"),
		                             CURB_TEXT("No support was entered.")));
	if (!err)
		err = put_hours(&d);
	if (err)
		return err;
	curb_put(d.model, "tables", d.tables);
	curb_put_text(d.model, "back", curb_printf(arena, "/classes/%s", d.cohort.id.text));
	curb_put_str(d.model, "programme", d.cohort.programme);
	curb_put_str(values, "programme", d.cohort.programme);
	curb_put_str(values, "day", curb_words_date(req, curb_wall_ms()));
	curb_put_str(d.model, "made", curb_tr(req, "As of {day}.", values));
	curb_put_str(d.model, "title", curb_tr(req, "Dossier of the class {programme}", values));
	return curb_reply_page(req, 200, "dossier", d.model);
}
