/* Many trainees at once, from lines that were pasted: all of them are added, or none is. */
#include <stdlib.h>

#include "curb/err.h"
#include "inside.h"

enum { LINES_MOST = 300, NAME_LONGEST = 90, NUMBER_LONGEST = 64 };

struct line {
	int64_t number; /* as people count them in what they pasted */
	struct curb_str name, sign_in;
};

struct adding {
	struct curb_id by;
	struct line *lines;
	size_t n;
	struct curb_str place;
	int64_t now_ms;
};

/* ---- reading ---- */

/* Cells are parted by a tabulator (a table that was copied), a comma of either kind, or a semicolon. */
static size_t length_of_cell(struct curb_str line)
{
	static const char *const separators[] = { "\t", ",", "，", ";", "；" };
	size_t least = line.len;
	for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
		const char *at = memmem(line.ptr, line.len, separators[i], strlen(separators[i]));
		if (at && (size_t)(at - line.ptr) < least)
			least = (size_t)(at - line.ptr);
	}
	return least;
}

static struct curb_str unquoted(struct curb_str cell)
{
	cell = curb_str_trim(cell);
	if (cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
		cell = curb_str_trim(curb_str_n(cell.ptr + 1, cell.len - 2));
	return cell;
}

static struct line parted(struct curb_str text, int64_t number)
{
	size_t end = length_of_cell(text);
	struct line line = { .number = number, .name = unquoted(curb_str_n(text.ptr, end)) };
	struct curb_str rest = curb_str_from(text, end);
	size_t offset = 0;
	if (rest.len)
		(void)curb_utf8_next(rest, &offset); /* the separator */
	rest = curb_str_from(rest, offset);
	line.sign_in = unquoted(curb_str_n(rest.ptr, length_of_cell(rest)));
	return line;
}

/* The names of the columns, as a copied table begins. */
static bool is_head(const struct line *line)
{
	static const char *const words[] = { "number", "learner number", "phone",
		                             "学号",   "手机号",         "学号或手机号" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (curb_str_is_nocase(line->sign_in, words[i]))
			return true;
	return false;
}

/* 3.7E+19: what a spreadsheet makes of a long number. */
static bool is_rounded(struct curb_str number)
{
	bool exponent = false;
	for (size_t i = 0; i < number.len; i++) {
		char c = number.ptr[i];
		if ((c == 'e' || c == 'E') && i > 0 && !exponent)
			exponent = true;
		else if (!((c >= '0' && c <= '9') || c == '.' || (c == '+' && exponent)))
			return false;
	}
	return exponent && memchr(number.ptr, '+', number.len);
}

static void find(struct desk_form *form, const struct line *line, const char *source)
{
	struct curb_value *values = curb_object(curb_req_arena(form->req));
	curb_put_int(values, "line", line->number);
	curb_put_str(values, "number", line->sign_in);
	curb_put_int(values, "most", NAME_LONGEST / 3);
	desk_wrong(form, "lines", curb_tr(form->req, source, values));
}

static int check_free(struct desk_form *form, const struct line *line)
{
	bool taken = false;
	int err = people_name_taken(curb_req_tx(form->req), line->sign_in, &taken);
	if (!err && taken)
		find(form, line, CURB_TEXT("Line {line}: somebody signs in with {number} already"));
	return err;
}

static int check_line(struct desk_form *form, const struct adding *adding, const struct line *line)
{
	if (!line->name.len)
		find(form, line, CURB_TEXT("Line {line}: the name is missing"));
	else if (line->name.len > NAME_LONGEST)
		find(form, line, CURB_TEXT("Line {line}: the name is longer than {most} characters"));
	if (!line->sign_in.len)
		find(form, line, CURB_TEXT("Line {line}: the learner number is missing behind the name"));
	else if (line->sign_in.len > NUMBER_LONGEST)
		find(form, line, CURB_TEXT("Line {line}: the learner number is too long"));
	else if (is_rounded(line->sign_in))
		find(form, line,
		     CURB_TEXT("Line {line}: the number was changed to {number} by the spreadsheet and its "
		               "last "
		               "digits are lost. Set the column to Text, type it again, paste again"));
	else
		for (size_t i = 0; i < adding->n; i++)
			if (adding->lines[i].sign_in.len == line->sign_in.len &&
			    strncasecmp(adding->lines[i].sign_in.ptr, line->sign_in.ptr, line->sign_in.len) ==
			            0) {
				find(form, line,
				     CURB_TEXT(
					     "Line {line}: the number {number} stands in a line above too"));
				return 0;
			}
	return line->sign_in.len ? check_free(form, line) : 0;
}

static int read_lines(struct desk_form *form, struct adding *adding)
{
	struct curb_str rest = desk_text(form, "lines"), text;
	adding->lines = curb_alloc_n(curb_req_arena(form->req), LINES_MOST, sizeof *adding->lines);
	int err = 0;
	for (int64_t number = 1; !err && curb_str_cut(&rest, '\n', &text); number++) {
		struct line line = parted(curb_str_trim(text), number);
		if ((!line.name.len && !line.sign_in.len) || (adding->n == 0 && is_head(&line)))
			continue;
		if (adding->n == LINES_MOST) {
			desk_wrong(
				form, "lines",
				desk_tr_int(
					form->req,
					CURB_TEXT("At most {n} people at once; paste the others afterwards"),
					"n", LINES_MOST));
			break;
		}
		err = check_line(form, adding, &line);
		adding->lines[adding->n++] = line;
	}
	if (!err && adding->n == 0)
		desk_wrong(form, "lines",
		           curb_tr(form->req, "Paste at least one line: a name and a learner number", NULL));
	return err;
}

static int read_institution(struct desk_form *form, const struct people_actor *actor, struct adding *adding)
{
	struct people_place place = { .institution = false };
	int err = desk_read_place(form, actor, "place", &adding->place);
	if (err || curb_value_get(form->e, "place"))
		return err;
	if (adding->place.len)
		err = people_place(curb_req_tx(form->req), adding->place, &place);
	if (!err && !place.institution)
		desk_wrong(form, "place", curb_tr(form->req, "Choose the institution of the trainees", NULL));
	return err;
}

/* ---- adding ---- */

static int add(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	int err = 0;
	for (size_t i = 0; !err && i < adding->n; i++) {
		const struct people_new person = { .name = adding->lines[i].sign_in,
			                           .shown = adding->lines[i].name,
			                           .password_hash = "",
			                           .role = CURB_LEARNER,
			                           .institution = adding->place };
		struct curb_id id;
		err = people_add(tx, &person, adding->now_ms, &id);
	}
	if (err)
		return err;
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_int(detail, "n", (int64_t)adding->n);
	const struct curb_change change = { adding->by, adding->place, adding->place,
		                            CURB_TEXT("added {n} trainees at once"), detail };
	return curb_note_change(tx, &change, adding->now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	return desk_go(req, curb_printf(curb_req_arena(req), "/people?added=%zu&place=%s", adding->n,
	                                curb_encoded(curb_req_arena(req), adding->place, "")));
}

/* ---- the page ---- */

static uint32_t acting_role(struct curb_req *req)
{
	return curb_req_user(req)->roles & CURB_ADMIN ? CURB_ADMIN : CURB_STAFF;
}

static int show(struct curb_req *req, struct desk_form *form, const struct people_actor *actor)
{
	struct curb_value *model = form->model;
	int err = desk_put_places(req, actor, curb_get_str(form->v, "place"), false, model);
	if (err)
		return err;
	desk_title(req, model, CURB_TEXT("Add many trainees"));
	return curb_reply_page(req, form->wrong ? 422 : 200, "people_many", model);
}

int desk_get_many(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = desk_actor(req, acting_role(req));
	struct desk_form form = desk_form(req, NULL);
	curb_put_str(form.v, "place", curb_req_query(req, "place"));
	return show(req, &form, &actor);
}

int desk_post_many(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = desk_actor(req, acting_role(req));
	struct desk_form form = desk_form(req, NULL);
	struct adding adding = { .by = actor.person, .now_ms = actor.now_ms, .place = curb_str("") };
	int err = read_institution(&form, &actor, &adding);
	if (!err)
		err = read_lines(&form, &adding);
	if (err)
		return err;
	if (!form.wrong) {
		err = curb_write_reply(req, curb_str(NULL), add, answer, &adding);
		if (!err || !desk_mendable(err))
			return err;
		desk_wrong_error(&form, "lines");
	}
	return show(req, &form, &actor);
}
