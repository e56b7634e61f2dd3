/* Temporary folders for tests, under $TMPDIR or /tmp.
 * The rule: each test makes its own and removes it; nothing is shared between tests. */
#ifndef CURB_TESTS_TEMP_H
#define CURB_TESTS_TEMP_H

#include <stddef.h>

struct temp_folder {
	char path[256];
};

/* A new empty folder, 0700. Fails the test when it cannot be made. */
struct temp_folder temp_folder(void);

/* Removes it with all that is in it; follows no links. */
void temp_remove(const struct temp_folder *folder);

/* The path of `name` in the folder. `ret_path` has room for 512. */
void temp_path(const struct temp_folder *folder, const char *name, char *ret_path);

/* Writes a file of these bytes. */
void temp_write(const struct temp_folder *folder, const char *name, const void *bytes, size_t size);

/* Reads a whole file, NUL-ended behind it. Yours: free(). NULL when there is none. */
char *temp_read(const struct temp_folder *folder, const char *name, size_t *ret_size);

/* Number of files and folders in it, at any depth. */
size_t temp_count(const struct temp_folder *folder);

#endif
