#include "sums.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "curb/log.h"
#include "inside.h"

enum { BODY = SUMS_PAGE - SUMS_BYTES, PAGE_SIZE_AT = 16, RESERVED_AT = 20, FREE_AT = 36 };
/* SQLite keeps its locks in the page of this byte and never writes it. */
enum { LOCKS_AT = 0x40000000, PATIENT = 100 };

/* ---- one page ---- */

/* Each step is a bijection of what came before, so a change within one word always gives another sum. `number` counts from 0:
 * a page that was written to another's place is wrong too. */
static uint64_t sum_of(const unsigned char *page, uint64_t number)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t sum = ~number;
	for (size_t i = 0; i < BODY; i += sizeof sum) {
		uint64_t word;
		memcpy(&word, page + i, sizeof word);
		sum = (sum ^ le64toh(word)) * odd;
		sum ^= sum >> 32;
	}
	return sum;
}

static void put_sum(unsigned char *page, uint64_t number)
{
	uint64_t sum = htole64(sum_of(page, number));
	memcpy(page + BODY, &sum, sizeof sum);
}

/* A page that was never written is a hole of zeros. */
static bool is_hole(const unsigned char *page)
{
	static const unsigned char hole[SUMS_PAGE];
	return memcmp(page, hole, SUMS_PAGE) == 0;
}

static bool is_right(const unsigned char *page, uint64_t number)
{
	uint64_t sum;
	memcpy(&sum, page + BODY, sizeof sum);
	return le64toh(sum) == sum_of(page, number) || is_hole(page);
}

static bool has_room(const unsigned char *first)
{
	return first[RESERVED_AT] == SUMS_BYTES && first[PAGE_SIZE_AT] == SUMS_PAGE >> 8 &&
	       first[PAGE_SIZE_AT + 1] == 0;
}

/* Whether the file of these first two pages has sums: its header may be what is damaged. */
static bool has_sums(const unsigned char *first, const unsigned char *second)
{
	return has_room(first) || is_right(first, 0) || is_right(second, 1);
}

/* ---- the layer ---- */

/* Behind the system's own struct of an open file. */
struct summed {
	const sqlite3_io_methods *under;
	sqlite3_io_methods methods;
	bool on;
};

static sqlite3_vfs layer;
static sqlite3_vfs *system_vfs;

static struct summed *summed_of(sqlite3_file *file)
{
	return (struct summed *)(void *)((char *)file + system_vfs->szOsFile);
}

static bool is_page(int n, sqlite3_int64 at)
{
	return n == SUMS_PAGE && at % SUMS_PAGE == 0;
}

static int read_page(sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
	struct summed *summed = summed_of(file);
	int rc = summed->under->xRead(file, bytes, n, at);
	if (rc != SQLITE_OK || !summed->on || !is_page(n, at) || is_right(bytes, (uint64_t)at / SUMS_PAGE))
		return rc;
	curb_log(CURB_ERROR, "database-damaged page=%lld", (long long)(at / SUMS_PAGE));
	return SQLITE_IOERR_DATA;
}

static int write_page(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
	struct summed *summed = summed_of(file);
	unsigned char page[SUMS_PAGE];
	if (!is_page(n, at))
		return summed->under->xWrite(file, bytes, n, at);
	memcpy(page, bytes, sizeof page);
	if (at == 0)
		summed->on = has_room(page);
	if (summed->on)
		put_sum(page, (uint64_t)at / SUMS_PAGE);
	return summed->under->xWrite(file, page, n, at);
}

/* A new file gets sums: nothing here makes one without. */
static bool look(sqlite3_file *file)
{
	unsigned char pages[2][SUMS_PAGE] = { { 0 } };
	sqlite3_int64 size = 0;
	const sqlite3_io_methods *under = file->pMethods;
	if (under->xFileSize(file, &size) != SQLITE_OK || size == 0)
		return true;
	(void)under->xRead(file, pages[0], SUMS_PAGE, 0); /* a short read leaves zeros */
	(void)under->xRead(file, pages[1], SUMS_PAGE, SUMS_PAGE);
	return size < 2 * SUMS_PAGE ? has_room(pages[0]) : has_sums(pages[0], pages[1]);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	(void)vfs;
	int rc = system_vfs->xOpen(system_vfs, name, file, flags, ret_flags);
	if (rc != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB))
		return rc;
	struct summed *summed = summed_of(file);
	summed->on = look(file);
	summed->under = file->pMethods;
	summed->methods = *file->pMethods;
	summed->methods.iVersion = 2; /* no pages by mmap: nobody would look at them */
	summed->methods.xRead = read_page;
	summed->methods.xWrite = write_page;
	file->pMethods = &summed->methods;
	return rc;
}

void sums_register(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	CURB_ASSERT(system_vfs && system_vfs->szOsFile % (int)_Alignof(struct summed) == 0);
	layer = *system_vfs;
	layer.zName = "curbcut";
	layer.pNext = NULL;
	layer.szOsFile += (int)sizeof(struct summed);
	layer.xOpen = open_file;
	CURB_ASSERT(sqlite3_vfs_register(&layer, 1) == SQLITE_OK);
}

int sums_begin(sqlite3 *db)
{
	int reserved = SUMS_BYTES;
	return sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
}

static struct summed *summed_in(sqlite3 *db)
{
	sqlite3_file *file = NULL;
	int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file);
	CURB_ASSERT(rc == SQLITE_OK && file->pMethods->xRead == read_page);
	return summed_of(file);
}

void sums_like(sqlite3 *db, sqlite3 *from)
{
	summed_in(db)->on = summed_in(from)->on;
}

/* ---- all of a file ---- */

static bool get(int fd, uint64_t number, unsigned char *page)
{
	return pread(fd, page, SUMS_PAGE, (off_t)(number * SUMS_PAGE)) == SUMS_PAGE;
}

/* Pages that nothing is in: what was never written can only be one of them. */
static uint64_t free_pages(int fd)
{
	unsigned char first[SUMS_PAGE];
	uint32_t n = 0;
	if (get(fd, 0, first))
		memcpy(&n, first + FREE_AT, sizeof n);
	return be32toh(n);
}

static bool is_right_now(int fd, uint64_t number, const struct store_pages *pages, bool *ret_hole)
{
	unsigned char page[SUMS_PAGE];
	if (!get(fd, number, page) || !is_right(page, number))
		return false;
	*ret_hole = is_hole(page);
	return !*ret_hole || pages->holes < free_pages(fd);
}

/* What is just being written is read again. */
static bool is_right_in_time(int fd, uint64_t number, struct store_pages *pages)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	bool hole = false;
	for (int tries = pages->wrong < PATIENT ? 3 : 1; !is_right_now(fd, number, pages, &hole);) {
		if (--tries == 0)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	pages->holes += hole;
	return true;
}

static bool file_has_sums(int fd, uint64_t pages)
{
	unsigned char first[SUMS_PAGE], second[SUMS_PAGE];
	return get(fd, 0, first) &&
	       (pages < 2 ? has_room(first) : get(fd, 1, second) && has_sums(first, second));
}

int store_scan(const char *path, void (*found)(void *arg, uint64_t page), void *arg,
               struct store_pages *ret_pages)
{
	struct store_pages pages = { .all = 0 };
	struct stat info;
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return curb_fail(CURB_ENOTFOUND, "there is no database %s", path);
	if (fd < 0 || fstat(fd, &info) != 0)
		return curb_fail(CURB_EINTERNAL, "%s cannot be read: error %d", path, errno);
	pages.all = ((uint64_t)info.st_size + SUMS_PAGE - 1) / SUMS_PAGE;
	pages.without = pages.all > 0 && !file_has_sums(fd, pages.all);
	for (uint64_t n = 0; !pages.without && n < pages.all; n++)
		if (n != LOCKS_AT / SUMS_PAGE && !is_right_in_time(fd, n, &pages)) {
			pages.wrong++;
			found(arg, n);
		}
	*ret_pages = pages;
	return 0;
}
