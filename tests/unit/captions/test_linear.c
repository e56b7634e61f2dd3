/* Twice the input is twice the work. The parsers are compiled into this test with a call at every branch, which counts
 * the work exactly; no clock is asked. */
#include <stdio.h>

#include "captions_case.h"
#include "captions_inside.h"

void __sanitizer_cov_trace_pc(void);

static uint64_t steps;

void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

void *__real_memchr(const void *bytes, int byte, size_t n);
void *__wrap_memchr(const void *bytes, int byte, size_t n);

void *__wrap_memchr(const void *bytes, int byte, size_t n)
{
	void *found = __real_memchr(bytes, byte, n);
	steps += found ? (size_t)((const char *)found - (const char *)bytes) : n;
	return found;
}

enum { HALF = 128 << 10 };

static struct curb_buf repeated(const char *head, const char *piece, size_t size)
{
	struct curb_buf out = curb_buf(size + 4096);
	curb_buf_text(&out, head);
	while (out.len + strlen(piece) <= size)
		curb_buf_text(&out, piece);
	return out;
}

static uint64_t work(const char *head, const char *piece, size_t size)
{
	struct curb_buf text = repeated(head, piece, size), out = curb_buf(CAPTIONS_OUT_MAX);
	struct captions_case c;
	struct curb_str decoded = { 0 };
	const char *encoding;
	case_open(&c);
	steps = 0;
	if (captions_decode(c.arena, NULL, curb_buf_view(&text), &c.report, &decoded, &encoding) &&
	    captions_parse(c.arena, decoded, &c.report, &c.set)) {
		captions_check(&c.set, curb_str("zh"), 1000, &c.report);
		captions_fit(&c.set, 10, 0);
		captions_write_vtt(&c.set, &out);
		captions_write_text(&c.set, &out);
		captions_write_transcript_json(&c.set, &out);
	}
	uint64_t done = steps;
	assert_false(out.failed);
	curb_buf_free(&out);
	curb_buf_free(&text);
	case_close(&c);
	return done;
}

#define VTT "WEBVTT\n\n00:01.000 --> 00:02.000"
#define SRT "1\n00:00:01,000 --> 00:00:02,000\n"
#define ASS "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,"
static const struct {
	const char *head, *piece;
} shapes[] = {
	{ VTT "\n", "<b>" },
	{ VTT "\n", "<b></b>" },
	{ VTT "\n", "<" },
	{ VTT "\n", "</" },
	{ VTT "\n", "&" },
	{ VTT "\n&", "a" },
	{ VTT "\n&#", "9" },
	{ VTT "\n<c", ".a" },
	{ VTT "\n<v ", "&amp;" },
	{ VTT "\n", "<v x>y" },
	{ VTT "\n<", "1" },
	{ VTT, " line:1" },
	{ VTT, " region:x" },
	{ VTT " line:", "9" },
	{ "WEBVTT\n\n", "-->\n" },
	{ "WEBVTT\n\n", "REGION\nid:a\n\n" },
	{ "WEBVTT\n\nSTYLE\n", "u" },
	{ "WEBVTT\n", "a\n" },
	{ "WEBVTT\n\n", "0000000000000000000001:00.000 --> 00:02.000\n\n" },
	{ "", "\n" },
	{ "", "\r" },
	{ "", "-->\n" },
	{ "", "1\n" },
	{ "", "0:0:9,0-->0:0:1,0                                 \n" },
	{ "0:0:", "9" },
	{ SRT, "{\\" },
	{ SRT, "{\\an8}" },
	{ SRT, "<i" },
	{ SRT, "<font " },
	{ SRT, "<i><b>" },
	{ SRT, "1\n\n" },
	{ SRT, "\n" },
	{ SRT, "1\n2 -->\n" },
	{ ASS, "{" },
	{ ASS, "{}" },
	{ ASS, "{\\i1}" },
};

static void linear__in_the_size_of_the_file(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		uint64_t one = work(shapes[i].head, shapes[i].piece, HALF),
			 two = work(shapes[i].head, shapes[i].piece, 2 * HALF);
		assert_true(one > HALF); /* the count is of this work */
		if (two > 2 * one + one / 10)
			fail_msg("\"%s\": %llu steps, then %llu", shapes[i].piece, (unsigned long long)one,
			         (unsigned long long)two);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(linear__in_the_size_of_the_file) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
