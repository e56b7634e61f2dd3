/* Keys and notes of others, and every change to one refused. */
#include <sodium.h>
#include <stdio.h>

#include "base64.h"
#include "cm.h"
#include "curb/err.h"
#include "note.h"

/* Of the documentation of Go's golang.org/x/mod/sumdb/note. */
static const char their_key[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char their_seed[] = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
static const char their_body[] = "If you think cryptography is the answer to your problem,\n"
				 "then you don't know what your problem is.\n";
static const char their_line[] =
	"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
	"SNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

static struct note_signer signer_of(const char *name, enum note_type type)
{
	struct note_signer signer;
	unsigned char seed[32];
	memset(seed, (int)strlen(name), sizeof seed);
	assert_int_equal(note_signer_of(name, type, seed, &signer), 0);
	return signer;
}

static void note__signs_as_go_does(void **state)
{
	(void)state;
	struct curb_buf out = curb_buf(4096);
	struct note_signer signer;
	unsigned char seed[32];
	assert_true(curb_unhex(curb_str(their_seed), seed, sizeof seed));
	assert_int_equal(note_signer_of("PeterNeumann", NOTE_ED25519, seed, &signer), 0);
	note_key_write(&out, &signer.key);
	assert_string_equal(out.data, their_key);
	curb_buf_clear(&out);
	note_sign(&out, &signer, curb_str(their_body));
	assert_string_equal(out.data, their_line);
	curb_buf_free(&out);
}

static void note__of_go_is_read_and_verified(void **state)
{
	(void)state;
	struct curb_buf text = curb_buf(4096);
	struct note note;
	struct note_key key;
	uint64_t time_s = 1;
	curb_buf_printf(&text, "%s\n%s", their_body, their_line);
	assert_int_equal(note_key_read(curb_str(their_key), &key), 0);
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	assert_true(curb_str_is(note.body, their_body));
	assert_true(note_signed_by(&note, &key, &time_s));
	assert_true(time_s == 0);
	curb_buf_free(&text);
}

static void note__with_any_byte_changed_is_refused(void **state)
{
	(void)state;
	struct note_signer log = signer_of("curbcut.example/1", NOTE_ED25519);
	struct curb_buf text = curb_buf(4096);
	curb_buf_text(&text, "curbcut.example/1\n3\nrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrs=\n");
	size_t body = text.len;
	note_sign(&text, &log, curb_str_n(text.data, body));
	char *line = strdup(text.data + body);
	text.len = body;
	curb_buf_char(&text, '\n');
	curb_buf_text(&text, line);
	free(line);
	struct note note;
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	assert_true(note_signed_by(&note, &log.key, NULL));
	for (size_t at = 0; at < text.len; at++)
		for (int bit = 0; bit < 8; bit++) {
			text.data[at] ^= (char)(1 << bit);
			if (note_read(curb_buf_view(&text), &note) == 0)
				assert_false(note_signed_by(&note, &log.key, NULL));
			text.data[at] ^= (char)(1 << bit);
		}
	curb_buf_free(&text);
}

static void note__is_in_one_form(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"\n",
		"\n\n",
		"a\n",
		"a\n\n",
		"a\nb\n",
		"a\n\nb\n",
		"a\n\n\xe2\x80\x94 b\n",
		"a\n\n\xe2\x80\x94 b \n",
		"a\n\n\xe2\x80\x94 b AAAA\n",
		"a\n\n\xe2\x80\x94 b+c AAAAAAAA\n",
		"a\n\n\xe2\x80\x94  AAAAAAAA\n",
		"a\n\n\xe2\x80\x94 b AAAAAAAA",
		"a\n\n\xe2\x80\x94 b AAAAAAAA\n\xe2\x80\x94 b AAAA AAAA\n",
		"a\r\n\n\xe2\x80\x94 b AAAAAAAA\n",
		"\xff\n\n\xe2\x80\x94 b AAAAAAAA\n",
		"a\n\n\xe2\x80\x94 b AAAAAAA\n",
		"a\n\n\xe2\x80\x94 b AAAAAAB=\n",
		"a\n\n\xe2\x80\x94 b AAAAAA==\n",
		"\na\n",
		"\n\xe2\x80\x94 b AAAAAAAA\n",
		"a\n\xe2\x80\x94 b AAAAAAAA\n",
		"a\n\xe2\x80\x94 b AAAAAAAA",
		"\x01\n\n\xe2\x80\x94 b AAAAAAAA\n",
		"a\n\n\xe2\x80\x94 b",
	};
	struct note note;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (note_read(curb_str(wrong[i]), &note) != CURB_EINVAL)
			fail_msg("%zu: %s", i, wrong[i]);
	assert_int_equal(note_read(curb_str("a\n\nb\n\n\xe2\x80\x94 b AAAAAAAA\n"), &note), 0);
	assert_true(curb_str_is(note.body, "a\n\nb\n"));
	assert_int_equal(note.count, 1);
	assert_int_equal(note_read(curb_str("\n\n\xe2\x80\x94 b AAAAAAA=\n"), &note), 0);
	assert_true(curb_str_is(note.body, "\n"));
	assert_int_equal(note.signatures[0].len, 1);
}

/* The line of one key out of those of several, as it was. */
static void note__one_signature_is_copied(void **state)
{
	(void)state;
	struct note_signer witness = signer_of("witness.example", NOTE_COSIGNATURE),
			   log = signer_of("log", NOTE_ED25519);
	struct note_key other = witness.key;
	struct curb_buf text = curb_buf(4096), copy = curb_buf(4096);
	struct note note;
	curb_buf_text(&text, "a\n\n");
	note_sign(&text, &log, curb_str("a\n"));
	size_t from = text.len;
	note_cosign(&text, &witness, curb_str("a\n"), 7);
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	note_copy_signature(&copy, &note, &witness.key);
	assert_int_equal(copy.len, text.len - from);
	assert_memory_equal(copy.data, text.data + from, copy.len);
	assert_true(note_has_line(&note, &witness.key) && note_has_line(&note, &log.key));
	curb_buf_clear(&copy);
	other.id++;
	assert_false(note_has_line(&note, &other));
	other.id--;
	other.name[0] = 'W'; /* of the same number */
	assert_false(note_has_line(&note, &other));
	note_copy_signature(&copy, &note, &other);
	note.signatures[1].len = 0; /* of a type that is not known */
	note_copy_signature(&copy, &note, &witness.key);
	note.signatures[1].len = 8 + 64 + 1;
	note_copy_signature(&copy, &note, &witness.key);
	assert_int_equal(copy.len, 0);
	note.signatures[1].len = 8 + 64;
	note_copy_signature(&copy, &note, &witness.key);
	assert_int_equal(copy.len, text.len - from);
	curb_buf_free(&text);
	curb_buf_free(&copy);
}

/* As long as it may be, and no longer. */
static void note__has_a_bound(void **state)
{
	(void)state;
	static const char line[] = "\n\xe2\x80\x94 b AAAAAAAA\n";
	static char text[NOTE_MOST + 1];
	struct note note;
	for (size_t len = NOTE_MOST; len <= NOTE_MOST + 1; len++) {
		size_t body = len - (sizeof line - 1);
		memset(text, 'a', body);
		text[body - 1] = '\n';
		memcpy(text + body, line, sizeof line - 1);
		assert_int_equal(note_read(curb_str_n(text, len), &note), len > NOTE_MOST ? CURB_EINVAL : 0);
	}
}

/* A signature that is one byte longer than any that is known. */
static void note__a_longer_signature_is_not_cut(void **state)
{
	(void)state;
	struct curb_buf text = curb_buf(4096);
	struct note note;
	for (int n = 72; n <= 73; n++) {
		unsigned char bytes[4 + 73] = { 0 };
		curb_buf_clear(&text);
		curb_buf_text(&text, "a\n\n\xe2\x80\x94 b ");
		base64_write(&text, bytes, 4 + (size_t)n);
		curb_buf_char(&text, '\n');
		assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
		assert_int_equal(note.signatures[0].len, n == 72 ? 72 : 0);
	}
	curb_buf_free(&text);
}

static void note__a_witness_signs_all_of_a_long_one(void **state)
{
	(void)state;
	struct note_signer witness = signer_of("witness.example", NOTE_COSIGNATURE);
	struct curb_buf body = curb_buf(NOTE_MOST), text = curb_buf(4096);
	struct note note;
	uint64_t time_s;
	while (body.len < NOTE_MOST - 40)
		curb_buf_char(&body, 'a');
	curb_buf_text(&text, "a\n\n");
	note_cosign(&text, &witness, curb_buf_view(&body), 7);
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	note.body = curb_buf_view(&body);
	assert_true(note_signed_by(&note, &witness.key, &time_s));
	assert_true(time_s == 7);
	body.data[body.len - 1] = 'b';
	assert_false(note_signed_by(&note, &witness.key, &time_s));
	curb_buf_free(&body);
	curb_buf_free(&text);
}

static void note__the_first_of_two_times_is_told(void **state)
{
	(void)state;
	struct note_signer witness = signer_of("witness.example", NOTE_COSIGNATURE);
	struct curb_buf text = curb_buf(64 << 10);
	struct note note;
	uint64_t time_s;
	curb_buf_text(&text, "a\n\n");
	for (unsigned i = 0; i < NOTE_SIGNATURES; i++) /* as many as there may be */
		note_cosign(&text, &witness, curb_str("a\n"), 100 + i);
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	assert_int_equal(note.count, NOTE_SIGNATURES);
	assert_true(note_signed_by(&note, &witness.key, &time_s));
	assert_true(time_s == 100);
	curb_buf_free(&text);
}

static void note__of_a_type_that_is_not_known_weighs_nothing(void **state)
{
	(void)state;
	struct note_signer log = signer_of("log", NOTE_ED25519);
	struct curb_buf text = curb_buf(64 << 10), many = curb_buf(64 << 10);
	struct note note;
	curb_buf_text(&text, "a\n\n\xe2\x80\x94 other ");
	for (int i = 0; i < 1000; i++)
		curb_buf_text(&text, "AAAA");
	curb_buf_text(&text, "\n");
	note_sign(&text, &log, curb_str("a\n"));
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	assert_int_equal(note.count, 2);
	assert_true(note_signed_by(&note, &log.key, NULL));
	curb_buf_text(&many, "a\n\n");
	for (int i = 0; i <= NOTE_SIGNATURES; i++)
		note_sign(&many, &log, curb_str("a\n"));
	assert_int_equal(note_read(curb_buf_view(&many), &note), CURB_EINVAL);
	curb_buf_free(&text);
	curb_buf_free(&many);
}

static void note__a_witness_signs_the_time_too(void **state)
{
	(void)state;
	struct note_signer witness = signer_of("witness.example", NOTE_COSIGNATURE),
			   log = signer_of("log", NOTE_ED25519);
	struct note_key plain = witness.key;
	struct curb_buf text = curb_buf(4096);
	struct note note;
	uint64_t time_s = 0;
	plain.type = NOTE_ED25519;
	curb_buf_text(&text, "a\n\n");
	note_sign(&text, &log, curb_str("a\n"));
	note_cosign(&text, &witness, curb_str("a\n"), 1763800000);
	assert_int_equal(note_read(curb_buf_view(&text), &note), 0);
	assert_true(note_signed_by(&note, &witness.key, &time_s));
	assert_true(time_s == 1763800000);
	assert_false(note_signed_by(&note, &plain, &time_s));
	assert_true(time_s == 0);
	for (size_t at = 0; at < 8; at++) {
		note.signatures[1].bytes[at] ^= 1;
		assert_false(note_signed_by(&note, &witness.key, NULL));
		note.signatures[1].bytes[at] ^= 1;
	}
	curb_buf_free(&text);
}

static void checkpoint__is_read_as_it_was_written(void **state)
{
	(void)state;
	struct checkpoint checkpoint = { .origin = curb_str("curbcut.example/账本"), .size = 1234567 }, back;
	struct curb_buf out = curb_buf(4096);
	memset(checkpoint.root.bytes, 0xab, sizeof checkpoint.root.bytes);
	checkpoint_write(&out, &checkpoint);
	assert_string_equal(out.data,
	                    "curbcut.example/账本\n1234567\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n");
	assert_int_equal(checkpoint_read(curb_buf_view(&out), &back), 0);
	assert_true(back.size == checkpoint.size && merkle_same(&back.root, &checkpoint.root));
	assert_true(curb_str_eq(back.origin, checkpoint.origin));
	curb_buf_free(&out);
}

static void checkpoint__is_in_one_form(void **state)
{
	(void)state;
#define ROOT "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="
	static const char *const wrong[] = {
		"",
		"a",
		"a\n",
		"a\n1",
		"a\n1\n",
		"\n1\n" ROOT "\n",
		"a\n01\n" ROOT "\n",
		"a\n-0\n" ROOT "\n",
		"a\n-1\n" ROOT "\n",
		"a\n+1\n" ROOT "\n",
		"a\n\n" ROOT "\n",
		"a\n1\n" ROOT,
		"a\n1\n" ROOT "\nmore\n",
		"a\n1\n" ROOT "\n\n",
		"a\n9223372036854775808\n" ROOT "\n",
		"a\n1\nq6s=\n",
		"a\n1\n" ROOT "q6s=\n",
		"a\n1 \n" ROOT "\n",
		"a\n1\n" ROOT " \n",
	};
	struct checkpoint checkpoint;
	assert_int_equal(checkpoint_read(curb_str(NULL), &checkpoint), CURB_EINVAL);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (checkpoint_read(curb_str(wrong[i]), &checkpoint) != CURB_EINVAL)
			fail_msg("%zu: %s", i, wrong[i]);
	assert_int_equal(checkpoint_read(curb_str("a\n0\n" ROOT "\n"), &checkpoint), 0);
	assert_int_equal(checkpoint_read(curb_str("a\n9223372036854775807\n" ROOT "\n"), &checkpoint), 0);
#undef ROOT
}

static int setup(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(note__signs_as_go_does),
		cmocka_unit_test(note__of_go_is_read_and_verified),
		cmocka_unit_test(note__with_any_byte_changed_is_refused),
		cmocka_unit_test(note__is_in_one_form),
		cmocka_unit_test(note__of_a_type_that_is_not_known_weighs_nothing),
		cmocka_unit_test(note__a_witness_signs_the_time_too),
		cmocka_unit_test(note__has_a_bound),
		cmocka_unit_test(note__one_signature_is_copied),
		cmocka_unit_test(note__a_longer_signature_is_not_cut),
		cmocka_unit_test(note__a_witness_signs_all_of_a_long_one),
		cmocka_unit_test(note__the_first_of_two_times_is_told),
		cmocka_unit_test(checkpoint__is_read_as_it_was_written),
		cmocka_unit_test(checkpoint__is_in_one_form),
	};
	return cmocka_run_group_tests_name("note", tests, setup, NULL);
}
