/* A pack: all versions of a course as another server has them, in a zip.
 *
 *   pack.json          {"format":"curbcut-pack/v1","course":id,
 *                       "versions":[{"id","number","made_ms"}],           number from 1 without gaps
 *                       "blobs":[{"sha256","size","type"}]}               ascending; all that the versions name
 *   versions/N.json    the package of wire.h, with the SHA-256 in place of "file" and "index"
 *   blobs/SHA-256      the bytes; one that the other side has may be left out
 */
#include <stdlib.h>

#include "content/file_types.h"
#include "curb/err.h"
#include "reader.h"
#include "unpack.h"

#define FORMAT "curbcut-pack/v1"
enum {
	MANIFEST_MOST = 4 << 20,
	VERSION_MOST = 1 << 20,
	VERSIONS_MOST = 500,
	BLOBS_MOST = 10000,
	SHA256 = 64
};

/* One of "blobs". */
struct packed {
	struct curb_str sha256;
	int file; /* running number of the wire; -1: its bytes are not brought */
};

struct pack {
	struct reader_job *job;
	struct curb_value *manifest;
	struct packed *blobs;
	size_t count;
};

static bool damaged(struct pack *pack, struct curb_str where, const char *what)
{
	wire_finding(pack->job->wire, "pack.damaged", curb_str(NULL), where, curb_str(what));
	return false;
}

/* An object in a file of the pack. */
static bool read_object(struct pack *pack, const char *name, uint64_t most, struct curb_value **ret_value)
{
	struct zip_entry *entry = reader_find(pack->job, curb_str(name));
	struct curb_str bytes;
	if (!entry)
		return damaged(pack, curb_str(name), name);
	if (!reader_bytes(pack->job, entry, most, &bytes))
		return false;
	if (curb_json_parse(pack->job->arena, bytes, ret_value) != 0)
		return damaged(pack, curb_str(name), curb_error_text());
	return curb_value_type(*ret_value) == CURB_OBJECT || damaged(pack, curb_str(name), "{}");
}

/* ---- the bytes ---- */

static bool is_sha256(struct curb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789abcdef", text.ptr[i]) || !text.ptr[i])
			return false;
	return text.len == SHA256;
}

struct sending {
	struct wire *wire;
	struct wire_slot slot;
};

static bool send_some(void *arg, const void *bytes, size_t n)
{
	const struct sending *sending = arg;
	wire_data(sending->wire, sending->slot, bytes, n);
	return true;
}

static bool send_blob(struct pack *pack, struct zip_entry *entry, const char *path, const char *type,
                      struct packed *blob)
{
	struct sending sending = { pack->job->wire, wire_open(pack->job->wire, path, type) };
	const char *fault = unpack(pack->job->zip, entry, send_some, &sending);
	wire_close(sending.wire, sending.slot);
	blob->file = sending.slot.file;
	if (fault)
		wire_finding(pack->job->wire, fault, curb_str(NULL), entry->name, curb_str(NULL));
	return !fault;
}

static bool take_blob(struct pack *pack, const struct curb_value *said, size_t i)
{
	struct curb_arena *arena = pack->job->arena;
	struct packed *blob = &pack->blobs[i];
	const char *type = content_file_type(curb_get_str(said, "type"));
	int64_t size = curb_get_int(said, "size", -1);
	*blob = (struct packed){ curb_get_str(said, "sha256"), -1 };
	if (!is_sha256(blob->sha256) || !type || size < 0)
		return damaged(pack, curb_str("pack.json"), curb_printf(arena, "blobs[%zu]", i));
	if (i > 0 && memcmp(pack->blobs[i - 1].sha256.ptr, blob->sha256.ptr, SHA256) >= 0)
		return damaged(pack, curb_str("pack.json"), curb_printf(arena, "blobs[%zu]", i));
	const char *path = curb_printf(arena, "blobs/%.*s", SHA256, blob->sha256.ptr);
	struct zip_entry *entry = reader_find(pack->job, curb_str(path));
	if (entry && entry->size != (uint64_t)size) {
		wire_finding(pack->job->wire, "pack.changed", curb_str(NULL), entry->name, curb_str(NULL));
		return false;
	}
	return !entry || send_blob(pack, entry, path, type, blob);
}

static bool take_blobs(struct pack *pack)
{
	const struct curb_value *list = curb_value_get(pack->manifest, "blobs");
	size_t n = curb_value_count(list);
	bool fine = curb_value_type(list) == CURB_ARRAY && n <= BLOBS_MOST;
	if (!fine)
		return damaged(pack, curb_str("pack.json"), "blobs");
	pack->count = n;
	pack->blobs = curb_alloc_n(pack->job->arena, n + 1, sizeof *pack->blobs);
	for (size_t i = 0; fine && i < n; i++) {
		wire_part_begin(pack->job->wire, i, n);
		fine = take_blob(pack, curb_value_at(list, i), i);
		wire_part_end(pack->job->wire);
	}
	return fine;
}

/* ---- the versions ---- */

static int by_name(const void *key, const void *blob)
{
	return memcmp(((const struct curb_str *)key)->ptr, ((const struct packed *)blob)->sha256.ptr, SHA256);
}

/* A checksum becomes the number of the file that was sent, or stays. */
static bool place_file(struct pack *pack, struct curb_value *track, const char *name, bool needed)
{
	struct curb_value *value = curb_value_get(track, name);
	struct curb_str sha256 = curb_value_str(value);
	if (!value && !needed)
		return true;
	const struct packed *blob = !is_sha256(sha256) ? NULL :
	                                                 bsearch(&sha256, pack->blobs, pack->count,
	                                                         sizeof *pack->blobs, by_name);
	if (blob && blob->file >= 0)
		curb_put_int(track, name, blob->file);
	return blob != NULL;
}

static bool place_tracks(struct pack *pack, const char *name, const struct curb_value *unit)
{
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		struct curb_value *track = curb_value_at(tracks, i);
		bool fine = curb_value_type(track) == CURB_OBJECT && place_file(pack, track, "file", true) &&
		            place_file(pack, track, "index", false) &&
		            content_file_type(curb_get_str(track, "type"));
		if (!fine)
			return damaged(pack, curb_str(name), curb_printf(pack->job->arena, "tracks[%zu]", i));
	}
	return true;
}

static bool take_version(struct pack *pack, size_t i)
{
	struct curb_arena *arena = pack->job->arena;
	const char *name = curb_printf(arena, "versions/%zu.json", i + 1);
	struct curb_value *version = NULL;
	if (!read_object(pack, name, VERSION_MOST, &version))
		return false;
	const struct curb_value *units = curb_value_get(version, "units");
	for (size_t k = 0; k < curb_value_count(units); k++)
		if (!place_tracks(pack, name, curb_value_at(units, k)))
			return false;
	curb_push(pack->job->versions, version);
	return true;
}

static bool take_versions(struct pack *pack)
{
	struct reader_job *job = pack->job;
	struct curb_value *list = curb_value_get(pack->manifest, "versions");
	size_t n = curb_value_count(list);
	if (curb_value_type(list) != CURB_ARRAY || n == 0 || n > VERSIONS_MOST)
		return damaged(pack, curb_str("pack.json"), "versions");
	if (!curb_get_str(pack->manifest, "course").ptr)
		return damaged(pack, curb_str("pack.json"), "course");
	curb_put(job->package, "course", curb_value_get(pack->manifest, "course"));
	curb_put(job->package, "versions", list);
	job->versions = curb_array(job->arena);
	for (size_t i = 0; i < n; i++)
		if (!take_version(pack, i))
			return false;
	return true;
}

/* ---- the whole ---- */

static bool check_format(struct pack *pack)
{
	struct curb_str format = curb_get_str(pack->manifest, "format");
	if (curb_str_is(format, FORMAT))
		return true;
	if (!format.ptr || !curb_str_starts(format, "curbcut-pack/"))
		return damaged(pack, curb_str("pack.json"), "format");
	wire_finding(pack->job->wire, "pack.format", curb_str(NULL), format, curb_str(FORMAT));
	return false;
}

static void tell_extra(struct pack *pack)
{
	const struct zip *zip = pack->job->zip;
	for (size_t i = 0; i < zip->count; i++)
		if (!zip->entries[i].used && !zip->entries[i].folder) {
			wire_finding(pack->job->wire, "pack.extra", curb_str(NULL), zip->entries[i].name,
			             curb_str(NULL));
			return;
		}
}

static void read_pack(struct reader_job *job)
{
	struct pack pack = { .job = job };
	if (read_object(&pack, "pack.json", MANIFEST_MOST, &pack.manifest) && check_format(&pack) &&
	    take_blobs(&pack) && take_versions(&pack))
		tell_extra(&pack);
}

static int bid(const struct reader_job *job)
{
	enum { BID = 90 };
	return job->zip && reader_find(job, curb_str("pack.json")) ? BID : 0;
}

const struct content_reader pack_reader = { .name = "pack", .bid = bid, .read = read_pack };
