/* What the server would get: runs an ingest and takes its frames apart, with no code of the product's other end. */
#ifndef CURB_TESTS_MEDIA_GOT_H
#define CURB_TESTS_MEDIA_GOT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "media.h"

enum { GOT_FILES = 64, GOT_FINDINGS = 64 };

struct got_file {
	char path[256], type[64];
	struct curb_buf bytes;
	bool closed;
};

struct got {
	struct curb_arena *arena;
	struct curb_value *unit;
	struct got_file files[GOT_FILES];
	int file_count;
	char findings[GOT_FINDINGS][32];
	int finding_count;
	bool ok;
};

typedef bool (*got_ingest_fn)(struct wire *wire, const struct media_source *source, struct curb_value *unit);

/* Ingests bytes [offset, offset+size) of the file (size 0: to its end) into a new unit. Yours: got_free. */
struct got got_slice(const char *path, uint64_t offset, uint64_t size, got_ingest_fn ingest);
struct got got_all(const char *path);
/* The same into the unit of `got`. */
void got_more(struct got *got, const char *path, got_ingest_fn ingest);
void got_free(struct got *got);

bool got_found(const struct got *got, const char *code);
/* The nth track of that kind; NULL: none. */
const struct curb_value *got_track(const struct got *got, const char *kind, int nth);
struct curb_str got_file(const struct got *got, const struct curb_value *track, const char *member);

/* Writes the flat file of that track, put together from its pieces. */
void got_write_flat(const struct got *got, const struct curb_value *flat, const char *path);
void got_write(struct curb_str bytes, const char *path);

/* Temporary folder of this test program, made on the first call, removed at exit. */
const char *got_folder(void);
/* Runs `ffmpeg -v error -y ARGS folder/name`; gives the path. Skips the test when ffmpeg is not there. Static buffer of a few. */
const char *got_make(const char *name, const char *args);
/* First line that a shell command prints. */
void got_line(const char *command, char *ret_line, size_t n);

#endif
