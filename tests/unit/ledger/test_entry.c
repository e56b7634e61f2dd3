#include <sodium.h>

#include "cm.h"
#include "curb/err.h"
#include "entry.h"

#define NUMBER(name_, n)                                                                 \
	{                                                                                \
		.name = { name_, sizeof name_ - 1 }, .kind = ENTRY_NUMBER, .number = (n) \
	}
#define TEXT(name_, s)                                                                                \
	{                                                                                             \
		.name = { name_, sizeof name_ - 1 }, .kind = ENTRY_TEXT, .bytes = { s, sizeof s - 1 } \
	}
#define RAW(name_, s)                                                                                  \
	{                                                                                              \
		.name = { name_, sizeof name_ - 1 }, .kind = ENTRY_BYTES, .bytes = { s, sizeof s - 1 } \
	}

static void is_hex(struct entry_fact *facts, size_t n, const char *hex)
{
	struct curb_buf out = curb_buf(ENTRY_MOST);
	char text[2 * ENTRY_MOST + 1];
	assert_int_equal(entry_write(&out, facts, n), 0);
	curb_hex(out.data, out.len, text);
	assert_string_equal(text, hex);
	struct entry_fact back[ENTRY_FACTS];
	size_t back_n;
	assert_int_equal(entry_read(curb_buf_view(&out), back, &back_n), 0);
	assert_int_equal(back_n, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(curb_str_eq(back[i].name, facts[i].name));
		assert_int_equal(back[i].kind, facts[i].kind);
		assert_true(back[i].number == facts[i].number);
		assert_true(curb_str_eq(back[i].bytes, facts[i].bytes) || facts[i].kind == ENTRY_NUMBER);
	}
	curb_buf_free(&out);
}

/* The numbers are those of RFC 8949, appendix A. */
static void entry__is_deterministic_cbor(void **state)
{
	(void)state;
	is_hex((struct entry_fact[]){ NUMBER("a", 0) }, 1, "a1616100");
	is_hex((struct entry_fact[]){ NUMBER("a", 23) }, 1, "a1616117");
	is_hex((struct entry_fact[]){ NUMBER("a", 24) }, 1, "a161611818");
	is_hex((struct entry_fact[]){ NUMBER("a", 255) }, 1, "a1616118ff");
	is_hex((struct entry_fact[]){ NUMBER("a", 256) }, 1, "a16161190100");
	is_hex((struct entry_fact[]){ NUMBER("a", 65535) }, 1, "a1616119ffff");
	is_hex((struct entry_fact[]){ NUMBER("a", 65536) }, 1, "a161611a00010000");
	is_hex((struct entry_fact[]){ NUMBER("a", 1000000) }, 1, "a161611a000f4240");
	is_hex((struct entry_fact[]){ NUMBER("a", 4294967295) }, 1, "a161611affffffff");
	is_hex((struct entry_fact[]){ NUMBER("az_", 0) }, 1, "a163617a5f00");
	is_hex((struct entry_fact[]){ NUMBER("a", 4294967296) }, 1, "a161611b0000000100000000");
	is_hex((struct entry_fact[]){ NUMBER("a", 1000000000000) }, 1, "a161611b000000e8d4a51000");
	is_hex((struct entry_fact[]){ NUMBER("a", INT64_MAX) }, 1, "a161611b7fffffffffffffff");
	is_hex((struct entry_fact[]){ NUMBER("a", -1) }, 1, "a1616120");
	is_hex((struct entry_fact[]){ NUMBER("a", -10) }, 1, "a1616129");
	is_hex((struct entry_fact[]){ NUMBER("a", -100) }, 1, "a161613863");
	is_hex((struct entry_fact[]){ NUMBER("a", -1000) }, 1, "a161613903e7");
	is_hex((struct entry_fact[]){ NUMBER("a", INT64_MIN) }, 1, "a161613b7fffffffffffffff");
	is_hex((struct entry_fact[]){ TEXT("a", "") }, 1, "a1616160");
	is_hex((struct entry_fact[]){ TEXT("a", "水") }, 1, "a1616163e6b0b4");
	is_hex((struct entry_fact[]){ RAW("a", "\1\2\3\4") }, 1, "a161614401020304");
}

static void entry__puts_facts_in_one_order(void **state)
{
	(void)state;
	const char *hex = "a461610161620263616161036362626204";
	struct entry_fact one[] = { NUMBER("bbb", 4), NUMBER("aaa", 3), NUMBER("b", 2), NUMBER("a", 1) };
	struct entry_fact two[] = { NUMBER("a", 1), NUMBER("bbb", 4), NUMBER("b", 2), NUMBER("aaa", 3) };
	is_hex(one, 4, hex);
	is_hex(two, 4, hex);
}

/* As many facts, as long names and as many bytes as there may be. */
static void entry__has_bounds(void **state)
{
	(void)state;
	struct curb_buf out = curb_buf(64 << 10);
	struct entry_fact facts[ENTRY_FACTS], back[ENTRY_FACTS];
	static char large[ENTRY_MOST];
	char names[ENTRY_FACTS][ENTRY_NAME];
	size_t n;
	for (size_t i = 0; i < ENTRY_FACTS; i++) {
		memset(names[i], 'x', ENTRY_NAME);
		names[i][0] = (char)('a' + i);
		facts[i] = (struct entry_fact){ .name = curb_str_n(names[i], ENTRY_NAME),
			                        .number = (int64_t)i };
	}
	assert_int_equal(entry_write(&out, facts, ENTRY_FACTS), 0);
	assert_int_equal(entry_read(curb_buf_view(&out), back, &n), 0);
	assert_int_equal(n, ENTRY_FACTS);
	assert_int_equal(back[22].number, 22);

	/* behind something else; to the last byte */
	size_t before = out.len;
	facts[0] = (struct entry_fact){ .name = curb_str("a"),
		                        .kind = ENTRY_BYTES,
		                        .bytes = curb_str_n(large, ENTRY_MOST - 6) };
	assert_int_equal(entry_write(&out, facts, 1), 0);
	assert_int_equal(out.len - before, ENTRY_MOST);
	assert_int_equal(entry_read(curb_str_n(out.data + before, ENTRY_MOST), back, &n), 0);
	curb_buf_free(&out);
}

static void entry__is_not_made_of_what_is_none(void **state)
{
	(void)state;
	struct curb_buf out = curb_buf(64 << 10);
	static char large[ENTRY_MOST + 1];
	struct entry_fact many[ENTRY_FACTS + 1], big = NUMBER("a", 1);
	for (size_t i = 0; i < ENTRY_FACTS + 1; i++)
		many[i] = big;
	assert_int_equal(entry_write(&out, many, 0), CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, many, ENTRY_FACTS + 1), CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ NUMBER("a", 1), NUMBER("a", 2) }, 2),
	                 CURB_EINTERNAL);
	assert_non_null(strstr(curb_error_text(), "not a twice"));
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ NUMBER("", 1) }, 1), CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ NUMBER("A", 1) }, 1), CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ NUMBER("a{", 1) }, 1), CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ NUMBER("a`", 1) }, 1), CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ NUMBER("aaaaaaaaaaaaaaaaaaaaaaaa", 1) }, 1),
	                 CURB_EINTERNAL);
	assert_int_equal(entry_write(&out, (struct entry_fact[]){ TEXT("a", "\xff") }, 1), CURB_EINTERNAL);
	curb_buf_clear(&out);
	big.kind = ENTRY_BYTES;
	big.bytes = curb_str_n(
		large, ENTRY_MOST - 6); /* one byte of the map's head, two of the name, three of its length */
	assert_int_equal(entry_write(&out, &big, 1), 0);
	assert_int_equal(out.len, ENTRY_MOST);
	big.bytes.len++;
	assert_int_equal(entry_write(&out, &big, 1), CURB_ETOOBIG);
	struct curb_buf small = curb_buf(4);
	assert_int_equal(entry_write(&small, &big, 1), CURB_ETOOBIG);
	curb_buf_free(&small);
	curb_buf_free(&out);
}

static const char *const wrong[] = {
	"",                 /* nothing */
	"a0",               /* no facts */
	"b818",             /* more facts than there may be */
	"8161610",          /* odd */
	"8100",             /* an array */
	"bf616100ff",       /* of no stated length */
	"b8016161 00",      /* its count could be shorter */
	"b801616100",       /* the same */
	"a1616100 00",      /* something behind it */
	"a161610000",       /* the same */
	"a2616100",         /* too few */
	"a2616100616101",   /* one name twice */
	"a2616200616101",   /* not in order */
	"a262616100616101", /* the longer one first */
	"a1614100",         /* a capital */
	"a16000",           /* no name */
	"a1416100",         /* a name of bytes */
	"a10100",           /* a number for a name */
	"a16161",           /* no value */
	"a1616118",         /* cut off */
	"a161611817",       /* a number that could be shorter */
	"a16161190017",
	"a161611900ff",
	"a161611a0000ffff",
	"a161611b00000000ffffffff",
	"a161611b8000000000000000", /* too large */
	"a161613b8000000000000000",
	"a161611c", /* reserved */
	"a161611f", /* indefinite */
	"a161615f", /* bytes of no stated length */
	"a1616162e6b0",
	"a1616161ff", /* no UTF-8 */
	"a1616180",   /* a list */
	"a16161a0",   /* a map */
	"a16161c001", /* a tag */
	"a16161f4",   /* false */
	"a16161f93c00",
	"a1616144010203",
	"a16161"
	"5bffffffffffffffff",
	"a1"
	"78186161616161616161616161616161616161616161616161"
	"00",
};

static void entry__in_any_other_form_is_refused(void **state)
{
	(void)state;
	struct entry_fact facts[ENTRY_FACTS];
	unsigned char bytes[64];
	size_t n;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		size_t len = strlen(wrong[i]) / 2;
		if (!curb_unhex(curb_str(wrong[i]), bytes, len))
			continue;
		if (entry_read(curb_str_n((const char *)bytes, len), facts, &n) != CURB_EINVAL)
			fail_msg("%s", wrong[i]);
	}
	static char large[ENTRY_MOST + 1];
	assert_int_equal(entry_read(curb_str_n(large, sizeof large), facts, &n), CURB_EINVAL);
}

/* Whatever is read is what would be written: no two byte strings are one entry. */
static void entry__that_is_read_is_written_as_it_was(void **state)
{
	(void)state;
	struct curb_buf out = curb_buf(64 << 10);
	unsigned char bytes[24];
	unsigned taken = 0;
	for (unsigned round = 0; round < 300000; round++) {
		struct entry_fact facts[ENTRY_FACTS];
		size_t n, len = 4 + randombytes_uniform(16);
		randombytes_buf(bytes, sizeof bytes);
		bytes[0] = (unsigned char)(0xa0 | (bytes[0] & 3));
		bytes[1] = 0x61;
		bytes[2] = (unsigned char)('a' + (bytes[2] & 7));
		if (entry_read(curb_str_n((const char *)bytes, len), facts, &n))
			continue;
		taken++;
		curb_buf_clear(&out);
		assert_int_equal(entry_write(&out, facts, n), 0);
		assert_int_equal(out.len, len);
		assert_memory_equal(out.data, bytes, len);
	}
	assert_true(taken > 100);
	curb_buf_free(&out);
}

static void entry__facts_are_found_by_name(void **state)
{
	(void)state;
	const struct entry_fact facts[] = { NUMBER("a", 1), NUMBER("b", 2) };
	assert_int_equal(entry_find(facts, 2, "a")->number, 1);
	assert_int_equal(entry_find(facts, 2, "b")->number, 2);
	assert_null(entry_find(facts, 1, "b"));
	assert_null(entry_find(facts, 2, "c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entry__is_deterministic_cbor),
		cmocka_unit_test(entry__puts_facts_in_one_order),
		cmocka_unit_test(entry__has_bounds),
		cmocka_unit_test(entry__is_not_made_of_what_is_none),
		cmocka_unit_test(entry__in_any_other_form_is_refused),
		cmocka_unit_test(entry__that_is_read_is_written_as_it_was),
		cmocka_unit_test(entry__facts_are_found_by_name),
	};
	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
