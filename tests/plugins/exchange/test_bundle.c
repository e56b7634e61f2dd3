/* Bundles, cards and records as bytes: one form each, and anything else is refused with a word about what it is. */
#include "bundle.h"
#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "record.h"

#define PERSON "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LEDGER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static struct bundle_keys sender, receiver;
static struct curb_arena *arena;

static int set_up(void **state)
{
	static const unsigned char seeds[4][BUNDLE_KEY] = { { 1 }, { 2 }, { 3 }, { 4 } };
	(void)state;
	bundle_keys_of(seeds[0], seeds[1], &sender);
	bundle_keys_of(seeds[2], seeds[3], &receiver);
	arena = curb_arena_new(4 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	curb_arena_free(arena);
	return 0;
}

/* One with a receipt of a few words and a body of a few. */
static void write_bundle(struct curb_buf *out)
{
	struct bundle bundle = { .id = curb_id_of(curb_str("01900000-0000-7000-8000-000000000001")),
		                 .sequence = 7,
		                 .made_ms = INT64_C(1803862800000),
		                 .records = 2,
		                 .receipt = curb_str("a receipt\n\nwith lines\n") };
	memcpy(bundle.to, receiver.box_public, BUNDLE_KEY);
	assert_int_equal(bundle_seal(arena, curb_str("the records"), receiver.box_public, &bundle.sealed), 0);
	bundle_write(out, &bundle, &sender);
	assert_int_equal(curb_buf_check(out), 0);
}

/* What is read has to be whole and signed before anybody looks at it. */
static bool is_taken(struct curb_str bytes)
{
	struct bundle bundle;
	return bundle_read(bytes, &bundle) == 0 && bundle_signed(bytes, &bundle);
}

static void bundle__is_read_back(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	struct bundle bundle;
	struct curb_str plain;
	(void)state;
	write_bundle(&out);
	assert_int_equal(bundle_read(curb_buf_view(&out), &bundle), 0);
	assert_true(bundle_signed(curb_buf_view(&out), &bundle));
	assert_string_equal(bundle.id.text, "01900000-0000-7000-8000-000000000001");
	assert_int_equal(bundle.sequence, 7);
	assert_int_equal(bundle.records, 2);
	assert_true(curb_str_is(bundle.receipt, "a receipt\n\nwith lines\n"));
	assert_memory_equal(bundle.from, sender.sign_public, BUNDLE_KEY);
	assert_int_equal(bundle_open(arena, bundle.sealed, &receiver, &plain), 0);
	assert_true(curb_str_is(plain, "the records"));
	assert_int_equal(bundle_open(arena, bundle.sealed, &sender, &plain), CURB_EUNFIT);
	assert_null(memmem(out.data, out.len, "the records", 11));
}

static void bundle__cut_anywhere_is_refused(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	struct bundle bundle;
	(void)state;
	write_bundle(&out);
	for (size_t n = 0; n < out.len; n++)
		assert_int_equal(bundle_read(curb_str_n(out.data, n), &bundle), CURB_EINVAL);
	curb_buf_char(&out, 'x');
	assert_int_equal(bundle_read(curb_buf_view(&out), &bundle), CURB_EINVAL);
}

static void bundle__with_one_bit_changed_is_refused(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	(void)state;
	write_bundle(&out);
	for (size_t i = 0; i < out.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			out.data[i] = (char)(out.data[i] ^ 1 << bit);
			assert_false(is_taken(curb_buf_view(&out)));
			out.data[i] = (char)(out.data[i] ^ 1 << bit);
		}
	assert_true(is_taken(curb_buf_view(&out)));
}

static void bundle__says_what_is_wrong(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	struct bundle bundle;
	(void)state;
	write_bundle(&out);
	assert_int_equal(bundle_read(curb_str("%PDF-1.4"), &bundle), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "no bundle"));
	assert_int_equal(bundle_read(curb_str_n(out.data, out.len - 1), &bundle), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "cut off"));
	char *sequence = memmem(out.data, out.len, "sequence 7", 10);
	assert_non_null(sequence);
	sequence[9] = '0'; /* they begin with 1 */
	assert_int_equal(bundle_read(curb_buf_view(&out), &bundle), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "changed on its way"));
}

/* ---- cards ---- */

static void card__is_read_back_and_checked(void **state)
{
	struct bundle_card card = { .ledger_key = curb_str(LEDGER_KEY) }, read;
	char check[CARD_CHECK], other[CARD_CHECK];
	(void)state;
	memcpy(card.sign_public, sender.sign_public, BUNDLE_KEY);
	memcpy(card.box_public, sender.box_public, BUNDLE_KEY);
	struct curb_str text = card_write(arena, &card);
	assert_int_equal(card_read(text, &read), 0);
	assert_memory_equal(read.sign_public, card.sign_public, BUNDLE_KEY);
	assert_memory_equal(read.box_public, card.box_public, BUNDLE_KEY);
	assert_true(curb_str_is(read.ledger_key, LEDGER_KEY));
	card_check(&card, check);
	assert_int_equal(strlen(check), 19);
	read.box_public[5] ^= 1;
	card_check(&read, other);
	assert_string_not_equal(check, other);
	for (size_t n = 0; n < text.len; n++)
		assert_int_equal(card_read(curb_str_n(text.ptr, n), &read), CURB_EINVAL);
	assert_int_equal(card_read(curb_str(curb_printf(arena, " %s\r\n", text.ptr)), &read), 0);
}

/* ---- records ---- */

static struct record some_record(void)
{
	return (struct record){ .class_id = curb_id_of(curb_str("01900000-0000-7000-8000-000000000002")),
		                .person = curb_str(PERSON),
		                .programme = curb_str("Massage"),
		                .institution = curb_str("Base"),
		                .name = curb_str("Li"),
		                .starts_ms = 1,
		                .ends_ms = 2,
		                .hour_s = 2700,
		                .total_s = 108000,
		                .online_s = 600,
		                .offline_s = 1200,
		                .counted_s = 1800,
		                .theory = 2,
		                .practice = 1,
		                .code = curb_str("7K3MXA92HJ4PRTC8"),
		                .issued_ms = 3,
		                .entry = 9,
		                .number = curb_str_n("\x00\xff\n", 3) };
}

static void records__are_read_back(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
	struct record written = some_record(), *read = NULL;
	size_t n = 0;
	(void)state;
	written.name = curb_str("Li\tMing\n=1");
	records_begin(&out, false);
	record_write(&out, &written);
	written.code = written.number = curb_str("");
	written.issued_ms = 0;
	record_write(&out, &written);
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), 0);
	assert_int_equal(n, 2);
	assert_true(curb_str_is(read[0].name, "Li Ming =1")); /* one line stays one line */
	assert_string_equal(read[0].class_id.text, written.class_id.text);
	assert_int_equal(read[0].counted_s, 1800);
	assert_int_equal(read[0].practice, 1);
	assert_int_equal(read[0].entry, 9);
	assert_int_equal(read[0].number.len, 3);
	assert_memory_equal(read[0].number.ptr, "\x00\xff\n", 3);
	assert_int_equal(read[1].number.len, 0);
}

static void records__long_texts_are_cut_between_characters(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
	struct record written = some_record(), *read = NULL;
	char name[RECORD_TEXT + 3];
	size_t n = 0;
	(void)state;
	memset(name, 'a', sizeof name);
	memcpy(name + RECORD_TEXT - 1, "\xe6\x9d\x8e", 3);
	written.name = curb_str_n(name, sizeof name - 1);
	records_begin(&out, false);
	record_write(&out, &written);
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), 0);
	assert_int_equal(read[0].name.len, RECORD_TEXT - 1);
}

/* Each line with one thing that is not so. */
static void records__in_any_other_form_are_refused(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
	struct record written = some_record(), *read = NULL;
	size_t n = 0;
	(void)state;
	records_begin(&out, false);
	record_write(&out, &written);
	for (size_t i = 1; i < out.len; i++) {
		curb_arena_reset(arena);
		assert_int_equal(records_read(arena, curb_str_n(out.data, out.len - i), &read, &n),
		                 out.len - i == strlen("curbcut-records/v1\n") ? 0 : CURB_EINVAL);
	}
	static const struct {
		const char *from, *to;
	} changes[] = { { "\t2700\t", "\t0000\t" }, { "\t2700\t", "\t-270\t" },  { "\t2700\t", "\t2x00\t" },
		        { "\t9\t", "\t\t9" },       { "Massage", "Mass\xffge" }, { "\t2\t1\t", "\t2\t3\t" },
		        { "7K3MXA92", "\t3MXA92" }, { "00ff0a", "00fg0a" },      { "0123456", "g123456" } };
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		CURB_AUTO(buf) struct curb_buf copy = curb_buf(1 << 16);
		curb_buf_str(&copy, curb_buf_view(&out));
		char *at = memmem(copy.data, copy.len, changes[i].from, strlen(changes[i].from));
		assert_non_null(at);
		memcpy(at, changes[i].to, strlen(changes[i].to));
		assert_int_equal(records_read(arena, curb_buf_view(&copy), &read, &n), CURB_EINVAL);
	}
}

static void records__more_than_a_bundle_has_are_refused(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	struct record written = some_record(), *read = NULL;
	size_t n = 0;
	(void)state;
	records_begin(&out, false);
	for (int i = 0; i < BUNDLE_RECORDS; i++)
		record_write(&out, &written);
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), 0);
	assert_int_equal(n, BUNDLE_RECORDS);
	record_write(&out, &written);
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), CURB_EINVAL);
}

/* 99999999999999999 seconds, in hundredths of an hour, are more than a number holds. */
static void bug_records__with_numbers_beyond_reason_are_refused(void **state)
{
	static const size_t seconds[] = { offsetof(struct record, hour_s), offsetof(struct record, total_s),
		                          offsetof(struct record, online_s),
		                          offsetof(struct record, offline_s),
		                          offsetof(struct record, counted_s) },
			    others[] = { offsetof(struct record, ends_ms), offsetof(struct record, left_ms),
		                         offsetof(struct record, issued_ms), offsetof(struct record, entry) };
	enum { SECONDS = sizeof seconds / sizeof *seconds, ALL = SECONDS + sizeof others / sizeof *others };
	(void)state;
	for (size_t i = 0; i < ALL; i++) {
		CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
		struct record written = some_record(), *read = NULL;
		int64_t most = i < SECONDS ? RECORD_SECONDS : RECORD_MOST;
		size_t n = 0, at = i < SECONDS ? seconds[i] : others[i - SECONDS];
		for (int64_t more = 0; more < 2; more++) {
			int64_t value = most + more;
			memcpy((char *)&written + at, &value, sizeof value);
			curb_buf_clear(&out);
			records_begin(&out, false);
			record_write(&out, &written);
			assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n),
			                 more ? CURB_EINVAL : 0);
		}
	}
}

/* One that is told to be gone says whose it was and nothing else; who knows the first form alone does not take it for a record. */
static void records__that_are_gone(void **state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
	struct record whole = some_record(), gone = { .class_id = whole.class_id, .person = whole.person },
		      *read = NULL;
	size_t n = 0;
	(void)state;
	records_begin(&out, true);
	record_write(&out, &whole);
	record_write(&out, &gone);
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), 0);
	assert_int_equal(n, 2);
	assert_false(record_gone(&read[0]));
	assert_true(record_gone(&read[1]));
	assert_true(curb_str_eq(read[1].person, whole.person));
	memcpy(out.data, "curbcut-records/v1", strlen("curbcut-records/v1"));
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), CURB_EINVAL);
	gone.counted_s = 1;
	curb_buf_clear(&out);
	records_begin(&out, true);
	record_write(&out, &gone);
	assert_int_equal(records_read(arena, curb_buf_view(&out), &read, &n), CURB_EINVAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(bundle__is_read_back),
		TEST(bundle__cut_anywhere_is_refused),
		TEST(bundle__with_one_bit_changed_is_refused),
		TEST(bundle__says_what_is_wrong),
		TEST(card__is_read_back_and_checked),
		TEST(records__are_read_back),
		TEST(records__long_texts_are_cut_between_characters),
		TEST(records__in_any_other_form_are_refused),
		TEST(records__more_than_a_bundle_has_are_refused),
		TEST(bug_records__with_numbers_beyond_reason_are_refused),
		TEST(records__that_are_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
