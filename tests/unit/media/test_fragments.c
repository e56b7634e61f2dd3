#include "cm.h"

#include <stdlib.h>

#include "boxes.h"
#include "curb/cleanup.h"
#include "flat.h"
#include "mp4_box.h"
#include "mp4_frag.h"

static void take_data(void *arg, const void *bytes, size_t n)
{
	curb_buf_add(arg, bytes, n);
}

static void take_patch(void *arg, uint64_t offset, const void *bytes, size_t n)
{
	struct curb_buf *out = arg;
	assert_true(offset + n <= out->len);
	memcpy(out->data + offset, bytes, n);
}

static void add_moov(struct curb_buf *out)
{
	size_t ftyp = mp4_begin(out, MP4_TYPE('f', 't', 'y', 'p'));
	curb_buf_text(out, "iso6");
	mp4_end(out, ftyp);
	size_t moov = mp4_begin(out, MP4_TYPE('m', 'o', 'o', 'v'));
	size_t trak = mp4_begin(out, MP4_TYPE('t', 'r', 'a', 'k'));
	size_t mdia = mp4_begin(out, MP4_TYPE('m', 'd', 'i', 'a'));
	size_t mdhd = mp4_begin_full(out, MP4_TYPE('m', 'd', 'h', 'd'), 0, 0);
	curb_buf_u64(out, 0);
	curb_buf_u32(out, 1000);
	curb_buf_u64(out, 0);
	mp4_end(out, mdhd);
	mp4_end(out, mdia);
	mp4_end(out, trak);
	mp4_end(out, moov);
}

/* Two samples of 2 s, the first a whole picture; the second is shown one second early. */
static void add_fragment(struct curb_buf *out, uint32_t i)
{
	size_t moof = mp4_begin(out, MP4_TYPE('m', 'o', 'o', 'f'));
	size_t traf = mp4_begin(out, MP4_TYPE('t', 'r', 'a', 'f'));
	size_t tfhd = mp4_begin_full(out, MP4_TYPE('t', 'f', 'h', 'd'), 0, 0x20000);
	curb_buf_u32(out, 1);
	mp4_end(out, tfhd);
	size_t tfdt = mp4_begin_full(out, MP4_TYPE('t', 'f', 'd', 't'), 1, 0);
	curb_buf_u64(out, (uint64_t)i * 4000);
	mp4_end(out, tfdt);
	size_t trun = mp4_begin_full(out, MP4_TYPE('t', 'r', 'u', 'n'), 1, 0xf01);
	curb_buf_u32(out, 2);
	curb_buf_u32(out, 0);
	for (uint32_t k = 0; k < 2; k++) {
		curb_buf_u32(out, 2000);
		curb_buf_u32(out, 10 + i);
		curb_buf_u32(out, k ? 0x10000 : 0);
		curb_buf_u32(out, k ? (uint32_t)-1000 : 0);
	}
	mp4_end(out, trun);
	mp4_end(out, traf);
	mp4_end(out, moof);
	size_t mdat = mp4_begin(out, MP4_TYPE('m', 'd', 'a', 't'));
	memset(curb_buf_room(out, 2 * (10 + i)), 'x', 2 * (10 + i));
	mp4_end(out, mdat);
}

static struct curb_buf some(uint32_t fragments)
{
	struct curb_buf in = curb_buf(1 << 20);
	add_moov(&in);
	for (uint32_t i = 0; i < fragments; i++)
		add_fragment(&in, i);
	return in;
}

static struct mp4_frags feed(const struct curb_buf *in, struct curb_buf *out, uint32_t reserve, size_t step)
{
	struct mp4_sink sink = { take_data, take_patch, out };
	struct mp4_frags frags;
	mp4_frags_init(&frags, &sink, reserve);
	for (size_t at = 0; at < in->len; at += step)
		assert_true(mp4_frags_feed(&frags, in->data + at, in->len - at < step ? in->len - at : step));
	assert_true(mp4_frags_finish(&frags));
	return frags;
}

static void fragments__however_the_bytes_come(void **unused)
{
	(void)unused;
	for (size_t step = 1; step < 3000; step = step * 2 + 1) {
		CURB_AUTO(buf) struct curb_buf in = some(5);
		CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
		CURB_AUTO(buf) struct curb_buf index = curb_buf(1 << 20);
		struct mp4_frags frags = feed(&in, &out, 8, step);
		mp4_frags_index(&frags, &index);
		assert_int_equal(boxes_check_fragments(curb_buf_view(&out), curb_buf_view(&index), 0), 5);
		assert_int_equal(frags.samples.count, 10);
		mp4_frags_done(&frags);
	}
}

static void fragments__more_than_expected_share_a_reference(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf in = some(11);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf index = curb_buf(1 << 20);
	struct mp4_frags frags = feed(&in, &out, 4, 100);
	mp4_frags_index(&frags, &index);
	assert_int_equal(boxes_check_fragments(curb_buf_view(&out), curb_buf_view(&index), 0), 11);
	struct curb_str sidx = boxes_find(curb_buf_view(&out), "sidx");
	assert_int_equal(boxes_big(sidx, 30, 2), 4);
	assert_int_equal(boxes_big(sidx, 32 + 4, 4), 3 * 4000);
	mp4_frags_done(&frags);
}

static void fragments__what_does_not_fit_is_refused(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf in = some(2);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	struct mp4_sink sink = { take_data, take_patch, &out };
	struct mp4_frags frags;
	mp4_frags_init(&frags, &sink, 4);
	assert_true(mp4_frags_feed(&frags, in.data, in.len - 1));
	assert_false(mp4_frags_finish(&frags)); /* the last byte is missing */
	mp4_frags_done(&frags);
	mp4_frags_init(&frags, &sink, 4);
	assert_false(mp4_frags_feed(&frags,
	                            "\0\0\0\x10"
	                            "mdat12345678",
	                            16));
	assert_non_null(frags.failed);
	mp4_frags_done(&frags);
}

static void flat__late_pictures_are_moved_and_edited_back(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf in = some(3);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf head = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf pieces = curb_buf(1 << 20);
	struct mp4_frags frags = feed(&in, &out, 4, 1000);
	struct flat_track track = { &frags, 5 };
	uint64_t payload = 0;
	assert_true(flat_build(&track, 1, &head, &pieces, &payload));
	assert_int_equal(payload, 2 * (10 + 11 + 12));
	struct curb_str stbl = boxes_find(curb_buf_view(&head), "moov/trak/mdia/minf/stbl");
	struct curb_str ctts = boxes_find(stbl, "ctts"), stco = boxes_find(stbl, "stco"), elst;
	assert_int_equal(boxes_big(ctts, 0, 4), 0);
	assert_int_equal(boxes_big(ctts, 8 + 4, 4), 1000);
	assert_int_equal(boxes_big(ctts, 8 + 12, 4), 0);
	elst = boxes_find(curb_buf_view(&head), "moov/trak/edts/elst");
	assert_int_equal(boxes_big(elst, 4, 4), 1);
	assert_int_equal(boxes_big(elst, 8, 4), 12 * 90000);
	assert_int_equal(boxes_big(elst, 12, 4), 1000);
	assert_int_equal(boxes_big(stco, 4, 4), 3);
	assert_int_equal(boxes_big(stco, 8, 4), head.len);
	assert_int_equal(boxes_big(stco, 12, 4), head.len + 20);
	assert_int_equal(boxes_big(boxes_find(stbl, "stts"), 8, 4), 6);
	assert_int_equal(boxes_big(boxes_find(stbl, "stss"), 4, 4), 3);
	assert_int_equal(boxes_big(curb_buf_view(&pieces), 0, 4), 5);
	uint64_t where = boxes_big(curb_buf_view(&pieces), 8, 8);
	assert_memory_equal(out.data + where - 4, "mdat", 4);
	mp4_frags_done(&frags);
}

/* Nothing of that size is made: the head depends on the lengths alone. */
static void flat__over_four_gigabytes(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf in = some(3);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf head = curb_buf(1 << 20);
	CURB_AUTO(buf) struct curb_buf pieces = curb_buf(1 << 20);
	struct mp4_frags frags = feed(&in, &out, 4, 1000);
	for (size_t i = 0; i < 3; i++)
		frags.list[i].payload_length = (uint64_t)2 << 30;
	struct flat_track track = { &frags, 0 };
	uint64_t payload = 0;
	assert_true(flat_build(&track, 1, &head, &pieces, &payload));
	assert_int_equal(payload, (uint64_t)6 << 30);
	struct curb_str mdat = curb_str_from(curb_buf_view(&head), head.len - 16);
	assert_int_equal(boxes_big(mdat, 0, 4), 1);
	assert_memory_equal(mdat.ptr + 4, "mdat", 4);
	assert_int_equal(boxes_big(mdat, 8, 8), ((uint64_t)6 << 30) + 16);
	struct curb_str rest = curb_str_n(head.data, head.len - 16);
	struct curb_str co64 = boxes_find(rest, "moov/trak/mdia/minf/stbl/co64");
	assert_int_equal(boxes_big(co64, 8 + 16, 8), head.len + ((uint64_t)4 << 30));
	mp4_frags_done(&frags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fragments__however_the_bytes_come),
		cmocka_unit_test(fragments__more_than_expected_share_a_reference),
		cmocka_unit_test(fragments__what_does_not_fit_is_refused),
		cmocka_unit_test(flat__late_pictures_are_moved_and_edited_back),
		cmocka_unit_test(flat__over_four_gigabytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
