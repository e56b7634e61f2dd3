#include <stdio.h>

#include "cm.h"
#include "inside.h"

enum { SIZE = 11 }; /* "0123456789\n" */

/* What a header of the table below is answered with. */
struct expected {
	const char *header;
	int n; /* as range_parse: 0 the whole, -1 416 */
	struct byte_range ranges[3];
};

/* The cases that net/http of Go tests its file server with, for the same eleven bytes. Where it answers 416 to a malformed
 * header we send the whole, as RFC 9110, 14.2 has it: an unreadable Range is passed over. */
static const struct expected cases[] = {
	{ "", 0, { { 0, 0 } } },
	{ "bytes=0-4", 1, { { 0, 5 } } },
	{ "bytes=2-", 1, { { 2, SIZE } } },
	{ "bytes=-5", 1, { { SIZE - 5, SIZE } } },
	{ "bytes=3-7", 1, { { 3, 8 } } },
	{ "bytes=0-0,-2", 2, { { 0, 1 }, { SIZE - 2, SIZE } } },
	{ "bytes=0-1,5-8", 2, { { 0, 2 }, { 5, 9 } } },
	{ "bytes=0-1,5-", 2, { { 0, 2 }, { 5, SIZE } } },
	{ "bytes=5-1000", 1, { { 5, SIZE } } },
	{ "bytes=0-,1-,2-,3-,4-", 0, { { 0, 0 } } },
	{ "bytes=0-9", 1, { { 0, SIZE - 1 } } },
	{ "bytes=0-10", 1, { { 0, SIZE } } },
	{ "bytes=0-11", 1, { { 0, SIZE } } },
	{ "bytes=10-11", 1, { { SIZE - 1, SIZE } } },
	{ "bytes=10-", 1, { { SIZE - 1, SIZE } } },
	{ "bytes=11-", -1, { { 0, 0 } } },
	{ "bytes=11-12", -1, { { 0, 0 } } },
	{ "bytes=12-12", -1, { { 0, 0 } } },
	{ "bytes=11-100", -1, { { 0, 0 } } },
	{ "bytes=12-100", -1, { { 0, 0 } } },
	{ "bytes=100-", -1, { { 0, 0 } } },
	{ "bytes=100-1000", -1, { { 0, 0 } } },
	/* ours */
	{ "bytes=-0", -1, { { 0, 0 } } },
	{ "bytes=-100", 1, { { 0, SIZE } } },
	{ "bytes=5-2", 0, { { 0, 0 } } },
	{ "bytes=a-", 0, { { 0, 0 } } },
	{ "bytes=-", 0, { { 0, 0 } } },
	{ "bytes=", 0, { { 0, 0 } } },
	{ "bytes=1 -2", 0, { { 0, 0 } } },
	{ "lines=0-4", 0, { { 0, 0 } } },
	{ "BYTES=0-4", 1, { { 0, 5 } } },
	{ "bytes= 0-1 , 20-30 ,", 1, { { 0, 2 } } },
	{ "bytes=0-5,2-7,3-4", 0, { { 0, 0 } } },
	{ "bytes=0-99999999999999999999999999", 1, { { 0, SIZE } } },
	{ "bytes=99999999999999999999999999-", -1, { { 0, 0 } } },
};

static void range__table(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct byte_range ranges[RANGES_MAX];
		int n = range_parse(curb_str(cases[i].header), SIZE, ranges);
		if (n != cases[i].n)
			fail_msg("%s: %d", cases[i].header, n);
		for (int k = 0; k < n; k++)
			if (ranges[k].from != cases[i].ranges[k].from ||
			    ranges[k].to != cases[i].ranges[k].to)
				fail_msg("%s: range %d is %d-%d", cases[i].header, k, (int)ranges[k].from,
				         (int)ranges[k].to);
	}
}

static void range__empty_body_has_none(void **unused)
{
	(void)unused;
	struct byte_range ranges[RANGES_MAX];
	assert_int_equal(range_parse(curb_str("bytes=0-"), 0, ranges), -1);
	assert_int_equal(range_parse(curb_str("bytes=-1"), 0, ranges), -1);
}

static void range__too_many_is_the_whole(void **unused)
{
	(void)unused;
	char header[512] = "bytes=0-0";
	struct byte_range ranges[RANGES_MAX];
	for (int i = 1; i < RANGES_MAX; i++)
		(void)snprintf(header + strlen(header), sizeof header - strlen(header), ",%d-%d", i * 2,
		               i * 2);
	assert_int_equal(range_parse(curb_str(header), 1000, ranges), RANGES_MAX);
	(void)snprintf(header + strlen(header), sizeof header - strlen(header), ",500-501");
	assert_int_equal(range_parse(curb_str(header), 1000, ranges), 0);
}

static void range__near_the_largest_number(void **unused)
{
	(void)unused;
	struct byte_range ranges[RANGES_MAX];
	uint64_t size = UINT64_C(1) << 60;
	assert_int_equal(range_parse(curb_str("bytes=1152921504606846975-"), size, ranges), 1);
	assert_true(ranges[0].from == size - 1 && ranges[0].to == size);
	assert_int_equal(range_parse(curb_str("bytes=0-18446744073709551615"), size, ranges), 1);
	assert_true(ranges[0].to == size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(range__table),
		cmocka_unit_test(range__empty_body_has_none),
		cmocka_unit_test(range__too_many_is_the_whole),
		cmocka_unit_test(range__near_the_largest_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
