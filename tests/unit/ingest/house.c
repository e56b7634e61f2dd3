#include "house.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"

static sem_t ended;

static void note_end(void *arg, const char *plugin, const char *what)
{
	(void)arg;
	(void)plugin;
	if (!what)
		(void)sem_post(&ended);
}

void wait_end(void)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	while (sem_timedwait(&ended, &until))
		assert_int_equal(errno, EINTR);
}

static int version_made(void *self, struct curb_tx *tx, const struct content_version *version, bool publish)
{
	struct house *house = self;
	(void)tx;
	(void)version;
	(void)publish;
	house->made++;
	if (house->while_made)
		house->while_made();
	return 0;
}

void open_house(struct house *house)
{
	static const char *const none[] = { NULL };
	(void)sem_init(&ended, 0, 0);
	char db[512], blobs[512], uploads[512];
	temp_path(&house->folder, "db", db);
	temp_path(&house->folder, "blobs", blobs);
	temp_path(&house->folder, "uploads", uploads);
	struct store_options store = { .path = db, .fresh_ok = true };
	assert_int_equal(store_open(&store, &house->store), 0);
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "work", work_migrations), 0);
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "ingest", ingest_migrations), 0);
	assert_int_equal(blobs_open(blobs, &house->blobs), 0);
	struct plugins_options plugins = { .folder = "/nowhere", .names = none, .store = house->store };
	assert_int_equal(plugins_load(&plugins, &house->plugins), 0);
	struct ingest_options ingest = {
		.store = house->store, .blobs = house->blobs, .upload_folder = uploads, .worker = CURB_LIAR
	};
	assert_int_equal(ingest_open(&ingest, &house->ingest), 0);
	house->watcher = (struct content_watcher){ .self = house, .version_made = version_made };
	const struct content_api *content = (const struct content_api *)(const void *)ingest_service(
		house->ingest);
	assert_int_equal(content->watch(content, &house->watcher), 0);
}

void start_work(struct house *house, int threads)
{
	struct work_options options = { .store = house->store,
		                        .plugins = house->plugins,
		                        .threads = threads,
		                        .core = { { ingest_jobs, house->ingest } },
		                        .at_work = note_end };
	assert_int_equal(work_start(&options, &house->work), 0);
}

void close_house(struct house *house)
{
	if (house->work)
		work_stop(house->work);
	work_free(house->work);
	house->work = NULL;
	ingest_close(house->ingest);
	plugins_free(house->plugins);
	blobs_close(house->blobs);
	store_close(house->store);
}

int64_t count(struct house *house, const char *sql)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct store_reader *reader = NULL;
	assert_int_equal(store_reader_open(house->store, &reader), 0);
	struct curb_stmt *stmt = NULL;
	struct curb_tx *tx = store_begin(reader, arena);
	assert_int_equal(curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt), 0);
	assert_int_equal(curb_step(stmt), 1);
	int64_t n = curb_col_int(stmt, 0);
	curb_reset(stmt);
	store_end(reader);
	store_reader_close(reader);
	return n;
}

int import_honest(struct house *house)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(32 << 20);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	CURB_AUTO(fd) int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct ingest_local local = { .fd = fd, .name = "honest" };
	bool refused = false;
	return ingest_local_file(house->ingest, arena, &local, &out, &refused);
}
