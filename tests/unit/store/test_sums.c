/* Checksums of pages: whatever a disk changes in the file by itself is found. */
#include <endian.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "helper.h"
#include "sums.h"

#define ADD "INSERT INTO shop_thing (id, name) VALUES ($1, $1)"

static void add_rows(struct fixture *f, int n)
{
	for (int i = 0; i < n; i++) {
		char id[300];
		(void)snprintf(id, sizeof id, "%d-%0250d", i, i);
		assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring(id))), 0);
	}
}

static void turn(int fd, off_t bit)
{
	unsigned char byte;
	assert_int_equal(pread(fd, &byte, 1, bit / 8), 1);
	byte ^= (unsigned char)(1 << bit % 8);
	assert_int_equal(pwrite(fd, &byte, 1, bit / 8), 1);
}

static off_t size_of(const char *path)
{
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	return info.st_size;
}

struct found {
	uint64_t n, last;
};

static void note_page(void *arg, uint64_t page)
{
	struct found *found = arg;
	found->n++;
	found->last = page;
}

static void scan(const char *path, struct found *found, struct store_pages *pages)
{
	*found = (struct found){ 0 };
	assert_int_equal(store_scan(path, note_page, found, pages), 0);
}

static void sums__every_bit_of_a_page_is_guarded(void **state)
{
	struct fixture *f = *state;
	struct found found;
	struct store_pages pages;
	char copy[512];
	add_rows(f, 40);
	temp_path(&f->folder, "copy.db", copy);
	assert_int_equal(store_copy(f->store, copy), 0);
	scan(copy, &found, &pages);
	assert_true(pages.all > 5 && pages.wrong == 0 && !pages.without);
	assert_int_equal((int64_t)pages.all * SUMS_PAGE, size_of(copy));
	CURB_AUTO(fd) int fd = open(copy, O_RDWR | O_CLOEXEC);
	const int64_t bits = (int64_t)pages.all * SUMS_PAGE * 8;
	/* all of the header, and a prime's steps through the rest, sums included */
	for (int64_t bit = 0; bit < bits; bit += bit < 101 * 8 ? 31 : 10007) {
		turn(fd, bit);
		scan(copy, &found, &pages);
		assert_int_equal(pages.wrong, 1);
		assert_int_equal(found.last, bit / 8 / SUMS_PAGE);
		assert_false(pages.without);
		turn(fd, bit);
	}
	scan(copy, &found, &pages);
	assert_int_equal(found.n, 0);
}

static void sums__a_page_at_anothers_place_is_wrong(void **state)
{
	struct fixture *f = *state;
	struct found found;
	struct store_pages pages;
	char copy[512], a[SUMS_PAGE], b[SUMS_PAGE];
	add_rows(f, 40);
	temp_path(&f->folder, "copy.db", copy);
	assert_int_equal(store_copy(f->store, copy), 0);
	CURB_AUTO(fd) int fd = open(copy, O_RDWR | O_CLOEXEC);
	assert_int_equal(pread(fd, a, SUMS_PAGE, (off_t)3 * SUMS_PAGE), SUMS_PAGE);
	assert_int_equal(pread(fd, b, SUMS_PAGE, (off_t)4 * SUMS_PAGE), SUMS_PAGE);
	assert_int_equal(pwrite(fd, b, SUMS_PAGE, (off_t)3 * SUMS_PAGE), SUMS_PAGE);
	assert_int_equal(pwrite(fd, a, SUMS_PAGE, (off_t)4 * SUMS_PAGE), SUMS_PAGE);
	scan(copy, &found, &pages);
	assert_int_equal(found.n, 2);
	assert_int_equal(ftruncate(fd, size_of(copy) - 1), 0);
	scan(copy, &found, &pages);
	assert_int_equal(found.n, 3); /* the last one is cut off */
	assert_int_equal(store_scan("/nowhere/at.all", note_page, &found, &pages), CURB_ENOTFOUND);
}

/* A text that no index has: SQLite's own checks cannot tell that it was another one. */
static void sums__what_sqlite_cannot_find_is_no_answer(void **state)
{
	struct fixture *f = *state;
	static const char secret[] = "zhi xiang de yi ge ming zi";
	char bytes[SUMS_PAGE];
	assert_int_equal(write_sql(f, &other, "INSERT INTO other_secret (id, word) VALUES ('1', $1)",
	                           CURB_BINDS(curb_cstring(secret))),
	                 0);
	fixture_reopen(f);
	CURB_AUTO(fd) int fd = open(f->path, O_RDWR | O_CLOEXEC);
	off_t page = 0, end = size_of(f->path);
	char *at = NULL;
	for (; page < end && !at; page += SUMS_PAGE) {
		assert_int_equal(pread(fd, bytes, SUMS_PAGE, page), SUMS_PAGE);
		at = memmem(bytes, SUMS_PAGE, secret, sizeof secret - 1);
	}
	assert_non_null(at);
	turn(fd, (page - SUMS_PAGE + (at - bytes)) * 8 + 1);
	assert_int_equal(read_int(f, &other, "SELECT length(word) FROM other_secret", CURB_NO_BINDS),
	                 -1000 - CURB_EINTERNAL);
	assert_int_equal(store_check(f->store), CURB_EINTERNAL);
	turn(fd, (page - SUMS_PAGE + (at - bytes)) * 8 + 1);
}

/* A file of the time before the sums is read and written as it was, and told to be one. */
static void sums__an_old_file_goes_on_without(void **state)
{
	struct fixture *f = *state;
	struct curb_store *store = NULL;
	struct found found;
	struct store_pages pages;
	char path[512];
	sqlite3 *db = NULL;
	int none = 0;
	temp_path(&f->folder, "old.db", path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &none), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 1131770466; CREATE TABLE old (a)", NULL,
	                              NULL, NULL),
	                 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	struct store_options options = { .path = path };
	for (int i = 0; i < 2; i++) {
		assert_int_equal(store_open(&options, &store), 0);
		assert_int_equal(store_check(store), 0);
		store_close(store);
		scan(path, &found, &pages);
		assert_true(pages.without && pages.wrong == 0 && pages.all > 1);
	}
}

static void count_text(void *arg, const char *text)
{
	if (strstr(text, "refers to a row that is not there") || strstr(text, "missing from index"))
		(*(int *)arg)++;
}

static void examine__tells_every_finding(void **state)
{
	struct fixture *f = *state;
	int n = 0;
	const struct store_look counting = { .found = count_text, .arg = &n };
	sqlite3 *db = NULL;
	add_rows(f, 3);
	assert_int_equal(store_examine(f->store, &counting), 0);
	assert_int_equal(n, 0);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
	                              "INSERT INTO shop_part (id, thing) VALUES ('a', 'none'), ('b', 'none')",
	                              NULL, NULL, NULL),
	                 SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(store_examine(f->store, &counting), CURB_EUNFIT);
	assert_int_equal(n, 2);
	assert_int_equal(store_examine(f->store, &(struct store_look){ .arg = NULL }), CURB_EUNFIT);
}

static bool is_enough(void *arg)
{
	(*(int *)arg)++;
	return true;
}

static void examine__ends_when_it_is_cancelled(void **state)
{
	struct fixture *f = *state;
	int asked = 0;
	add_rows(f, 2000);
	const struct store_look look = { .cancelled = is_enough, .arg = &asked };
	assert_int_equal(store_examine(f->store, &look), CURB_EBUSY);
	assert_true(asked > 1); /* within SQLite's work, and behind it */
}

/* More than SQLite keeps in memory of a file: some pages are written before the first one. */
static void sums__an_old_file_is_copied_as_it_is(void **state)
{
	struct fixture *f = *state;
	struct curb_store *store = NULL;
	struct found found;
	struct store_pages pages;
	char path[512], copy[512];
	sqlite3 *db = NULL;
	int none = 0;
	temp_path(&f->folder, "old.db", path);
	temp_path(&f->folder, "copy.db", copy);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &none), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db,
	                     "PRAGMA application_id = 1131770466; CREATE TABLE old (a); WITH RECURSIVE "
	                     "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) INSERT INTO "
	                     "old SELECT zeroblob(900) || printf('%0100d', i) FROM n",
	                     NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	const struct store_options options = { .path = path }, of_copy = { .path = copy };
	assert_int_equal(store_open(&options, &store), 0);
	assert_int_equal(store_copy(store, copy), 0);
	store_close(store);
	scan(copy, &found, &pages);
	assert_true(pages.without && pages.all > 1200);
	assert_int_equal(store_open(&of_copy, &store), 0);
	assert_int_equal(store_check(store), 0);
	assert_int_equal(store_examine(store, &(struct store_look){ .arg = NULL }), 0);
	store_close(store);
}

/* A write that a disk has lost leaves zeros: those are sound only where nothing is. */
static void sums__a_page_of_zeros_is_wrong_unless_it_is_free(void **state)
{
	static const unsigned char zeros[SUMS_PAGE];
	struct fixture *f = *state;
	struct found found;
	struct store_pages pages;
	char copy[512];
	add_rows(f, 200);
	temp_path(&f->folder, "copy.db", copy);
	assert_int_equal(store_copy(f->store, copy), 0);
	CURB_AUTO(fd) int fd = open(copy, O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(fd, zeros, SUMS_PAGE, (off_t)5 * SUMS_PAGE), SUMS_PAGE);
	scan(copy, &found, &pages);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.last, 5);
	assert_int_equal(write_sql(f, &shop, "DELETE FROM shop_thing", CURB_NO_BINDS), 0);
	assert_int_equal(store_copy(f->store, copy), 0);
	CURB_AUTO(fd) int fresh = open(copy, O_RDWR | O_CLOEXEC);
	unsigned char first[SUMS_PAGE];
	uint32_t trunk;
	assert_int_equal(pread(fresh, first, SUMS_PAGE, 0), SUMS_PAGE);
	memcpy(&trunk, first + 32, sizeof trunk); /* of the list of what is free; counted from 1 */
	trunk = be32toh(trunk);
	assert_true(trunk > 1);
	scan(copy, &found, &pages);
	assert_int_equal(found.n, 0);
	assert_int_equal(pwrite(fresh, zeros, SUMS_PAGE, (off_t)(trunk - 1) * SUMS_PAGE), SUMS_PAGE);
	scan(copy, &found, &pages);
	assert_int_equal(found.n, 0);
	assert_int_equal(pages.holes, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sums__every_bit_of_a_page_is_guarded),
		TEST(sums__a_page_at_anothers_place_is_wrong),
		TEST(sums__what_sqlite_cannot_find_is_no_answer),
		TEST(sums__an_old_file_goes_on_without),
		TEST(sums__an_old_file_is_copied_as_it_is),
		TEST(sums__a_page_of_zeros_is_wrong_unless_it_is_free),
		TEST(examine__tells_every_finding),
		TEST(examine__ends_when_it_is_cancelled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
