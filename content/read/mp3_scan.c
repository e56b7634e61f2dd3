#include "mp3_scan.h"

#include <string.h>

enum { FRAMES_MIN = 3, HEAD = 4, ID3_HEAD = 10, XING_LOOK = 64 };

void scan_mark(struct scan_records *records, uint64_t offset, uint64_t us)
{
	if (records->open && us - records->start_us >= SCAN_RECORD_US)
		scan_end(records, offset, us);
	if (records->open)
		return;
	records->open = true;
	records->offset = offset;
	records->start_us = us;
}

void scan_end(struct scan_records *records, uint64_t offset, uint64_t us)
{
	if (!records->open)
		return;
	curb_buf_u64(&records->out, records->offset);
	curb_buf_u64(&records->out, offset - records->offset);
	curb_buf_u64(&records->out, records->start_us);
	curb_buf_u64(&records->out, us - records->start_us);
	records->open = false;
}

void mp3_scan_init(struct mp3_scan *scan)
{
	*scan = (struct mp3_scan){ 0 };
	scan->records.out = curb_buf((size_t)MP3_RECORDS_MAX * 32);
}

void mp3_scan_done(struct mp3_scan *scan)
{
	curb_buf_free(&scan->records.out);
}

static uint32_t word(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

struct frame {
	uint32_t rate, samples, length, side;
};

static bool read_frame_head(uint32_t head, struct frame *ret_frame)
{
	static const uint16_t kbits[2][15] = {
		{ 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },
		{ 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },
	};
	static const uint16_t rates[] = { 44100, 48000, 32000 };
	uint32_t version = head >> 19 & 3, kbit = head >> 12 & 15, rate = head >> 10 & 3;
	bool layer3 = (head >> 17 & 3) == 1, mono = (head >> 6 & 3) == 3;
	if (head >> 21 != 0x7ff || version == 1 || !layer3 || kbit == 0 || kbit == 15 || rate == 3)
		return false;
	bool full = version == 3;
	ret_frame->rate = (uint32_t)rates[rate] >> (full ? 0 : version == 2 ? 1 : 2);
	ret_frame->samples = full ? 1152 : 576;
	ret_frame->length = ret_frame->samples / 8 * kbits[full][kbit] * 1000 / ret_frame->rate +
	                    (head >> 9 & 1);
	ret_frame->side = full ? (mono ? 17 : 32) : (mono ? 9 : 17);
	return true;
}

static uint64_t now_us(const struct mp3_scan *scan)
{
	return scan->rate ? scan->frames * scan->per_frame * 1000000 / scan->rate : 0;
}

/* A first frame that holds no sound but a table for seeking. */
static bool is_head_frame(struct mp3_scan *scan, const struct frame *frame)
{
	const unsigned char *at = scan->look + HEAD + frame->side;
	if (memcmp(scan->look + HEAD + 32, "VBRI", 4) == 0)
		return true;
	if (memcmp(at, "Xing", 4) != 0 && memcmp(at, "Info", 4) != 0)
		return false;
	if (word(at + 4) & 1)
		scan->promised = word(at + 8);
	return true;
}

static void step(struct mp3_scan *scan)
{
	memmove(scan->look, scan->look + 1, --scan->looked);
}

/* `look` is full, or all that is left of the file. */
static bool take_frame(struct mp3_scan *scan)
{
	static const uint32_t fixed = 0xfffe0c00;
	struct frame frame;
	uint32_t head = word(scan->look);
	if (!read_frame_head(head, &frame) || (scan->like && (head & fixed) != scan->like))
		return false;
	uint64_t begin = scan->at - scan->looked;
	if (!scan->like) {
		scan->like = head & fixed;
		scan->rate = frame.rate;
		scan->per_frame = frame.samples;
		scan->first = begin;
		scan->head_frame = scan->looked >= XING_LOOK && is_head_frame(scan, &frame);
	}
	scan_mark(&scan->records, begin, now_us(scan));
	if (!scan->head_frame || begin != scan->first)
		scan->frames++;
	scan->frame_end = begin + frame.length;
	scan->skip = frame.length;
	return true;
}

static bool take_tag(struct mp3_scan *scan)
{
	const unsigned char *at = scan->look;
	if (scan->looked < ID3_HEAD || memcmp(at, "ID3", 3) != 0 || (at[6] | at[7] | at[8] | at[9]) & 0x80)
		return false;
	uint64_t size = (uint64_t)at[6] << 21 | (uint64_t)at[7] << 14 | (uint64_t)at[8] << 7 | at[9];
	scan->skip = ID3_HEAD + size + (at[5] & 0x10 ? ID3_HEAD : 0);
	return true;
}

static void decide(struct mp3_scan *scan)
{
	bool known = (!scan->like && take_tag(scan)) || take_frame(scan);
	if (!known) {
		step(scan);
		return;
	}
	size_t drop = scan->skip < scan->looked ? (size_t)scan->skip : scan->looked;
	scan->skip -= drop;
	scan->looked -= drop;
	memmove(scan->look, scan->look + drop, scan->looked);
}

/* The first frame is looked at with what follows its head; of later ones the head is enough. */
static size_t wanted(const struct mp3_scan *scan)
{
	return scan->like ? HEAD : XING_LOOK;
}

void mp3_scan_feed(struct mp3_scan *scan, const void *bytes, size_t n)
{
	const unsigned char *at = bytes, *end = at + n;
	while (at < end) {
		size_t left = (size_t)(end - at);
		if (scan->skip) {
			size_t drop = scan->skip < left ? (size_t)scan->skip : left;
			scan->skip -= drop;
			scan->at += drop;
			at += drop;
			continue;
		}
		scan->look[scan->looked++] = *at++;
		scan->at++;
		while (scan->looked >= wanted(scan) && !scan->skip)
			decide(scan);
	}
}

bool mp3_scan_finish(struct mp3_scan *scan, uint64_t *ret_us)
{
	while (scan->looked >= HEAD && !scan->skip)
		decide(scan);
	uint64_t end = scan->frame_end < scan->at ? scan->frame_end : scan->at;
	scan_end(&scan->records, end, now_us(scan));
	*ret_us = now_us(scan);
	return scan->frames >= FRAMES_MIN && !scan->records.out.failed;
}
