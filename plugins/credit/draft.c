/* A class as it is typed: the fields of its forms, and the plan they make when nothing is wrong with them.
 *
 * A draft's body is what the forms sent, field by field, so a mistake is kept beside its error and nothing is typed twice.
 */
#include "curb/err.h"
#include "curb/words.h"
#include "pages.h"

static const char *const plan_fields[] = { "programme", "kind", "total", "institution", NULL };
static const char *const date_fields[] = { "starts", "ends", NULL };
static const char *const unit_fields[] = { "name", "hours", "place", "when", NULL };
static const char *const date_parts[] = { "-year", "-month", "-day" };

static const char *const words[DRAFT_STEPS] = { "plan", "courses", "offline", "dates", "check" };

const char *draft_step_word(enum draft_step step)
{
	return words[step];
}

static bool is_one_of(struct curb_str field, const char *const *fields)
{
	for (; *fields; fields++)
		if (curb_str_is(field, *fields))
			return true;
	return false;
}

/* "hours12" is a field of unit 12. */
static bool is_unit_field(struct curb_str field)
{
	for (const char *const *name = unit_fields; *name; name++) {
		int64_t number = 0;
		if (curb_str_starts(field, *name) &&
		    curb_str_int(curb_str_from(field, strlen(*name)), &number) && number >= 1 &&
		    number <= DRAFT_UNITS_MOST)
			return true;
	}
	return false;
}

enum draft_step draft_step_of(struct curb_str field)
{
	for (size_t i = 0; i < sizeof date_parts / sizeof *date_parts; i++)
		if (curb_str_ends(field, date_parts[i]))
			field.len -= strlen(date_parts[i]);
	if (is_one_of(field, plan_fields))
		return DRAFT_PLAN;
	if (curb_str_is(field, "courses"))
		return DRAFT_COURSES;
	if (is_one_of(field, date_fields))
		return DRAFT_DATES;
	return is_unit_field(field) ? DRAFT_OFFLINE : DRAFT_CHECK;
}

struct curb_value *draft_merge(struct curb_req *req, const struct curb_value *body, enum draft_step step)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *merged = curb_object(arena);
	const struct curb_value *const sources[] = { body, curb_req_value(req) };
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < curb_value_count(sources[s]); i++) {
			struct curb_str key = curb_value_key(sources[s], i);
			enum draft_step of = draft_step_of(key);
			bool is_typed = s == 1;
			if (of != DRAFT_CHECK && (of == step) == is_typed)
				curb_put(merged, curb_cstr(arena, key), curb_value_member(sources[s], i));
		}
	return merged;
}

/* ---- reading it ---- */

struct reading {
	struct curb_req *req;
	struct credit *c;
	const struct curb_value *body;
	struct curb_value *errors;
	size_t wrong;
};

static void fault(struct reading *reading, const char *field, const char *source)
{
	reading->wrong++;
	curb_put_str(reading->errors, field, curb_tr(reading->req, source, NULL));
}

static struct curb_str typed_in(const struct curb_value *body, const char *field)
{
	struct curb_str text = curb_get_str(body, field);
	return text.ptr ? curb_str_trim(text) : curb_str("");
}

static struct curb_str typed(const struct reading *reading, const char *field)
{
	return typed_in(reading->body, field);
}

bool draft_read_number(struct curb_str text, int decimals, int64_t most, int64_t *ret_number)
{
	enum { WIDE_0 = 0xff10, WIDE_POINT = 0xff0e, CHINESE_STOP = 0x3002 };
	int64_t number = 0;
	int behind = -1; /* digits behind the point; -1: no point yet */
	bool some = false;
	for (size_t at = 0; at < text.len;) {
		uint32_t c = curb_utf8_next(text, &at);
		if (c >= WIDE_0 && c <= WIDE_0 + 9)
			c = c - WIDE_0 + '0';
		if ((c == '.' || c == WIDE_POINT || c == CHINESE_STOP) && behind < 0) {
			behind = 0;
			continue;
		}
		if (c < '0' || c > '9' || (behind >= 0 && ++behind > decimals))
			return false;
		some = true;
		number = number * 10 + (int64_t)(c - '0');
		if (number > most * 100)
			return false;
	}
	for (int i = behind < 0 ? 0 : behind; i < decimals; i++)
		number *= 10;
	*ret_number = number;
	return some && number <= most * (decimals == 2 ? 100 : 1);
}

bool draft_read_day(struct curb_req *req, const struct curb_value *body, const char *id, bool *ret_some,
                    int64_t *ret_day)
{
	enum { FIRST_YEAR = 2000, YEAR_MOST = 2999 };
	int64_t numbers[3] = { 0, 0, 0 };
	bool good = true;
	*ret_some = false;
	for (size_t i = 0; i < 3; i++) {
		struct curb_str text = typed_in(body,
		                                curb_printf(curb_req_arena(req), "%s%s", id, date_parts[i]));
		*ret_some = *ret_some || text.len > 0;
		good = draft_read_number(text, 0, YEAR_MOST, &numbers[i]) && good;
	}
	return good && numbers[0] >= FIRST_YEAR && credit_day_of(numbers[0], numbers[1], numbers[2], ret_day);
}

static void read_dates(struct reading *reading, struct credit_plan *plan)
{
	int64_t first = 0, last = 0;
	bool some = false, good = draft_read_day(reading->req, reading->body, "starts", &some, &first);
	if (!good)
		fault(reading, "starts",
		      some ? CURB_TEXT("There is no such day; write year, month and day as numbers") :
		             CURB_TEXT("Give the first day of the class"));
	bool ends = draft_read_day(reading->req, reading->body, "ends", &some, &last);
	if (!ends)
		fault(reading, "ends",
		      some ? CURB_TEXT("There is no such day; write year, month and day as numbers") :
		             CURB_TEXT("Give the last day of the class"));
	if (!good || !ends)
		return;
	if (last < first)
		fault(reading, "ends", CURB_TEXT("The last day lies before the first; check the two dates"));
	plan->starts_ms = count_day_begins_ms(first, reading->c->utc_offset_ms);
	plan->ends_ms = count_day_begins_ms(last + 1, reading->c->utc_offset_ms);
}

static void read_head(struct reading *reading, struct credit_plan *plan)
{
	enum { NAME_LONGEST = 200, HOURS_MOST = 10000 };
	plan->programme = typed(reading, "programme");
	plan->institution = typed(reading, "institution");
	plan->kind = typed(reading, "kind");
	if (!policy_kind(plan->kind))
		fault(reading, "kind", CURB_TEXT("Choose a kind of training"));
	if (plan->programme.len == 0)
		fault(reading, "programme", CURB_TEXT("Give the training programme a name"));
	else if (plan->programme.len > NAME_LONGEST)
		fault(reading, "programme",
		      CURB_TEXT("The name is too long; about 60 Chinese characters or 200 letters "
		                "are the most"));
	if (!draft_read_number(typed(reading, "total"), 2, HOURS_MOST, &plan->total_c) || plan->total_c == 0)
		fault(reading, "total",
		      CURB_TEXT("Give the total class hours as a number with at most two decimals, such as "
		                "40 or 12.5"));
	struct curb_id institution;
	if (!curb_id_parse(plan->institution, &institution) ||
	    !curb_may(reading->req, CURB_STAFF | CURB_TEACHER, &institution))
		fault(reading, "institution", CURB_TEXT("Choose the institution that runs the class"));
}

static void read_courses(struct reading *reading, struct credit_plan *plan)
{
	const struct curb_value *list = curb_value_get(reading->body, "courses");
	size_t n = curb_value_count(list);
	struct curb_str *versions = curb_alloc_n(curb_req_arena(reading->req), n + 1, sizeof *versions);
	for (size_t i = 0; i < n; i++)
		versions[i] = curb_value_str(curb_value_at(list, i));
	plan->versions = versions;
	plan->version_count = n;
	if (n == 0)
		fault(reading, "courses", CURB_TEXT("Choose at least one course for the class"));
	else if (n > DRAFT_COURSES_MOST)
		fault(reading, "courses", CURB_TEXT("A class has at most 64 courses; take some away"));
}

static const char *unit_field(const struct reading *reading, const char *name, int number)
{
	return curb_printf(curb_req_arena(reading->req), "%s%d", name, number);
}

/* Unit `number` of the form; false when nothing is typed there. */
static bool read_unit(struct reading *reading, int number, struct credit_offline *unit)
{
	enum { HOURS_MOST = 10000, TEXT_LONGEST = 200 };
	const char *name = unit_field(reading, "name", number), *hours = unit_field(reading, "hours", number);
	bool has_day = false;
	*unit = (struct credit_offline){ .name = typed(reading, name),
		                         .place = typed(reading, unit_field(reading, "place", number)) };
	bool day_good = draft_read_day(reading->req, reading->body, unit_field(reading, "when", number),
	                               &has_day, &unit->day);
	if (!unit->name.len && !typed(reading, hours).len && !has_day && !unit->place.len)
		return false;
	if (unit->name.len == 0 || unit->name.len > TEXT_LONGEST)
		fault(reading, name, CURB_TEXT("Say in a few words what is taught"));
	if (!draft_read_number(typed(reading, hours), 2, HOURS_MOST, &unit->hours_c) || unit->hours_c == 0)
		fault(reading, hours,
		      CURB_TEXT("Give the class hours as a number with at most two decimals, such as 8 or "
		                "7.5"));
	if (has_day && !day_good)
		fault(reading, unit_field(reading, "when", number),
		      CURB_TEXT("There is no such day; write year, month and day as numbers"));
	if (!has_day || !day_good)
		unit->day = 0;
	if (unit->place.len > TEXT_LONGEST)
		fault(reading, unit_field(reading, "place", number),
		      CURB_TEXT("Say the place in fewer words"));
	return true;
}

static void read_units(struct reading *reading, struct credit_plan *plan)
{
	struct credit_offline *units = curb_alloc_n(curb_req_arena(reading->req), DRAFT_UNITS_MOST,
	                                            sizeof *units);
	plan->offline = units;
	for (int i = 1; i <= DRAFT_UNITS_MOST; i++)
		if (read_unit(reading, i, &units[plan->offline_count]))
			plan->offline_count++;
}

bool draft_plan(struct curb_req *req, struct credit *c, const struct curb_value *body,
                struct credit_plan *plan, struct curb_value *errors)
{
	struct reading reading = { .req = req, .c = c, .body = body, .errors = errors };
	*plan = (struct credit_plan){ 0 };
	read_head(&reading, plan);
	read_courses(&reading, plan);
	read_units(&reading, plan);
	read_dates(&reading, plan);
	return reading.wrong == 0;
}
