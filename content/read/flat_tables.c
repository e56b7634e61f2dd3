#include "flat_tables.h"

#include "mp4_box.h"

enum {
	MDIA = MP4_TYPE('m', 'd', 'i', 'a'),
	MINF = MP4_TYPE('m', 'i', 'n', 'f'),
	TRAK = MP4_TYPE('t', 'r', 'a', 'k')
};
enum { TKHD_TAIL = 60 };

void flat_time(struct curb_buf *out, uint64_t time, bool wide)
{
	if (wide)
		curb_buf_u64(out, time);
	else
		curb_buf_u32(out, (uint32_t)time);
}

static uint64_t to_movie(uint64_t ticks, uint32_t timescale)
{
	return ticks / timescale * FLAT_TIMESCALE + ticks % timescale * FLAT_TIMESCALE / timescale;
}

static uint64_t media_duration(const struct mp4_frags *frags)
{
	const struct mp4_fragment *last = &frags->list[frags->count - 1];
	return last->start + last->duration - frags->list[0].start;
}

uint64_t flat_duration(const struct mp4_frags *frags)
{
	return to_movie(frags->list[0].start + media_duration(frags), frags->timescale);
}

static void copy_box(struct curb_buf *out, struct curb_str from, uint32_t type)
{
	struct mp4_box box;
	while (mp4_next(&from, &box))
		if (box.type == type)
			curb_buf_str(out, box.whole);
}

static void write_tkhd(struct curb_buf *out, const struct mp4_frags *frags, uint32_t id)
{
	static const uint32_t path[] = { TRAK, MP4_TYPE('t', 'k', 'h', 'd'), 0 };
	struct curb_str from = mp4_path(curb_buf_view(&frags->moov), path);
	uint64_t duration = flat_duration(frags);
	bool wide = duration > UINT32_MAX;
	size_t place = mp4_begin_full(out, MP4_TYPE('t', 'k', 'h', 'd'), wide, 3);
	flat_time(out, 0, wide);
	flat_time(out, 0, wide);
	curb_buf_u32(out, id);
	curb_buf_u32(out, 0);
	flat_time(out, duration, wide);
	/* layer, volume, turn of the picture and its size are the muxer's */
	if (from.len >= TKHD_TAIL)
		curb_buf_str(out, curb_str_from(from, from.len - TKHD_TAIL));
	mp4_end(out, place);
}

static uint32_t delay_of(const struct mp4_samples *samples)
{
	return samples->count && samples->lowest_shift < 0 ? (uint32_t) - (int64_t)samples->lowest_shift : 0;
}

static void write_edit(struct curb_buf *out, bool wide, uint64_t duration, int64_t media_time)
{
	flat_time(out, duration, wide);
	flat_time(out, (uint64_t)media_time, wide);
	curb_buf_u32(out, 0x10000); /* rate 1 */
}

static void write_edts(struct curb_buf *out, const struct mp4_frags *frags)
{
	uint64_t empty = to_movie(frags->list[0].start, frags->timescale);
	uint64_t duration = to_movie(media_duration(frags), frags->timescale);
	uint32_t delay = delay_of(&frags->samples);
	if (!empty && !delay)
		return;
	bool wide = empty > UINT32_MAX || duration > UINT32_MAX;
	size_t edts = mp4_begin(out, MP4_TYPE('e', 'd', 't', 's'));
	size_t elst = mp4_begin_full(out, MP4_TYPE('e', 'l', 's', 't'), wide, 0);
	curb_buf_u32(out, empty ? 2 : 1);
	if (empty)
		write_edit(out, wide, empty, -1);
	write_edit(out, wide, duration, delay);
	mp4_end(out, elst);
	mp4_end(out, edts);
}

static void write_mdhd(struct curb_buf *out, const struct mp4_frags *frags)
{
	static const uint32_t path[] = { TRAK, MDIA, MP4_TYPE('m', 'd', 'h', 'd'), 0 };
	struct curb_str from = mp4_path(curb_buf_view(&frags->moov), path);
	uint64_t duration = media_duration(frags);
	bool wide = duration > UINT32_MAX;
	size_t place = mp4_begin_full(out, MP4_TYPE('m', 'd', 'h', 'd'), wide, 0);
	flat_time(out, 0, wide);
	flat_time(out, 0, wide);
	curb_buf_u32(out, frags->timescale);
	flat_time(out, duration, wide);
	curb_buf_u16(out, mp4_u16(from, from.len && from.ptr[0] == 1 ? 32 : 20));
	curb_buf_u16(out, 0);
	mp4_end(out, place);
}

/* A table of fixed-size entries made already: runs of 8 bytes, or single numbers. */
static void write_table(struct curb_buf *out, uint32_t type, const struct curb_buf *entries, size_t size)
{
	size_t place = mp4_begin_full(out, type, 0, 0);
	curb_buf_u32(out, (uint32_t)(entries->len / size));
	curb_buf_str(out, curb_buf_view(entries));
	mp4_end(out, place);
}

/* Offsets below zero are moved up; the edit list takes the same away again. Old players know no other form. */
static void write_ctts(struct curb_buf *out, const struct mp4_samples *samples)
{
	struct curb_str runs = curb_buf_view(&samples->shifts);
	uint32_t delay = delay_of(samples);
	if (runs.len <= 8 && mp4_u32(runs, 4) == 0)
		return;
	size_t place = mp4_begin_full(out, MP4_TYPE('c', 't', 't', 's'), 0, 0);
	curb_buf_u32(out, (uint32_t)(runs.len / 8));
	for (size_t at = 0; at < runs.len; at += 8) {
		curb_buf_u32(out, mp4_u32(runs, at));
		curb_buf_u32(out, mp4_u32(runs, at + 4) + delay);
	}
	mp4_end(out, place);
}

static void write_stsz(struct curb_buf *out, const struct mp4_samples *samples)
{
	size_t place = mp4_begin_full(out, MP4_TYPE('s', 't', 's', 'z'), 0, 0);
	curb_buf_u32(out, 0);
	curb_buf_u32(out, samples->count);
	curb_buf_str(out, curb_buf_view(&samples->sizes));
	mp4_end(out, place);
}

static void write_stsc(struct curb_buf *out, const struct mp4_frags *frags)
{
	size_t place = mp4_begin_full(out, MP4_TYPE('s', 't', 's', 'c'), 0, 0);
	uint32_t runs = 0, last = 0;
	for (size_t i = 0; i < frags->count; i++) {
		runs += i == 0 || frags->list[i].samples != last;
		last = frags->list[i].samples;
	}
	curb_buf_u32(out, runs);
	for (size_t i = 0; i < frags->count; i++) {
		if (i && frags->list[i].samples == last)
			continue;
		last = frags->list[i].samples;
		curb_buf_u32(out, (uint32_t)i + 1);
		curb_buf_u32(out, last);
		curb_buf_u32(out, 1);
	}
	mp4_end(out, place);
}

static void write_offsets(struct curb_buf *out, const struct flat_chunks *chunks)
{
	uint32_t type = chunks->wide ? MP4_TYPE('c', 'o', '6', '4') : MP4_TYPE('s', 't', 'c', 'o');
	size_t place = mp4_begin_full(out, type, 0, 0);
	curb_buf_u32(out, (uint32_t)(chunks->offsets.len / 8));
	for (size_t at = 0; at < chunks->offsets.len; at += 8)
		flat_time(out, chunks->base + mp4_u64(chunks->offsets, at), chunks->wide);
	mp4_end(out, place);
}

static void write_stbl(struct curb_buf *out, const struct mp4_frags *frags, const struct flat_chunks *chunks)
{
	const struct mp4_samples *samples = &frags->samples;
	size_t place = mp4_begin(out, MP4_TYPE('s', 't', 'b', 'l'));
	curb_buf_str(out, mp4_stsd(curb_buf_view(&frags->moov)));
	write_table(out, MP4_TYPE('s', 't', 't', 's'), &samples->times, 8);
	write_ctts(out, samples);
	if (!samples->all_sync)
		write_table(out, MP4_TYPE('s', 't', 's', 's'), &samples->syncs, 4);
	write_stsc(out, frags);
	write_stsz(out, samples);
	write_offsets(out, chunks);
	mp4_end(out, place);
}

void flat_trak(struct curb_buf *out, const struct mp4_frags *frags, uint32_t id,
               const struct flat_chunks *chunks)
{
	static const uint32_t mdia_path[] = { TRAK, MDIA, 0 }, minf_path[] = { TRAK, MDIA, MINF, 0 };
	struct curb_str mdia_from = mp4_path(curb_buf_view(&frags->moov), mdia_path);
	struct curb_str minf_from = mp4_path(curb_buf_view(&frags->moov), minf_path);
	size_t trak = mp4_begin(out, TRAK);
	write_tkhd(out, frags, id);
	write_edts(out, frags);
	size_t mdia = mp4_begin(out, MDIA);
	write_mdhd(out, frags);
	copy_box(out, mdia_from, MP4_TYPE('h', 'd', 'l', 'r'));
	size_t minf = mp4_begin(out, MINF);
	copy_box(out, minf_from, MP4_TYPE('v', 'm', 'h', 'd'));
	copy_box(out, minf_from, MP4_TYPE('s', 'm', 'h', 'd'));
	copy_box(out, minf_from, MP4_TYPE('d', 'i', 'n', 'f'));
	write_stbl(out, frags, chunks);
	mp4_end(out, minf);
	mp4_end(out, mdia);
	mp4_end(out, trak);
}
