#include "cm.h"

#include "got.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"

static char folder[64];

static void remove_folder(void)
{
	char command[128];
	(void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
	if (system(command) != 0)
		(void)fprintf(stderr, "%s is left\n", folder);
}

const char *got_folder(void)
{
	if (folder[0])
		return folder;
	(void)snprintf(folder, sizeof folder, "/tmp/curb-media-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(atexit(remove_folder), 0);
	return folder;
}

const char *got_make(const char *name, const char *args)
{
	static char paths[8][128];
	static int next;
	char *path = paths[next++ % 8];
	if (system("command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null") != 0) {
		(void)fprintf(stderr,
		              "skipped: this test makes its media with ffmpeg, which is not installed\n");
		skip();
	}
	(void)snprintf(path, sizeof paths[0], "%s/%s", got_folder(), name);
	char command[2048];
	int n = snprintf(command, sizeof command, "cd '%s' && ffmpeg -nostdin -v error -y %s '%s'",
	                 got_folder(), args, name);
	assert_in_range(n, 1, (int)sizeof command - 1);
	if (access(path, R_OK) != 0)
		assert_int_equal(system(command), 0);
	return path;
}

void got_line(const char *command, char *ret_line, size_t n)
{
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	ret_line[0] = 0;
	if (!fgets(ret_line, (int)n, pipe))
		ret_line[0] = 0;
	ret_line[strcspn(ret_line, "\n")] = 0;
	while (fgetc(pipe) != EOF)
		; /* or the command dies of writing to nobody */
	assert_int_equal(pclose(pipe), 0);
}

static uint64_t little(const unsigned char *at, int n)
{
	uint64_t value = 0;
	while (n--)
		value = value << 8 | at[n];
	return value;
}

static void take_open(struct got *got, int *slots, int slot, struct curb_str json)
{
	struct curb_value *open = NULL;
	assert_int_equal(curb_json_parse(got->arena, json, &open), 0);
	assert_in_range(got->file_count, 0, GOT_FILES - 1);
	assert_int_equal(slots[slot], -1);
	struct got_file *file = &got->files[got->file_count];
	file->bytes = curb_buf((size_t)1 << 30);
	(void)snprintf(file->path, sizeof file->path, "%s",
	               curb_cstr(got->arena, curb_get_str(open, "path")));
	(void)snprintf(file->type, sizeof file->type, "%s",
	               curb_cstr(got->arena, curb_get_str(open, "type")));
	slots[slot] = got->file_count++;
}

static void take_frame(struct got *got, int *slots, char type, int slot, struct curb_str payload)
{
	struct got_file *file = slots[slot] >= 0 ? &got->files[slots[slot]] : NULL;
	struct curb_value *finding = NULL;
	uint64_t at = 0;
	switch (type) {
	case 'O': take_open(got, slots, slot, payload); break;
	case 'D':
		assert_non_null(file);
		curb_buf_str(&file->bytes, payload);
		break;
	case 'P':
		assert_non_null(file);
		at = little((const unsigned char *)payload.ptr, 8);
		assert_true(at + payload.len - 8 <= file->bytes.len);
		memcpy(file->bytes.data + at, payload.ptr + 8, payload.len - 8);
		break;
	case 'C':
		assert_non_null(file);
		file->closed = true;
		slots[slot] = -1;
		break;
	case 'F':
		assert_int_equal(curb_json_parse(got->arena, payload, &finding), 0);
		assert_in_range(got->finding_count, 0, GOT_FINDINGS - 1);
		(void)snprintf(got->findings[got->finding_count++], sizeof got->findings[0], "%s",
		               curb_cstr(got->arena, curb_get_str(finding, "code")));
		print_message("%.*s\n", (int)payload.len, payload.ptr);
		break;
	case 'G': assert_int_equal(payload.len, 4); break;
	default: fail_msg("a frame of type %c", type);
	}
}

static void take_frames(struct got *got, int fd)
{
	struct stat stat;
	assert_int_equal(fstat(fd, &stat), 0);
	size_t size = (size_t)stat.st_size, at = 0;
	CURB_AUTO(mem) char *bytes = curb_xcalloc(1, size + 1);
	for (size_t got_bytes = 0; got_bytes < size;) {
		ssize_t n = pread(fd, bytes + got_bytes, size - got_bytes, (off_t)got_bytes);
		assert_true(n > 0);
		got_bytes += (size_t)n;
	}
	int slots[256];
	for (int i = 0; i < 256; i++)
		slots[i] = -1;
	while (at < size) {
		const unsigned char *head = (const unsigned char *)bytes + at;
		assert_true(size - at >= WIRE_HEAD);
		size_t length = (size_t)little(head + 4, 4);
		assert_true(length <= WIRE_FRAME_MAX && length <= size - at - WIRE_HEAD);
		take_frame(got, slots, (char)head[0], head[1], curb_str_n(bytes + at + WIRE_HEAD, length));
		at += WIRE_HEAD + length;
	}
	for (int i = 0; i < got->file_count; i++)
		assert_true(got->files[i].closed || !got->ok);
}

static void ingest(struct got *got, const char *path, uint64_t offset, uint64_t size, got_ingest_fn fn)
{
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char name[] = "/tmp/curb-wire-XXXXXX";
	CURB_AUTO(fd) int out = mkstemp(name);
	struct stat stat;
	assert_true(fd >= 0 && out >= 0 && unlink(name) == 0 && fstat(fd, &stat) == 0);
	struct media_source source = { .fd = fd,
		                       .offset = offset,
		                       .size = size ? size : (uint64_t)stat.st_size - offset,
		                       .name = curb_str("lesson") };
	struct wire *wire = wire_new(out);
	media_before_walls();
	got->ok = fn(wire, &source, got->unit);
	assert_int_equal(got->ok, wire_refusals(wire) == 0);
	wire_free(wire);
	take_frames(got, out);
}

struct got got_slice(const char *path, uint64_t offset, uint64_t size, got_ingest_fn fn)
{
	struct got got = { .arena = curb_arena_new((size_t)64 << 20) };
	got.unit = curb_object(got.arena);
	ingest(&got, path, offset, size, fn);
	return got;
}

struct got got_all(const char *path)
{
	return got_slice(path, 0, 0, media_ingest);
}

/* File numbers begin anew with each wire, so what was there before is kept apart by moving it to the end. */
void got_more(struct got *got, const char *path, got_ingest_fn fn)
{
	for (int i = 0; i < got->file_count; i++)
		curb_buf_free(&got->files[i].bytes);
	got->file_count = got->finding_count = 0;
	ingest(got, path, 0, 0, fn);
}

void got_free(struct got *got)
{
	for (int i = 0; i < got->file_count; i++)
		curb_buf_free(&got->files[i].bytes);
	curb_arena_free(got->arena);
}

bool got_found(const struct got *got, const char *code)
{
	for (int i = 0; i < got->finding_count; i++)
		if (strcmp(got->findings[i], code) == 0)
			return true;
	return false;
}

const struct curb_value *got_track(const struct got *got, const char *kind, int nth)
{
	const struct curb_value *tracks = curb_value_get(got->unit, "tracks");
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *track = curb_value_at(tracks, i);
		if (curb_str_is(curb_get_str(track, "kind"), kind) && nth-- == 0)
			return track;
	}
	return NULL;
}

struct curb_str got_file(const struct got *got, const struct curb_value *track, const char *member)
{
	int64_t n = curb_get_int(track, member, -1);
	assert_in_range(n, 0, got->file_count - 1);
	return curb_buf_view(&got->files[n].bytes);
}

void got_write(struct curb_str bytes, const char *path)
{
	FILE *file = fopen(path, "wbe");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
}

static uint64_t big(const char *at, int n)
{
	uint64_t value = 0;
	for (int i = 0; i < n; i++)
		value = value << 8 | (unsigned char)at[i];
	return value;
}

void got_write_flat(const struct got *got, const struct curb_value *flat, const char *path)
{
	struct curb_str head = got_file(got, flat, "file"), pieces = got_file(got, flat, "index");
	CURB_AUTO(buf) struct curb_buf out = curb_buf((size_t)1 << 30);
	curb_buf_str(&out, head);
	assert_int_equal(pieces.len % 24, 0);
	for (size_t at = 0; at < pieces.len; at += 24) {
		const struct curb_value *track = curb_value_at(curb_value_get(got->unit, "tracks"),
		                                               big(pieces.ptr + at, 4));
		struct curb_str bytes = got_file(got, track, "file");
		uint64_t offset = big(pieces.ptr + at + 8, 8), length = big(pieces.ptr + at + 16, 8);
		assert_true(offset <= bytes.len && length <= bytes.len - offset);
		curb_buf_add(&out, bytes.ptr + offset, (size_t)length);
	}
	assert_int_equal(curb_buf_check(&out), 0);
	got_write(curb_buf_view(&out), path);
}
