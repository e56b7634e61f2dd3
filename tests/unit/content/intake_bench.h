/* The real worker, launched as the server launches it, into a store of its own. */
#ifndef CURB_TESTS_INTAKE_BENCH_H
#define CURB_TESTS_INTAKE_BENCH_H

#include "cm.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blobs.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "intake.h"
#include "zipmaker.h"

struct bench {
	char root[64];
	struct blobs *blobs;
	struct curb_arena *arena;
	int progress, made_permille; /* the last that was told, of all and while a form was made */
	const char *program;         /* that makes forms; NULL: none */
};

static inline int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);
	(void)snprintf(bench->root, sizeof bench->root, "/tmp/curb-intake-XXXXXX");
	assert_non_null(mkdtemp(bench->root));
	assert_int_equal(blobs_open(bench->root, &bench->blobs), 0);
	bench->arena = curb_arena_new(64 << 20);
	*state = bench;
	return 0;
}

static inline int each_file(const char *folder, void (*fn)(const char *path, int *count), int *count)
{
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		char path[512];
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_type == DT_DIR)
			each_file(path, fn, count);
		fn(path, count);
	}
	(void)closedir(dir);
	return *count;
}

static inline void count_file(const char *path, int *count)
{
	struct stat about;
	*count += stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static inline void remove_path(const char *path, int *count)
{
	(void)count;
	(void)remove(path);
}

static inline int files_in(const struct bench *bench)
{
	int count = 0;
	return each_file(bench->root, count_file, &count);
}

static inline int tear_down(void **state)
{
	struct bench *bench = *state;
	int count = 0;
	blobs_close(bench->blobs);
	curb_arena_free(bench->arena);
	each_file(bench->root, remove_path, &count);
	(void)rmdir(bench->root);
	free(bench);
	return 0;
}

static inline void note_progress(void *arg, int permille, bool making)
{
	struct bench *bench = arg;
	bench->made_permille = making ? permille : bench->made_permille;
	assert_true(permille > bench->progress);
	bench->progress = permille;
}

static inline struct intake_package take_by(struct bench *bench, const char *worker, int fd, const char *name)
{
	struct intake_package package = { 0 };
	struct intake_job job = { .worker = worker,
		                  .program = bench->program,
		                  .blobs = bench->blobs,
		                  .upload = fd,
		                  .name = name,
		                  .wall_ms = 120000,
		                  .max_bytes = 64 << 20,
		                  .errors_fd = STDERR_FILENO,
		                  .progress = note_progress,
		                  .arg = bench };
	bench->progress = -1;
	int err = intake_run(bench->arena, &job, &package);
	if (err)
		print_message("%s\n", curb_error_text());
	assert_int_equal(err, 0);
	return package;
}

/* A spreadsheet. */
static inline struct intake_package take_table(struct bench *bench, const char *worker, int fd,
                                               const char *name)
{
	struct intake_package package = { 0 };
	const struct intake_job job = { .worker = worker,
		                        .blobs = bench->blobs,
		                        .upload = fd,
		                        .name = name,
		                        .table = true,
		                        .wall_ms = 60000,
		                        .errors_fd = STDERR_FILENO };
	assert_int_equal(intake_run(bench->arena, &job, &package), 0);
	return package;
}

static inline struct intake_package take(struct bench *bench, int fd, const char *name)
{
	return take_by(bench, CURB_WORKER, fd, name);
}

static inline const struct intake_finding *find(const struct intake_package *package, const char *code)
{
	for (size_t i = 0; i < package->count; i++)
		if (strcmp(package->findings[i].row->code, code) == 0)
			return &package->findings[i];
	return NULL;
}

static inline void show(const struct intake_package *package)
{
	for (size_t i = 0; i < package->count; i++) {
		const struct intake_finding *f = &package->findings[i];
		print_message("%s | %.*s | %.*s | %.*s\n", f->row->code, (int)f->where.len,
		              f->where.ptr ? f->where.ptr : "", (int)f->a.len, f->a.ptr ? f->a.ptr : "",
		              (int)f->b.len, f->b.ptr ? f->b.ptr : "");
	}
}

/* A second of silence as MP3: MPEG-1 layer III, 64 kbit/s, 44100 Hz, mono; every frame is 208 bytes of header and nothing. */
static inline void add_silence(struct curb_buf *out, int frames)
{
	enum { FRAME = 208, HEAD = 4 };
	static const unsigned char head[HEAD] = { 0xFF, 0xFB, 0x50, 0xC4 };
	for (int i = 0; i < frames; i++) {
		curb_buf_add(out, head, HEAD);
		void *rest = curb_buf_room(out, FRAME - HEAD);
		memset(rest, 0, FRAME - HEAD);
	}
}

#endif
