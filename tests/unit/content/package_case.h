/* Packages made in a test, and what became of them. */
#ifndef CURB_TESTS_PACKAGE_CASE_H
#define CURB_TESTS_PACKAGE_CASE_H

#include "intake_bench.h"

enum { SECOND = 39 }; /* frames of 26 ms in a little more than a second */

static inline struct curb_buf sound(int frames)
{
	struct curb_buf audio = curb_buf(4 << 20);
	add_silence(&audio, frames);
	return audio;
}

static inline struct intake_package take_zip(struct bench *bench, const struct zip_item *items, size_t count,
                                             const char *name)
{
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(8 << 20);
	zip_make(&zip, items, count);
	CURB_AUTO(fd) int fd = zip_make_fd(&zip);
	return take(bench, fd, name);
}

static inline struct curb_value *unit_of(const struct intake_package *package, size_t i)
{
	return curb_value_at(curb_value_get(package->package, "units"), i);
}

static inline struct curb_value *track_of(const struct curb_value *unit, const char *kind)
{
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	for (size_t i = 0; i < curb_value_count(tracks); i++)
		if (curb_str_is(curb_get_str(curb_value_at(tracks, i), "kind"), kind))
			return curb_value_at(tracks, i);
	return NULL;
}

/* The bytes of a track's file, NUL-ended. */
static inline char *bytes_of(const struct bench *bench, const struct curb_value *track)
{
	int fd = -1;
	uint64_t size = 0;
	struct curb_str hash = curb_get_str(curb_value_get(track, "file"), "sha256");
	assert_int_equal(blobs_read(bench->blobs, hash, &fd, &size), 0);
	char *bytes = curb_alloc(bench->arena, (size_t)size + 1);
	assert_int_equal(read(fd, bytes, size), size);
	(void)close(fd);
	return bytes;
}

static inline struct zip_item file(const char *name, const struct curb_buf *bytes)
{
	return (struct zip_item){ .name = name, .bytes = bytes->data, .size = bytes->len };
}

static inline struct zip_item text(const char *name, const char *words)
{
	return (struct zip_item){ .name = name, .bytes = words, .size = strlen(words) };
}

static inline struct curb_value *point_of(const struct curb_value *unit, size_t i)
{
	return curb_value_at(curb_value_get(unit, "nav"), i);
}

static inline void assert_point(const struct curb_value *unit, size_t i, int level, const char *text,
                                int64_t ms)
{
	struct curb_value *point = point_of(unit, i);
	assert_int_equal(curb_get_int(point, "level", 0), level);
	assert_string_equal(curb_get_str(point, "text").ptr, text);
	assert_int_equal(curb_get_int(point, "start_ms", -1), ms);
}

static inline int64_t second_file(const struct curb_value *unit)
{
	return curb_get_int(curb_value_at(curb_value_get(unit, "tracks"), 1), "start_ms", 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
