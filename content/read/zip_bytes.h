/* Little-endian integers and reading at a place, for zip.c and zip_local.c. */
#ifndef CONTENT_ZIP_BYTES_H
#define CONTENT_ZIP_BYTES_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "zip.h"

enum { ZIP_LOCAL_HEAD = 30, ZIP_SIGNATURE_LOCAL = 0x04034b50, ZIP_EXTRA_ZIP64 = 1 };
enum {
	ZIP_FLAG_ENCRYPTED = 1,
	ZIP_FLAG_LATE_SIZES = 8,
	ZIP_FLAG_STRONG = 0x40,
	ZIP_FLAG_UTF8 = 0x800,
	ZIP_FLAG_MASKED = 0x2000
};

static inline uint16_t zip_u16(const unsigned char *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t zip_u32(const unsigned char *at)
{
	return (uint32_t)zip_u16(at) | (uint32_t)zip_u16(at + 2) << 16;
}

static inline uint64_t zip_u64(const unsigned char *at)
{
	return (uint64_t)zip_u32(at) | (uint64_t)zip_u32(at + 4) << 32;
}

/* False when not all `n` bytes are there. */
static inline bool zip_read(int fd, uint64_t offset, void *bytes, size_t n)
{
	for (size_t have = 0; have < n;) {
		ssize_t got = pread(fd, (char *)bytes + have, n - have, (off_t)(offset + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	return true;
}

/* What zip.c knows of an entry while it checks it. */
struct zip_check {
	struct zip_entry *entry;
	struct curb_str raw; /* the name as it stands in the central directory */
	uint16_t flags;
};

/* Finds field `id` in extra fields; false when it is not there. Fields that overrun end the search. */
static inline bool zip_extra(struct curb_str extra, uint16_t id, size_t *at, struct curb_str *ret_field)
{
	enum { HEAD = 4 };
	while (*at + HEAD <= extra.len) {
		const unsigned char *field = (const unsigned char *)extra.ptr + *at;
		size_t length = zip_u16(field + 2);
		if (length > extra.len - *at - HEAD)
			return false;
		*at += HEAD + length;
		if (zip_u16(field) != id)
			continue;
		*ret_field = curb_str_n((const char *)field + HEAD, length);
		return true;
	}
	return false;
}

/* Compares the local headers with the central directory, finds the packed bytes, and sees that no two entries share
 * any. `end`: where the central directory begins. On failure the code; *ret_entry names the entry. */
const char *zip_check_local(struct curb_arena *arena, const struct zip *zip, struct zip_check *checks,
                            uint64_t end, size_t *ret_entry);

#endif
