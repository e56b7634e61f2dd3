/* The end record, zip64 and the central directory. What the rules mean is in zip.h; the words in finding_codes.h. */
#include "zip.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "zip_bytes.h"

enum { END_HEAD = 22, COMMENT_MAX = 65535, LOCATOR = 20, END64_HEAD = 56, CENTRAL_HEAD = 46 };
enum {
	SIGNATURE_END = 0x06054b50,
	SIGNATURE_LOCATOR = 0x07064b50,
	SIGNATURE_END64 = 0x06064b50,
	SIGNATURE_CENTRAL = 0x02014b50
};
enum { DIRECTORY_MAX = 32 * 1024 * 1024, EXTRA_UNICODE_NAME = 0x7075 };
/* Text packs ten to one, rarely a hundred to one; small files may be as empty as they like. */
enum { BOMB_FROM = 16 * 1024 * 1024, BOMB_RATIO = 200 };

struct opening {
	struct curb_arena *arena;
	struct zip_names *names;
	const struct zip_report *report;
	struct zip zip;
	uint64_t directory, directory_size, count; /* of the central directory */
	uint64_t directory_end;                    /* where it must end */
	struct zip_check *checks;
	uint64_t total; /* bytes when unpacked */
};

static struct curb_str number(struct opening *o, uint64_t value)
{
	return curb_str(curb_printf(o->arena, "%" PRIu64, value));
}

static bool refuse(struct opening *o, const char *code, struct curb_str a, struct curb_str b)
{
	o->report->found(o->report->arg, code, a, b);
	return false;
}

static bool refuse_plain(struct opening *o, const char *code)
{
	return refuse(o, code, curb_str(NULL), curb_str(NULL));
}

bool zip_looks_like(struct curb_str first_bytes)
{
	return curb_str_starts(first_bytes, "PK\003\004") || curb_str_starts(first_bytes, "PK\005\006") ||
	       curb_str_starts(first_bytes, "PK\006\006");
}

static bool read_end64(struct opening *o, uint64_t end)
{
	unsigned char locator[LOCATOR], record[END64_HEAD];
	if (end < LOCATOR || !zip_read(o->zip.fd, o->zip.start + end - LOCATOR, locator, LOCATOR) ||
	    zip_u32(locator) != SIGNATURE_LOCATOR)
		return refuse_plain(o, "zip.zip64");
	uint64_t at = zip_u64(locator + 8);
	if (zip_u32(locator + 4) != 0 || zip_u32(locator + 16) > 1)
		return refuse_plain(o, "zip.multidisk");
	if (end < LOCATOR + END64_HEAD || at > end - LOCATOR - END64_HEAD ||
	    !zip_read(o->zip.fd, o->zip.start + at, record, END64_HEAD) || zip_u32(record) != SIGNATURE_END64)
		return refuse_plain(o, "zip.zip64");
	if (zip_u32(record + 16) != 0 || zip_u32(record + 20) != 0 ||
	    zip_u64(record + 24) != zip_u64(record + 32))
		return refuse_plain(o, "zip.multidisk");
	o->count = zip_u64(record + 32);
	o->directory_size = zip_u64(record + 40);
	o->directory = zip_u64(record + 48);
	o->directory_end = at;
	return true;
}

static bool read_end_record(struct opening *o, const unsigned char *record, uint64_t end)
{
	if (zip_u16(record + 4) != 0 || zip_u16(record + 6) != 0 ||
	    zip_u16(record + 8) != zip_u16(record + 10))
		return refuse_plain(o, "zip.multidisk");
	o->count = zip_u16(record + 10);
	o->directory_size = zip_u32(record + 12);
	o->directory = zip_u32(record + 16);
	o->directory_end = end;
	if (o->count == UINT16_MAX || o->directory_size == UINT32_MAX || o->directory == UINT32_MAX)
		return read_end64(o, end);
	return true;
}

/* The last end record in the file must reach to its very end: else two programs could see two different zips. */
static bool find_end(struct opening *o)
{
	uint64_t tail = o->zip.length < END_HEAD + COMMENT_MAX ? o->zip.length : END_HEAD + COMMENT_MAX;
	unsigned char *bytes = malloc(tail + 1);
	bool found = false, ok = false;
	if (bytes && tail >= END_HEAD &&
	    zip_read(o->zip.fd, o->zip.start + o->zip.length - tail, bytes, tail)) {
		for (size_t at = tail - END_HEAD + 1; at-- > 0 && !found;) {
			if (zip_u32(bytes + at) != SIGNATURE_END)
				continue;
			found = true;
			if (zip_u16(bytes + at + 20) == tail - at - END_HEAD)
				ok = read_end_record(o, bytes + at, o->zip.length - tail + at);
			else
				found = false, at = 0;
		}
	}
	free(bytes);
	return found ? ok : refuse_plain(o, "zip.end");
}

/* CRC-32 of a name, bit by bit: names are short. */
static uint32_t crc_of(struct curb_str s)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < s.len; i++) {
		crc ^= (unsigned char)s.ptr[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
	}
	return ~crc;
}

/* The name in UTF-8 that Info-ZIP writes beside a name in another encoding: it counts while its checksum is that
 * of the name it belongs to. */
static struct curb_str unicode_name(struct curb_str raw, struct curb_str extra)
{
	enum { HEAD = 5 };
	struct curb_str field;
	for (size_t at = 0; zip_extra(extra, EXTRA_UNICODE_NAME, &at, &field);) {
		const unsigned char *bytes = (const unsigned char *)field.ptr;
		if (field.len > HEAD && bytes[0] == 1 && zip_u32(bytes + 1) == crc_of(raw))
			return curb_str_n(field.ptr + HEAD, field.len - HEAD);
	}
	return curb_str(NULL);
}

static bool extra_is_whole(struct curb_str extra)
{
	size_t at = 0;
	while (at + 4 <= extra.len) {
		size_t length = zip_u16((const unsigned char *)extra.ptr + at + 2);
		if (length > extra.len - at - 4)
			return false;
		at += 4 + length;
	}
	return true; /* up to three bytes of padding are seen in good files */
}

/* The values that did not fit stand in the field in this order, only those that did not. */
static bool take_zip64(const unsigned char *head, struct curb_str extra, struct zip_entry *entry)
{
	uint64_t *const wide[] = { zip_u32(head + 24) == UINT32_MAX ? &entry->size : NULL,
		                   zip_u32(head + 20) == UINT32_MAX ? &entry->packed : NULL,
		                   zip_u32(head + 42) == UINT32_MAX ? &entry->header : NULL };
	struct curb_str field = { NULL, 0 };
	size_t at = 0, used = 0;
	if (!wide[0] && !wide[1] && !wide[2])
		return true;
	if (!zip_extra(extra, ZIP_EXTRA_ZIP64, &at, &field))
		return false;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
		if (!wide[i])
			continue;
		if (field.len < used + 8)
			return false;
		*wide[i] = zip_u64((const unsigned char *)field.ptr + used);
		used += 8;
	}
	return true;
}

static const char *check_kind(const unsigned char *head, struct zip_entry *entry)
{
	enum { UNIX = 3, MACOS = 19, MODE_SHIFT = 16 };
	uint8_t host = head[5];
	uint32_t mode = zip_u32(head + 38) >> MODE_SHIFT;
	entry->folder = curb_str_ends(entry->name, "/");
	if (host == UNIX || host == MACOS) {
		if (S_ISLNK(mode))
			return "zip.link";
		if ((mode & S_IFMT) && !S_ISREG(mode) && !S_ISDIR(mode))
			return "zip.special";
	}
	if (entry->folder && (entry->size || entry->packed))
		return "zip.size";
	return NULL;
}

static const char *check_packing(uint16_t flags, const struct zip_entry *entry)
{
	if (flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_STRONG | ZIP_FLAG_MASKED))
		return "zip.encrypted";
	if (entry->method != ZIP_STORED && entry->method != ZIP_DEFLATED)
		return "zip.method";
	if (entry->method == ZIP_STORED && entry->packed != entry->size)
		return "zip.size";
	if (entry->size > BOMB_FROM && entry->size / BOMB_RATIO > entry->packed)
		return "zip.bomb";
	return NULL;
}

/* `head` has its fixed part whole. False after a finding; else *ret_length is what it takes up. */
static bool read_entry(struct opening *o, const unsigned char *head, size_t room, size_t i,
                       size_t *ret_length)
{
	struct zip_entry *entry = &o->zip.entries[i];
	size_t name = zip_u16(head + 28), extra = zip_u16(head + 30), comment = zip_u16(head + 32);
	*ret_length = CENTRAL_HEAD + name + extra + comment;
	if (*ret_length > room)
		return refuse_plain(o, "zip.directory");
	struct curb_str raw = curb_str_n((const char *)head + CENTRAL_HEAD, name);
	struct curb_str more = curb_str_n(raw.ptr + name, extra);
	*entry = (struct zip_entry){ .method = zip_u16(head + 10),
		                     .crc = zip_u32(head + 16),
		                     .packed = zip_u32(head + 20),
		                     .size = zip_u32(head + 24),
		                     .header = zip_u32(head + 42) };
	o->checks[i] = (struct zip_check){ .entry = entry, .raw = raw, .flags = zip_u16(head + 8) };
	if (!extra_is_whole(more))
		return refuse_plain(o, "zip.directory");
	const char *fault = zip_name(o->arena, o->names, raw, unicode_name(raw, more),
	                             o->checks[i].flags & ZIP_FLAG_UTF8, &entry->name);
	if (fault)
		return refuse(o, fault, entry->name.len ? entry->name : number(o, i + 1),
		              number(o, ZIP_DEPTH_MAX));
	if (!take_zip64(head, more, entry))
		return refuse_plain(o, "zip.zip64");
	if (zip_u16(head + 34) != 0)
		return refuse_plain(o, "zip.multidisk");
	fault = check_kind(head, entry);
	if (!fault)
		fault = check_packing(o->checks[i].flags, entry);
	if (fault)
		return refuse(o, fault, entry->name,
		              number(o, strcmp(fault, "zip.method") == 0 ? entry->method : entry->size));
	return true;
}

static bool walk(struct opening *o, const unsigned char *bytes)
{
	uint64_t total = 0;
	size_t at = 0;
	for (size_t i = 0; i < o->zip.count; i++) {
		size_t length = 0;
		if (o->directory_size - at < CENTRAL_HEAD || zip_u32(bytes + at) != SIGNATURE_CENTRAL)
			return refuse_plain(o, "zip.directory");
		if (!read_entry(o, bytes + at, o->directory_size - at, i, &length))
			return false;
		at += length;
		if (o->zip.entries[i].size > ZIP_TOTAL_MAX - total)
			return refuse(o, "zip.total", number(o, total + (o->zip.entries[i].size >> 1)),
			              number(o, ZIP_TOTAL_MAX));
		total += o->zip.entries[i].size;
	}
	if (at != o->directory_size)
		return refuse_plain(o, "zip.directory");
	o->total = total;
	return true;
}

static bool check_together(struct opening *o)
{
	size_t a = 0, b = 0;
	if (zip_names_clash(o->arena, o->zip.entries, o->zip.count, &a, &b))
		return refuse(o, "zip.duplicate", o->zip.entries[a].name, o->zip.entries[b].name);
	const char *fault = zip_check_local(o->arena, &o->zip, o->checks, o->directory, &a);
	if (fault)
		return refuse(o, fault, o->zip.entries[a].name, curb_str(NULL));
	if (o->total > BOMB_FROM && o->total / BOMB_RATIO > o->zip.length)
		return refuse(o, "zip.bomb", curb_str("zip"), number(o, o->total));
	return true;
}

static bool read_directory(struct opening *o)
{
	if (o->count > ZIP_ENTRIES_MAX)
		return refuse(o, "zip.many", number(o, o->count), number(o, ZIP_ENTRIES_MAX));
	if (o->directory_size > DIRECTORY_MAX || o->directory > o->directory_end ||
	    o->directory_end - o->directory != o->directory_size)
		return refuse_plain(o, "zip.directory");
	o->zip.count = (size_t)o->count;
	o->zip.entries = curb_alloc_n(o->arena, o->zip.count + 1, sizeof *o->zip.entries);
	o->checks = curb_alloc_n(o->arena, o->zip.count + 1, sizeof *o->checks);
	unsigned char *bytes = malloc((size_t)o->directory_size + 1);
	bool ok = bytes && zip_read(o->zip.fd, o->zip.start + o->directory, bytes, (size_t)o->directory_size);
	if (!ok)
		refuse_plain(o, "zip.directory");
	ok = ok && walk(o, bytes) && check_together(o);
	free(bytes);
	return ok;
}

bool zip_open(struct curb_arena *arena, struct zip_names *names, int fd, uint64_t start, uint64_t length,
              const struct zip_report *report, struct zip *ret_zip)
{
	struct opening o = { .arena = arena,
		             .names = names,
		             .report = report,
		             .zip = { .fd = fd, .start = start, .length = length } };
	if (!find_end(&o) || !read_directory(&o))
		return false;
	*ret_zip = o.zip;
	return true;
}

struct zip_entry *zip_find(const struct zip *zip, struct curb_str name)
{
	for (size_t i = 0; i < zip->count; i++)
		if (!zip->entries[i].folder && curb_str_eq(zip->entries[i].name, name))
			return &zip->entries[i];
	return NULL;
}
