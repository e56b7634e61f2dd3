/* A course as a pack: rows first, in one snapshot, then the bytes that they name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "zip_write.h"

enum {
	VERSIONS_MOST = 500,
	TEXTS_MOST = 8 << 20,
	TEXT_MOST = 1 << 20,
	ARENA_MOST = 64 << 20,
	NAME_ROOM = 100
};
static const uint64_t bytes_most = UINT64_C(15) << 30; /* what is taken of one zip, with room for its lists */

/* A blob that a version names. */
struct named {
	char sha256[BLOB_HEX + 1], type[32];
	int64_t size;
	size_t order; /* which was named first */
	bool left_out;
};

struct packing {
	struct ingest *ingest;
	const struct ingest_pack *pack;
	struct curb_arena *arena; /* what is read of one version, and nothing that stays */
	struct curb_id ids[VERSIONS_MOST];
	int64_t made_ms[VERSIONS_MOST];
	size_t ends[VERSIONS_MOST]; /* of its text among `texts` */
	size_t versions;
	struct curb_buf texts, manifest;
	struct named *named;
	size_t count, room;
};

/* ---- the rows ---- */

static int read_versions(struct packing *p, struct curb_tx *tx)
{
	static const char sql[] =
		"SELECT id, made_ms FROM core_version WHERE course = $1 ORDER BY number LIMIT $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(p->pack->course), curb_int(VERSIONS_MOST + 1)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		if (p->versions == VERSIONS_MOST)
			return curb_fail(
				CURB_ETOOBIG,
				"this course has more than %d versions, which one pack does not hold",
				VERSIONS_MOST);
		p->ids[p->versions] = curb_col_id(stmt, 0);
		p->made_ms[p->versions++] = curb_col_int(stmt, 1);
		err = 0;
	}
	return err || p->versions ? err : curb_fail(CURB_ENOTFOUND, "There is no course of this number");
}

static void name_blob(struct packing *p, struct curb_str sha256, struct curb_str type)
{
	if (!sha256.len)
		return;
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 256;
		p->named = realloc(p->named, p->room * sizeof *p->named);
		CURB_ASSERT(p->named);
	}
	struct named *named = &p->named[p->count];
	*named = (struct named){ .order = p->count++ };
	memcpy(named->sha256, sha256.ptr, sha256.len < BLOB_HEX ? sha256.len : BLOB_HEX);
	memcpy(named->type, type.ptr, type.len < sizeof named->type ? type.len : sizeof named->type - 1);
}

static void name_blobs(struct packing *p, const struct curb_value *package)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++) {
		const struct curb_value *tracks = curb_value_get(curb_value_at(units, i), "tracks");
		for (size_t k = 0; k < curb_value_count(tracks); k++) {
			const struct curb_value *track = curb_value_at(tracks, k);
			name_blob(p, curb_get_str(curb_value_get(track, "file"), "sha256"),
			          curb_get_str(track, "type"));
			name_blob(p, curb_get_str(curb_value_get(track, "index"), "sha256"),
			          curb_str("application/octet-stream"));
		}
	}
}

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->sha256, y->sha256);
	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Each once, in the order of their names, with the type that was said first. */
static void sort_named(struct packing *p)
{
	size_t n = 0;
	if (p->count)
		qsort(p->named, p->count, sizeof *p->named, compare_named);
	for (size_t i = 0; i < p->count; i++)
		if (n == 0 || strcmp(p->named[n - 1].sha256, p->named[i].sha256) != 0)
			p->named[n++] = p->named[i];
	p->count = n;
}

static int read_sizes(struct packing *p, struct curb_tx *tx)
{
	int err = 0;
	for (size_t i = 0; !err && i < p->count; i++) {
		CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
		err = curb_query(&curb_core_host, tx, "SELECT size FROM core_blob WHERE sha256 = $1",
		                 CURB_BINDS(curb_text(curb_str(p->named[i].sha256))), &stmt);
		if (!err && (err = curb_step(stmt)) > 0) {
			p->named[i].size = curb_col_int(stmt, 0);
			err = 0;
		}
	}
	return err;
}

static int read_version(struct packing *p, struct curb_tx *tx, size_t i)
{
	struct curb_json j = curb_json(&p->texts);
	struct curb_value *package = NULL;
	struct content_version version;
	const struct content_api *api = &p->ingest->api;
	int err = api->version(api, tx, curb_id_str(&p->ids[i]), &version);
	if (!err)
		err = base_package(p->ingest, tx, &version, &package);
	if (err)
		return err;
	name_blobs(p, package);
	pack_put_version(package, &j);
	p->ends[i] = p->texts.len;
	if (p->texts.len - (i ? p->ends[i - 1] : 0) > TEXT_MOST)
		return curb_fail(CURB_ETOOBIG,
		                 "version %zu of this course has more lessons and files than a pack holds: "
		                 "divide the course",
		                 i + 1);
	if (curb_buf_check(&p->texts))
		return curb_fail(
			CURB_ETOOBIG,
			"the versions of this course say more than %d MB together, which one pack does "
			"not hold: hand in its last version as a course of its own",
			TEXTS_MOST >> 20);
	return 0;
}

static int read_rows(struct packing *p)
{
	struct store_reader *reader = NULL;
	int err = store_reader_open(p->ingest->o.store, &reader);
	if (err)
		return err;
	struct curb_tx *tx = store_begin(reader, p->arena);
	err = read_versions(p, tx);
	for (size_t i = 0; !err && i < p->versions; i++) {
		struct curb_arena_mark mark = curb_arena_mark(p->arena);
		err = read_version(p, tx, i);
		curb_arena_rewind(p->arena, &mark);
	}
	sort_named(p);
	if (!err)
		err = read_sizes(p, tx);
	store_end(reader);
	store_reader_close(reader);
	return err;
}

/* ---- the list of what the other side has ---- */

static int mark_left_out(struct packing *p)
{
	struct curb_str rest = p->pack->without, line;
	for (size_t n = 1; rest.len && curb_str_cut(&rest, '\n', &line); n++) {
		struct named key = { .order = 0 };
		line = curb_str_trim(line);
		if (line.len == 0)
			continue;
		if (!blobs_name_ok(line))
			return curb_fail(
				CURB_EINVAL,
				"line %zu of the list is no checksum: 64 digits 0-9 and a-f are wanted", n);
		memcpy(key.sha256, line.ptr, BLOB_HEX);
		for (size_t low = 0, high = p->count; low < high;) {
			size_t at = low + (high - low) / 2;
			int order = strcmp(p->named[at].sha256, key.sha256);
			p->named[at].left_out = p->named[at].left_out || order == 0;
			low = order < 0 ? at + 1 : low;
			high = order < 0 ? high : at;
		}
	}
	return 0;
}

/* ---- the file ---- */

static void put_manifest(struct packing *p)
{
	struct curb_json j = curb_json(&p->manifest);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "format", "curbcut-pack/v1");
	curb_json_kstr(&j, "course", p->pack->course);
	curb_json_key(&j, "versions");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < p->versions; i++) {
		curb_json_begin(&j, '{');
		curb_json_ktext(&j, "id", p->ids[i].text);
		curb_json_kint(&j, "number", (int64_t)i + 1);
		curb_json_kint(&j, "made_ms", p->made_ms[i]);
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_key(&j, "blobs");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < p->count; i++) {
		curb_json_begin(&j, '{');
		curb_json_ktext(&j, "sha256", p->named[i].sha256);
		curb_json_kint(&j, "size", p->named[i].size);
		curb_json_ktext(&j, "type", p->named[i].type);
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
}

static int write_texts(struct packing *p, struct zip_write *zip)
{
	char name[NAME_ROOM];
	put_manifest(p);
	int err = curb_buf_check(&p->manifest);
	if (!err)
		err = zip_write_bytes(zip, "pack.json", curb_buf_view(&p->manifest));
	for (size_t i = 0, from = 0; !err && i < p->versions; i++) {
		(void)snprintf(name, sizeof name, "versions/%zu.json", i + 1);
		err = zip_write_bytes(zip, name, curb_str_n(p->texts.data + from, p->ends[i] - from));
		from = p->ends[i];
	}
	return err;
}

static int write_blob(struct packing *p, struct zip_write *zip, const struct named *named,
                      struct ingest_packed *packed)
{
	char name[NAME_ROOM];
	CURB_AUTO(fd) int fd = -1;
	uint64_t size = 0;
	if (p->pack->cancelled && p->pack->cancelled(p->pack->arg))
		return curb_fail(CURB_ECONFLICT, "the pack was stopped");
	int err = blobs_check(p->ingest->o.blobs,
	                      curb_str(named->sha256)); /* what is damaged here is not handed on */
	if (!err)
		err = blobs_read(p->ingest->o.blobs, curb_str(named->sha256), &fd, &size);
	packed->bytes += (int64_t)size;
	packed->files++;
	if (!err && (uint64_t)packed->bytes > bytes_most)
		return curb_fail(CURB_ETOOBIG,
		                 "the files of this course are more than one pack holds; leave out "
		                 "what the other server has, by a list");
	(void)snprintf(name, sizeof name, "blobs/%s", named->sha256);
	return err ? err : zip_write_file(zip, name, fd);
}

/* With what it says of itself and of each version. */
static int check_count(const struct packing *p)
{
	size_t n = p->versions + 1;
	for (size_t i = 0; i < p->count; i++)
		n += !p->named[i].left_out;
	if (n <= ZIP_WRITE_FILES)
		return 0;
	return curb_fail(CURB_ETOOBIG, "this course has more than %d files, which one pack does not hold",
	                 ZIP_WRITE_FILES);
}

static int write_all(struct packing *p, struct ingest_packed *packed)
{
	struct zip_write *zip = zip_write_new(p->pack->to);
	int err = write_texts(p, zip);
	for (size_t i = 0; !err && i < p->count; i++) {
		packed->left_out += p->named[i].left_out;
		if (!p->named[i].left_out)
			err = write_blob(p, zip, &p->named[i], packed);
	}
	if (!err)
		err = zip_write_end(zip);
	zip_write_free(zip);
	if (!err && fsync(p->pack->to) != 0)
		err = curb_fail(CURB_EINTERNAL, "the pack cannot be made durable");
	return err;
}

/* Yours: packing_free. */
static struct packing *packing_new(struct ingest *ingest, const struct ingest_pack *pack)
{
	struct packing *p = curb_xcalloc(1, sizeof *p);
	p->ingest = ingest;
	p->pack = pack;
	p->arena = curb_arena_new(ARENA_MOST);
	p->texts = curb_buf(TEXTS_MOST);
	p->manifest = curb_buf(4 << 20);
	return p;
}

static void packing_free(struct packing *p)
{
	curb_arena_free(p->arena);
	curb_buf_free(&p->texts);
	curb_buf_free(&p->manifest);
	free(p->named);
	free(p);
}

int ingest_pack_export(struct ingest *ingest, const struct ingest_pack *pack,
                       struct ingest_packed *ret_packed)
{
	struct packing *p = packing_new(ingest, pack);
	struct ingest_packed packed = { 0 };
	blobs_keep(ingest->o.blobs);
	int err = read_rows(p);
	if (!err)
		err = mark_left_out(p);
	if (!err)
		err = check_count(p);
	if (!err)
		err = write_all(p, &packed);
	blobs_let_go(ingest->o.blobs);
	packed.versions = (int64_t)p->versions;
	packing_free(p);
	if (!err)
		*ret_packed = packed;
	return err;
}

int ingest_pack_have(struct ingest *ingest, struct curb_str course, struct curb_buf *out)
{
	const struct ingest_pack pack = { .course = course, .to = -1 };
	struct packing *p = packing_new(ingest, &pack);
	int err = read_rows(p);
	for (size_t i = 0; !err && i < p->count; i++) {
		curb_buf_text(out, p->named[i].sha256);
		curb_buf_char(out, '\n');
	}
	packing_free(p);
	return err == CURB_ENOTFOUND ? 0 : err ? err : curb_buf_check(out);
}
