#include "fuzz.h"

#include <stdlib.h>

#include "curb/cleanup.h"
#include "flat.h"
#include "mp3_scan.h"

static uint64_t number(const struct curb_buf *bytes, size_t at)
{
	uint64_t value = 0;
	for (size_t i = 0; i < 8; i++)
		value = value << 8 | (uint8_t)bytes->data[at + i];
	return value;
}

/* Records follow each other in bytes and in time, whatever was scanned. */
static void check_records(const struct curb_buf *records, size_t size)
{
	uint64_t end = 0, end_us = 0;
	for (size_t at = 0; at + 32 <= records->len; at += 32) {
		if (number(records, at) < end || number(records, at + 16) < end_us)
			abort();
		end = number(records, at) + number(records, at + 8);
		end_us = number(records, at + 16) + number(records, at + 24);
	}
	if (end > size)
		abort();
}

static void scan_mp3(const uint8_t *bytes, size_t size, size_t step)
{
	struct mp3_scan scan;
	uint64_t us;
	mp3_scan_init(&scan);
	for (size_t at = 0; at < size; at += step)
		mp3_scan_feed(&scan, bytes + at, size - at < step ? size - at : step);
	(void)mp3_scan_finish(&scan, &us);
	check_records(&scan.records.out, size);
	mp3_scan_done(&scan);
}

static void scan_ogg(const uint8_t *bytes, size_t size, size_t step)
{
	struct ogg_scan scan;
	uint64_t us;
	ogg_scan_init(&scan);
	for (size_t at = 0; at < size; at += step)
		ogg_scan_feed(&scan, bytes + at, size - at < step ? size - at : step);
	(void)ogg_scan_finish(&scan, &us);
	check_records(&scan.records.out, size);
	ogg_scan_done(&scan);
}

static void no_data(void *arg, const void *bytes, size_t n)
{
	(void)arg;
	(void)bytes;
	(void)n;
}

static void no_patch(void *arg, uint64_t offset, const void *bytes, size_t n)
{
	(void)arg;
	(void)offset;
	(void)bytes;
	(void)n;
}

static void build_flat(const uint8_t *bytes, size_t size, size_t step)
{
	struct mp4_sink sink = { no_data, no_patch, NULL };
	struct mp4_frags frags;
	bool ok = true;
	mp4_frags_init(&frags, &sink, 4);
	for (size_t at = 0; at < size && ok; at += step)
		ok = mp4_frags_feed(&frags, bytes + at, size - at < step ? size - at : step);
	CURB_AUTO(buf) struct curb_buf head = curb_buf(FLAT_HEAD_MAX);
	CURB_AUTO(buf) struct curb_buf pieces = curb_buf(16 << 20);
	struct flat_track track = { &frags, 0 };
	uint64_t payload;
	if (ok && mp4_frags_finish(&frags))
		(void)flat_build(&track, 1, &head, &pieces, &payload);
	mp4_frags_done(&frags);
}

/* The first byte says which of our own readers of media gets the rest, the second in what portions. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 2)
		return 0;
	size_t step = bytes[1] % 64 + 1u;
	switch (bytes[0] % 3) {
	case 0: scan_mp3(bytes + 2, size - 2, step); break;
	case 1: scan_ogg(bytes + 2, size - 2, step); break;
	default: build_flat(bytes + 2, size - 2, step); break;
	}
	return 0;
}
