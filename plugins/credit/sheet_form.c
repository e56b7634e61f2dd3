/* A sheet as it is typed: one lesson, and everybody on the roster was there but for those who are named. */
#include <time.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "paper.h"

struct form {
	struct curb_req *req;
	struct credit *c;
	const struct credit_cohort *cohort;
	const struct credit_trainee *roster;
	size_t n;
	const struct sheet_filled *filled; /* NULL: as it was typed */
	const struct paper *paper;         /* that it is entered from, or NULL */
	struct curb_value *errors;
};

static struct form form_of(struct curb_req *req, const struct sheet_class *class,
                           const struct sheet_filled *filled, struct curb_value *errors)
{
	return (struct form){ req,      class->c, &class->cohort, class->roster,
		              class->n, filled,   class->paper,   errors };
}

static void fault(const struct form *form, const char *field, const char *source)
{
	curb_put_str(form->errors, field, curb_tr(form->req, source, NULL));
}

static struct curb_str typed(const struct form *form, const char *field)
{
	struct curb_str text = curb_req_field(form->req, field);
	return text.ptr ? curb_str_trim(text) : curb_str("");
}

static bool is_ticked(const struct form *form, const char *list, const struct curb_id *person)
{
	const struct curb_value *ticked = curb_value_get(curb_req_value(form->req), list);
	for (size_t i = 0; i < curb_value_count(ticked); i++)
		if (curb_str_is(curb_value_str(curb_value_at(ticked, i)), person->text))
			return true;
	return false;
}

/* ---- reading ---- */

static void read_time(const struct form *form, const char *field, int64_t day, int64_t *ret_ms)
{
	int64_t minutes = 0;
	if (!sheet_read_time(typed(form, field), &minutes))
		fault(form, field, CURB_TEXT("Write the time as hours and minutes, such as 9:00 or 14:30"));
	*ret_ms = count_day_begins_ms(day, form->c->utc_offset_ms) + minutes * 60 * 1000;
}

static void read_text(const struct form *form, const char *field, const char *source, struct curb_str *ret)
{
	*ret = typed(form, field);
	if (ret->len == 0 || ret->len > SHEET_TEXT_LONGEST)
		fault(form, field, source);
}

static void read_lesson(const struct form *form, struct sheet *sheet)
{
	int64_t day = 0;
	bool some = false;
	if (!curb_str_int(typed(form, "unit"), &sheet->unit) || sheet->unit < 1)
		fault(form, "unit", CURB_TEXT("Choose one of the offline units of the class"));
	else
		sheet->unit--;
	if (!sheet_mode_named(typed(form, "mode"), &sheet->mode))
		fault(form, "mode", CURB_TEXT("Choose how it was taught"));
	if (!draft_read_day(form->req, curb_req_value(form->req), "when", &some, &day))
		fault(form, "when",
		      some ? CURB_TEXT("There is no such day; write year, month and day as numbers") :
		             CURB_TEXT("Give the day of the lesson"));
	read_time(form, "from", day, &sheet->from_ms);
	read_time(form, "to", day, &sheet->to_ms);
	read_text(form, "place", CURB_TEXT("Say in a few words where it was taught"), &sheet->place);
	read_text(form, "teacher", CURB_TEXT("Say in a few words who taught"), &sheet->teacher);
}

/* Seconds of the whole lesson; breaks are none of it, so it may be shorter than from `from` to `to`. */
static int64_t read_hours(const struct form *form)
{
	enum { HOURS_MOST = 100 };
	int64_t hours_c = 0;
	if (!draft_read_number(typed(form, "hours"), 2, HOURS_MOST, &hours_c) || hours_c == 0)
		fault(form, "hours",
		      CURB_TEXT("Give the class hours as a number with at most two decimals, such as 8 or "
		                "7.5"));
	return count_hours_s(hours_c, form->cohort->hour_s);
}

static const char *minutes_field(struct curb_req *req, const struct curb_id *person)
{
	return curb_printf(curb_req_arena(req), "minutes-%s", person->text);
}

static int64_t read_minutes(const struct form *form, const struct curb_id *person)
{
	enum { MINUTES_MOST = 24 * 60 };
	const char *field = minutes_field(form->req, person);
	int64_t minutes = 0;
	if (!draft_read_number(typed(form, field), 0, MINUTES_MOST, &minutes) || minutes == 0)
		fault(form, field, CURB_TEXT("Write how many minutes she was there, as a whole number"));
	return minutes * 60;
}

static void read_present(const struct form *form, int64_t whole_s, struct sheet_entering *entering)
{
	struct sheet_present *present = curb_alloc_n(curb_req_arena(form->req), form->n + 1, sizeof *present);
	entering->present = present;
	for (size_t i = 0; i < form->n; i++) {
		const struct curb_id *person = &form->roster[i].person;
		bool part = is_ticked(form, "part", person);
		if (is_ticked(form, "absent", person)) {
			if (part)
				fault(form, "part",
				      CURB_TEXT("Somebody is ticked both as absent and as there for a part; "
				                "take "
				                "one of the two away"));
			continue;
		}
		present[entering->n++] = (struct sheet_present){ *person, part ? read_minutes(form, person) :
			                                                         whole_s };
	}
	if (entering->n == 0)
		fault(form, "absent", CURB_TEXT("Nobody is marked as present"));
}

bool sheet_form_read_lesson(struct curb_req *req, const struct sheet_class *class, struct sheet *ret_sheet,
                            int64_t *ret_whole_s, struct curb_value *errors)
{
	const struct form form = form_of(req, class, NULL, errors);
	read_lesson(&form, ret_sheet);
	*ret_whole_s = read_hours(&form);
	int64_t lasted_s = (ret_sheet->to_ms - ret_sheet->from_ms) / 1000;
	if (curb_value_count(errors) == 0 && lasted_s > 0 && *ret_whole_s > lasted_s)
		fault(&form, "hours", CURB_TEXT("These are more class hours than the lesson lasted"));
	return curb_value_count(errors) == 0;
}

bool sheet_form_read(struct curb_req *req, const struct sheet_class *class, struct sheet_entering *entering,
                     struct curb_value *errors)
{
	const struct form form = form_of(req, class, NULL, errors);
	int64_t whole_s = 0;
	(void)sheet_form_read_lesson(req, class, &entering->sheet, &whole_s, errors);
	read_present(&form, whole_s, entering);
	return curb_value_count(errors) == 0;
}

/* ---- showing ---- */

static void put_time(const struct form *form, const char *field, int64_t minutes, struct curb_value *model)
{
	curb_put_text(
		model, field,
		curb_printf(curb_req_arena(form->req), "%d:%02d", (int)(minutes / 60), (int)(minutes % 60)));
}

/* The next lesson of a unit is mostly like its last one. */
static int put_latest(const struct form *form, const struct credit_offline *unit, int64_t position,
                      struct curb_value *model)
{
	enum { MINUTE_MS = 60 * 1000 };
	struct sheet latest;
	int64_t whole_s = 0;
	int err = sheet_latest(form->c, curb_req_tx(form->req), &form->cohort->id, position, &latest,
	                       &whole_s);
	if (err && err != CURB_ENOTFOUND)
		return err;
	curb_put_str(model, "place", err ? unit->place : latest.place);
	curb_put_str(model, "teacher", err ? curb_req_user(form->req)->name : latest.teacher);
	if (form->filled)
		curb_put_str(model, "hours", curb_words_hours(form->req, form->filled->hours_c));
	if (err)
		return 0;
	int64_t day = count_day(latest.from_ms, form->c->utc_offset_ms);
	int64_t midnight_ms = count_day_begins_ms(day, form->c->utc_offset_ms);
	put_time(form, "from", (latest.from_ms - midnight_ms) / MINUTE_MS, model);
	put_time(form, "to", (latest.to_ms - midnight_ms) / MINUTE_MS, model);
	if (!form->filled)
		curb_put_str(model, "hours", credit_words_hours(form->req, form->cohort, whole_s));
	return 0;
}

/* The unit that is planned for today, else the first. */
static int put_units(const struct form *form, int64_t today, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *options = curb_array(arena);
	struct credit_offline *units = NULL;
	size_t n = 0, likely = 0;
	int err = credit_cohort_offline(form->c, curb_req_tx(form->req), &form->cohort->id, &units, &n);
	for (size_t i = n; !err && i-- > 0;)
		if (units[i].day == today)
			likely = i;
	const struct sheet *like = form->filled ? form->filled->like : NULL;
	int64_t told = form->paper ? form->paper->unit : like ? like->unit : -1;
	if (told >= 0 && told < (int64_t)n)
		likely = (size_t)told;
	for (size_t i = 0; !err && i < n; i++)
		credit_option(options, curb_str(curb_printf(arena, "%zu", i + 1)),
		              credit_offline_words(form->req, &units[i]), i == likely);
	curb_put(model, "units", options);
	return err || n == 0 ? err : put_latest(form, &units[likely], (int64_t)likely, model);
}

static void put_modes(const struct form *form, struct curb_value *model)
{
	struct curb_value *options = curb_array(curb_req_arena(form->req));
	const struct sheet *like = form->filled ? form->filled->like : NULL;
	for (int i = 0; i < SHEET_MODES; i++)
		credit_option(options, curb_str(sheet_mode_word((enum sheet_mode)i)),
		              curb_tr(form->req, sheet_mode_text((enum sheet_mode)i), NULL),
		              i == (like ? (int)like->mode : SHEET_ONSITE));
	curb_put(model, "modes", options);
}

static bool is_absent(const struct form *form, size_t i)
{
	return form->filled ? form->filled->minutes[i] == 0 :
	                      is_ticked(form, "absent", &form->roster[i].person);
}

static bool is_part(const struct form *form, size_t i)
{
	const struct sheet_filled *filled = form->filled;
	return filled ? filled->minutes[i] > 0 && filled->minutes[i] != filled->whole :
	                is_ticked(form, "part", &form->roster[i].person);
}

static struct curb_value *minutes_of(const struct form *form, size_t i)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *field = curb_object(arena), *values = curb_object(arena);
	const char *id = minutes_field(form->req, &form->roster[i].person);
	curb_put_str(values, "name", form->roster[i].shown);
	curb_put_text(field, "id", id);
	curb_put_str(field, "label", curb_tr(form->req, "Minutes that {name} was there", values));
	curb_put_str(field, "error", curb_get_str(form->errors, id));
	if (form->filled)
		curb_put_int(field, "value", form->filled->minutes[i]);
	return field;
}

static void put_people(const struct form *form, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *absent = curb_array(arena), *part = curb_array(arena),
			  *minutes = curb_array(arena);
	bool some_absent = curb_get_str(form->errors, "absent").ptr != NULL;
	for (size_t i = 0; i < form->n; i++) {
		const struct credit_trainee *one = &form->roster[i];
		some_absent = some_absent || is_absent(form, i);
		credit_option(absent, curb_id_str(&one->person), one->shown, is_absent(form, i));
		credit_option(part, curb_id_str(&one->person), one->shown, is_part(form, i));
		if (is_part(form, i))
			curb_push(minutes, minutes_of(form, i));
	}
	curb_put(model, "absent", absent);
	curb_put_bool(model, "some_absent", some_absent);
	curb_put(model, "part", part);
	curb_put(model, "minutes", minutes);
}

static void put_day(const struct form *form, int64_t day, struct curb_value *model)
{
	struct curb_value *date = curb_object(curb_req_arena(form->req));
	time_t seconds = (time_t)day * 24 * 3600;
	struct tm parts;
	(void)gmtime_r(&seconds, &parts);
	curb_put_int(date, "year", parts.tm_year + 1900);
	curb_put_int(date, "month", parts.tm_mon + 1);
	curb_put_int(date, "day", parts.tm_mday);
	curb_put(model, "today", date);
}

static void put_errors(const struct form *form, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	for (size_t i = 0; i < curb_value_count(form->errors); i++)
		curb_put_str(
			model,
			curb_printf(arena, "%s_error", curb_cstr(arena, curb_value_key(form->errors, i))),
			curb_value_str(curb_value_member(form->errors, i)));
}

int sheet_form_model(struct curb_req *req, const struct sheet_class *class, const struct sheet_filled *filled,
                     struct curb_value *errors, struct curb_value *model)
{
	const struct form form = form_of(req, class, filled, errors);
	const struct credit *c = class->c;
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t today = count_day(curb_wall_ms(), c->utc_offset_ms);
	curb_put_int(values, "minutes", class->cohort.hour_s / 60);
	curb_put_str(model, "hours_help",
	             curb_tr(req, "A class hour has {minutes} minutes; breaks are not counted", values));
	put_modes(&form, model);
	put_people(&form, model);
	put_errors(&form, model);
	if (class->paper)
		today = class->paper->day;
	if (filled && filled->lesson.has_day)
		today = filled->lesson.day;
	put_day(&form, today, model);
	int err = put_units(&form, today, model);
	if (filled && filled->like) {
		curb_put_str(model, "place", filled->like->place);
		curb_put_str(model, "teacher", filled->like->teacher);
	}
	if (filled && filled->lesson.has_from)
		put_time(&form, "from", filled->lesson.from, model);
	if (filled && filled->lesson.has_to)
		put_time(&form, "to", filled->lesson.to, model);
	return err;
}

/* What the field is called on the page; of the minutes, whose they are. */
static struct curb_str label_of(struct curb_req *req, const struct credit_trainee *roster, size_t n,
                                struct curb_str field, const char *label)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	if (label)
		return curb_tr(req, label, NULL);
	for (size_t i = 0; i < n; i++)
		if (curb_str_is(field, minutes_field(req, &roster[i].person)))
			curb_put_str(values, "name", roster[i].shown);
	return curb_tr(req, "Minutes that {name} was there", values);
}

struct curb_value *sheet_mistakes(struct curb_req *req, const struct credit_trainee *roster, size_t n,
                                  const struct curb_value *errors)
{
	struct curb_arena *arena = curb_req_arena(req);
	const char *first = roster[0].person.text;
	const struct {
		const char *field, *first, *label;
	} parts[] = {
		{ "unit", "unit", CURB_TEXT("Offline unit") },
		{ "mode", "mode-onsite", CURB_TEXT("How it was taught") },
		{ "when", "when-year", CURB_TEXT("Day of the lesson") },
		{ "from", "from", CURB_TEXT("Begins at") },
		{ "to", "to", CURB_TEXT("Ends at") },
		{ "hours", "hours", CURB_TEXT("Class hours of this lesson") },
		{ "place", "place", CURB_TEXT("Place") },
		{ "teacher", "teacher", CURB_TEXT("Taught by") },
		{ "absent", curb_printf(arena, "absent-%s", first), CURB_TEXT("All present, except …") },
		{ "part", curb_printf(arena, "part-%s", first), CURB_TEXT("Who came for a part of the time") }
	};
	struct curb_value *items = curb_array(arena);
	for (size_t i = 0; i < curb_value_count(errors); i++) {
		struct curb_value *item = curb_object(arena), *values = curb_object(arena);
		struct curb_str field = curb_value_key(errors, i);
		const char *label = NULL;
		for (size_t k = 0; k < sizeof parts / sizeof *parts && !label; k++)
			if (curb_str_is(field, parts[k].field)) {
				field = curb_str(parts[k].first);
				label = parts[k].label;
			}
		curb_put_str(values, "label", label_of(req, roster, n, field, label));
		curb_put_str(values, "text", curb_value_str(curb_value_member(errors, i)));
		curb_put_str(item, "field", field);
		curb_put_str(item, "text", curb_tr(req, "{label}: {text}", values));
		curb_push(items, item);
	}
	return items;
}
