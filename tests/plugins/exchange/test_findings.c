/* What stands out in records: each finding where it is so, and nowhere else. */
#include "cm.h"
#include "findings.h"

enum { MOST = 8 };

static struct curb_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = curb_arena_new(1 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	curb_arena_free(arena);
	return 0;
}

/* Nothing is wrong with it. */
static struct looked_at sound(const char *person)
{
	return (struct looked_at){ .record = { .class_id = { "class" },
		                               .person = curb_str(person),
		                               .name = curb_str(person),
		                               .starts_ms = 100,
		                               .ends_ms = 200,
		                               .total_s = 400,
		                               .online_s = 160,
		                               .offline_s = 240,
		                               .counted_s = 400,
		                               .theory = 2,
		                               .practice = 2,
		                               .code = curb_str("code"),
		                               .issued_ms = 150 },
		                   .mark = curb_str(person) };
}

/* The codes that are found, "D1:0 H1:2". */
static const char *found(const struct looked_at *records, size_t n)
{
	struct finding *findings = NULL;
	const char *text = "";
	size_t count = 0;
	findings_in(arena, records, n, &findings, &count);
	for (size_t i = 0; i < count; i++)
		text = curb_printf(arena, "%s%s%s:%zu", text, i ? " " : "",
		                   finding_words[findings[i].kind].code, findings[i].record);
	return text;
}

static void findings__of_what_is_sound_there_are_none(void **state)
{
	const struct looked_at records[] = { sound("a"), sound("b"), sound("c") };
	(void)state;
	assert_string_equal(found(records, 3), "");
	assert_string_equal(found(records, 0), "");
}

static void findings__each_has_its_code(void **state)
{
	struct looked_at r[MOST];
	(void)state;
	for (int i = 0; i < MOST; i++)
		r[i] = sound((const char *[]){ "a", "b", "c", "d", "e", "f", "g", "h" }[i]);
	r[0].mark = curb_str(NULL);
	r[1].record.total_s = 399;
	r[2].record.offline_s = 239;
	r[3].record.counted_s = 0;
	r[4].record.counted_s = 0;
	r[4].record.code = curb_str("");
	r[5].record.practice = 1;
	r[6].record.issued_ms = 99;
	r[7].record.theory = 0;
	assert_string_equal(found(r, MOST), "M1:0 H1:1 H2:2 C1:3 R1:4 C2:5 C3:6 C2:7");
	r[4].record.theory = 1; /* who has not passed may have no hours, and no certificate */
	r[5].record.code = curb_str("");
	assert_string_equal(found(r + 4, 2), "");
}

static void findings__who_has_left_is_looked_at_as_a_double_alone(void **state)
{
	struct looked_at r[] = { sound("a"), sound("b") };
	(void)state;
	r[0].record.left_ms = r[1].record.left_ms = 150;
	r[0].record.total_s = 1;
	assert_string_equal(found(r, 2), "");
	r[1].mark = r[0].mark;
	assert_string_equal(found(r, 2), "D1:0 D1:1");
}

static void findings__doubles_are_persons_not_records(void **state)
{
	struct looked_at r[] = { sound("a"), sound("b"), sound("a"), sound("c") };
	(void)state;
	r[2].record.class_id = (struct curb_id){ "other" };
	assert_string_equal(found(r, 4), ""); /* one person in two classes */
	r[3].mark = r[0].mark;
	assert_string_equal(found(r, 4), "D1:0 D1:2 D1:3");
	r[3].mark = curb_str("c");
	r[1].record.name = r[0].record.name;
	assert_string_equal(found(r, 4), "D2:0 D2:1");
	r[1].record.class_id = (struct curb_id){ "other" };
	assert_string_equal(found(r, 4), "D2:1 D2:2");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(findings__of_what_is_sound_there_are_none),
		TEST(findings__each_has_its_code),
		TEST(findings__who_has_left_is_looked_at_as_a_double_alone),
		TEST(findings__doubles_are_persons_not_records),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
