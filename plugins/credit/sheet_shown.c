/* Whom the form of a sheet showed: "all present, except …" is said of them, and of nobody who came or left while it was filled in. */
#include "curb/err.h"
#include "sheet.h"

struct curb_str sheet_shown(struct curb_req *req, const struct sheet_class *class)
{
	char *ids = curb_alloc_n(curb_req_arena(req), class->n + 1, sizeof(struct curb_id));
	size_t len = 0;
	for (size_t i = 0; i < class->n; i++) {
		struct curb_str one = curb_id_str(&class->roster[i].person);
		memcpy(ids + len, one.ptr, one.len);
		len += one.len;
		ids[len++] = ' ';
	}
	return curb_str_n(ids, len);
}

static bool was_shown(struct curb_str shown, const struct curb_id *person)
{
	struct curb_str one;
	while (curb_str_cut(&shown, ' ', &one))
		if (curb_str_is(one, person->text))
			return true;
	return false;
}

static bool is_here(const struct sheet_class *class, struct curb_str id)
{
	for (size_t i = 0; i < class->n; i++)
		if (curb_str_is(id, class->roster[i].person.text))
			return true;
	return false;
}

static void push(struct curb_req *req, struct curb_value *changes, const char *source, struct curb_str name)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "name", name);
	curb_push(changes, curb_string(curb_req_arena(req), curb_tr(req, source, values)));
}

/* Who has left is on the roster still, under her name; who was taken off it has none here any more. */
static int push_gone(struct curb_req *req, const struct sheet_class *class, struct curb_str id,
                     struct curb_value *changes, int64_t *off)
{
	const struct curb_id person = curb_id_of(id);
	struct sheet_trainee trainee;
	int err = sheet_trainee_of(class->c, curb_req_tx(req), &class->cohort.id, &person, &trainee);
	if (!err)
		push(req, changes, CURB_TEXT("Not in the class any more: {name}"), trainee.shown);
	*off += err == CURB_ENOTFOUND;
	return err == CURB_ENOTFOUND ? 0 : err;
}

int sheet_shown_changes(struct curb_req *req, const struct sheet_class *class, struct curb_value *changes)
{
	struct curb_str shown = curb_req_field(req, "shown"), one;
	int64_t off = 0;
	int err = 0;
	if (!shown.ptr)
		shown = curb_str("");
	for (size_t i = 0; i < class->n; i++)
		if (!was_shown(shown, &class->roster[i].person))
			push(req, changes, CURB_TEXT("In the class now: {name}"), class->roster[i].shown);
	for (size_t i = 0; !err && i < SHEET_TRAINEES_MOST && curb_str_cut(&shown, ' ', &one); i++)
		if (one.len && !is_here(class, one))
			err = push_gone(req, class, one, changes, &off);
	if (!err && off) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_int(values, "people", off);
		curb_push(changes,
		          curb_string(curb_req_arena(req),
		                      curb_tr(req, "Taken off the roster: {people} people", values)));
	}
	return err;
}
