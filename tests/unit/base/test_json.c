#include "cm.h"

#include "curb/err.h"
#include "curb/json.h"
#include "died.h"

static void json__round_trip(void **unused)
{
	(void)unused;
	static const char text[] = "{\"a\":[1,2.5,\"x\\n\\u0001\",null,true,{}],\"b\":\"按摩\"}";
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_value *value = NULL;
	assert_int_equal(curb_json_parse(arena, curb_str(text), &value), 0);
	struct curb_buf out = curb_buf(1024);
	struct curb_json j = curb_json(&out);
	curb_json_value(&j, value);
	assert_string_equal(out.data, text);
	curb_buf_free(&out);
	curb_arena_free(arena);
}

static void json__broken_utf8_becomes_replacement(void **unused)
{
	(void)unused;
	struct curb_buf out = curb_buf(1024);
	struct curb_json j = curb_json(&out);
	curb_json_str(&j, curb_str("a\xff\xe6\x8c"
	                           "b"));
	assert_string_equal(out.data, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	                              "b\"");
	curb_buf_free(&out);
}

static void json__refuses_what_is_doubtful(void **unused)
{
	(void)unused;
	static const char *const texts[] = { "",         "{",    "{\"a\":1,\"a\":2}",
		                             "\"\xff\"", "[1]x", "{\"a\":\"\\u0000\"}" };
	struct curb_arena *arena = curb_arena_new(1 << 20);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct curb_value *value = NULL;
		assert_int_equal(curb_json_parse(arena, curb_str(texts[i]), &value), CURB_EINVAL);
		assert_null(value);
	}
	curb_arena_free(arena);
}

static void json__hours_are_integers(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
		{ "1", true, 100 },      { "1.5", true, 150 },  { "0.05", true, 5 },
		{ "12.50", true, 1250 }, { "1.005", false, 0 }, { "-1", false, 0 },
		{ "1e2", true, 10000 },  { "\"1\"", false, 0 }, { "92233720368547759", false, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct curb_value *value = NULL;
		int64_t got = -1;
		assert_int_equal(curb_json_parse(arena, curb_str(cases[i].text), &value), 0);
		assert_int_equal(curb_value_fixed(value, 2, &got), cases[i].ok);
		if (cases[i].ok)
			assert_int_equal(got, cases[i].value);
	}
	curb_arena_free(arena);
}

static void json__writer_separates_and_escapes(void **unused)
{
	(void)unused;
	struct curb_buf out = curb_buf(1024);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "a\"", "tab\there\\");
	curb_json_kint(&j, "n", -5);
	curb_json_kbool(&j, "no", false);
	curb_json_kstr(&j, "absent", curb_str(NULL));
	curb_json_key(&j, "list");
	curb_json_begin(&j, '[');
	curb_json_begin(&j, '{');
	curb_json_end(&j, '}');
	curb_json_raw(&j, curb_str("[1]"));
	curb_json_text(&j, "\x7f\x1f\r\n");
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
	assert_string_equal(out.data, "{\"a\\\"\":\"tab\\there\\\\\",\"n\":-5,\"no\":false,\"absent\":null,"
	                              "\"list\":[{},[1],\"\x7f\\u001f\\r\\n\"]}");
	curb_buf_free(&out);
}

static void json__thousandths_lose_their_zeros(void **unused)
{
	(void)unused;
	static const struct {
		int64_t value;
		const char *text;
	} cases[] = {
		{ 2500, "2.5" },
		{ 3000, "3" },
		{ -1, "-0.001" },
		{ 1234, "1.234" },
		{ 1230, "1.23" },
		{ 0, "0" },
		{ INT64_MIN, "-9223372036854775.808" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct curb_buf out = curb_buf(64);
		struct curb_json j = curb_json(&out);
		curb_json_milli(&j, cases[i].value);
		assert_string_equal(out.data, cases[i].text);
		curb_buf_free(&out);
	}
}

static void unbalanced(void)
{
	struct curb_buf out = curb_buf(64);
	struct curb_json j = curb_json(&out);
	curb_json_end(&j, '}');
}

static void key_without_value(void)
{
	struct curb_buf out = curb_buf(64);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "a");
	curb_json_end(&j, '}');
}

static void json__wrong_nesting_is_our_mistake(void **unused)
{
	(void)unused;
	assert_true(died(unbalanced));
	assert_true(died(key_without_value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json__round_trip),
		cmocka_unit_test(json__broken_utf8_becomes_replacement),
		cmocka_unit_test(json__refuses_what_is_doubtful),
		cmocka_unit_test(json__hours_are_integers),
		cmocka_unit_test(json__writer_separates_and_escapes),
		cmocka_unit_test(json__thousandths_lose_their_zeros),
		cmocka_unit_test(json__wrong_nesting_is_our_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
