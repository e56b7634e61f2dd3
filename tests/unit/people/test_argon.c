/* Hashes that libsodium makes are read, in memory that is given back. */
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "argon.h"
#include "cm.h"

static void make(char hash[crypto_pwhash_STRBYTES], size_t memory)
{
	assert_int_equal(
		crypto_pwhash_str_alg(hash, "correct horse", 13, 1, memory, crypto_pwhash_ALG_ARGON2ID13), 0);
}

static void argon__reads_what_libsodium_writes(void **state)
{
	(void)state;
	static const char *const none[] = { "",
		                            "x",
		                            "$argon2id$v=19$m=8192,t=2,p=1$c2FsdA",
		                            "$argon2id$v=19$m=8192,t=2,p=1$c2FsdA$!",
		                            "$argon2id$v=19$m=8192,t=2,p=1",
		                            "$argon2id$v=19$m=,t=2,p=1$c2FsdHNhbHQ$c2FsdA",
		                            "$argon2id$v=19$t=2,m=8192,p=1$c2FsdHNhbHQ$c2FsdA",
		                            "$argon2id$v=19$m=99999999999,t=2,p=1$c2FsdHNhbHQ$c2FsdA",
		                            "$argon2i$v=19$m=8192,t=3,p=1$c2FsdA$c2FsdA" };
	static const size_t sizes[] = { 1 << 20, 4 << 20,
		                        2 << 20 }; /* the memory grows, and is more than is needed */
	char hash[crypto_pwhash_STRBYTES];
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		make(hash, sizes[i]);
		assert_true(argon_matches(hash, curb_str("correct horse")));
		assert_false(argon_matches(hash, curb_str("correct horses")));
		assert_false(argon_matches(hash, curb_str("")));
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(argon_matches(none[i], curb_str("correct horse")));
	argon_give_back();
}

static long resident_mb(void)
{
	long all = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld %ld", &all, &resident), 2);
	(void)fclose(file);
	return resident * (sysconf(_SC_PAGESIZE) / 1024) / 1024;
}

static void argon__keeps_its_memory_until_it_is_given_back(void **state)
{
	(void)state;
	enum { SIZE_MB = 46, SLACK_MB = 8 };
	char hash[crypto_pwhash_STRBYTES];
	make(hash, (size_t)SIZE_MB << 20);
	assert_false(argon_keeps());
	long before_mb = resident_mb();
	assert_true(argon_matches(hash, curb_str("correct horse")));
	assert_true(argon_keeps());
	assert_true(resident_mb() >= before_mb + SIZE_MB - SLACK_MB);
	argon_give_back();
	assert_false(argon_keeps());
	assert_true(resident_mb() <= before_mb + SLACK_MB);
	assert_true(argon_matches(hash, curb_str("correct horse"))); /* and takes it again */
	argon_give_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(argon__reads_what_libsodium_writes),
		cmocka_unit_test(argon__keeps_its_memory_until_it_is_given_back),
	};
	return cmocka_run_group_tests_name("argon", tests, NULL, NULL);
}
