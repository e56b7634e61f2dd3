#include "flat.h"
#include "curb/cleanup.h"

#include "flat_tables.h"
#include "mp4_box.h"

enum { MDAT_HEAD = 8, MDAT_LARGE_HEAD = 16 };
static const uint64_t stco_max = 0xf0000000u; /* leaves room for the head */

/* The fragment that starts first comes first; the earlier track wins a tie. */
static size_t next_track(const struct flat_track *tracks, size_t n, const size_t *at)
{
	size_t best = n;
	uint64_t best_us = UINT64_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct mp4_frags *frags = tracks[i].frags;
		if (at[i] == frags->count)
			continue;
		uint64_t us = mp4_us(frags->list[at[i]].start, frags->timescale);
		if (us < best_us) {
			best = i;
			best_us = us;
		}
	}
	return best;
}

static uint64_t lay_out(const struct flat_track *tracks, size_t n, struct curb_buf *chunks,
                        struct curb_buf *pieces)
{
	size_t at[FLAT_TRACKS_MAX] = { 0 };
	uint64_t offset = 0;
	for (size_t i = next_track(tracks, n, at); i < n; i = next_track(tracks, n, at)) {
		const struct mp4_fragment *fragment = &tracks[i].frags->list[at[i]];
		curb_buf_u64(&chunks[i], offset);
		curb_buf_u32(pieces, tracks[i].place);
		curb_buf_u32(pieces, (uint32_t)at[i]);
		curb_buf_u64(pieces, fragment->payload);
		curb_buf_u64(pieces, fragment->payload_length);
		offset += fragment->payload_length;
		at[i]++;
	}
	return offset;
}

static void write_ftyp(struct curb_buf *out)
{
	size_t place = mp4_begin(out, MP4_TYPE('f', 't', 'y', 'p'));
	curb_buf_text(out, "isom");
	curb_buf_u32(out, 512);
	curb_buf_text(out, "isomiso2mp41");
	mp4_end(out, place);
}

static void write_mvhd(struct curb_buf *out, uint64_t duration, uint32_t next_id)
{
	static const uint32_t matrix[] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000 };
	bool wide = duration > UINT32_MAX;
	size_t place = mp4_begin_full(out, MP4_TYPE('m', 'v', 'h', 'd'), wide, 0);
	flat_time(out, 0, wide);
	flat_time(out, 0, wide);
	curb_buf_u32(out, FLAT_TIMESCALE);
	flat_time(out, duration, wide);
	curb_buf_u32(out, 0x10000); /* rate 1 */
	curb_buf_u16(out, 0x100);   /* volume 1 */
	for (int i = 0; i < 5; i++)
		curb_buf_u16(out, 0);
	for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++)
		curb_buf_u32(out, matrix[i]);
	for (int i = 0; i < 6; i++)
		curb_buf_u32(out, 0);
	curb_buf_u32(out, next_id);
	mp4_end(out, place);
}

static void write_moov(const struct flat_track *tracks, size_t n, const struct curb_buf *chunks,
                       uint64_t base, bool wide, struct curb_buf *out)
{
	uint64_t duration = 0;
	for (size_t i = 0; i < n; i++)
		if (flat_duration(tracks[i].frags) > duration)
			duration = flat_duration(tracks[i].frags);
	size_t place = mp4_begin(out, MP4_TYPE('m', 'o', 'o', 'v'));
	write_mvhd(out, duration, (uint32_t)n + 1);
	for (size_t i = 0; i < n; i++) {
		struct flat_chunks where = { curb_buf_view(&chunks[i]), base, wide };
		flat_trak(out, tracks[i].frags, (uint32_t)i + 1, &where);
	}
	mp4_end(out, place);
}

static void write_mdat_head(struct curb_buf *out, uint64_t payload)
{
	bool large = payload + MDAT_HEAD > UINT32_MAX;
	curb_buf_u32(out, large ? 1 : (uint32_t)(payload + MDAT_HEAD));
	curb_buf_u32(out, MP4_TYPE('m', 'd', 'a', 't'));
	if (large)
		curb_buf_u64(out, payload + MDAT_LARGE_HEAD);
}

bool flat_build(const struct flat_track *tracks, size_t n, struct curb_buf *head, struct curb_buf *pieces,
                uint64_t *ret_payload)
{
	if (n > FLAT_TRACKS_MAX)
		return false;
	struct curb_buf chunks[FLAT_TRACKS_MAX];
	for (size_t i = 0; i < n; i++)
		chunks[i] = curb_buf((size_t)MP4_FRAGMENTS_MAX * 8);
	uint64_t payload = lay_out(tracks, n, chunks, pieces);
	bool wide = payload > stco_max;
	/* Offsets depend on the size of the moov, the size of the moov not on the offsets. */
	CURB_AUTO(buf) struct curb_buf trial = curb_buf(FLAT_HEAD_MAX);
	write_ftyp(&trial);
	write_moov(tracks, n, chunks, 0, wide, &trial);
	write_mdat_head(&trial, payload);
	write_ftyp(head);
	write_moov(tracks, n, chunks, trial.len, wide, head);
	write_mdat_head(head, payload);
	for (size_t i = 0; i < n; i++)
		curb_buf_free(&chunks[i]);
	*ret_payload = payload;
	return !head->failed && !pieces->failed && !trial.failed;
}
