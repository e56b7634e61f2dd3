#include "cm.h"

#include "curb/err.h"
#include "curb/json.h"

static struct curb_value *parse(struct curb_arena *arena, const char *text)
{
	struct curb_value *value = NULL;
	assert_int_equal(curb_json_parse(arena, curb_str(text), &value), 0);
	return value;
}

static void value__of_another_type_is_what_stands_behind(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	const struct curb_value *v = parse(arena, "{\"s\":\"x\",\"i\":7,\"t\":true,\"n\":null,\"a\":[1,2]}");
	assert_true(curb_str_is(curb_get_str(v, "s"), "x"));
	assert_null(curb_get_str(v, "i").ptr);
	assert_null(curb_get_str(v, "none").ptr);
	assert_int_equal(curb_get_int(v, "i", 1), 7);
	assert_int_equal(curb_get_int(v, "s", 1), 1);
	assert_int_equal(curb_get_int(v, "none", 1), 1);
	assert_true(curb_value_bool(curb_value_get(v, "t"), false));
	assert_true(curb_value_bool(curb_value_get(v, "s"), true));
	assert_int_equal(curb_value_type(curb_value_get(v, "n")), CURB_NULL);
	assert_int_equal(curb_value_type(NULL), CURB_NULL);
	assert_int_equal(curb_value_count(v), 5);
	assert_int_equal(curb_value_count(NULL), 0);
	assert_int_equal(curb_value_count(curb_value_get(v, "s")), 0);
	curb_arena_free(arena);
}

static void value__is_walked_by_index(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	const struct curb_value *v = parse(arena, "{\"b\":1,\"a\":[10,20]}");
	assert_true(curb_str_is(curb_value_key(v, 0), "b"));
	assert_true(curb_str_is(curb_value_key(v, 1), "a"));
	assert_null(curb_value_key(v, 2).ptr);
	const struct curb_value *list = curb_value_member(v, 1);
	assert_int_equal(curb_value_int(curb_value_at(list, 1), 0), 20);
	assert_null(curb_value_at(list, 2));
	assert_null(curb_value_at(v, 0));
	assert_null(curb_value_member(list, 0));
	assert_null(curb_value_get(list, "a"));
	curb_arena_free(arena);
}

static void value__is_built_and_written(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_value *v = curb_object(arena), *list = curb_array(arena);
	curb_put_text(v, "name", "first");
	curb_put_text(v, "name", "second");
	curb_put_str(v, "absent", curb_str(NULL));
	curb_put_int(v, "n", -3);
	curb_put_bool(v, "yes", true);
	for (int i = 0; i < 20; i++)
		curb_push(list, curb_integer(arena, i));
	curb_put(v, "list", list);
	struct curb_buf out = curb_buf(1024);
	struct curb_json j = curb_json(&out);
	size_t used = curb_arena_used(arena);
	curb_json_value(&j, v);
	assert_string_equal(out.data, "{\"name\":\"second\",\"n\":-3,\"yes\":true,"
	                              "\"list\":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]}");
	/* writing changes nothing, so that threads may write one value at once */
	assert_int_equal(curb_arena_used(arena), used);
	curb_buf_free(&out);
	curb_arena_free(arena);
}

static void bug_sign__negative_part_of_one_is_no_hours(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	int64_t got = 42;
	static const char *const texts[] = { "-0.5", "-0.0", "-1.5", "1.5e-7", "1e-3", "true", "null" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(curb_value_fixed(parse(arena, texts[i]), 2, &got));
	assert_false(curb_value_fixed(NULL, 2, &got));
	assert_int_equal(got, 42);
	assert_true(curb_value_fixed(parse(arena, "0.5"), 2, &got));
	assert_int_equal(got, 50);
	curb_arena_free(arena);
}

static void nest(struct curb_buf *text, int depth)
{
	for (int i = 0; i < depth; i++)
		curb_buf_char(text, '[');
	for (int i = 0; i < depth; i++)
		curb_buf_char(text, ']');
}

static void bug_deep__what_was_read_can_be_written(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_buf text = curb_buf(1024), out = curb_buf(1024);
	struct curb_value *value = NULL;
	nest(&text, 48);
	assert_int_equal(curb_json_parse(arena, curb_buf_view(&text), &value), 0);
	struct curb_json j = curb_json(&out);
	curb_json_value(&j, value);
	assert_string_equal(out.data, text.data);
	curb_buf_clear(&text);
	nest(&text, 49);
	value = NULL;
	assert_int_equal(curb_json_parse(arena, curb_buf_view(&text), &value), CURB_EINVAL);
	assert_null(value);
	curb_buf_free(&text);
	curb_buf_free(&out);
	curb_arena_free(arena);
}

static void fill(struct curb_buf *text, const char *item, int count)
{
	curb_buf_char(text, '[');
	for (int i = 0; i < count; i++) {
		curb_buf_text(text, i ? "," : "");
		curb_buf_text(text, item);
	}
	curb_buf_char(text, ']');
}

/* A tree takes many times its text; what does not fit is refused instead of ending the process. */
static void bug_many__a_tree_larger_than_the_arena_is_refused(void **unused)
{
	(void)unused;
	static const char *const items[] = { "[]",        "1",     "\"x\"", "1.5",
		                             "{\"a\":1}", "[1,2]", "null",  "[1,2,3,4,5,6,7,8,9]" };
	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		for (int count = 1; count < 2000; count = count * 2 + 1) {
			struct curb_arena *arena = curb_arena_new(40000);
			struct curb_buf text = curb_buf(1 << 20);
			struct curb_value *value = NULL;
			fill(&text, items[i], count);
			int err = curb_json_parse(arena, curb_buf_view(&text), &value);
			assert_true(err == 0 || err == CURB_ETOOBIG);
			assert_int_equal(err == 0, value != NULL);
			assert_true(count > 15 || err == 0);
			assert_true(count < 1023 || err == CURB_ETOOBIG);
			curb_buf_free(&text);
			curb_arena_free(arena);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(value__of_another_type_is_what_stands_behind),
		cmocka_unit_test(value__is_walked_by_index),
		cmocka_unit_test(value__is_built_and_written),
		cmocka_unit_test(bug_sign__negative_part_of_one_is_no_hours),
		cmocka_unit_test(bug_deep__what_was_read_can_be_written),
		cmocka_unit_test(bug_many__a_tree_larger_than_the_arena_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
