#include "course_fields.h"

static const char *const expected[] = {
	[COURSE_TEXT] =
		"a text of at most 500 bytes (an id 100; a description, an easy text and pinyin 20000)",
	[COURSE_TEXTS] = "a list of texts",
	[COURSE_HOURS] = "a number of class hours",
	[COURSE_NUMBER] = "a whole number from 1 on",
	[COURSE_LIST] = "a list",
	[COURSE_OBJECT] = "an object",
	[COURSE_IGNORED] = "",
};

static struct curb_str place(struct reader_job *job, const char *where, struct curb_str field)
{
	return curb_str(
		curb_printf(job->arena, "%s%s%.*s", where, where[0] ? "." : "", (int)field.len, field.ptr));
}

static const struct course_field *find(const struct course_field *fields, struct curb_str name)
{
	for (; fields->name; fields++)
		if (curb_str_is(name, fields->name))
			return fields;
	return NULL;
}

static bool text_ok(struct curb_str text, const struct course_field *field)
{
	enum { ID = 100, SHORT = 500, LONG = 20000 };
	size_t most = SHORT;
	if (strcmp(field->name, "description") == 0 || curb_str_starts(curb_str(field->name), "easy") ||
	    curb_str_ends(curb_str(field->name), "Pinyin"))
		most = LONG;
	else if (strcmp(field->name, "id") == 0)
		most = ID;
	return text.ptr && text.len <= most && (text.len || !field->needed);
}

/* One text is as good as a list of one, as schema.org has it. */
static struct curb_value *as_texts(struct reader_job *job, struct curb_value *value)
{
	enum { MOST = 100, SHORT = 500 };
	if (curb_value_type(value) == CURB_STRING) {
		struct curb_value *list = curb_array(job->arena);
		curb_push(list, value);
		value = list;
	}
	if (curb_value_type(value) != CURB_ARRAY || curb_value_count(value) > MOST)
		return NULL;
	for (size_t i = 0; i < curb_value_count(value); i++) {
		struct curb_str text = curb_value_str(curb_value_at(value, i));
		if (!text.ptr || text.len > SHORT)
			return NULL;
	}
	return value;
}

static bool take_hours(struct reader_job *job, const struct curb_value *value,
                       const struct course_field *field, const char *where, struct curb_value *to)
{
	enum { MOST = 1000000, DECIMALS = 2 };
	int64_t hours = 0;
	if (curb_value_fixed(value, DECIMALS, &hours) && hours <= MOST) {
		if (field->as)
			curb_put_int(to, field->as, hours);
		return true;
	}
	struct curb_str written = curb_value_digits(value);
	if (!written.ptr)
		written = curb_value_str(value);
	wire_finding(job->wire, "course.hours", curb_str("course.json"),
	             place(job, where, curb_str(field->name)), written.ptr ? written : curb_str("?"));
	return false;
}

static bool number_ok(int64_t number)
{
	enum { MOST = 10000 };
	return number >= 1 && number <= MOST;
}

static bool take_field(struct reader_job *job, struct curb_value *value, const struct course_field *field,
                       const char *where, struct curb_value *to)
{
	bool ok = true;
	switch (field->type) {
	case COURSE_TEXT: ok = text_ok(curb_value_str(value), field); break;
	case COURSE_TEXTS:
		value = as_texts(job, value);
		ok = value;
		break;
	case COURSE_HOURS: return take_hours(job, value, field, where, to);
	case COURSE_NUMBER:
		ok = curb_value_type(value) == CURB_INT && number_ok(curb_value_int(value, 0));
		break;
	case COURSE_LIST: ok = curb_value_type(value) == CURB_ARRAY; break;
	case COURSE_OBJECT: ok = curb_value_type(value) == CURB_OBJECT; break;
	case COURSE_IGNORED: return true;
	}
	if (!ok)
		wire_finding(job->wire, "course.field_type", curb_str("course.json"),
		             place(job, where, curb_str(field->name)), curb_str(expected[field->type]));
	else if (field->as)
		curb_put(to, field->as, value);
	return ok;
}

bool course_take(struct reader_job *job, const struct curb_value *from, const struct course_field *fields,
                 const char *where, struct curb_value *to)
{
	const struct curb_str file = curb_str("course.json"), none = { NULL, 0 };
	bool ok = true;
	if (curb_value_type(from) != CURB_OBJECT) {
		wire_finding(job->wire, "course.field_type", file, curb_str(where[0] ? where : "course.json"),
		             curb_str(expected[COURSE_OBJECT]));
		return false;
	}
	for (size_t i = 0; i < curb_value_count(from); i++) {
		const struct course_field *field = find(fields, curb_value_key(from, i));
		if (!field)
			wire_finding(job->wire, "course.unknown_field", file,
			             place(job, where, curb_value_key(from, i)), none);
		else if (!take_field(job, curb_value_member(from, i), field, where, to))
			ok = false;
	}
	for (; fields->name; fields++) {
		if (!fields->needed || curb_value_get(from, fields->name))
			continue;
		wire_finding(job->wire, "course.missing_field", file,
		             place(job, where, curb_str(fields->name)), none);
		ok = false;
	}
	return ok;
}
