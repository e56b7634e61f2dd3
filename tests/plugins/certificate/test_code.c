/* Codes of certificates: every slip of one or two characters is found, and what people type is taken. */
#include "code.h"

#include "cm.h"

enum { ROUNDS = 200 };

static const char letters[] = "23456789ACDEFHJKMNPRTWX";

static enum code_read read_text(const char *text)
{
	char code[CODE_LENGTH + 1];
	return code_read(curb_str(text), code);
}

static void code__is_read_as_it_is_shown(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		char code[CODE_LENGTH + 1], shown[CODE_SHOWN + 1], again[CODE_LENGTH + 1];
		code_make(code);
		assert_int_equal(strspn(code, letters), CODE_LENGTH);
		code_show(curb_str(code), shown);
		assert_int_equal(strlen(shown), CODE_SHOWN);
		assert_true(shown[4] == '-' && shown[9] == '-' && shown[14] == '-');
		assert_int_equal(code_read(curb_str(shown), again), CODE_FINE);
		assert_string_equal(again, code);
	}
}

static void code__two_are_never_the_same(void **state)
{
	(void)state;
	char codes[ROUNDS][CODE_LENGTH + 1];
	for (int i = 0; i < ROUNDS; i++) {
		code_make(codes[i]);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(codes[i], codes[k]);
	}
}

static void code__each_single_slip_is_found(void **state)
{
	(void)state;
	char code[CODE_LENGTH + 1];
	code_make(code);
	for (int i = 0; i < CODE_LENGTH; i++)
		for (const char *c = letters; *c; c++) {
			char was = code[i];
			code[i] = *c;
			assert_int_equal(read_text(code), *c == was ? CODE_FINE : CODE_SLIP);
			code[i] = was;
		}
}

/* Two places, every pair of other characters: the swap of two is among them. */
static void code__two_slips_are_found(void **state)
{
	(void)state;
	char code[CODE_LENGTH + 1];
	code_make(code);
	for (int i = 0; i < CODE_LENGTH; i++)
		for (int k = i + 1; k < CODE_LENGTH; k++)
			for (size_t n = 0; n < 22 * 22; n++) {
				char a = code[i], b = code[k];
				code[i] = letters[((size_t)(strchr(letters, a) - letters) + 1 + n % 22) % 23];
				code[k] = letters[((size_t)(strchr(letters, b) - letters) + 1 + n / 22) % 23];
				assert_int_equal(read_text(code), CODE_SLIP);
				code[i] = a;
				code[k] = b;
			}
}

static void code__what_people_type_is_taken(void **state)
{
	(void)state;
	char code[CODE_LENGTH + 1];
	const char *same[] = { "2222222222222222",
		               " 2222-2222 2222\xE3\x80\x80"
		               "2222 ",
		               "2222\xE2\x80\x93"
		               "2222\xE2\x80\x93"
		               "2222\xE2\x80\x93"
		               "2222",
		               "\xEF\xBC\x92"
		               "222.2222.2222.2222" };
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		assert_int_equal(code_read(curb_str(same[i]), code), CODE_FINE);
		assert_string_equal(code, "2222222222222222");
	}
	code_make(code);
	for (int i = 0; i < CODE_LENGTH; i++)
		code[i] = code[i] >= 'A' ? (char)(code[i] + 'a' - 'A') : code[i];
	assert_int_equal(read_text(code), CODE_FINE);
}

static void code__what_is_none_is_told_apart(void **state)
{
	(void)state;
	const char *const wrong_length[] = { "", "-", "2222", "222222222222222", "22222222222222222" };
	const char *const strange[] = { "2222222222222220", "222222222222222O", "2222222222222221",
		                        "222222222222222\xE4\xB8\x80", "222222222222222I" };
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(read_text(wrong_length[i]), CODE_LENGTH_WRONG);
		assert_int_equal(read_text(strange[i]), CODE_STRANGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code__is_read_as_it_is_shown),
		cmocka_unit_test(code__two_are_never_the_same),
		cmocka_unit_test(code__each_single_slip_is_found),
		cmocka_unit_test(code__two_slips_are_found),
		cmocka_unit_test(code__what_people_type_is_taken),
		cmocka_unit_test(code__what_is_none_is_told_apart),
	};
	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
