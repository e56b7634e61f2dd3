/* Local headers: they must say what the central directory says, and no byte may belong to two entries. */
#include <stdlib.h>

#include "zip_bytes.h"

static bool sizes_agree(const unsigned char *head, struct curb_str extra, const struct zip_check *check)
{
	const struct zip_entry *entry = check->entry;
	uint64_t packed = zip_u32(head + 18), size = zip_u32(head + 22);
	struct curb_str field;
	size_t at = 0;
	if (check->flags & ZIP_FLAG_LATE_SIZES) /* they stand behind the data; the directory's are used */
		return true;
	if ((packed == UINT32_MAX || size == UINT32_MAX) && zip_extra(extra, ZIP_EXTRA_ZIP64, &at, &field)) {
		if (field.len < 16)
			return false;
		size = zip_u64((const unsigned char *)field.ptr);
		packed = zip_u64((const unsigned char *)field.ptr + 8);
	}
	return packed == entry->packed && size == entry->size && zip_u32(head + 14) == entry->crc;
}

static const char *check_one(const struct zip *zip, struct zip_check *check, uint64_t end)
{
	enum { FLAGS_THAT_MATTER = ZIP_FLAG_ENCRYPTED | ZIP_FLAG_LATE_SIZES | ZIP_FLAG_UTF8 };
	struct zip_entry *entry = check->entry;
	unsigned char head[ZIP_LOCAL_HEAD];
	char names[2 * UINT16_MAX];
	if (end < ZIP_LOCAL_HEAD || entry->header > end - ZIP_LOCAL_HEAD ||
	    !zip_read(zip->fd, zip->start + entry->header, head, sizeof head) ||
	    zip_u32(head) != ZIP_SIGNATURE_LOCAL)
		return "zip.local";
	size_t name = zip_u16(head + 26), extra = zip_u16(head + 28);
	if (name + extra > end - entry->header - ZIP_LOCAL_HEAD ||
	    !zip_read(zip->fd, zip->start + entry->header + ZIP_LOCAL_HEAD, names, name + extra))
		return "zip.local";
	entry->data = entry->header + ZIP_LOCAL_HEAD + name + extra;
	if (entry->packed > end - entry->data)
		return "zip.size";
	if (!curb_str_eq(curb_str_n(names, name), check->raw) || zip_u16(head + 8) != entry->method ||
	    ((zip_u16(head + 6) ^ check->flags) & FLAGS_THAT_MATTER) ||
	    !sizes_agree(head, curb_str_n(names + name, extra), check))
		return "zip.local";
	return NULL;
}

static int by_header(const void *a, const void *b)
{
	const struct zip_check *const *x = a, *const *y = b;
	return ((*x)->entry->header > (*y)->entry->header) - ((*x)->entry->header < (*y)->entry->header);
}

static bool find_overlap(struct curb_arena *arena, const struct zip *zip, struct zip_check *checks,
                         size_t *ret_entry)
{
	struct zip_check **order = curb_alloc_n(arena, zip->count + 1, sizeof *order);
	for (size_t i = 0; i < zip->count; i++)
		order[i] = &checks[i];
	qsort(order, zip->count, sizeof *order, by_header);
	for (size_t i = 1; i < zip->count; i++) {
		const struct zip_entry *before = order[i - 1]->entry;
		if (before->data + before->packed > order[i]->entry->header) {
			*ret_entry = (size_t)(order[i] - checks);
			return true;
		}
	}
	return false;
}

const char *zip_check_local(struct curb_arena *arena, const struct zip *zip, struct zip_check *checks,
                            uint64_t end, size_t *ret_entry)
{
	for (size_t i = 0; i < zip->count; i++) {
		const char *fault = check_one(zip, &checks[i], end);
		if (fault) {
			*ret_entry = i;
			return fault;
		}
	}
	if (find_overlap(arena, zip, checks, ret_entry))
		return "zip.overlap";
	for (size_t i = 0; i < zip->count; i++)
		checks[i].entry->data += zip->start;
	return NULL;
}
