#include "cells.h"

#include "curb/err.h"

struct curb_str tr_one(struct curb_req *req, const char *source, const char *name, struct curb_str value)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, name, value);
	return curb_tr(req, source, values);
}

struct curb_str decimal_text(struct curb_req *req, int64_t number, int decimals)
{
	int64_t one = 1;
	for (; decimals > 0 && number % 10 == 0; decimals--)
		number /= 10;
	for (int i = 0; i < decimals; i++)
		one *= 10;
	if (decimals == 0)
		return curb_str(curb_printf(curb_req_arena(req), "%lld", (long long)number));
	return curb_str(curb_printf(curb_req_arena(req), "%lld.%0*lld", (long long)(number / one), decimals,
	                            (long long)(number % one)));
}

void push_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text)
{
	if (!text.ptr)
		return;
	struct curb_value *fact = curb_object(curb_req_arena(req));
	curb_put_str(fact, "term", curb_tr(req, term, NULL));
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

void push_cell(struct curb_req *req, struct curb_value *cells, const char *label, struct curb_str text,
               const char *href)
{
	struct curb_value *cell = curb_object(curb_req_arena(req));
	curb_put_str(cell, "label", curb_tr(req, label, NULL));
	curb_put_str(cell, "text", text);
	if (href)
		curb_put_text(cell, "href", href);
	if (curb_value_count(cells) == 0)
		curb_put_bool(cell, "head", true);
	curb_push(cells, cell);
}

void put_notice(struct curb_req *req, struct curb_value *model, const char *kind, struct curb_str text)
{
	struct curb_value *notice = curb_object(curb_req_arena(req));
	curb_put_text(notice, "kind", kind);
	curb_put_str(notice, "text", text);
	curb_put(model, "notice", notice);
}

void put_columns(struct curb_req *req, struct curb_value *model, const char *const *labels)
{
	struct curb_value *columns = curb_array(curb_req_arena(req));
	for (; *labels; labels++) {
		struct curb_value *column = curb_object(curb_req_arena(req));
		curb_put_str(column, "label", curb_tr(req, *labels, NULL));
		curb_push(columns, column);
	}
	curb_put(model, "columns", columns);
}

void push_section(struct curb_req *req, struct curb_value *sections, const char *title,
                  struct curb_value *items, const char *more_href, const char *more_label)
{
	struct curb_value *section = curb_object(curb_req_arena(req)),
			  *more = curb_object(curb_req_arena(req));
	if (curb_value_count(items) == 0)
		return;
	curb_put_str(section, "title", curb_tr(req, title, NULL));
	curb_put(section, "items", items);
	if (more_href) {
		curb_put_text(more, "href", more_href);
		curb_put_str(more, "label", curb_tr(req, more_label, NULL));
		curb_put(section, "more", more);
	}
	curb_push(sections, section);
}

/* ---- comma-separated values ---- */

void csv_begin(struct curb_buf *out)
{
	curb_buf_text(out, "\xef\xbb\xbf");
}

static void end_cell(struct curb_buf *out, char behind)
{
	if (behind == '\n')
		curb_buf_char(out, '\r');
	curb_buf_char(out, behind);
}

/* Spreadsheets take what begins so for a formula, those of East Asia also with signs of full width. */
static bool is_formula(struct curb_str text)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
	bool found = text.len && memchr("=+-@\t\r\n", text.ptr[0], 7);
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		found = found || curb_str_starts(text, wide[i]);
	return found;
}

void csv_cell(struct curb_buf *out, struct curb_str text, char behind)
{
	if (!text.ptr) {
		end_cell(out, behind);
		return;
	}
	curb_buf_char(out, '"');
	if (is_formula(text))
		curb_buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			curb_buf_char(out, '"');
		curb_buf_char(out, text.ptr[i]);
	}
	curb_buf_char(out, '"');
	end_cell(out, behind);
}

void csv_number(struct curb_buf *out, int64_t number, int decimals, char behind)
{
	int64_t one = 1;
	for (int i = 0; i < decimals; i++)
		one *= 10;
	int64_t size = number < 0 ? -number : number;
	curb_buf_printf(out, "%s%lld", number < 0 ? "-" : "", (long long)(size / one));
	if (decimals > 0)
		curb_buf_printf(out, ".%0*lld", decimals, (long long)(size % one));
	end_cell(out, behind);
}

int csv_reply(struct curb_req *req, struct curb_buf *out, const char *name)
{
	const struct curb_piece piece = { .bytes = curb_dup(curb_req_arena(req), curb_buf_view(out)) };
	const struct curb_body_info info = { .type = "text/csv; charset=utf-8", .filename = curb_str(name) };
	int err = curb_buf_check(out);
	curb_buf_free(out);
	return err ? err : curb_reply_pieces(req, &piece, 1, &info);
}
