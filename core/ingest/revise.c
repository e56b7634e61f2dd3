/* What an author changes in a draft becomes the next version; the one before stays as it is and can be taken again. */
#include <string.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"

struct revising {
	struct version_make make;
	const char *back;
	int (*also)(struct curb_tx *tx, void *arg);
	void *arg;
};

static int write_it(struct curb_tx *tx, void *arg)
{
	struct revising *revising = arg;
	int err = version_make(tx, &revising->make);
	return err || !revising->also ? err : revising->also(tx, revising->arg);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct revising *revising = arg;
	return curb_reply_redirect(req, curb_str(revising->back));
}

int revise(struct curb_req *req, struct ingest *ingest, const struct content_version *base,
           const struct curb_value *package, const char *back)
{
	return revise_and(req, ingest, base, package, back, NULL, NULL);
}

int revise_and(struct curb_req *req, struct ingest *ingest, const struct content_version *base,
               const struct curb_value *package, const char *back, int (*also)(struct curb_tx *tx, void *arg),
               void *arg)
{
	struct revising revising = { .make = { .ingest = ingest,
		                               .package = package,
		                               .course = base->course,
		                               .after = base->id,
		                               .person = curb_req_user(req)->id,
		                               .now_ms = curb_wall_ms() },
		                     .back = back,
		                     .also = also,
		                     .arg = arg };
	return curb_write_reply(req, curb_str(NULL), write_it, answer, &revising);
}

bool revise_find(const struct curb_value *package, struct curb_str track, struct curb_value **ret_unit,
                 size_t *ret_at)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++) {
		const struct curb_value *tracks = curb_value_get(curb_value_at(units, i), "tracks");
		for (size_t k = 0; k < curb_value_count(tracks); k++)
			if (curb_str_eq(curb_get_str(curb_value_at(tracks, k), "id"), track)) {
				*ret_unit = curb_value_at(units, i);
				*ret_at = k;
				return true;
			}
	}
	return false;
}

/* What people type in place of a digit, a point or a sign: those of full width, and the longer dashes. */
static char plain_of(uint32_t point)
{
	enum { FULL_0 = 0xff10, FULL_9 = 0xff19, FULL_POINT = 0xff0e, FULL_MINUS = 0xff0d, MINUS = 0x2212 };
	if (point >= FULL_0 && point <= FULL_9)
		return (char)('0' + (point - FULL_0));
	if (point == FULL_POINT)
		return '.';
	if (point == FULL_MINUS || point == MINUS || point == 0x2013)
		return '-';
	return point < 0x80 ? (char)point : '?';
}

bool revise_decimal(struct curb_arena *arena, struct curb_str typed, int digits, int64_t *ret_value)
{
	enum { LONGEST = 20 };
	char plain[LONGEST + 2];
	size_t n = 0;
	struct curb_value *value = NULL;
	typed = curb_str_trim(typed);
	for (size_t i = 0; i < typed.len;) {
		if (n == LONGEST)
			return false;
		plain[n++] = plain_of(curb_utf8_next(typed, &i));
	}
	bool minus = n > 0 && plain[0] == '-';
	struct curb_str number = curb_str_n(plain + minus, n - (minus ? 1 : 0));
	if (curb_json_parse(arena, number, &value) != 0 || !curb_value_fixed(value, digits, ret_value))
		return false;
	*ret_value = minus ? -*ret_value : *ret_value;
	return true;
}

void revise_mistake(struct curb_req *req, struct curb_value *model, const char *field, struct curb_str text)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *list = curb_value_get(model, "mistakes");
	if (!list) {
		list = curb_array(arena);
		curb_put(model, "mistakes", list);
	}
	curb_put_text(item, "field", field);
	curb_put_str(item, "text", text);
	curb_push(list, item);
}
