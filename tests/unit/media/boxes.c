#include "cm.h"

#include "boxes.h"

uint64_t boxes_big(struct curb_str bytes, size_t at, size_t n)
{
	assert_true(bytes.len >= n && at <= bytes.len - n);
	uint64_t value = 0;
	while (n--)
		value = value << 8 | (unsigned char)bytes.ptr[at++];
	return value;
}

static bool is(struct curb_str bytes, size_t at, const char *type)
{
	return memcmp(bytes.ptr + at + 4, type, 4) == 0;
}

struct curb_str boxes_find(struct curb_str bytes, const char *path)
{
	for (size_t at = 0; at + 8 <= bytes.len;) {
		uint64_t size = boxes_big(bytes, at, 4);
		assert_true(size >= 8 && size <= bytes.len - at);
		struct curb_str body = curb_str_n(bytes.ptr + at + 8, (size_t)size - 8);
		if (is(bytes, at, path))
			return path[4] ? boxes_find(body, path + 5) : body;
		at += (size_t)size;
	}
	return curb_str(NULL);
}

struct fragment {
	uint64_t start, duration;
};

static struct fragment read_moof(struct curb_str moof)
{
	struct curb_str tfdt = boxes_find(moof, "traf/tfdt"), tfhd = boxes_find(moof, "traf/tfhd");
	struct curb_str trun = boxes_find(moof, "traf/trun");
	assert_int_equal(tfdt.ptr[0], 1);
	struct fragment fragment = { boxes_big(tfdt, 4, 8), 0 };
	uint64_t tf = boxes_big(tfhd, 1, 3), flags = boxes_big(trun, 1, 3), count = boxes_big(trun, 4, 4);
	assert_true(tf & 0x20000); /* offsets count from the moof: byte ranges need it */
	assert_true(flags & 1);
	size_t at = 12 + (flags & 4 ? 4u : 0), before = flags & 0x100 ? 4u : 0;
	size_t step = before + (flags & 0x200 ? 4u : 0) + (flags & 0x400 ? 4u : 0) + (flags & 0x800 ? 4u : 0);
	for (uint64_t i = 0; i < count; i++, at += step)
		fragment.duration += before ? boxes_big(trun, at, 4) : boxes_big(tfhd, tf & 2 ? 12 : 8, 4);
	return fragment;
}

static uint64_t us(uint64_t ticks, uint64_t timescale)
{
	return (uint64_t)((double)ticks * 1e6 / (double)timescale);
}

static void check_sidx(struct curb_str sidx, uint64_t timescale, size_t fragments, uint64_t bytes_behind)
{
	assert_int_equal(boxes_big(sidx, 8, 4), timescale);
	assert_int_equal(boxes_big(sidx, 20, 8), 0); /* first_offset */
	uint64_t n = boxes_big(sidx, 30, 2), bytes = 0;
	assert_in_range(n, 1, fragments);
	for (size_t i = 0; i < n; i++)
		bytes += boxes_big(sidx, 32 + i * 12, 4);
	assert_int_equal(sidx.len, 32 + n * 12);
	assert_int_equal(bytes, bytes_behind);
}

/* From the first moof on: moof and mdat in turn, each pair a record of the index. */
static size_t check_pairs(struct curb_str file, size_t at, struct curb_str index, uint64_t timescale,
                          uint64_t start_us)
{
	size_t n = 0;
	uint64_t next = 0;
	while (at < file.len) {
		uint64_t moof = boxes_big(file, at, 4);
		assert_true(is(file, at, "moof"));
		uint64_t mdat = boxes_big(file, at + (size_t)moof, 4);
		assert_true(is(file, at + (size_t)moof, "mdat"));
		struct fragment fragment = read_moof(curb_str_n(file.ptr + at + 8, (size_t)moof - 8));
		if (n == 0)
			assert_in_range(us(fragment.start, timescale), start_us, start_us + 1000);
		else
			assert_int_equal(fragment.start, next);
		next = fragment.start + fragment.duration;
		assert_int_equal(boxes_big(index, n * 32, 8), at);
		assert_int_equal(boxes_big(index, n * 32 + 8, 8), moof + mdat);
		assert_in_range(boxes_big(index, n * 32 + 16, 8) + 1, us(fragment.start, timescale),
		                us(fragment.start, timescale) + 2);
		uint64_t end = boxes_big(index, n * 32 + 16, 8) + boxes_big(index, n * 32 + 24, 8);
		assert_in_range(end + 1, us(next, timescale), us(next, timescale) + 2);
		at += (size_t)(moof + mdat);
		n++;
	}
	assert_int_equal(index.len, n * 32);
	return n;
}

size_t boxes_check_fragments(struct curb_str file, struct curb_str index, uint64_t start_us)
{
	static const char *const order[] = { "ftyp", "moov", "free", "sidx" };
	size_t at = 0, sidx_at = 0;
	for (int i = 0; i < 4; i++) {
		sidx_at = at;
		assert_true(is(file, at, order[i]));
		at += (size_t)boxes_big(file, at, 4);
	}
	assert_true(is(file, at, "moof")); /* the sidx ends where the first moof begins */
	uint64_t timescale = boxes_big(boxes_find(file, "moov/trak/mdia/mdhd"), 12, 4);
	size_t n = check_pairs(file, at, index, timescale, start_us);
	struct curb_str sidx = curb_str_n(file.ptr + sidx_at + 8, at - sidx_at - 8);
	check_sidx(sidx, timescale, n, file.len - at);
	return n;
}
