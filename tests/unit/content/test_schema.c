/* The published description of course.json and its reader name the same fields. */
#include "cm.h"

#include <stdio.h>

#define course_reader course_reader_again /* the part has it once already */
#include "course.c"

static struct curb_value *schema(struct curb_arena *arena)
{
	enum { ROOM = 65536 };
	char *bytes = curb_alloc(arena, ROOM);
	struct curb_value *value = NULL;
	FILE *file = fopen(CURB_SCHEMA, "re");
	assert_non_null(file);
	size_t n = fread(bytes, 1, ROOM, file);
	(void)fclose(file);
	assert_int_equal(curb_json_parse(arena, curb_str_n(bytes, n), &value), 0);
	return value;
}

static bool requires(const struct curb_value *object, const char *name)
{
	const struct curb_value *list = curb_value_get(object, "required");
	for (size_t i = 0; i < curb_value_count(list); i++)
		if (curb_str_is(curb_value_str(curb_value_at(list, i)), name))
			return true;
	return false;
}

static void same(const struct curb_value *object, const struct course_field *fields)
{
	const struct curb_value *properties = curb_value_get(object, "properties");
	size_t n = 0;
	assert_false(curb_value_bool(curb_value_get(object, "additionalProperties"), true));
	for (; fields->name; fields++, n++) {
		assert_non_null(curb_value_get(properties, fields->name));
		assert_int_equal(requires(object, fields->name), fields->needed);
	}
	assert_int_equal(curb_value_count(properties), n);
}

static void schema__names_what_the_reader_takes(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	const struct curb_value *root = schema(arena), *parts = curb_value_get(root, "$defs");
	const struct curb_value *programme = curb_value_get(parts, "programme");
	const struct curb_value *offline = curb_value_get(curb_value_get(programme, "properties"), "offline");
	same(root, course_fields);
	same(curb_value_get(parts, "unit"), unit_fields);
	same(curb_value_get(parts, "track"), track_fields);
	same(programme, programme_fields);
	same(curb_value_get(offline, "items"), offline_fields);
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(schema__names_what_the_reader_takes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
