/* A list of payments as a file for spreadsheets (RFC 4180, UTF-8 with its mark). */
#include <time.h>

#include "code.h"
#include "curb/err.h"
#include "curb/words.h"
#include "payment.h"

/* What one cell takes in common spreadsheets is 32,767 characters: the entries of a line go on in the next one. */
enum { CELL_MOST = 32000, DAY_S = 24 * 3600 };

/* 2026-02-28, as spreadsheets know it; nothing for day 0. */
static void add_day(struct curb_buf *out, int64_t day)
{
	char text[16] = "";
	time_t s = (time_t)day * DAY_S;
	struct tm date;
	if (day && gmtime_r(&s, &date))
		(void)strftime(text, sizeof text, "%Y-%m-%d", &date);
	csv_cell(out, curb_str(text), ',');
}

/* The next cell of entries: whole runs of places. */
static struct curb_str cut_cell(struct curb_str *rest)
{
	struct curb_str cell = *rest;
	if (cell.len > CELL_MOST) {
		cell.len = CELL_MOST;
		while (cell.len > 0 && rest->ptr[cell.len] != ' ')
			cell.len--;
	}
	*rest = curb_str_from(*rest, cell.len + 1);
	return cell;
}

static size_t cells_of(struct curb_str entries)
{
	size_t n = 0;
	for (; entries.len > 0; n++)
		(void)cut_cell(&entries);
	return n;
}

static void add_head(struct curb_req *req, struct curb_buf *out, size_t cells)
{
	static const char *const labels[] = {
		CURB_TEXT("Trainee"),
		CURB_TEXT("Training programme"),
		CURB_TEXT("Online class hours"),
		CURB_TEXT("Offline class hours"),
		CURB_TEXT("Days attended in person"),
		CURB_TEXT("Final assessment passed on"),
		CURB_TEXT("Code of the certificate"),
		CURB_TEXT("Certificate issued on"),
		CURB_TEXT("Listed before on"),
		CURB_TEXT("Ledger"),
		CURB_TEXT("Entries that the checkpoint has"),
		CURB_TEXT("Hash of its tree"),
		CURB_TEXT("Number of entries"),
	};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		csv_cell(out, curb_tr(req, labels[i], NULL), ',');
	for (size_t i = 1; i <= cells; i++)
		csv_cell(out, curb_tr(req, "Entries", NULL), i < cells ? ',' : '\n');
}

static void add_line(struct curb_req *req, struct curb_buf *out, const struct payment *payment,
                     const struct payment_line *line, size_t cells)
{
	struct curb_str note = payment->checkpoint, part, entries = line->entries;
	char code[CODE_SHOWN + 1] = "";
	if (line->code.len)
		code_show(line->code, code);
	csv_cell(out, payment_name(req, line), ',');
	csv_cell(out, line->programme, ',');
	csv_number(out, line->online_s * 100 / line->hour_s, 2, ',');
	csv_number(out, line->offline_s * 100 / line->hour_s, 2, ',');
	csv_number(out, line->days, 0, ',');
	add_day(out, line->assessed_day);
	csv_cell(out, curb_str(code), ',');
	add_day(out, curb_day_of(line->issued_ms));
	add_day(out, line->before_ms ? curb_day_of(line->before_ms) : 0);
	for (int i = 0; i < 3; i++) /* origin, size, root: C2SP tlog-checkpoint */
		csv_cell(out, curb_str_cut(&note, '\n', &part) ? part : curb_str(""), ',');
	csv_number(out, line->entry_count, 0, ',');
	for (size_t i = 1; i <= cells; i++)
		csv_cell(out, cut_cell(&entries), i < cells ? ',' : '\n');
}

int payment_write_file(struct curb_req *req, const struct payment *payment, const struct payment_line *lines,
                       size_t n, struct curb_buf *out)
{
	size_t cells = 1;
	for (size_t i = 0; i < n; i++) {
		size_t more = cells_of(lines[i].entries);
		cells = more > cells ? more : cells;
	}
	csv_begin(out);
	add_head(req, out, cells);
	for (size_t i = 0; i < n; i++)
		add_line(req, out, payment, &lines[i], cells);
	return curb_buf_check(out);
}
