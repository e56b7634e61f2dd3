/* Names and keys of notes, and everything that is none refused. */
#include <sodium.h>
#include <stdio.h>

#include "base64.h"
#include "cm.h"
#include "curb/err.h"
#include "note.h"

static void note__keys_are_in_one_form(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"a",
		"a+b",
		"PeterNeumann+c74f20a3",
		"PeterNeumann+c74f20a3+ARpc",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	};
	static const char *const names[] = { "",
		                             "a b",
		                             "a+b",
		                             "a\nb",
		                             "a\xc2\xa0"
		                             "b",
		                             "a\xe3\x80\x80"
		                             "b",
		                             "\xff" };
	struct note_key key;
	struct note_signer signer;
	const unsigned char seed[32] = { 1 };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (note_key_read(curb_str(wrong[i]), &key) != CURB_EINVAL)
			fail_msg("%s", wrong[i]);
	assert_int_equal(note_key_read(curb_str(NULL), &key), CURB_EINVAL);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (note_signer_of(names[i], NOTE_ED25519, seed, &signer) != CURB_EINVAL)
			fail_msg("%s", names[i]);
}

/* The blanks of Unicode, and what stands beside them. */
static const char *const blanks[] = { "\x01",
	                              " ",
	                              "\x7f",
	                              "\xc2\x85",
	                              "\xc2\xa0",
	                              "\xe1\x9a\x80",
	                              "\xe2\x80\x80",
	                              "\xe2\x80\x85",
	                              "\xe2\x80\x8a",
	                              "\xe2\x80\xa8",
	                              "\xe2\x80\xa9",
	                              "\xe2\x80\xaf",
	                              "\xe2\x81\x9f",
	                              "\xe3\x80\x80",
	                              "+" };
static const char *const others[] = { "!",
	                              "~",
	                              "\xc2\x80",
	                              "\xc2\x84",
	                              "\xc2\x86",
	                              "\xc2\x9f",
	                              "\xc2\xa1",
	                              "\xe1\x99\xbf",
	                              "\xe1\x9a\x81",
	                              "\xe1\xbf\xbf",
	                              "\xe2\x80\x8b",
	                              "\xe2\x80\xa7",
	                              "\xe2\x80\xaa",
	                              "\xe2\x80\xae",
	                              "\xe2\x80\xb0",
	                              "\xe2\x81\x9e",
	                              "\xe2\x81\xa0",
	                              "\xe2\xbf\xbf",
	                              "\xe3\x80\x81",
	                              "*",
	                              "," };

static void note__names_have_no_blanks(void **state)
{
	(void)state;
	const unsigned char seed[32] = { 1 };
	struct note_signer signer;
	char name[NOTE_NAME + 1];
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
		for (int front = 0; front < 2; front++) {
			(void)snprintf(name, sizeof name, "%s%s", front ? blanks[i] : "a",
			               front ? "a" : blanks[i]);
			if (note_signer_of(name, NOTE_ED25519, seed, &signer) != CURB_EINVAL)
				fail_msg("%zu", i);
		}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (note_signer_of(others[i], NOTE_ED25519, seed, &signer) != 0)
			fail_msg("%zu", i);
	memset(name, 'a', NOTE_NAME);
	name[NOTE_NAME] = '\0';
	assert_int_equal(note_signer_of(name, NOTE_ED25519, seed, &signer), CURB_EINVAL);
	char most[64];
	(void)snprintf(most, sizeof most, "1 to %d bytes", NOTE_NAME - 1);
	assert_non_null(strstr(curb_error_text(), most));
	memset(name, 'a', NOTE_NAME - 1);
	name[NOTE_NAME - 1] = '\0';
	assert_int_equal(note_signer_of(name, NOTE_ED25519, seed, &signer), 0);
}

/* A type between the two that are known, in a text whose number is right but for that. */
static void note__keys_are_of_two_types(void **state)
{
	(void)state;
	const unsigned char seed[32] = { 15 };
	struct note_signer witness;
	struct curb_buf text = curb_buf(4096);
	struct note_key back;
	assert_int_equal(note_signer_of("witness.example", NOTE_COSIGNATURE, seed, &witness), 0);
	note_key_write(&text, &witness.key);
	assert_int_equal(note_key_read(curb_buf_view(&text), &back), 0);
	assert_int_equal(back.type, NOTE_COSIGNATURE);
	assert_true(back.id == witness.key.id);
	assert_memory_equal(back.public_key, witness.key.public_key, sizeof back.public_key);
	for (unsigned type = 0; type < 8; type++) {
		unsigned char bytes[33] = { (unsigned char)type };
		memcpy(bytes + 1, witness.key.public_key, 32);
		curb_buf_clear(&text);
		curb_buf_printf(&text, "%s+%08x+", witness.key.name, (unsigned)witness.key.id);
		base64_write(&text, bytes, sizeof bytes);
		assert_int_equal(note_key_read(curb_buf_view(&text), &back),
		                 type == NOTE_COSIGNATURE ? 0 : CURB_EINVAL);
	}
	curb_buf_free(&text);
}

static int setup(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(note__keys_are_in_one_form),
		cmocka_unit_test(note__names_have_no_blanks),
		cmocka_unit_test(note__keys_are_of_two_types),
	};
	return cmocka_run_group_tests_name("note_keys", tests, setup, NULL);
}
