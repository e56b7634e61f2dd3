#include <stdlib.h>
#include <sys/stat.h>

#include "cm.h"
#include "curb/err.h"
#include "keys.h"
#include "temp.h"

static void keys__made_once_and_read_again(void **state)
{
	(void)state;
	struct temp_folder folder = temp_folder();
	struct master_key first, again;
	assert_int_equal(keys_read(folder.path, true, &first), 0);
	assert_int_equal(first.id, 1);
	assert_int_equal(keys_read(folder.path, false, &again), 0);
	assert_memory_equal(first.bytes, again.bytes, KEYS_BYTES);
	char path[512];
	struct stat info;
	temp_path(&folder, "keys", path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	temp_path(&folder, "keys/master", path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	keys_wipe(&first);
	for (int i = 0; i < KEYS_BYTES; i++)
		assert_int_equal(first.bytes[i], 0);
	temp_remove(&folder);
}

static void keys__lost_is_not_replaced(void **state)
{
	(void)state;
	struct temp_folder folder = temp_folder();
	struct master_key key;
	assert_int_equal(keys_read(folder.path, false, &key), CURB_ENOTFOUND);
	assert_non_null(strstr(curb_error_text(), "put it back"));
	assert_int_equal(temp_count(&folder), 0);
	temp_remove(&folder);
}

static void keys__seen_by_others_is_refused(void **state)
{
	(void)state;
	struct temp_folder folder = temp_folder();
	struct master_key key;
	char path[512];
	assert_int_equal(keys_read(folder.path, true, &key), 0);
	temp_path(&folder, "keys/master", path);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(keys_read(folder.path, true, &key), CURB_EDENIED);
	assert_int_equal(chmod(path, 0600), 0);
	temp_path(&folder, "keys", path);
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(keys_read(folder.path, true, &key), CURB_EDENIED);
	temp_remove(&folder);
}

static void keys__damaged_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"", "1", "1 abc\n", "0 0101010101010101010101010101010101010101010101010101010101010101",
		"x 0101010101010101010101010101010101010101010101010101010101010101"
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct temp_folder folder = temp_folder();
		struct master_key key;
		char path[512];
		temp_path(&folder, "keys", path);
		assert_int_equal(mkdir(path, 0700), 0);
		temp_write(&folder, "keys/master", wrong[i], strlen(wrong[i]));
		temp_path(&folder, "keys/master", path);
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(keys_read(folder.path, true, &key), CURB_EINVAL);
		temp_remove(&folder);
	}
}

static void keys__systemd_credential_comes_first(void **state)
{
	(void)state;
	static const char line[] = "7 0101010101010101010101010101010101010101010101010101010101010101\n";
	struct temp_folder folder = temp_folder();
	struct master_key key;
	temp_write(&folder, "curbcut-master", line, sizeof line - 1);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder.path, 1), 0);
	int err = keys_read(folder.path, true, &key);
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(err, 0);
	assert_int_equal(key.id, 7);
	assert_int_equal(key.bytes[31], 1);
	assert_int_equal(temp_count(&folder), 1);
	temp_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys__made_once_and_read_again),
		cmocka_unit_test(keys__lost_is_not_replaced),
		cmocka_unit_test(keys__seen_by_others_is_refused),
		cmocka_unit_test(keys__damaged_is_refused),
		cmocka_unit_test(keys__systemd_credential_comes_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
