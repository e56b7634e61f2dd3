#include "mp4_box.h"

#include "curb/arena.h"

static uint64_t big_endian(struct curb_str bytes, size_t at, size_t n)
{
	uint64_t value = 0;
	if (bytes.len < n || at > bytes.len - n)
		return 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (uint8_t)bytes.ptr[at + i];
	return value;
}

uint16_t mp4_u16(struct curb_str bytes, size_t at)
{
	return (uint16_t)big_endian(bytes, at, 2);
}

uint32_t mp4_u32(struct curb_str bytes, size_t at)
{
	return (uint32_t)big_endian(bytes, at, 4);
}

uint64_t mp4_u64(struct curb_str bytes, size_t at)
{
	return big_endian(bytes, at, 8);
}

bool mp4_head(struct curb_str bytes, uint32_t *ret_type, uint64_t *ret_size, uint32_t *ret_head)
{
	if (bytes.len < 8)
		return false;
	uint64_t size = mp4_u32(bytes, 0);
	uint32_t head = 8;
	if (size == 1) {
		if (bytes.len < 16)
			return false;
		size = mp4_u64(bytes, 8);
		head = 16;
	}
	if (size && size < head)
		return false;
	*ret_type = mp4_u32(bytes, 4);
	*ret_size = size;
	*ret_head = head;
	return true;
}

bool mp4_next(struct curb_str *rest, struct mp4_box *ret_box)
{
	uint32_t type, head;
	uint64_t size;
	if (!mp4_head(*rest, &type, &size, &head))
		return false;
	if (size == 0)
		size = rest->len;
	if (size > rest->len)
		return false;
	ret_box->type = type;
	ret_box->whole = curb_str_n(rest->ptr, (size_t)size);
	ret_box->body = curb_str_from(ret_box->whole, head);
	*rest = curb_str_from(*rest, (size_t)size);
	return true;
}

struct curb_str mp4_find(struct curb_str body, uint32_t type)
{
	struct mp4_box box;
	while (mp4_next(&body, &box))
		if (box.type == type)
			return box.body;
	return curb_str_n(NULL, 0);
}

struct curb_str mp4_path(struct curb_str body, const uint32_t *types)
{
	for (; *types && body.ptr; types++)
		body = mp4_find(body, *types);
	return body;
}

static struct curb_str stbl_of(struct curb_str moov)
{
	static const uint32_t path[] = { MP4_TYPE('t', 'r', 'a', 'k'), MP4_TYPE('m', 'd', 'i', 'a'),
		                         MP4_TYPE('m', 'i', 'n', 'f'), MP4_TYPE('s', 't', 'b', 'l'), 0 };
	return mp4_path(moov, path);
}

struct curb_str mp4_stsd(struct curb_str moov)
{
	struct curb_str stbl = stbl_of(moov);
	struct mp4_box box;
	while (mp4_next(&stbl, &box))
		if (box.type == MP4_TYPE('s', 't', 's', 'd'))
			return box.whole;
	return curb_str_n(NULL, 0);
}

enum { FULL_HEAD = 4, VISUAL_ENTRY = 78, AUDIO_ENTRY = 28 };

struct curb_str mp4_sample_config(struct curb_str moov, uint32_t type, uint32_t *ret_entry)
{
	struct curb_str stsd = mp4_find(stbl_of(moov), MP4_TYPE('s', 't', 's', 'd'));
	struct curb_str entries = curb_str_from(stsd, FULL_HEAD + 4);
	struct mp4_box entry;
	if (!stsd.ptr || !mp4_next(&entries, &entry))
		return curb_str_n(NULL, 0);
	*ret_entry = entry.type;
	bool audio = entry.type == MP4_TYPE('m', 'p', '4', 'a') || entry.type == MP4_TYPE('O', 'p', 'u', 's');
	return mp4_find(curb_str_from(entry.body, audio ? AUDIO_ENTRY : VISUAL_ENTRY), type);
}

static const char *avc_name(struct curb_arena *arena, struct curb_str config)
{
	return curb_printf(arena, "avc1.%06x", (unsigned)(mp4_u32(config, 0) & 0xffffff));
}

static const char *av1_name(struct curb_arena *arena, struct curb_str config)
{
	unsigned second = mp4_u16(config, 0) & 0xff, third = mp4_u16(config, 1) & 0xff;
	bool high = third & 0x40, twelve = third & 0x20;
	return curb_printf(arena, "av01.%u.%02u%c.%02u", second >> 5, second & 31, third & 0x80 ? 'H' : 'M',
	                   twelve ? 12u :
	                   high   ? 10u :
	                            8u);
}

static const char *vp9_name(struct curb_arena *arena, struct curb_str config)
{
	struct curb_str at = curb_str_from(config, FULL_HEAD);
	unsigned profile = mp4_u16(at, 0) >> 8, level = mp4_u16(at, 0) & 0xff;
	return curb_printf(arena, "vp09.%02u.%02u.%02u", profile, level,
	                   (unsigned)(mp4_u16(at, 1) & 0xff) >> 4);
}

const char *mp4_codec_name(struct curb_arena *arena, struct curb_str moov, int aac_object)
{
	uint32_t entry = 0;
	struct curb_str config = mp4_sample_config(moov, MP4_TYPE('a', 'v', 'c', 'C'), &entry);
	if (config.len >= 4)
		return avc_name(arena, config);
	config = mp4_sample_config(moov, MP4_TYPE('a', 'v', '1', 'C'), &entry);
	if (config.len >= 4)
		return av1_name(arena, config);
	config = mp4_sample_config(moov, MP4_TYPE('v', 'p', 'c', 'C'), &entry);
	if (config.len >= FULL_HEAD + 3)
		return vp9_name(arena, config);
	if (entry == MP4_TYPE('m', 'p', '4', 'a'))
		return curb_printf(arena, "mp4a.40.%d", aac_object);
	return entry == MP4_TYPE('O', 'p', 'u', 's') ? "opus" : "";
}

size_t mp4_begin(struct curb_buf *out, uint32_t type)
{
	size_t place = out->len;
	curb_buf_u32(out, 0);
	curb_buf_u32(out, type);
	return place;
}

size_t mp4_begin_full(struct curb_buf *out, uint32_t type, uint8_t version, uint32_t flags)
{
	size_t place = mp4_begin(out, type);
	curb_buf_u32(out, (uint32_t)version << 24 | flags);
	return place;
}

void mp4_end(struct curb_buf *out, size_t place)
{
	if (out->failed)
		return;
	uint32_t size = (uint32_t)(out->len - place);
	for (int i = 0; i < 4; i++)
		out->data[place + (size_t)i] = (char)(size >> (24 - 8 * i));
}
