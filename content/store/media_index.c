#include "content/media_index.h"

#include "curb/err.h"

enum { FRAGMENT_RECORD = 32, PIECE_RECORD = 24 };

bool media_is_picture(struct curb_str kind)
{
	return curb_str_is(kind, "video");
}

bool media_is_read(struct curb_str kind)
{
	return curb_str_is(kind, "document");
}

static uint64_t big(struct curb_str bytes, size_t at, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (uint8_t)bytes.ptr[at + i];
	return value;
}

static bool follows(const struct media_fragment *fragment, uint64_t end, uint64_t end_us)
{
	uint64_t past;
	return fragment->length && fragment->offset >= end && fragment->start_us >= end_us &&
	       !__builtin_add_overflow(fragment->offset, fragment->length, &past) && past <= INT64_MAX &&
	       !__builtin_add_overflow(fragment->start_us, fragment->duration_us, &past) && past <= INT64_MAX;
}

int media_index_read(struct curb_arena *arena, struct curb_str index,
                     const struct media_fragment **ret_fragments, size_t *ret_n)
{
	size_t n = index.len / FRAGMENT_RECORD;
	if (!n || index.len % FRAGMENT_RECORD)
		return curb_fail(CURB_EINVAL, "The index of a track is not whole.");
	struct media_fragment *fragments = curb_alloc_n(arena, n, sizeof *fragments);
	uint64_t end = 0, end_us = 0;
	for (size_t i = 0; i < n; i++) {
		size_t at = i * FRAGMENT_RECORD;
		fragments[i] = (struct media_fragment){ big(index, at, 8), big(index, at + 8, 8),
			                                big(index, at + 16, 8), big(index, at + 24, 8) };
		if (!follows(&fragments[i], end, end_us))
			return curb_fail(CURB_EINVAL, "The index of a track is out of order.");
		end = fragments[i].offset + fragments[i].length;
		end_us = fragments[i].start_us + fragments[i].duration_us;
	}
	*ret_fragments = fragments;
	*ret_n = n;
	return 0;
}

int media_pieces_read(struct curb_arena *arena, struct curb_str index, const struct media_piece **ret_pieces,
                      size_t *ret_n)
{
	size_t n = index.len / PIECE_RECORD;
	if (!n || index.len % PIECE_RECORD)
		return curb_fail(CURB_EINVAL, "The index of a flat file is not whole.");
	struct media_piece *pieces = curb_alloc_n(arena, n, sizeof *pieces);
	uint64_t total = 0, past;
	for (size_t i = 0; i < n; i++) {
		size_t at = i * PIECE_RECORD;
		pieces[i] = (struct media_piece){ (uint32_t)big(index, at, 4),
			                          (uint32_t)big(index, at + 4, 4), big(index, at + 8, 8),
			                          big(index, at + 16, 8) };
		if (__builtin_add_overflow(total, pieces[i].length, &total) || total > INT64_MAX ||
		    __builtin_add_overflow(pieces[i].offset, pieces[i].length, &past) || past > INT64_MAX)
			return curb_fail(CURB_EINVAL, "The index of a flat file is out of bounds.");
	}
	*ret_pieces = pieces;
	*ret_n = n;
	return 0;
}

uint64_t media_pieces_length(const struct media_piece *pieces, size_t n)
{
	uint64_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += pieces[i].length;
	return total;
}

uint64_t media_peak(const struct media_fragment *fragments, size_t n)
{
	double peak = 0;
	for (size_t i = 0; i < n; i++) {
		double us = fragments[i].duration_us ? (double)fragments[i].duration_us : 1e6;
		double rate = (double)fragments[i].length * 8e6 / us;
		peak = rate > peak ? rate : peak;
	}
	return (uint64_t)peak;
}

static void widen(struct media_span *span, bool *any, uint64_t from_us, uint64_t to_us)
{
	span->from_us = *any && span->from_us < from_us ? span->from_us : from_us;
	span->to_us = *any && span->to_us > to_us ? span->to_us : to_us;
	*any = true;
}

/* Bytes [from, to) of `length` that lie at `at`; the fragment's time in that proportion. */
static void add_part(const struct media_fragment *fragment, uint64_t at, uint64_t length, uint64_t from,
                     uint64_t to, struct media_span *span, bool *any)
{
	if (!length || to <= at || from >= at + length)
		return;
	double us = (double)fragment->duration_us;
	uint64_t low = from > at ? from - at : 0, high = to < at + length ? to - at : length;
	uint64_t low_us = (uint64_t)((double)low / (double)length * us);
	uint64_t high_us = high == length ? fragment->duration_us :
	                                    (uint64_t)((double)high / (double)length * us);
	widen(span, any, fragment->start_us + low_us, fragment->start_us + high_us);
}

bool media_span_of_track(const struct media_fragment *fragments, size_t n, uint64_t from, uint64_t to,
                         struct media_span *ret_span)
{
	struct media_span span = { 0, 0 };
	bool any = false;
	for (size_t i = 0; i < n && fragments[i].offset < to; i++)
		add_part(&fragments[i], fragments[i].offset, fragments[i].length, from, to, &span, &any);
	if (any)
		*ret_span = span;
	return any;
}

bool media_span_of_flat(const struct media_piece *pieces, size_t piece_count, uint64_t head, uint32_t track,
                        const struct media_fragment *fragments, size_t n, uint64_t from, uint64_t to,
                        struct media_span *ret_span)
{
	struct media_span span = { 0, 0 };
	bool any = false;
	uint64_t at = head;
	for (size_t i = 0; i < piece_count && at < to; i++) {
		if (pieces[i].track == track && pieces[i].fragment < n)
			add_part(&fragments[pieces[i].fragment], at, pieces[i].length, from, to, &span, &any);
		at += pieces[i].length;
	}
	if (any)
		*ret_span = span;
	return any;
}
