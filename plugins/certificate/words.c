/* Words that several pages share. */
#include "curb/words.h"
#include "certificate.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"

const char *certificate_role(struct curb_req *req, const struct curb_id *institution)
{
	return curb_may(req, CURB_STAFF, institution)   ? "staff" :
	       curb_may(req, CURB_TEACHER, institution) ? "teacher" :
	                                                  "reviewer";
}

struct curb_str certificate_origin(struct curb_req *req)
{
	return curb_req_origin_known(req) ? curb_req_origin(req) : curb_str("");
}

int certificate_class(struct curb_req *req, struct certificate *c, uint32_t roles,
                      struct credit_class *ret_class)
{
	int err = c->credit->class_by_id(c->credit, curb_req_tx(req), curb_req_param(req, "class"),
	                                 ret_class);
	if (!err && !curb_may(req, roles, &ret_class->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	return err;
}

struct curb_str certificate_person(struct curb_req *req, const struct curb_id *person)
{
	struct curb_user user;
	if (curb_person_find(curb_req_tx(req), curb_id_str(person), curb_wall_ms(), &user) != 0)
		return curb_tr(req, "somebody whose account is closed", NULL);
	return user.name;
}

struct curb_str outcome_text(struct curb_req *req, enum outcome outcome, int64_t points)
{
	struct curb_str text = outcome == OUTCOME_PASSED ? curb_tr(req, "Passed", NULL) :
	                       outcome == OUTCOME_FAILED ? curb_tr(req, "Not passed", NULL) :
	                                                   curb_tr(req, "Not taken this time", NULL);
	if (points < 0)
		return text;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "result", text);
	curb_put_str(values, "points", curb_words_hours(req, points));
	return curb_tr(req, "{result}, {points} points", values);
}

struct curb_str standing_text(struct curb_req *req, enum standing standing)
{
	switch (standing) {
	case STANDING_NONE: return curb_tr(req, "No result yet", NULL);
	case STANDING_WAITS: return curb_tr(req, "Waits for a countersignature", NULL);
	case STANDING_FAILED: return curb_tr(req, "Not passed", NULL);
	case STANDING_PASSED: return curb_tr(req, "Passed", NULL);
	}
	return curb_str("");
}

/* ---- adjustments ---- */

const struct adjustment adjustments[] = {
	{ "more_time", CURB_TEXT("More time") },
	{ "breaks", CURB_TEXT("Breaks") },
	{ "reader", CURB_TEXT("Somebody who reads aloud") },
	{ "writer", CURB_TEXT("Somebody who writes") },
	{ "interpreter", CURB_TEXT("Sign language interpreter") },
	{ "captions", CURB_TEXT("Live captions") },
	{ "braille", CURB_TEXT("Questions in braille") },
	{ "large_print", CURB_TEXT("Questions in large print") },
	{ "device", CURB_TEXT("Own devices, such as a screen reader") },
	{ "aloud", CURB_TEXT("Answers given aloud") },
	{ "room", CURB_TEXT("A room of one's own") },
	{ 0 },
};

static const char *label_of(struct curb_str word)
{
	for (const struct adjustment *one = adjustments; one->word; one++)
		if (curb_str_is(word, one->word))
			return one->label;
	return NULL;
}

struct curb_str adjustments_text(struct curb_req *req, const struct sitting *sitting)
{
	struct curb_arena *arena = curb_req_arena(req);
	const char *separator = curb_cstr(arena, curb_tr(req, ", ", NULL)), *all = "";
	struct curb_str rest = sitting->adjustments, word;
	while (curb_str_cut(&rest, ' ', &word)) {
		const char *label = label_of(word);
		if (label)
			all = curb_printf(arena, "%s%s%s", all, *all ? separator : "",
			                  curb_cstr(arena, curb_tr(req, label, NULL)));
	}
	if (sitting->other.len)
		all = curb_printf(arena, "%s%s%.*s", all, *all ? separator : "", (int)sitting->other.len,
		                  sitting->other.ptr);
	return curb_str(*all ? all : NULL);
}
