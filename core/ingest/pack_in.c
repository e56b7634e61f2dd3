/* A pack against what is here: which of its versions are new, and why it cannot be taken. Versions keep their ids and numbers,
 * so the same pack twice is nothing new, and a later one brings what follows. */
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { TEXT_MOST = 1 << 20, ARENA_MOST = 64 << 20 };

/* Why it is refused; nothing more is looked at. */
static int found(struct pack_taking *taking, const char *code, const char *fact)
{
	taking->code = code;
	taking->fact = curb_str(fact);
	return 0;
}

static const struct curb_value *version_at(const struct pack_taking *taking, size_t i)
{
	return curb_value_at(curb_value_get(taking->package, "versions"), i);
}

/* ---- what is here ---- */

static int same_version(const struct pack_taking *taking, struct curb_tx *tx, size_t i, bool *ret_same)
{
	CURB_AUTO(buf) struct curb_buf here = curb_buf(TEXT_MOST);
	CURB_AUTO(buf) struct curb_buf packed = curb_buf(TEXT_MOST);
	struct curb_json a = curb_json(&here), b = curb_json(&packed);
	struct curb_value *package = NULL;
	struct content_version version;
	const struct content_api *api = &taking->ingest->api;
	int err = api->version(api, tx, curb_get_str(version_at(taking, i), "version"), &version);
	if (!err)
		err = base_package(taking->ingest, tx, &version, &package);
	if (err)
		return err;
	pack_put_version(package, &a);
	pack_put_version(version_at(taking, i), &b);
	*ret_same = !here.failed && !packed.failed &&
	            curb_str_eq(curb_buf_view(&here), curb_buf_view(&packed)) &&
	            version.made_ms == curb_get_int(version_at(taking, i), "made_ms", -1);
	return 0;
}

/* An id that a version of another course has here, or a course. */
static int check_id(struct pack_taking *taking, struct curb_tx *tx, size_t i)
{
	static const char sql[] = "SELECT 1 FROM core_version WHERE id = $1 OR course = $1 LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(curb_get_str(version_at(taking, i), "version"))), &stmt);
	if (!err)
		err = curb_step(stmt);
	return err <= 0 ? err : found(taking, "pack.id", curb_printf(curb_tx_arena(tx), "%zu", i + 1));
}

/* The course's version of that number; "": none. */
static int version_here(struct curb_tx *tx, const struct curb_id *course, size_t number,
                        struct curb_id *ret_id)
{
	static const char sql[] = "SELECT id FROM core_version WHERE course = $1 AND number = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(course), curb_int((int64_t)number)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_id = err ? curb_col_id(stmt, 0) : (struct curb_id){ "" };
	return 0;
}

static int compare_one(struct pack_taking *taking, struct curb_tx *tx, size_t i, bool *ret_here)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_id here = { "" };
	bool same = true;
	int err = version_here(tx, &taking->its_course, i + 1, &here);
	*ret_here = curb_id_some(&here);
	if (err || !*ret_here)
		return err;
	same = curb_str_is(curb_get_str(version_at(taking, i), "version"), here.text);
	if (same)
		err = same_version(taking, tx, i, &same);
	return err || same ? err : found(taking, "pack.diverged", curb_printf(arena, "%zu", i + 1));
}

/* ---- what it does not bring ---- */

/* Only bytes of this course: else who knows the checksum of a file of somebody's would be given the file. */
static int find_kept(struct pack_taking *taking, struct curb_tx *tx, struct curb_value *file)
{
	static const char sql[] = "SELECT b.size FROM core_blob b WHERE b.sha256 = $1 AND EXISTS (SELECT 1 "
				  "FROM core_track t JOIN core_unit u "
				  "ON u.id = t.unit JOIN core_version v ON v.id = u.version WHERE t.blob = "
				  "$1 AND v.course = $2 UNION ALL SELECT 1 "
				  "FROM core_track t JOIN core_unit u ON u.id = t.unit JOIN core_version v "
				  "ON v.id = u.version WHERE t.idx = $1 AND "
				  "v.course = $2)";
	struct curb_str sha256 = curb_get_str(file, "sha256");
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	if (!curb_value_bool(curb_value_get(file, "kept"), false))
		return 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(sha256), curb_bind_id(&taking->its_course)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return found(taking, "pack.missing", curb_cstr(curb_tx_arena(tx), sha256));
	curb_put_int(file, "size", curb_col_int(stmt, 0));
	return 0;
}

static int find_all_kept(struct pack_taking *taking, struct curb_tx *tx, const struct curb_value *version)
{
	const struct curb_value *units = curb_value_get(version, "units");
	int err = 0;
	for (size_t i = 0; !err && i < curb_value_count(units); i++) {
		const struct curb_value *tracks = curb_value_get(curb_value_at(units, i), "tracks");
		for (size_t k = 0; !err && !taking->code && k < curb_value_count(tracks); k++) {
			const struct curb_value *track = curb_value_at(tracks, k);
			err = find_kept(taking, tx, curb_value_get(track, "file"));
			if (!err && !taking->code && curb_value_get(track, "index"))
				err = find_kept(taking, tx, curb_value_get(track, "index"));
		}
	}
	return err;
}

/* ---- all of it ---- */

static int compare(struct pack_taking *taking, struct curb_tx *tx)
{
	size_t n = curb_value_count(curb_value_get(taking->package, "versions"));
	bool here = true;
	int err = 0;
	while (!err && !taking->code && taking->here < n) {
		struct curb_arena_mark mark = curb_arena_mark(curb_tx_arena(tx));
		err = compare_one(taking, tx, taking->here, &here);
		if (err || taking->code || !here)
			break;
		curb_arena_rewind(curb_tx_arena(tx), &mark);
		taking->here++;
	}
	for (size_t i = taking->here; !err && !taking->code && i < n; i++) {
		err = check_id(taking, tx, i);
		if (!err && !taking->code)
			err = find_all_kept(taking, tx, version_at(taking, i));
	}
	if (!err && !taking->code && taking->here == n)
		return found(taking, "pack.same", "");
	return err;
}

int pack_compare(struct pack_taking *taking, struct curb_arena *arena)
{
	struct store_reader *reader = NULL;
	taking->its_course = curb_id_of(curb_get_str(taking->package, "course"));
	if (curb_id_some(&taking->course) && strcmp(taking->course.text, taking->its_course.text) != 0)
		return found(taking, "pack.other_course", "");
	int err = store_reader_open(taking->ingest->o.store, &reader);
	if (err)
		return err;
	CURB_AUTO(arena) struct curb_arena *own = curb_arena_new(ARENA_MOST);
	err = compare(taking, store_begin(reader, own));
	taking->fact = curb_dup(arena, taking->fact);
	store_end(reader);
	store_reader_close(reader);
	return err;
}
