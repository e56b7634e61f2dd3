#include "media_shape.h"

#include "mp4_box.h"
#include "probe.h"

enum { BOXES_MAX = 1 << 20, EBML_HEAD_MAX = 64 };

static bool is_mp4(struct curb_str bytes)
{
	static const uint32_t firsts[] = { MP4_TYPE('f', 't', 'y', 'p'), MP4_TYPE('m', 'o', 'o', 'v'),
		                           MP4_TYPE('m', 'd', 'a', 't'), MP4_TYPE('w', 'i', 'd', 'e'),
		                           MP4_TYPE('s', 't', 'y', 'p'), MP4_TYPE('p', 'n', 'o', 't') };
	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
		if (bytes.len >= 8 && mp4_u32(bytes, 4) == firsts[i])
			return true;
	return false;
}

/* A frame's sync word with fields that are not reserved. */
static bool is_mp3(struct curb_str bytes)
{
	if (curb_str_starts(bytes, "ID3"))
		return true;
	uint32_t head = mp4_u32(bytes, 0);
	return bytes.len >= 4 && head >> 21 == 0x7ff && (head >> 19 & 3) != 1 && (head >> 17 & 3) == 1 &&
	       (head >> 12 & 15) != 15 && (head >> 12 & 15) != 0 && (head >> 10 & 3) != 3;
}

static bool has_at(struct curb_str bytes, size_t at, struct curb_str mark)
{
	return bytes.len >= at + mark.len && memcmp(bytes.ptr + at, mark.ptr, mark.len) == 0;
}

/* Ogg with Opus alone is kept as it is; the first page names its codec behind 28 bytes. */
static bool is_ogg_opus(struct curb_str bytes)
{
	enum { BEHIND_PAGE = 28 };
	return curb_str_starts(bytes, "OggS") && has_at(bytes, BEHIND_PAGE, curb_str("OpusHead"));
}

const char *media_foreign_name(struct curb_str bytes)
{
#define MARK(text) sizeof text - 1, text
	static const struct {
		size_t at, len;
		const char *mark, *name;
	} marks[] = {
		{ 8, MARK("AVI "), "AVI" },
		{ 0, MARK("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), "Windows Media" },
		{ 0, MARK("FLV\x01"), "Flash Video" },
		{ 0, MARK("\0\0\x01\xba"), "MPEG" },
		{ 0, MARK("\0\0\x01\xb3"), "MPEG" },
		{ 0, MARK("#!AMR"), "AMR" },
		{ 0, MARK(".RMF"), "RealMedia" },
		{ 0, MARK("OggS"), "Ogg" },
		{ 8, MARK("AIFF"), "AIFF" },
		{ 0, MARK(".snd"), "AU" },
		{ 0, MARK("caff"), "CAF" },
		{ 0, MARK("MAC "), "Monkey's Audio" },
		{ 0, MARK("\x06\x0e\x2b\x34"), "MXF" },
	};
#undef MARK
	enum { PACKET = 188, BLU_RAY = 192 }; /* of a transport stream, each behind the same byte */
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (has_at(bytes, marks[i].at, curb_str_n(marks[i].mark, marks[i].len)))
			return marks[i].name;
	const struct curb_str sync = curb_str("G");
	bool stream = has_at(bytes, 0, sync) && has_at(bytes, PACKET, sync) &&
	              has_at(bytes, 2 * PACKET, sync);
	bool disc = has_at(bytes, 4, sync) && has_at(bytes, 4 + BLU_RAY, sync) &&
	            has_at(bytes, 4 + 2 * BLU_RAY, sync);
	if (stream || disc)
		return "MPEG";
	return NULL;
}

enum media_shape media_shape_of(struct curb_str bytes)
{
	if (is_mp4(bytes))
		return MEDIA_MP4;
	if (curb_str_starts(bytes, "\x1a\x45\xdf\xa3"))
		return MEDIA_MATROSKA;
	if (is_ogg_opus(bytes))
		return MEDIA_OGG;
	if (curb_str_starts(bytes, "fLaC") || (curb_str_starts(bytes, "RIFF") && bytes.len >= 12 &&
	                                       curb_str_starts(curb_str_from(bytes, 8), "WAVE")))
		return MEDIA_OTHER;
	if (media_foreign_name(bytes))
		return MEDIA_FOREIGN;
	return is_mp3(bytes) ? MEDIA_MP3 : MEDIA_UNKNOWN;
}

bool media_looks_like(struct curb_str first_bytes, struct curb_str name)
{
	enum media_shape shape = media_shape_of(first_bytes);
	/* Two bytes are a weak sign: bare frames count only under a name that says so. */
	if (shape == MEDIA_MP3 && !curb_str_starts(first_bytes, "ID3"))
		return name.len > 4 && curb_str_is_nocase(curb_str_from(name, name.len - 4), ".mp3");
	return shape != MEDIA_UNKNOWN;
}

static struct media_extent mp4_extent(const struct media_source *source)
{
	struct media_extent extent = { .whole = true };
	uint64_t at = 0;
	for (int i = 0; i < BOXES_MAX && at < source->size; i++) {
		char bytes[16];
		int64_t got = media_pread(source, at, bytes, sizeof bytes);
		uint32_t type, head;
		uint64_t size;
		if (got < 0 || !mp4_head(curb_str_n(bytes, (size_t)got), &type, &size, &head))
			break; /* padding behind the last box is common */
		bool fits = size <= source->size - at;
		extent.has_moov |= type == MP4_TYPE('m', 'o', 'o', 'v') && fits;
		bool ours = type == MP4_TYPE('m', 'o', 'o', 'v') || type == MP4_TYPE('m', 'd', 'a', 't') ||
		            type == MP4_TYPE('m', 'o', 'o', 'f');
		extent.whole &= fits || !ours;
		if (!size || !fits)
			break;
		at += size;
	}
	return extent;
}

/* An EBML number of 1 to 8 bytes at *at; all ones in it: unknown. False when it does not fit. */
static bool ebml_size(struct curb_str bytes, size_t *at, uint64_t *ret_size)
{
	if (*at >= bytes.len || bytes.ptr[*at] == 0)
		return false;
	unsigned first = (unsigned char)bytes.ptr[*at];
	size_t n = (size_t)__builtin_clz(first) - 24 + 1;
	if (n > bytes.len - *at)
		return false;
	uint64_t value = first & (0xffu >> n);
	for (size_t i = 1; i < n; i++)
		value = value << 8 | (unsigned char)bytes.ptr[*at + i];
	*at += n;
	*ret_size = value == (1ull << 7 * n) - 1 ? UINT64_MAX : value;
	return true;
}

static struct media_extent matroska_extent(const struct media_source *source)
{
	struct media_extent extent = { .whole = true };
	char first[EBML_HEAD_MAX], bytes[16];
	int64_t got = media_pread(source, 0, first, sizeof first);
	size_t at = 4;
	uint64_t size;
	if (got < 0 || !ebml_size(curb_str_n(first, (size_t)got), &at, &size) || size > source->size)
		return extent;
	uint64_t segment = at + size;
	got = media_pread(source, segment, bytes, sizeof bytes);
	struct curb_str head = curb_str_n(bytes, got < 0 ? 0 : (size_t)got);
	at = 4;
	if (curb_str_starts(head, "\x18\x53\x80\x67") && ebml_size(head, &at, &size) && size != UINT64_MAX)
		extent.whole = segment + at <= source->size && size <= source->size - segment - at;
	return extent;
}

struct media_extent media_extent_of(const struct media_source *source, enum media_shape shape)
{
	if (shape == MEDIA_MP4)
		return mp4_extent(source);
	if (shape == MEDIA_MATROSKA)
		return matroska_extent(source);
	return (struct media_extent){ .whole = true };
}
