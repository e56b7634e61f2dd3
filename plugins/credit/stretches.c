/* Every stretch that was learned, as its entry stands in the ledger: with its reason, and together they are the total. */
#include "audit.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "question.h"

enum { STRETCHES_PAGE = 50, STRETCHES_ANSWER = 1000 };

struct stretch {
	int64_t place, at_ms;
	bool moved; /* it took hours out, or brought them in: move.h */
	struct credit_line line;
};

/* What an entry says of seconds, by the names that entries.c gives. */
static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "day", offsetof(struct credit_line, day) },
	{ "played", offsetof(struct credit_line, played_s) },
	{ "granted", offsetof(struct credit_line, granted_s) },
	{ "again", offsetof(struct credit_line, again_s) },
	{ "share", offsetof(struct credit_line, share_s) },
	{ "hours", offsetof(struct credit_line, hours_s) },
	{ "daily", offsetof(struct credit_line, day_s) },
	{ "clock", offsetof(struct credit_line, clock_s) },
	{ "undelivered", offsetof(struct credit_line, undelivered_s) },
	{ "held", offsetof(struct credit_line, held_s) },
};

static int read_stretch(struct curb_tx *tx, int64_t place, struct stretch *ret)
{
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	struct stretch stretch = { .place = place };
	int err = curb_ledger_read(tx, place, &facts, &n);
	if (err)
		return err;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const struct curb_fact *fact = curb_fact_find(facts, n, numbers[i].name);
		if (fact)
			*(int64_t *)(void *)((char *)&stretch.line + numbers[i].offset) = fact->number;
	}
	const struct curb_fact *at = curb_fact_find(facts, n, "at"), *unit = curb_fact_find(facts, n, "unit");
	if (!at || !unit)
		return curb_fail(CURB_EINTERNAL, "entry %lld of the ledger is of no lesson",
		                 (long long)place);
	stretch.at_ms = at->number;
	stretch.moved = curb_fact_find(facts, n, "move") != NULL;
	stretch.line.unit = curb_id_of(unit->text);
	*ret = stretch;
	return 0;
}

/* A part of them, the latest first. */
struct part {
	struct stretch *rows;
	size_t n;
	int64_t page, total;
};

static int read_part(struct curb_req *req, struct credit *c, const struct curb_id *person,
                     const struct curb_id *cohort, size_t most, struct part *ret)
{
	struct curb_tx *tx = curb_req_tx(req);
	int64_t *places = NULL;
	size_t all = 0;
	int err = credit_places_in_ledger(c, tx, person, cohort, &places, &all);
	if (err)
		return err;
	size_t last = all ? (all - 1) / most : 0, page = (size_t)credit_asked_page(req, "page") - 1;
	page = page < last ? page : last;
	struct part part = { .page = (int64_t)page + 1, .total = (int64_t)all };
	part.rows = curb_alloc_n(curb_req_arena(req), most, sizeof *part.rows);
	for (size_t i = page * most; !err && i < all && part.n < most; i++)
		err = read_stretch(tx, places[i], &part.rows[part.n++]);
	if (!err)
		*ret = part;
	return err;
}

/* ---- the page ---- */

static const char *const labels[] = { CURB_TEXT("Entry"),
	                              CURB_TEXT("Lesson"),
	                              CURB_TEXT("Watched"),
	                              CURB_TEXT("Counted"),
	                              CURB_TEXT("Why the rest was not counted"),
	                              NULL };
enum { ENTRY, LESSON, WATCHED, COUNTED, WHY };

/* What an entry that moved hours took out or brought in. */
static struct curb_str moved_words(struct curb_req *req, int64_t seconds)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "time", curb_words_span(req, seconds < 0 ? -seconds : seconds));
	return seconds < 0 ? curb_tr(req, "{time} taken out", values) :
	                     curb_tr(req, "{time} brought in", values);
}

/* Why the rest was not counted, as one text. */
static struct curb_str joined(struct curb_req *req, const struct credit_line *line,
                              const struct curb_value *reasons)
{
	struct curb_str all = curb_str("");
	if (line->played_s < 0)
		return curb_tr(req,
		               "Counts elsewhere now: the trainee moved, or two records were one person's",
		               NULL);
	if (line->granted_s == line->played_s)
		return curb_tr(req, "All of it counted", NULL);
	for (size_t i = 0; i < curb_value_count(reasons); i++) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		struct curb_str one = curb_value_str(curb_value_at(reasons, i));
		curb_put_str(values, "first", all);
		curb_put_str(values, "second", one);
		all = i ? curb_tr(req, "{first}; {second}", values) : one;
	}
	return all;
}

static int push_row(struct curb_req *req, struct credit *c, const struct stretch *stretch,
                    struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *line = curb_object(arena), *values = curb_object(arena), *row = curb_object(arena),
			  *cells = curb_array(arena);
	int err = credit_line_model(req, c, &stretch->line, line);
	if (err)
		return err;
	curb_put_int(values, "entry", stretch->place);
	curb_put_str(values, "day", curb_get_str(line, "day"));
	curb_put_int(values, "number", curb_get_int(line, "number", 0));
	curb_put_str(values, "unit", curb_get_str(line, "unit"));
	curb_push(cells,
	          credit_head(req, labels[ENTRY], curb_tr(req, "Number {entry}, {day}", values), NULL));
	curb_push(cells, credit_cell(req, labels[LESSON], curb_tr(req, "Lesson {number}: {unit}", values)));
	curb_push(cells, credit_cell(req, labels[WATCHED],
	                             stretch->moved ? moved_words(req, stretch->line.played_s) :
	                                              curb_get_str(line, "played")));
	curb_push(cells, credit_cell(req, labels[COUNTED],
	                             stretch->moved ? moved_words(req, stretch->line.granted_s) :
	                                              curb_get_str(line, "granted")));
	curb_push(cells, credit_cell(req, labels[WHY],
	                             joined(req, &stretch->line, curb_value_get(line, "reasons"))));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

static int put_table(struct curb_req *req, struct credit *c, const struct part *part,
                     struct curb_value *model)
{
	struct curb_value *rows = curb_array(curb_req_arena(req));
	int64_t granted_s = 0;
	int err = 0;
	credit_put_columns(req, model, labels);
	for (size_t i = 0; !err && i < part->n; i++) {
		granted_s += part->rows[i].line.granted_s;
		err = push_row(req, c, &part->rows[i], rows);
	}
	curb_put(model, "rows", rows);
	curb_put_str(model, "here",
	             granted_s < 0 ? moved_words(req, granted_s) : curb_words_span(req, granted_s));
	curb_put_int(model, "entries", part->total);
	return err;
}

/* Her own, or of whom they are, as the asking person may see her name. */
static int put_title(struct curb_req *req, const struct curb_id *person, const struct credit_cohort *cohort,
                     int64_t page, struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	bool own = strcmp(curb_req_user(req)->id.text, person->text) == 0;
	struct curb_str name;
	int err = credit_name_of(req, person, &name);
	if (err)
		return err;
	curb_put_str(values, "name", audit_name(req, &cohort->institution, name));
	curb_put_str(model, "title",
	             credit_page_title(req,
	                               own ? curb_tr(req, "Every entry of these hours", NULL) :
	                                     curb_tr(req, "Every entry of {name}", values),
	                               page));
	curb_put_bool(model, "own", own);
	return 0;
}

static int show(struct curb_req *req, struct credit *c, const struct curb_id *person,
                const struct credit_cohort *cohort, const char *back, const char *list)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct part part = { .page = 1 };
	int64_t online_s = 0;
	int err = credit_online_s(c, curb_req_tx(req), &cohort->id, person, &online_s);
	if (!err)
		err = read_part(req, c, person, &cohort->id, STRETCHES_PAGE, &part);
	if (!err)
		err = put_table(req, c, &part, model);
	if (!err)
		err = put_title(req, person, cohort, part.page, model);
	if (err)
		return err;
	curb_put_text(model, "back", back);
	curb_put_str(model, "programme", cohort->programme);
	curb_put_str(model, "sum", curb_words_span(req, online_s));
	curb_put_pager(req, model, list, part.page, STRETCHES_PAGE, part.total);
	return curb_reply_page(req, 200, "entries", model);
}

int credit_page_entries(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct credit_cohort cohort;
	const struct curb_id class = curb_id_of(curb_req_query(req, "class"));
	int64_t online_s = 0;
	int err = credit_online_s(state, curb_req_tx(req), &class, &curb_req_user(req)->id, &online_s);
	if (err == CURB_ENOTFOUND)
		return curb_fail(CURB_ENOTFOUND,
		                 "This class is not among yours; look at all your class hours");
	if (!err)
		err = credit_cohort_by_id(state, curb_req_tx(req), curb_id_str(&class), &cohort);
	return err ? err :
	             show(req, state, &curb_req_user(req)->id, &cohort,
	                  curb_printf(arena, "/record?class=%s", class.text),
	                  curb_printf(arena, "/record/entries?class=%s&page={page}", class.text));
}

int credit_page_trainee_entries(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct curb_id person = curb_id_of(curb_req_param(req, "person"));
	struct credit_cohort cohort;
	int64_t online_s = 0;
	int err = credit_class_seen(req, state, &cohort);
	if (!err)
		err = credit_online_s(state, curb_req_tx(req), &cohort.id, &person, &online_s);
	if (!err)
		err = audit_note_look(req, &person, &cohort);
	if (err)
		return err;
	const char *back = curb_printf(arena, "/classes/%s/trainees/%s", cohort.id.text, person.text);
	return show(req, state, &person, &cohort, back, curb_printf(arena, "%s/entries?page={page}", back));
}

/* ---- JSON ---- */

static void put_stretch(struct curb_json *j, const struct stretch *stretch)
{
	curb_json_begin(j, '{');
	curb_json_kint(j, "entry", stretch->place);
	curb_json_kint(j, "at", stretch->at_ms);
	credit_json_line(j, &stretch->line);
	curb_json_end(j, '}');
}

int credit_get_entries(struct curb_req *req, void *state)
{
	const struct curb_id person = curb_id_of(curb_req_param(req, "person"));
	struct credit_cohort cohort;
	struct part part;
	int64_t online_s = 0;
	int err = credit_class_seen(req, state, &cohort);
	if (!err)
		err = credit_online_s(state, curb_req_tx(req), &cohort.id, &person, &online_s);
	if (!err)
		err = audit_note_look(req, &person, &cohort);
	if (!err)
		err = read_part(req, state, &person, &cohort.id, STRETCHES_ANSWER, &part);
	if (err)
		return err;
	struct curb_buf out = curb_buf(1 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "online_s", online_s);
	curb_json_kint(&j, "total", part.total);
	curb_json_kint(&j, "page", part.page);
	curb_json_key(&j, "entries");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < part.n; i++)
		put_stretch(&j, &part.rows[i]);
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}
