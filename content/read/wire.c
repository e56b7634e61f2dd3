#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "content/finding.h"
#include "curb/arena.h"
#include "curb/err.h"

enum { WHOLE = 1000, PARTS_DEEP = 4 };
enum { SLOTS = 256, BUFFERED = 256 * 1024, RESULT_MAX = WIRE_FRAME_MAX };

/* Permille of all. */
struct part {
	int from, to;
};

struct wire {
	int fd;
	struct part parts[PARTS_DEEP + 1];
	int depth;
	int files, refusals, permille;
	bool forms;
	bool used[SLOTS];
	size_t filled;
	unsigned char buffer[BUFFERED];
};

struct wire *wire_new(int fd)
{
	struct wire *wire = curb_xcalloc(1, sizeof *wire);
	wire->fd = fd;
	wire->permille = -1;
	wire->parts[0].to = WHOLE;
	return wire;
}

static void put_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;
	while (n) {
		ssize_t done = write(fd, at, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			_exit(EXIT_FAILURE);
		at += done;
		n -= (size_t)done;
	}
}

static void flush(struct wire *wire)
{
	put_all(wire->fd, wire->buffer, wire->filled);
	wire->filled = 0;
}

void wire_free(struct wire *wire)
{
	if (wire)
		flush(wire);
	free(wire);
}

static void put(struct wire *wire, const void *bytes, size_t n)
{
	if (n > sizeof wire->buffer - wire->filled)
		flush(wire);
	if (n > sizeof wire->buffer) {
		put_all(wire->fd, bytes, n);
		return;
	}
	if (n)
		memcpy(wire->buffer + wire->filled, bytes, n);
	wire->filled += n;
}

static void put_head(struct wire *wire, char type, int slot, size_t length)
{
	CURB_ASSERT(length <= WIRE_FRAME_MAX);
	unsigned char head[WIRE_HEAD] = { (unsigned char)type, (unsigned char)slot };
	for (size_t i = 0; i < 4; i++)
		head[4 + i] = (unsigned char)(length >> (8 * i));
	put(wire, head, sizeof head);
}

static void put_json(struct wire *wire, char type, int slot, struct curb_buf *json)
{
	CURB_ASSERT(!json->failed);
	put_head(wire, type, slot, json->len);
	put(wire, json->data, json->len);
	curb_buf_free(json);
}

struct wire_slot wire_open(struct wire *wire, const char *path, const char *type)
{
	int slot = 0;
	while (slot < SLOTS && wire->used[slot])
		slot++;
	CURB_ASSERT(slot < SLOTS);
	wire->used[slot] = true;
	struct curb_buf out = curb_buf(64 * 1024);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "path", path);
	curb_json_ktext(&j, "type", type);
	curb_json_end(&j, '}');
	put_json(wire, 'O', slot, &out);
	return (struct wire_slot){ .slot = slot, .file = wire->files++ };
}

void wire_data(struct wire *wire, struct wire_slot slot, const void *bytes, size_t n)
{
	const char *at = bytes;
	while (n) {
		size_t part = n < WIRE_FRAME_MAX ? n : WIRE_FRAME_MAX;
		put_head(wire, 'D', slot.slot, part);
		put(wire, at, part);
		at += part;
		n -= part;
	}
}

void wire_patch(struct wire *wire, struct wire_slot slot, uint64_t offset, const void *bytes, size_t n)
{
	enum { OFFSET = 8 };
	const char *at = bytes;
	while (n) {
		size_t part = n < WIRE_FRAME_MAX - OFFSET ? n : WIRE_FRAME_MAX - OFFSET;
		unsigned char place[OFFSET];
		for (size_t i = 0; i < OFFSET; i++)
			place[i] = (unsigned char)(offset >> (8 * i));
		put_head(wire, 'P', slot.slot, part + OFFSET);
		put(wire, place, OFFSET);
		put(wire, at, part);
		at += part;
		offset += part;
		n -= part;
	}
}

void wire_close(struct wire *wire, struct wire_slot slot)
{
	CURB_ASSERT(slot.slot >= 0 && slot.slot < SLOTS && wire->used[slot.slot]);
	wire->used[slot.slot] = false;
	put_head(wire, 'C', slot.slot, 0);
}

/* Facts come from the package: cut at a whole character so that a finding always fits in a frame, and without control
 * characters. */
static void put_fact(struct curb_json *j, const char *key, struct curb_str fact)
{
	enum { FACT_MAX = 300 };
	char clean[FACT_MAX];
	size_t n = fact.len < FACT_MAX ? fact.len : FACT_MAX;
	if (!fact.ptr)
		return;
	while (n < fact.len && n && ((unsigned char)fact.ptr[n] & 0xC0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++)
		clean[i] = (unsigned char)fact.ptr[i] < 0x20 || fact.ptr[i] == 0x7F ? '?' : fact.ptr[i];
	curb_json_kstr(j, key, curb_str_n(clean, n));
}

void wire_finding(struct wire *wire, const char *code, struct curb_str where, struct curb_str a,
                  struct curb_str b)
{
	const struct content_finding_code *row = content_finding_code(code, strlen(code));
	CURB_ASSERT(row);
	if (row->severity == CONTENT_REFUSED)
		wire->refusals++;
	struct curb_buf out = curb_buf(64 * 1024);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "code", code);
	put_fact(&j, "where", where);
	put_fact(&j, "a", a);
	put_fact(&j, "b", b);
	curb_json_end(&j, '}');
	put_json(wire, 'F', 0, &out);
}

int wire_refusals(const struct wire *wire)
{
	return wire->refusals;
}

void wire_progress(struct wire *wire, int permille)
{
	struct part part = wire->parts[wire->depth];
	permille = part.from + (part.to - part.from) * permille / WHOLE;
	if (permille <= wire->permille)
		return;
	wire->permille = permille;
	unsigned char value[4];
	for (size_t i = 0; i < sizeof value; i++)
		value[i] = (unsigned char)((unsigned)permille >> (8 * i));
	put_head(wire, 'G', 0, sizeof value);
	put(wire, value, sizeof value);
	flush(wire); /* somebody watches */
}

void wire_part_begin(struct wire *wire, size_t i, size_t n)
{
	CURB_ASSERT(wire->depth < PARTS_DEEP && i < n);
	struct part outer = wire->parts[wire->depth++];
	size_t length = (size_t)(outer.to - outer.from);
	wire->parts[wire->depth] = (struct part){ outer.from + (int)(length * i / n),
		                                  outer.from + (int)(length * (i + 1) / n) };
}

void wire_part_end(struct wire *wire)
{
	CURB_ASSERT(wire->depth > 0);
	wire_progress(wire, WHOLE);
	wire->depth--;
}

void wire_allow_forms(struct wire *wire)
{
	wire->forms = true;
}

bool wire_may_form(const struct wire *wire)
{
	return wire->forms;
}

static int64_t read_u64(const unsigned char *bytes)
{
	uint64_t value = 0;
	for (size_t i = 0; i < 8; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return (int64_t)value;
}

enum wire_made wire_form(struct wire *wire, const struct wire_wish *wish, int64_t *ret_claimed_ms)
{
	enum { OF_PART = 95 }; /* hundredths; the rest is for reading the form */
	struct part part = wire->parts[wire->depth];
	unsigned char answer[WIRE_ANSWER];
	struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "fd", wish->fd);
	curb_json_kint(&j, "offset", (int64_t)wish->offset);
	curb_json_kint(&j, "size", (int64_t)wish->size);
	curb_json_ktext(&j, "want", wish->want);
	curb_json_ktext(&j, "texts", wish->texts);
	curb_json_kint(&j, "from", part.from);
	curb_json_kint(&j, "to", part.from + (part.to - part.from) * OF_PART / 100);
	curb_json_end(&j, '}');
	put_json(wire, 'T', 0, &out);
	flush(wire);
	for (size_t got = 0; got < sizeof answer;) {
		ssize_t n = read(WIRE_ANSWERS_FD, answer + got, sizeof answer - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) /* the server has gone */
			_exit(EXIT_FAILURE);
		got += (size_t)n;
	}
	*ret_claimed_ms = read_u64(answer + 8);
	int64_t state = read_u64(answer);
	return state == 0 ? WIRE_MADE : state == 1 ? WIRE_UNMADE : WIRE_NO_MAKER;
}

bool wire_result_of_many(struct wire *wire, const struct curb_value *package)
{
	struct curb_buf out = curb_buf(RESULT_MAX);
	struct curb_json j = curb_json(&out);
	curb_json_value(&j, package);
	if (!out.failed) {
		put_json(wire, 'R', 0, &out);
		return true;
	}
	curb_buf_free(&out);
	wire_finding(wire, "package.large", curb_str(NULL), curb_get_str(package, "name"),
	             curb_str("1048576"));
	return false;
}

void wire_result(struct wire *wire, const struct curb_value *package)
{
	(void)wire_result_of_many(wire, package);
	put_head(wire, 'E', 0, 0);
	flush(wire);
}
