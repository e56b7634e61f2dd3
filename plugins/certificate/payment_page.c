/* A list of payments, its file, and one line of it with every entry that it rests on. */
#include "code.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"
#include "payment.h"

enum { ENTRIES_SHOWN = 100 };

/* That of the path. */
static int payment_seen(struct curb_req *req, struct certificate *c, struct payment *ret)
{
	int err = payment_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), ret);
	if (!err && !curb_may(req, PAYMENT_READERS, &ret->wanted.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such list of payments");
	return err;
}

/* A code leads to a whole name, so those to whom names are masked see its end. */
static bool sees_codes(struct curb_req *req, const struct payment *payment)
{
	return curb_may(req, CURB_REVIEWER, &payment->wanted.institution);
}

static struct curb_str code_words(struct curb_req *req, const struct payment *payment,
                                  const struct payment_line *line)
{
	enum { SHOWN_END = 4 };
	char shown[CODE_SHOWN + 1];
	if (line->code.len == 0)
		return curb_tr(req, "erased", NULL);
	code_show(line->code, shown);
	if (sees_codes(req, payment))
		return curb_dup(curb_req_arena(req), curb_str(shown));
	return tr_one(req, CURB_TEXT("ends in {end}"), "end",
	              curb_dup(curb_req_arena(req), curb_str(shown + CODE_SHOWN - SHOWN_END)));
}

/* ---- the list ---- */

enum { TRAINEE, PROGRAMME, ONLINE, OFFLINE, DAYS, ASSESSMENT, CERTIFICATE, ENTRIES, BEFORE, LABELS };
static const char *const labels[] = {
	CURB_TEXT("Trainee"),        CURB_TEXT("Training programme"),
	CURB_TEXT("Online"),         CURB_TEXT("Offline"),
	CURB_TEXT("Days in person"), CURB_TEXT("Final assessment"),
	CURB_TEXT("Certificate"),    CURB_TEXT("Entries"),
	CURB_TEXT("Listed before"),  NULL,
};

static struct curb_str certificate_words(struct curb_req *req, const struct payment *payment,
                                         const struct payment_line *line)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "code", code_words(req, payment, line));
	curb_put_str(values, "day", curb_words_date(req, line->issued_ms));
	return curb_tr(req, "{code}, issued on {day}", values);
}

static void texts_of(struct curb_req *req, const struct payment *payment, const struct payment_line *line,
                     struct curb_str texts[static LABELS])
{
	struct curb_arena *arena = curb_req_arena(req);
	texts[TRAINEE] = payment_name(req, line);
	texts[PROGRAMME] = line->programme;
	texts[ONLINE] = payment_hours(req, line, line->online_s);
	texts[OFFLINE] = payment_hours(req, line, line->offline_s);
	texts[DAYS] = curb_str(curb_printf(arena, "%lld", (long long)line->days));
	texts[ASSESSMENT] = tr_one(req, CURB_TEXT("Passed on {day}"), "day",
	                           curb_words_day(req, line->assessed_day));
	texts[CERTIFICATE] = certificate_words(req, payment, line);
	texts[ENTRIES] = curb_str(curb_printf(arena, "%lld", (long long)line->entry_count));
	texts[BEFORE] = line->before_ms ? curb_words_date(req, line->before_ms) : curb_tr(req, "No", NULL);
}

static int put_lines(struct curb_req *req, struct certificate *c, const struct payment *payment,
                     struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct payment_line *lines = NULL;
	size_t n = 0;
	int err = payment_lines(c, curb_req_tx(req), &payment->id, &lines, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		struct curb_str texts[LABELS];
		texts_of(req, payment, &lines[i], texts);
		if (lines[i].name.len == 0)
			curb_put_bool(model, "erased", true);
		for (int k = 0; k < LABELS; k++)
			push_cell(req, cells, labels[k], texts[k],
			          k == TRAINEE ? curb_printf(arena, "/payments/%s/lines/%zu",
			                                     payment->id.text, i + 1) :
			                         NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	put_columns(req, model, labels);
	curb_put(model, "rows", rows);
	return err;
}

static struct curb_str number_text(struct curb_req *req, int64_t number)
{
	return curb_str(curb_printf(curb_req_arena(req), "%lld", (long long)number));
}

static void put_facts(struct curb_req *req, const struct payment *payment, struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	push_fact(req, facts, CURB_TEXT("Of what"), payment_what(req, payment));
	push_fact(req, facts, CURB_TEXT("Made on"), curb_words_date(req, payment->made_ms));
	push_fact(req, facts, CURB_TEXT("Made by"), certificate_person(req, &payment->by));
	push_fact(req, facts, CURB_TEXT("Entries of the ledger that were read"),
	          number_text(req, payment->size));
	push_fact(req, facts, CURB_TEXT("Entry of this list"), number_text(req, payment->entry));
	curb_put(model, "facts", facts);
}

/* The receipt of the list's own entry, or when there will be one. */
static int put_receipt(struct curb_req *req, const struct payment *payment, struct curb_value *model)
{
	struct curb_str text;
	int err = curb_ledger_receipt(req, payment->entry, &text);
	if (!err)
		curb_put_str(model, "receipt", text);
	if (err == CURB_EBUSY)
		curb_put_text(model, "later", curb_error_local());
	return err == CURB_EBUSY ? 0 : err;
}

int payment_page(struct curb_req *req, void *state)
{
	struct certificate *c = state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct payment payment;
	struct payment_fault *left = NULL;
	size_t n = 0;
	int err = payment_seen(req, c, &payment);
	if (!err)
		err = put_receipt(req, &payment, model);
	if (!err)
		err = put_lines(req, c, &payment, model);
	if (!err)
		err = payment_left(c, curb_req_tx(req), &payment.id, &left, &n);
	if (err)
		return err;
	put_facts(req, &payment, model);
	curb_put(model, "left", payment_faults(req, left, n));
	curb_put_str(model, "hash", payment.hash);
	curb_put_str(model, "checkpoint", payment.checkpoint);
	if (sees_codes(req, &payment))
		curb_put_text(model, "file",
		              curb_printf(curb_req_arena(req), "/payments/%s/file", payment.id.text));
	curb_put_str(model, "title",
	             tr_one(req, CURB_TEXT("Payments: {what}"), "what", payment_what(req, &payment)));
	return curb_reply_page(req, 200, "payment", model);
}

/* With "erased" where names and codes stood. */
static int make_again(struct curb_req *req, struct certificate *c, const struct payment *payment,
                      struct curb_str *ret_bytes)
{
	struct curb_buf file = curb_buf(PAYMENT_FILE_MOST);
	struct payment_line *lines = NULL;
	size_t n = 0;
	int err = payment_lines(c, curb_req_tx(req), &payment->id, &lines, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = payment_line_of(c, curb_req_tx(req), &payment->id, (int64_t)i + 1, &lines[i]);
	if (!err)
		err = payment_write_file(req, payment, lines, n, &file);
	if (!err)
		*ret_bytes = curb_dup(curb_req_arena(req), curb_buf_view(&file));
	curb_buf_free(&file);
	return err;
}

int payment_get_file(struct curb_req *req, void *state)
{
	struct payment payment;
	struct curb_str bytes;
	int err = payment_seen(req, state, &payment);
	if (!err && !sees_codes(req, &payment))
		return curb_fail(CURB_ENOTFOUND, "The file is for those who pay");
	if (!err)
		err = payment_file_of(state, curb_req_tx(req), &payment.id, &bytes);
	if (!err && bytes.len == 0)
		err = make_again(req, state, &payment, &bytes);
	if (err)
		return err;
	const struct curb_piece piece = { .bytes = bytes };
	const struct curb_body_info info = { .type = "text/csv; charset=utf-8",
		                             .filename = curb_str("payments.csv") };
	return curb_reply_pieces(req, &piece, 1, &info);
}

/* ---- a line ---- */

struct shown {
	struct curb_req *req;
	struct payment payment;
	struct payment_line line;
	struct curb_value *model, *rows;
	int64_t page, at; /* at: entries met so far */
	int64_t online_s, offline_s, erased;
};

static const char *const entry_labels[] = { CURB_TEXT("Entry"), CURB_TEXT("What it says"), CURB_TEXT("Proof"),
	                                    NULL };

static void push_entry(struct shown *s, int64_t place, struct curb_str says, int64_t at_ms)
{
	struct curb_arena *arena = curb_req_arena(s->req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena), *values = curb_object(arena);
	curb_put_int(values, "entry", place);
	curb_put_str(values, "day", curb_words_date(s->req, at_ms));
	push_cell(s->req, cells, entry_labels[0],
	          at_ms ? curb_tr(s->req, "Number {entry}, {day}", values) :
	                  curb_tr(s->req, "Number {entry}", values),
	          NULL);
	push_cell(s->req, cells, entry_labels[1], says, NULL);
	push_cell(s->req, cells, entry_labels[2], curb_tr(s->req, "Proof of entry {entry}", values),
	          curb_printf(arena, "/ledger/proof/%lld", (long long)place));
	curb_put(row, "cells", cells);
	curb_push(s->rows, row);
}

static int64_t number_of(const struct curb_fact *facts, size_t n, const char *name)
{
	const struct curb_fact *fact = curb_fact_find(facts, n, name);
	return fact ? fact->number : 0;
}

static bool word_is(const struct curb_fact *facts, size_t n, const char *name, const char *word)
{
	const struct curb_fact *fact = curb_fact_find(facts, n, name);
	return fact && curb_str_is(fact->text, word);
}

static void add_up(struct shown *s, const struct curb_fact *facts, size_t n)
{
	if (word_is(facts, n, "kind", "online") || word_is(facts, n, "kind", "moved"))
		s->online_s += number_of(facts, n, "granted");
	if (word_is(facts, n, "kind", "countersign"))
		*(word_is(facts, n, "mode", "live") ? &s->online_s : &s->offline_s) += number_of(facts, n,
		                                                                                 "seconds");
}

static int add_entry(struct shown *s, int64_t place)
{
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	bool here = s->at / ENTRIES_SHOWN == s->page - 1;
	int err = curb_ledger_read(curb_req_tx(s->req), place, &facts, &n);
	s->at++;
	if (err == CURB_EGONE) {
		s->erased++;
		if (here)
			push_entry(s, place,
			           curb_tr(s->req, "Erased with the person that it was about", NULL), 0);
		return 0;
	}
	if (err)
		return err;
	add_up(s, facts, n);
	if (here)
		push_entry(s, place, payment_entry_words(s->req, facts, n), number_of(facts, n, "at"));
	return 0;
}

static int add_entries(struct shown *s)
{
	struct curb_str rest = s->line.entries;
	int64_t from = 0, to = 0, last = (s->line.entry_count + ENTRIES_SHOWN - 1) / ENTRIES_SHOWN;
	int err = 0;
	if (!curb_str_int(curb_req_query(s->req, "page"), &s->page) || s->page < 1)
		s->page = 1;
	s->page = s->page > last ? last : s->page;
	while (!err && payment_places_cut(&rest, &from, &to))
		for (; !err && from <= to; from++)
			err = add_entry(s, from);
	return err;
}

static void put_sum(struct shown *s)
{
	struct curb_value *values = curb_object(curb_req_arena(s->req));
	curb_put_int(values, "entries", s->line.entry_count);
	curb_put_str(values, "online", curb_words_span(s->req, s->online_s));
	curb_put_str(values, "offline", curb_words_span(s->req, s->offline_s));
	curb_put_str(
		s->model, "sum",
		s->erased ? curb_tr(s->req,
	                            "Some of these entries were erased, so they cannot be added up any more.",
	                            NULL) :
			    curb_tr(s->req,
	                            "Entries: {entries}. Added up again just now they are {online} online "
	                            "and {offline} offline.",
	                            values));
}

static void put_line_facts(struct shown *s)
{
	struct curb_value *facts = curb_array(curb_req_arena(s->req));
	struct curb_str texts[LABELS];
	texts_of(s->req, &s->payment, &s->line, texts);
	for (int k = 0; k < LABELS; k++)
		if (k != ENTRIES)
			push_fact(s->req, facts, labels[k], texts[k]);
	curb_put(s->model, "facts", facts);
}

int payment_page_line(struct curb_req *req, void *state)
{
	struct certificate *c = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct shown s = { .req = req, .model = curb_object(arena), .rows = curb_array(arena) };
	int64_t n = 0;
	int err = payment_seen(req, c, &s.payment);
	if (!err && !curb_str_int(curb_req_param(req, "n"), &n))
		return curb_fail(CURB_ENOTFOUND, "This list has no such line");
	if (!err)
		err = payment_line_of(c, curb_req_tx(req), &s.payment.id, n, &s.line);
	const struct credit_class class = { .id = s.line.cohort,
		                            .institution = s.payment.wanted.institution };
	if (!err)
		err = c->credit->note_look(c->credit, req, &s.line.person, &class);
	if (!err)
		err = add_entries(&s);
	if (err)
		return err;
	put_line_facts(&s);
	put_sum(&s);
	put_columns(req, s.model, entry_labels);
	curb_put(s.model, "rows", s.rows);
	curb_put_text(s.model, "back", curb_printf(arena, "/payments/%s", s.payment.id.text));
	curb_put_pager(
		req, s.model,
		curb_printf(arena, "/payments/%s/lines/%lld?page={page}", s.payment.id.text, (long long)n),
		s.page, ENTRIES_SHOWN, s.line.entry_count);
	curb_put_str(s.model, "title",
	             tr_one(req, CURB_TEXT("What the payment for {name} rests on"), "name",
	                    payment_name(req, &s.line)));
	return curb_reply_page(req, 200, "payment_line", s.model);
}
