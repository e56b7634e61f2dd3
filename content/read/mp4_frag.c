#include "mp4_frag.h"

#include <stdlib.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "mp4_box.h"

enum { FTYP = MP4_TYPE('f', 't', 'y', 'p'), MOOV = MP4_TYPE('m', 'o', 'o', 'v') };
enum { MOOF = MP4_TYPE('m', 'o', 'o', 'f'), MDAT = MP4_TYPE('m', 'd', 'a', 't') };
enum { SIDX_HEAD = 40, SIDX_ENTRY = 12, FREE_HEAD = 8, NOT_SYNC = 0x10000 };

void mp4_frags_init(struct mp4_frags *frags, const struct mp4_sink *sink, uint32_t reserve)
{
	*frags = (struct mp4_frags){ .sink = *sink };
	frags->reserve = reserve < 2 ? 2 : reserve > 65535 ? 65535 : reserve;
	frags->head = curb_buf(16);
	frags->moov = curb_buf(MP4_BOX_MAX);
	frags->box = curb_buf(MP4_BOX_MAX);
	mp4_samples_init(&frags->samples);
}

void mp4_frags_done(struct mp4_frags *frags)
{
	free(frags->list);
	frags->list = NULL;
	frags->count = frags->cap = 0;
	curb_buf_free(&frags->head);
	curb_buf_free(&frags->moov);
	curb_buf_free(&frags->box);
	mp4_samples_done(&frags->samples);
}

uint64_t mp4_us(uint64_t ticks, uint32_t timescale)
{
	return timescale ? ticks / timescale * 1000000 + ticks % timescale * 1000000 / timescale : 0;
}

static bool fail(struct mp4_frags *frags, const char *why)
{
	frags->failed = why;
	return false;
}

static void send(struct mp4_frags *frags, const void *bytes, size_t n)
{
	frags->sink.data(frags->sink.arg, bytes, n);
	frags->sent += n;
}

static void send_buf(struct mp4_frags *frags, const struct curb_buf *buf)
{
	send(frags, buf->data, buf->len);
}

static size_t reserved(const struct mp4_frags *frags)
{
	return FREE_HEAD + SIDX_HEAD + (size_t)frags->reserve * SIDX_ENTRY;
}

/* One free box as large as the sidx may become, so that the file is sound before the sidx is known. */
static void send_reserve(struct mp4_frags *frags)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 20);
	size_t place = mp4_begin(&out, MP4_TYPE('f', 'r', 'e', 'e'));
	void *room = curb_buf_room(&out, reserved(frags) - FREE_HEAD);
	CURB_ASSERT(room);
	memset(room, 0, reserved(frags) - FREE_HEAD);
	mp4_end(&out, place);
	frags->reserved_at = frags->sent;
	send_buf(frags, &out);
}

/* libav copies the input's own rate into dOps; Chromium refuses what differs from the sample entry's 48000. */
static void mend_opus_rate(struct curb_str moov)
{
	uint32_t entry = 0;
	struct curb_str ops = mp4_sample_config(moov, MP4_TYPE('d', 'O', 'p', 's'), &entry);
	static const unsigned char rate[] = { 0, 0, 0xbb, 0x80 };
	if (ops.len >= 8)
		memcpy((char *)(uintptr_t)ops.ptr + 4, rate, sizeof rate);
}

static bool take_moov(struct mp4_frags *frags)
{
	static const uint32_t trex_path[] = { MP4_TYPE('m', 'v', 'e', 'x'), MP4_TYPE('t', 'r', 'e', 'x'), 0 };
	static const uint32_t mdhd_path[] = { MP4_TYPE('t', 'r', 'a', 'k'), MP4_TYPE('m', 'd', 'i', 'a'),
		                              MP4_TYPE('m', 'd', 'h', 'd'), 0 };
	struct curb_str moov = curb_str_from(curb_buf_view(&frags->box), 8);
	mend_opus_rate(moov);
	struct curb_str mdhd = mp4_path(moov, mdhd_path), trex = mp4_path(moov, trex_path);
	frags->timescale = mp4_u32(mdhd, mdhd.len && mdhd.ptr[0] == 1 ? 20 : 12);
	frags->default_duration = mp4_u32(trex, 12);
	frags->default_size = mp4_u32(trex, 16);
	frags->default_flags = mp4_u32(trex, 20);
	if (!frags->timescale)
		return fail(frags, "no timescale");
	curb_buf_clear(&frags->moov);
	curb_buf_str(&frags->moov, moov);
	return true;
}

struct traf {
	uint32_t duration, size, flags;
	uint64_t start;
};

static void read_tfhd(struct traf *traf, struct curb_str tfhd)
{
	uint32_t flags = mp4_u32(tfhd, 0) & 0xffffff;
	size_t at = 8;
	if (flags & 0x01)
		at += 8;
	if (flags & 0x02)
		at += 4;
	if (flags & 0x08) {
		traf->duration = mp4_u32(tfhd, at);
		at += 4;
	}
	if (flags & 0x10) {
		traf->size = mp4_u32(tfhd, at);
		at += 4;
	}
	if (flags & 0x20)
		traf->flags = mp4_u32(tfhd, at);
}

static uint32_t take_field(struct curb_str trun, size_t *at, bool there, uint32_t otherwise)
{
	if (!there)
		return otherwise;
	uint32_t value = mp4_u32(trun, *at);
	*at += 4;
	return value;
}

static bool read_trun(struct mp4_frags *frags, const struct traf *traf, struct curb_str trun,
                      struct mp4_fragment *fragment)
{
	uint32_t flags = mp4_u32(trun, 0) & 0xffffff, count = mp4_u32(trun, 4);
	size_t at = 8 + (flags & 1 ? 4u : 0);
	uint32_t first = take_field(trun, &at, flags & 4, traf->flags);
	size_t fields = (flags >> 8 & 1) + (flags >> 9 & 1) + (flags >> 10 & 1) + (flags >> 11 & 1);
	if (fields * 4 * (uint64_t)count > trun.len || at > trun.len - fields * 4 * count)
		return fail(frags, "trun is short");
	if (count > MP4_SAMPLES_MAX - frags->samples.count)
		return fail(frags, "too many samples");
	for (uint32_t i = 0; i < count; i++) {
		uint32_t duration = take_field(trun, &at, flags & 0x100, traf->duration);
		uint32_t size = take_field(trun, &at, flags & 0x200, traf->size);
		uint32_t how = take_field(trun, &at, flags & 0x400, i || !(flags & 4) ? traf->flags : first);
		uint32_t shift = take_field(trun, &at, flags & 0x800, 0);
		if (fragment->samples == 0)
			fragment->key = !(how & NOT_SYNC);
		mp4_sample_add(&frags->samples, size, duration, (int32_t)shift, !(how & NOT_SYNC));
		fragment->samples++;
		fragment->duration += duration;
		fragment->payload_length += size;
	}
	return true;
}

static struct mp4_fragment *new_fragment(struct mp4_frags *frags)
{
	if (frags->count == MP4_FRAGMENTS_MAX)
		return NULL;
	if (frags->count == frags->cap) {
		size_t cap = frags->cap ? frags->cap * 2 : 64;
		struct mp4_fragment *list = curb_xcalloc(cap, sizeof *list);
		if (frags->count)
			memcpy(list, frags->list, frags->count * sizeof *list);
		free(frags->list);
		frags->list = list;
		frags->cap = cap;
	}
	struct mp4_fragment *fragment = &frags->list[frags->count++];
	*fragment = (struct mp4_fragment){ 0 };
	return fragment;
}

static bool take_moof(struct mp4_frags *frags)
{
	struct curb_str traf_body = mp4_find(curb_str_from(curb_buf_view(&frags->box), 8),
	                                     MP4_TYPE('t', 'r', 'a', 'f'));
	struct curb_str tfdt = mp4_find(traf_body, MP4_TYPE('t', 'f', 'd', 't'));
	struct traf traf = { frags->default_duration, frags->default_size, frags->default_flags, 0 };
	if (!traf_body.ptr || tfdt.len < 8)
		return fail(frags, "moof without traf or tfdt");
	read_tfhd(&traf, mp4_find(traf_body, MP4_TYPE('t', 'f', 'h', 'd')));
	traf.start = tfdt.ptr[0] == 1 ? mp4_u64(tfdt, 4) : mp4_u32(tfdt, 4);
	if (!frags->reserved_at)
		send_reserve(frags);
	struct mp4_fragment *fragment = new_fragment(frags);
	if (!fragment)
		return fail(frags, "too many fragments");
	fragment->offset = frags->sent;
	fragment->start = traf.start;
	struct mp4_box box;
	while (mp4_next(&traf_body, &box))
		if (box.type == MP4_TYPE('t', 'r', 'u', 'n') && !read_trun(frags, &traf, box.body, fragment))
			return false;
	return true;
}

static bool take_whole(struct mp4_frags *frags)
{
	bool ok = frags->box_type == MOOV ? take_moov(frags) :
	          frags->box_type == MOOF ? take_moof(frags) :
	                                    true;
	if (ok)
		send_buf(frags, &frags->box);
	curb_buf_clear(&frags->box);
	return ok;
}

static bool begin_mdat(struct mp4_frags *frags, uint64_t size, uint32_t head)
{
	struct mp4_fragment *last = frags->count ? &frags->list[frags->count - 1] : NULL;
	if (!last || last->payload || size < head || size - head != last->payload_length)
		return fail(frags, "mdat does not fit its moof");
	send_buf(frags, &frags->head);
	last->payload = frags->sent;
	last->length = frags->sent + last->payload_length - last->offset;
	return true;
}

static bool begin_box(struct mp4_frags *frags)
{
	uint64_t size;
	uint32_t head;
	if (!mp4_head(curb_buf_view(&frags->head), &frags->box_type, &size, &head))
		return frags->head.len < 16 || fail(frags, "a box without size");
	if (frags->head.len < head)
		return true;
	frags->box_left = size - head;
	bool ok = true;
	if (frags->box_type == MDAT)
		ok = begin_mdat(frags, size, head);
	else if (size < head || head != 8 || size > MP4_BOX_MAX)
		ok = fail(frags, "a box too large");
	else if (frags->box_type != MOOF && frags->box_type != MOOV && frags->box_type != FTYP)
		ok = fail(frags, "a box that does not belong here");
	else
		curb_buf_str(&frags->box, curb_buf_view(&frags->head));
	curb_buf_clear(&frags->head);
	if (ok && frags->box_left == 0 && frags->box.len)
		return take_whole(frags);
	return ok;
}

bool mp4_frags_feed(struct mp4_frags *frags, const void *bytes, size_t n)
{
	struct curb_str rest = curb_str_n(bytes, n);
	while (rest.len && !frags->failed) {
		if (frags->box_left == 0) {
			size_t want = frags->head.len < 8 ? 8 - frags->head.len : 16 - frags->head.len;
			size_t take = want < rest.len ? want : rest.len;
			curb_buf_add(&frags->head, rest.ptr, take);
			rest = curb_str_from(rest, take);
			if (frags->head.len >= 8 && !begin_box(frags))
				return false;
			continue;
		}
		size_t take = frags->box_left < rest.len ? (size_t)frags->box_left : rest.len;
		if (frags->box_type == MDAT)
			send(frags, rest.ptr, take);
		else
			curb_buf_add(&frags->box, rest.ptr, take);
		frags->box_left -= take;
		rest = curb_str_from(rest, take);
		if (frags->box_left == 0 && frags->box.len && !take_whole(frags))
			return false;
	}
	return !frags->failed;
}

/* Fewer references than fragments when there are more than was thought: a reference may span several. */
static void write_references(const struct mp4_frags *frags, struct curb_buf *out, size_t span)
{
	for (size_t i = 0; i < frags->count; i += span) {
		uint64_t length = 0, duration = 0;
		for (size_t k = i; k < i + span && k < frags->count; k++) {
			length += frags->list[k].length;
			duration += frags->list[k].duration;
		}
		curb_buf_u32(out, (uint32_t)(length & 0x7fffffff));
		curb_buf_u32(out, duration > UINT32_MAX ? UINT32_MAX : (uint32_t)duration);
		curb_buf_u32(out, frags->list[i].key ? 0x90000000u : 0);
	}
}

bool mp4_frags_finish(struct mp4_frags *frags)
{
	if (frags->failed || frags->box_left || frags->head.len || !frags->count ||
	    !frags->list[frags->count - 1].payload)
		return fail(frags, frags->failed ? frags->failed : "the last fragment is not whole");
	mp4_samples_close(&frags->samples);
	size_t span = (frags->count + frags->reserve - 1) / frags->reserve;
	CURB_AUTO(buf) struct curb_buf sidx = curb_buf(1 << 20);
	size_t place = mp4_begin_full(&sidx, MP4_TYPE('s', 'i', 'd', 'x'), 1, 0);
	curb_buf_u32(&sidx, 1);
	curb_buf_u32(&sidx, frags->timescale);
	curb_buf_u64(&sidx, frags->list[0].start);
	curb_buf_u64(&sidx, 0);
	curb_buf_u16(&sidx, 0);
	curb_buf_u16(&sidx, (uint16_t)((frags->count + span - 1) / span));
	write_references(frags, &sidx, span);
	mp4_end(&sidx, place);
	CURB_AUTO(buf) struct curb_buf head = curb_buf(8);
	curb_buf_u32(&head, (uint32_t)(reserved(frags) - sidx.len));
	curb_buf_u32(&head, MP4_TYPE('f', 'r', 'e', 'e'));
	frags->sink.patch(frags->sink.arg, frags->reserved_at, head.data, head.len);
	frags->sink.patch(frags->sink.arg, frags->reserved_at + reserved(frags) - sidx.len, sidx.data,
	                  sidx.len);
	return true;
}

void mp4_frags_index(const struct mp4_frags *frags, struct curb_buf *out)
{
	for (size_t i = 0; i < frags->count; i++) {
		const struct mp4_fragment *fragment = &frags->list[i];
		uint64_t start = mp4_us(fragment->start, frags->timescale);
		curb_buf_u64(out, fragment->offset);
		curb_buf_u64(out, fragment->length);
		curb_buf_u64(out, start);
		curb_buf_u64(out, mp4_us(fragment->start + fragment->duration, frags->timescale) - start);
	}
}
