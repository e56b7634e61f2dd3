/* All versions of a course as another server has them. The worker only says which file is which: that the bytes are those
 * of their checksum is seen here. */
#include <string.h>

#include "curb/err.h"
#include "curb/id.h"
#include "inside.h"

#define BLOBS "blobs/"

static int broken(const char *what)
{
	return curb_fail(CURB_EINVAL, "worker: the pack's %s", what);
}

/* What its author can mend: the worker passes on what stands there. */
static int damaged(struct intake_state *state, const char *where, const char *what)
{
	intake_find(state, "pack.damaged", curb_str(NULL), curb_dup(state->arena, curb_str(where)),
	            curb_dup(state->arena, curb_str(what)));
	return 0;
}

bool intake_is_pack(const struct intake_state *state)
{
	return curb_str_is(curb_get_str(state->package, "reader"), "pack");
}

bool intake_take_kept(const struct intake_state *state, const struct curb_value *value, struct curb_value *to)
{
	struct curb_str sha256 = curb_value_str(value);
	if (!sha256.ptr || !intake_is_pack(state) || !blobs_name_ok(sha256))
		return false;
	curb_put_str(to, "sha256", sha256);
	curb_put_bool(to, "kept", true);
	return true;
}

/* A file is named by what the pack says of its bytes. */
static int check_files(struct intake_state *state)
{
	for (size_t i = 0; i < state->file_count; i++) {
		const struct intake_file *file = &state->files[i];
		if (!curb_str_starts(file->path, BLOBS))
			return broken("file");
		if (!curb_str_eq(curb_str_from(file->path, strlen(BLOBS)), blob_sha256(file->blob)))
			intake_find(state, "pack.changed", curb_str(NULL), file->path, curb_str(NULL));
	}
	return 0;
}

/* Whether a version before this one, or the course, has its id. */
static bool is_taken(const struct intake_state *state, size_t i, const struct curb_id *id)
{
	const struct curb_value *versions = curb_value_get(state->package, "versions");
	bool taken = curb_str_is(curb_get_str(state->package, "course"), id->text);
	for (size_t k = 0; !taken && k < i; k++)
		taken = curb_str_is(curb_get_str(curb_value_at(versions, k), "id"), id->text);
	return taken;
}

/* Numbers run from 1 without a gap. */
static int take_version(struct intake_state *state, size_t i, struct curb_value *to)
{
	static const int64_t latest_ms = INT64_C(4102444800000); /* the year 2100 */
	const struct curb_value *said = curb_value_at(curb_value_get(state->package, "versions"), i);
	struct curb_id id;
	int64_t made_ms = curb_get_int(said, "made_ms", -1);
	if (!curb_id_parse(curb_get_str(said, "id"), &id) || is_taken(state, i, &id) ||
	    curb_get_int(said, "number", 0) != (int64_t)i + 1 || made_ms < 0 || made_ms > latest_ms)
		return damaged(state, "pack.json", curb_printf(state->arena, "versions[%zu]", i));
	curb_put_text(to, "version", id.text);
	curb_put_int(to, "number", (int64_t)i + 1);
	curb_put_int(to, "made_ms", made_ms);
	int err = intake_take_package(state, state->versions[i], to);
	const char *name = curb_printf(state->arena, "versions/%zu.json", i + 1);
	return err == CURB_EINVAL ? damaged(state, name, name) : err;
}

int intake_check_pack(struct intake_state *state, struct curb_value **ret_package)
{
	size_t n = curb_value_count(curb_value_get(state->package, "versions"));
	struct curb_value *taken = curb_object(state->arena), *versions = curb_array(state->arena);
	struct curb_id course;
	if (n == 0 || n != state->version_count)
		return broken("versions");
	if (!curb_id_parse(curb_get_str(state->package, "course"), &course))
		return damaged(state, "pack.json", "course");
	/* what is taken over needs no more room than what was parsed */
	if (curb_arena_left(state->arena) < curb_arena_used(state->arena) + INTAKE_PACK)
		return broken("size");
	int err = check_files(state);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *version = curb_object(state->arena);
		err = take_version(state, i, version);
		curb_push(versions, version);
	}
	curb_put_text(taken, "reader", "pack");
	curb_put_text(taken, "course", course.text);
	curb_put(taken, "versions", versions);
	if (!err)
		*ret_package = taken;
	return err;
}
