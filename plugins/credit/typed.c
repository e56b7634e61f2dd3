/* A form that comes back with what was typed and what is wrong at each field. */
#include <time.h>

#include "curb/err.h"
#include "pages.h"

bool credit_day_of(int64_t year, int64_t month, int64_t day, int64_t *ret_day)
{
	struct tm date = { .tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day };
	*ret_day = timegm(&date) / (24 * 3600);
	return date.tm_mday == day && date.tm_mon == month - 1; /* 30 February becomes 2 March */
}

bool credit_read_date(struct curb_str text, int64_t *ret_day)
{
	int parts[3] = { 0, 0, 0 };
	if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-')
		return false;
	for (size_t i = 0, part = 0; i < text.len; i++) {
		if (i == 4 || i == 7)
			part++;
		else if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
			parts[part] = parts[part] * 10 + (text.ptr[i] - '0');
		else
			return false;
	}
	return credit_day_of(parts[0], parts[1], parts[2], ret_day);
}

/* ---- a form ---- */

struct typed_form typed_form(struct curb_req *req)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct typed_form form = { .req = req, .model = curb_object(arena), .v = curb_object(arena) };
	form.e = curb_object(arena);
	form.mistakes = curb_array(arena);
	curb_put(form.model, "v", form.v);
	curb_put(form.model, "e", form.e);
	curb_put(form.model, "mistakes", form.mistakes);
	return form;
}

void typed_wrong_called(struct typed_form *form, const char *name, struct curb_str label,
                        struct curb_str text)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *mistake = curb_object(arena), *values = curb_object(arena);
	bool date = curb_value_type(curb_value_get(form->v, name)) == CURB_OBJECT;
	form->wrong = true;
	curb_put_text(mistake, "field", date ? curb_printf(arena, "%s-year", name) : name);
	curb_put_str(values, "label", label);
	curb_put_str(values, "text", text);
	curb_put_str(mistake, "text", label.ptr ? curb_tr(form->req, "{label}: {text}", values) : text);
	curb_push(form->mistakes, mistake);
	curb_put_str(form->e, name, text);
}

void typed_wrong(struct typed_form *form, const char *name, struct curb_str text)
{
	typed_wrong_called(form, name, curb_str(NULL), text);
}

void typed_wrong_error(struct typed_form *form, const char *name)
{
	typed_wrong(form, name, curb_dup(curb_req_arena(form->req), curb_str(curb_error_local())));
}

struct curb_str typed_field(struct typed_form *form, const char *name)
{
	struct curb_str text = curb_str_trim(curb_req_field(form->req, name));
	if (!text.ptr)
		text = curb_str("");
	curb_put_str(form->v, name, text);
	return text;
}

int64_t typed_date(struct typed_form *form, const char *name, const char *label)
{
	static const char *const parts[] = { "year", "month", "day" };
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *date = curb_object(arena);
	bool some = false;
	int64_t day = 0;
	for (size_t i = 0; i < 3; i++) {
		struct curb_str text = curb_req_field(form->req, curb_printf(arena, "%s-%s", name, parts[i]));
		curb_put_str(date, parts[i], text.ptr ? text : curb_str(""));
	}
	curb_put(form->v, name, date);
	bool good = draft_read_day(form->req, curb_req_value(form->req), name, &some, &day);
	if (some && !good)
		typed_wrong_called(form, name, curb_tr(form->req, label, NULL),
		                   curb_tr(form->req,
		                           "There is no such day; write year, month and day as numbers",
		                           NULL));
	return some && good ? day : 0;
}

void typed_option(struct curb_value *options, struct curb_str value, struct curb_str label,
                  struct curb_str chosen)
{
	credit_option(options, value, label, curb_str_eq(value, chosen));
}
