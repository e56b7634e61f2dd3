/* What the desk's pages say: roles, places, days, tables. */
#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

struct people_actor desk_actor(struct curb_req *req, uint32_t roles)
{
	return (struct people_actor){ curb_req_user(req)->id, roles, curb_wall_ms() };
}

struct curb_str desk_tr_str(struct curb_req *req, const char *source, const char *name, struct curb_str value)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, name, value);
	return curb_tr(req, source, values);
}

struct curb_str desk_tr_int(struct curb_req *req, const char *source, const char *name, int64_t value)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, name, value);
	return curb_tr(req, source, values);
}

const char *desk_shell_word(struct curb_arena *arena, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@,";
	if (*text && strspn(text, plain) == strlen(text))
		return text;
	char *word = curb_alloc(arena, 4 * strlen(text) + 3), *at = word;
	*at++ = '\'';
	for (; *text; text++) {
		memcpy(at, *text == '\'' ? "'\\''" : text, *text == '\'' ? 4 : 1);
		at += *text == '\'' ? 4 : 1;
	}
	*at = '\'';
	return word;
}

static const char *const role_texts[] = { CURB_TEXT("Trainee"),   CURB_TEXT("Helper"),
	                                  CURB_TEXT("Author"),    CURB_TEXT("Teacher"),
	                                  CURB_TEXT("Captioner"), CURB_TEXT("Staff"),
	                                  CURB_TEXT("Reviewer"),  CURB_TEXT("Auditor"),
	                                  CURB_TEXT("Evaluator"), CURB_TEXT("Administrator") };

struct curb_str desk_role(struct curb_req *req, uint32_t role)
{
	for (size_t i = 0; i < sizeof role_texts / sizeof *role_texts; i++)
		if (role == 1u << i)
			return curb_tr(req, role_texts[i], NULL);
	return curb_str("");
}

struct curb_str desk_roles(struct curb_req *req, uint32_t roles)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str list = curb_tr(req, "None now", NULL);
	bool first = true;
	for (size_t i = 0; i < sizeof role_texts / sizeof *role_texts; i++) {
		if (!(roles & 1u << i))
			continue;
		struct curb_str one = curb_tr(req, role_texts[i], NULL);
		struct curb_value *values = curb_object(arena);
		curb_put_str(values, "list", list);
		curb_put_str(values, "one", one);
		list = first ? one : curb_tr(req, "{list}, {one}", values);
		first = false;
	}
	return list;
}

struct curb_str desk_moment(struct curb_req *req, int64_t ms)
{
	int64_t minute = (ms - curb_day_begins(curb_day_of(ms))) / 60000;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "day", curb_words_date(req, ms));
	curb_put_int(values, "hour", minute / 60);
	curb_put_int(values, "minute", minute % 60);
	return curb_tr(req, "{day}, {hour} h {minute} min", values);
}

struct curb_str desk_period(struct curb_req *req, int64_t from_ms, int64_t until_ms)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "from", curb_words_date(req, from_ms));
	if (!until_ms)
		return curb_tr(req, "From {from} on", values);
	curb_put_str(values, "until", curb_words_date(req, until_ms - 1));
	return curb_tr(req, "From {from} to {until}", values);
}

struct curb_str desk_place(struct curb_req *req, struct curb_str name)
{
	return name.ptr ? name : curb_tr(req, "The whole server", NULL);
}

/* ---- models ---- */

void desk_title(struct curb_req *req, struct curb_value *model, const char *source)
{
	curb_put_str(model, "title", curb_tr(req, source, NULL));
}

void desk_notice(struct curb_value *model, const char *kind, struct curb_str text)
{
	struct curb_value *notice = curb_object(curb_value_arena(model));
	curb_put_text(notice, "kind", kind);
	curb_put_str(notice, "text", text);
	curb_put(model, "notice", notice);
}

void desk_fact(struct curb_value *facts, struct curb_str term, struct curb_str text, const char *href)
{
	struct curb_value *fact = curb_object(curb_value_arena(facts));
	curb_put_str(fact, "term", term);
	curb_put_str(fact, "text", text);
	if (href)
		curb_put_text(fact, "href", href);
	curb_push(facts, fact);
}

struct curb_value *desk_columns(struct curb_req *req, const char *const *sources)
{
	struct curb_value *columns = curb_array(curb_req_arena(req));
	for (; *sources; sources++) {
		struct curb_value *column = curb_object(curb_req_arena(req));
		curb_put_str(column, "label", curb_tr(req, *sources, NULL));
		curb_push(columns, column);
	}
	return columns;
}

struct curb_value *desk_row(struct curb_value *rows)
{
	struct curb_value *row = curb_object(curb_value_arena(rows));
	curb_put(row, "cells", curb_array(curb_value_arena(rows)));
	curb_push(rows, row);
	return row;
}

void desk_cell(struct curb_value *row, struct curb_value *columns, struct curb_str text, const char *href)
{
	struct curb_value *cells = curb_value_get(row, "cells");
	struct curb_value *cell = curb_object(curb_value_arena(row));
	size_t i = curb_value_count(cells);
	curb_put_str(cell, "text", text.ptr ? text : curb_str(""));
	curb_put_str(cell, "label", curb_get_str(curb_value_at(columns, i), "label"));
	curb_put_bool(cell, "head", i == 0);
	if (href)
		curb_put_text(cell, "href", href);
	curb_push(cells, cell);
}

void desk_option(struct curb_value *options, struct curb_str value, struct curb_str label, bool selected)
{
	struct curb_value *option = curb_object(curb_value_arena(options));
	curb_put_str(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", selected);
	curb_push(options, option);
}

int desk_page(struct curb_req *req, int64_t *ret_page)
{
	enum { LAST_PAGE = 100000 };
	struct curb_str text = curb_req_query(req, "page");
	int64_t page = 1;
	if (text.len && (!curb_str_int(text, &page) || page < 1 || page > LAST_PAGE))
		return curb_fail(CURB_EINVAL, "page must be a whole number from 1 on");
	*ret_page = page;
	return 0;
}

int desk_go(struct curb_req *req, const char *path)
{
	return curb_reply_redirect(req, curb_str(path));
}
