/* Policies of witnesses: what the format allows is read, everything else is refused with its line. */

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "trust.h"

enum { TEXT_MOST = 128 << 10 };

/* "KEY" of a type and number as text; static until the next call with the same slot. */
static const char *key_text(enum note_type type, int number)
{
	static char texts[2][64][NOTE_NAME + 128];
	char *text = texts[type == NOTE_COSIGNATURE][number];
	unsigned char seed[32] = { (unsigned char)type, (unsigned char)number };
	struct note_signer signer;
	char name[32];
	CURB_AUTO(buf) struct curb_buf out = curb_buf(NOTE_NAME + 128);
	(void)snprintf(name, sizeof name, "key.example/%d", number);
	assert_int_equal(note_signer_of(name, type, seed, &signer), 0);
	note_key_write(&out, &signer.key);
	(void)snprintf(text, NOTE_NAME + 128, "%s", out.data);
	return text;
}

static const char *witness_key(int number)
{
	return key_text(NOTE_COSIGNATURE, number);
}

static struct trust trust;

static int read_text(const struct curb_buf *text)
{
	assert_int_equal(curb_buf_check(text), 0);
	return trust_read(curb_buf_view(text), &trust);
}

/* The one of the format's own text: two of three, and any of three. */
static void trust__of_groups_is_met_by_enough_of_them(void **state)
{
	(void)state;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST);
	curb_buf_printf(&text, "# two houses\n\nlog\t%s https://ledger.example/\n",
	                key_text(NOTE_ED25519, 0));
	for (int i = 0; i < 6; i++)
		curb_buf_printf(&text, "  witness %c%d %s http://w%d.example/  \n", i < 3 ? 'X' : 'Y', i,
		                witness_key(i), i);
	curb_buf_text(&text, "group X 2 X0 X1 X2\ngroup Y any Y3 Y4 Y5\ngroup both all X Y\nquorum both\n");
	assert_int_equal(read_text(&text), 0);
	assert_int_equal(trust.log_count, 1);
	assert_int_equal(trust.witness_count, 6);
	assert_string_equal(trust.witnesses[4].url, "http://w4.example/");
	assert_string_equal(trust.logs[0].key.name, "key.example/0");
	for (unsigned who = 0; who < 64; who++) {
		bool signed_by[TRUST_WITNESSES] = { false };
		for (unsigned i = 0; i < 6; i++)
			signed_by[i] = who >> i & 1;
		bool x = signed_by[0] + signed_by[1] + signed_by[2] >= 2, y = who >> 3 != 0;
		assert_int_equal(trust_met(&trust, signed_by), x && y);
	}
}

static void trust__of_one_or_none(void **state)
{
	(void)state;
	bool signed_by[TRUST_WITNESSES] = { false };
	CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST);
	curb_buf_text(&text, "quorum none");
	assert_int_equal(read_text(&text), 0);
	assert_false(trust.wants_some);
	assert_true(trust_met(&trust, signed_by));
	curb_buf_clear(&text);
	curb_buf_printf(&text, "witness one %s\nwitness two %s\nquorum two\n", witness_key(1),
	                witness_key(2));
	assert_int_equal(read_text(&text), 0);
	assert_true(trust.wants_some && trust.witnesses[0].url[0] == '\0');
	signed_by[0] = true;
	assert_false(trust_met(&trust, signed_by));
	signed_by[1] = true;
	assert_true(trust_met(&trust, signed_by));
}

/* The line that is named, and the text; %s: keys of the witnesses 0, 1 and 2. */
static const char *const wrong[] = {
	"1", "\n# nothing",
	"1", "quorum",
	"1", "quorum none more\n",
	"2", "quorum none\nquorum none\n",
	"1", "quorum one\n",
	"1", "witness\n",
	"1", "witness one\n",
	"1", "witness one x+00000000+AAAA\n",
	"1", "witness none %s\nquorum none\n",
	"2", "witness a %s\nwitness a %s\nquorum none\n",
	"2", "witness a %1$s\nwitness b %1$s\nquorum none\n",
	"1", "witness a %s url more\nquorum none\n",
	"1", "log %s\nquorum none\n",
	"1", "group g any\nquorum none\n",
	"1", "group g all\nquorum none\n",
	"1", "group g 1 a\nwitness a %s\nquorum g\n",
	"2", "witness a %s\ngroup g 0 a\nquorum g\n",
	"2", "witness a %s\ngroup g 2 a\nquorum g\n",
	"2", "witness a %s\ngroup g 01 a\nquorum g\n",
	"2", "witness a %s\ngroup g most a\nquorum g\n",
	"2", "witness a %s\ngroup g any a a\nquorum g\n",
	"3", "witness a %s\ngroup g any a\ngroup h any a\nquorum g\n",
	"2", "witness a %s\ngroup a any a\nquorum a\n",
	"1", "members a\nquorum none\n",
	"2", "witness a %s\ngroup g\nquorum g\n",
	"2", "witness a %s\nlog x\nquorum a\n",
	"1", "quorum\x01none\n",
	"1", "# \x01\nquorum none\n",
	"1", "# \x7f\nquorum none\n",
	"3", "witness a %1$s\nwitness b %2$s\nwitness c %2$s\nquorum none\n",
	"1", "quorum none\x7f\n",
	"1", "quorum none\r\n",
};

static void trust__is_refused_by_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i += 2) {
		char text[4096], line[32];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof text, wrong[i + 1], witness_key(0), witness_key(1),
		               witness_key(2));
#pragma GCC diagnostic pop
		(void)snprintf(line, sizeof line, "line %s of", wrong[i]);
		if (i == 0)
			(void)snprintf(line, sizeof line, "no quorum");
		if (trust_read(curb_str(text), &trust) != CURB_EINVAL || !strstr(curb_error_text(), line))
			fail_msg("%s: %s", text, curb_error_text());
	}
}

static void trust__a_key_of_the_wrong_kind_is_told(void **state)
{
	(void)state;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST);
	curb_buf_printf(&text, "witness a %s\nquorum none\n", key_text(NOTE_ED25519, 0));
	assert_int_equal(read_text(&text), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "the public key of a witness"));
	curb_buf_clear(&text);
	curb_buf_printf(&text, "log %s\nquorum none\n", witness_key(0));
	assert_int_equal(read_text(&text), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "the public key of a ledger"));
}

static void trust__has_room_for_what_the_format_asks(void **state)
{
	(void)state;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST), more = curb_buf(TEXT_MOST);
	for (int i = 0; i < 32; i++)
		curb_buf_printf(&text, "log %s\nwitness w%d %s\n", key_text(NOTE_ED25519, i), i,
		                witness_key(i));
	for (int i = 0; i < 32; i++)
		curb_buf_printf(&text, "group g%d 1 w%d\n", i, i);
	curb_buf_str(&more, curb_buf_view(&text));
	curb_buf_text(&text, "quorum g31\n");
	assert_int_equal(read_text(&text), 0);
	assert_int_equal(trust.node_count, 64);
	size_t full = more.len;
	curb_buf_printf(&more, "witness w32 %s\nquorum none\n", witness_key(32));
	assert_int_equal(read_text(&more), CURB_EINVAL);
	more.len = full;
	curb_buf_text(&more, "group g32 1 g0\nquorum none\n");
	assert_int_equal(read_text(&more), CURB_EINVAL);
	curb_buf_clear(&more);
	for (int i = 0; i <= 32; i++)
		curb_buf_printf(&more, "log %s\n", key_text(NOTE_ED25519, i));
	curb_buf_text(&more, "quorum none\n");
	assert_int_equal(read_text(&more), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "too many"));
}

/* The longest name and address that there is room for, and what is a byte longer. */
static void trust__a_name_or_address_that_is_too_long_is_refused(void **state)
{
	static char longest[4096];
	(void)state;
	memset(longest, 'x', sizeof longest);
	for (int longer = 0; longer <= 1; longer++) {
		CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST);
		int name = (int)sizeof trust.nodes[0].name - 1, url = (int)sizeof trust.witnesses[0].url - 1;
		curb_buf_printf(&text, "witness %.*s %s\nquorum none\n", name + longer, longest,
		                witness_key(0));
		assert_int_equal(read_text(&text), longer ? CURB_EINVAL : 0);
		curb_buf_clear(&text);
		curb_buf_printf(&text, "witness a %s %.*s\nquorum none\n", witness_key(0), url + longer,
		                longest);
		assert_int_equal(read_text(&text), longer ? CURB_EINVAL : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust__of_groups_is_met_by_enough_of_them),
		cmocka_unit_test(trust__of_one_or_none),
		cmocka_unit_test(trust__is_refused_by_its_line),
		cmocka_unit_test(trust__a_key_of_the_wrong_kind_is_told),
		cmocka_unit_test(trust__has_room_for_what_the_format_asks),
		cmocka_unit_test(trust__a_name_or_address_that_is_too_long_is_refused),
	};
	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
