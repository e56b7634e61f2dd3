#include <string.h>

#include "mp3_scan.h"

enum { PAGE_HEAD = 27 };

void ogg_scan_init(struct ogg_scan *scan)
{
	*scan = (struct ogg_scan){ .head_want = sizeof scan->head };
	scan->records.out = curb_buf((size_t)MP3_RECORDS_MAX * 32);
}

void ogg_scan_done(struct ogg_scan *scan)
{
	curb_buf_free(&scan->records.out);
}

static uint64_t little(const unsigned char *at, size_t n)
{
	uint64_t value = 0;
	for (size_t i = n; i-- > 0;)
		value = value << 8 | at[i];
	return value;
}

static uint64_t granule_us(const struct ogg_scan *scan)
{
	uint64_t samples = scan->granule > scan->pre_skip ? scan->granule - scan->pre_skip : 0;
	return samples / 48000 * 1000000 + samples % 48000 * 1000000 / 48000;
}

/* The whole head of a page is there. */
static void take_page(struct ogg_scan *scan)
{
	uint64_t begin = scan->at - scan->have, granule = little(scan->page + 6, 8);
	uint32_t serial = (uint32_t)little(scan->page + 14, 4);
	for (size_t i = PAGE_HEAD; i < scan->have; i++)
		scan->skip += scan->page[i];
	scan->several |= scan->serial_known && serial != scan->serial;
	scan->serial = scan->serial_known ? scan->serial : serial;
	scan->serial_known = true;
	scan->page_end = begin + scan->have + scan->skip;
	bool none_ends = granule == UINT64_MAX;
	if (!none_ends && granule > 0 && granule <= INT64_MAX && granule >= scan->granule) {
		scan_mark(&scan->records, begin, granule_us(scan));
		scan->sound = true;
		scan->granule = granule;
	}
	scan->have = 0;
}

static void take_head(struct ogg_scan *scan)
{
	scan->opus = memcmp(scan->head, "OpusHead", 8) == 0 && scan->head[8] < 16;
	scan->foreign = !scan->opus;
	scan->channels = scan->head[9];
	scan->pre_skip = (uint32_t)little(scan->head + 10, 2);
}

static size_t pass_over(struct ogg_scan *scan, const unsigned char *at, size_t left)
{
	size_t drop = scan->skip < left ? (size_t)scan->skip : left;
	size_t need = scan->head_want - scan->head_have, take = need < drop ? need : drop;
	memcpy(scan->head + scan->head_have, at, take);
	scan->head_have += take;
	if (take && scan->head_have == scan->head_want)
		take_head(scan);
	scan->skip -= drop;
	return drop;
}

static size_t wanted(const struct ogg_scan *scan)
{
	return scan->have < PAGE_HEAD ? PAGE_HEAD : (size_t)PAGE_HEAD + scan->page[PAGE_HEAD - 1];
}

static void collect(struct ogg_scan *scan, unsigned char byte)
{
	scan->page[scan->have++] = byte;
	size_t sign = scan->have < 4 ? scan->have : 4;
	while (scan->have && memcmp(scan->page, "OggS", sign) != 0) {
		memmove(scan->page, scan->page + 1, --scan->have);
		sign = scan->have < 4 ? scan->have : 4;
	}
	if (scan->have >= PAGE_HEAD && scan->have == wanted(scan))
		take_page(scan);
}

void ogg_scan_feed(struct ogg_scan *scan, const void *bytes, size_t n)
{
	const unsigned char *at = bytes, *end = at + n;
	while (at < end) {
		if (!scan->skip) {
			scan->at++;
			collect(scan, *at++);
			continue;
		}
		size_t used = pass_over(scan, at, (size_t)(end - at));
		scan->at += used;
		at += used;
	}
}

bool ogg_scan_finish(struct ogg_scan *scan, uint64_t *ret_us)
{
	uint64_t end = scan->page_end < scan->at ? scan->page_end : scan->at;
	scan_end(&scan->records, end, granule_us(scan));
	*ret_us = granule_us(scan);
	return scan->opus && scan->sound && !scan->several && !scan->records.out.failed;
}
