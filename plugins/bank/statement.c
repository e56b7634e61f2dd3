/* Lines of an account in words, as a table and as a file. */
#include "bank.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"

enum { CSV_MOST = 4 << 20 };

struct curb_str credits_text(struct curb_req *req, int64_t credits_c)
{
	struct curb_str size = decimal_text(req, credits_c < 0 ? -credits_c : credits_c, 2);
	return credits_c < 0 ? tr_one(req, CURB_TEXT("minus {credits}"), "credits", size) : size;
}

struct curb_str institution_text(struct curb_req *req, const struct curb_id *institution)
{
	struct curb_str name;
	return curb_institution_name(curb_req_tx(req), institution, &name) == 0 ?
	               name :
	               curb_tr(req, "an institution that is not there any more", NULL);
}

static struct curb_str line_text(struct curb_req *req, const struct line *line)
{
	const struct deposit *deposit = &line->deposit;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "programme", deposit->programme);
	curb_put_str(values, "hours", decimal_text(req, deposit->hours_c, 2));
	curb_put_str(values, "rate", decimal_text(req, deposit->credits_t, 4));
	curb_put_str(values, "title", deposit->title);
	curb_put_str(values, "number", deposit->number);
	if (curb_id_some(&line->transfer)) {
		curb_put_str(values, "place", institution_text(req, &line->recogniser));
		curb_put_str(values, "programme", line->programme);
		curb_put_str(values, "number", line->document);
	}
	switch (line->kind) {
	case LINE_TRANSFER:
		return curb_tr(req, "Recognised by {place} for {programme}, document {number}", values);
	case LINE_TRANSFER_RETURN:
		return curb_tr(req, "Taken back: recognised by {place} for {programme}, document {number}",
		               values);
	case LINE_DEPOSIT_RETURN:
		return curb_tr(req,
		               "The certificate of {programme} was withdrawn: its credits are taken back",
		               values);
	case LINE_DEPOSIT:
	case LINE_KINDS: break;
	}
	return curb_tr(
		req,
		"Certificate of {programme}: {hours} class hours, {rate} credits for each. Rule: {title}, "
		"{number}",
		values);
}

void statement_put(struct curb_req *req, const struct line *lines, size_t n, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Day"), CURB_TEXT("What it is"), CURB_TEXT("Credits"),
		                              CURB_TEXT("Together up to here"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	int64_t sum_c = 0;
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		sum_c += lines[i].credits_c;
		push_cell(req, cells, labels[0], curb_words_date(req, lines[i].at_ms), NULL);
		push_cell(req, cells, labels[1], line_text(req, &lines[i]), NULL);
		push_cell(req, cells, labels[2], credits_text(req, lines[i].credits_c), NULL);
		push_cell(req, cells, labels[3], credits_text(req, sum_c), NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	put_columns(req, model, labels);
	curb_put(model, "rows", rows);
}

static void put_heads(struct curb_req *req, struct curb_buf *out, bool whose)
{
	if (whose)
		csv_cell(out, curb_tr(req, "Trainee", NULL), ',');
	csv_cell(out, curb_tr(req, "Day", NULL), ',');
	csv_cell(out, curb_tr(req, "What it is", NULL), ',');
	csv_cell(out, curb_tr(req, "Class hours", NULL), ',');
	csv_cell(out, curb_tr(req, "Credits for each class hour", NULL), ',');
	csv_cell(out, curb_tr(req, "Number of the document", NULL), ',');
	csv_cell(out, curb_tr(req, "Credits", NULL), ',');
	csv_cell(out, curb_tr(req, "Together up to here", NULL), ',');
	csv_cell(out, curb_tr(req, "Number of the entry", NULL), '\n');
}

int statement_reply_csv(struct curb_req *req, const struct line *lines, size_t n,
                        const struct curb_str *whose)
{
	struct curb_buf out = curb_buf(CSV_MOST);
	int64_t sum_c = 0;
	csv_begin(&out);
	put_heads(req, &out, whose != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct deposit *deposit = &lines[i].deposit;
		sum_c += lines[i].credits_c;
		if (whose)
			csv_cell(&out, whose[i], ',');
		csv_cell(&out, curb_words_date(req, lines[i].at_ms), ',');
		csv_cell(&out, line_text(req, &lines[i]), ',');
		if (lines[i].kind == LINE_DEPOSIT) {
			csv_number(&out, deposit->hours_c, 2, ',');
			csv_number(&out, deposit->credits_t, 4, ',');
		} else {
			csv_cell(&out, curb_str(NULL), ',');
			csv_cell(&out, curb_str(NULL), ',');
		}
		csv_cell(&out, curb_id_some(&lines[i].transfer) ? lines[i].document : deposit->number, ',');
		csv_number(&out, lines[i].credits_c, 2, ',');
		csv_number(&out, sum_c, 2, ',');
		csv_number(&out, lines[i].entry, 0, '\n');
	}
	return csv_reply(req, &out, "credits.csv");
}
