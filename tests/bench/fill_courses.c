#include <stdio.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "fill.h"

enum { PARTS_MAX = 64, AT_A_TIME = 50 };

static struct curb_host catalog = { .magic = CURB_HOST_MAGIC, .owner = "catalog" };

/* Ids of what is copied; units[i] is the unit of tracks[i] in the copy of tracks. */
struct pattern {
	struct curb_id course, version, units[PARTS_MAX], tracks[PARTS_MAX];
	size_t track_unit[PARTS_MAX], unit_count, track_count;
};

struct copying {
	const struct pattern *pattern;
	int64_t from, count;
	struct curb_id made[AT_A_TIME];
};

/* ---- the pattern ---- */

static int read_ids(struct curb_tx *tx, const char *sql, const struct curb_id *of, struct curb_id *ret_ids,
                    size_t *n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(of)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		if (*n == PARTS_MAX)
			return curb_fail(CURB_ETOOBIG, "the course has more than %d units or tracks",
			                 PARTS_MAX);
		ret_ids[(*n)++] = curb_col_id(stmt, 0);
		err = 0;
	}
	return err;
}

static int read_version(struct curb_tx *tx, struct pattern *pattern)
{
	static const char sql[] = "SELECT version FROM catalog_course WHERE id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&catalog, tx, sql, CURB_BINDS(curb_bind_id(&pattern->course)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "there is no course %s", pattern->course.text);
	pattern->version = curb_col_id(stmt, 0);
	return 0;
}

static int read_pattern(struct curb_tx *tx, void *arg)
{
	static const char units[] = "SELECT id FROM core_unit WHERE version = $1 ORDER BY position";
	static const char tracks[] = "SELECT id FROM core_track WHERE unit = $1 ORDER BY position";
	struct pattern *pattern = arg;
	pattern->unit_count = pattern->track_count = 0;
	int err = read_version(tx, pattern);
	if (!err)
		err = read_ids(tx, units, &pattern->version, pattern->units, &pattern->unit_count);
	for (size_t i = 0; !err && i < pattern->unit_count; i++) {
		size_t before = pattern->track_count;
		err = read_ids(tx, tracks, &pattern->units[i], pattern->tracks, &pattern->track_count);
		for (size_t k = before; k < pattern->track_count; k++)
			pattern->track_unit[k] = i;
	}
	return err;
}

/* ---- copies ---- */

static int copy_parts(struct curb_tx *tx, const struct pattern *pattern, const struct curb_id *version)
{
	static const char units[] = "INSERT INTO core_unit (id, version, position, key, name, kind, hours_c, "
				    "duration_ms, nav) SELECT $1, $2, position, key, name, kind, hours_c, "
				    "duration_ms, nav FROM core_unit WHERE id = $3";
	static const char tracks[] =
		"INSERT INTO core_track (id, unit, position, kind, lang, label, type, codec, blob, idx, "
		"size, "
		"duration_ms, start_ms, width, height, bitrate) SELECT $1, $2, position, kind, lang, label, "
		"type, codec, blob, idx, size, duration_ms, start_ms, width, height, bitrate FROM core_track "
		"WHERE id = $3";
	struct curb_id made[PARTS_MAX];
	int err = 0;
	for (size_t i = 0; !err && i < pattern->unit_count; i++) {
		made[i] = curb_id_new(curb_wall_ms());
		err = curb_exec(&curb_core_host, tx, units,
		                CURB_BINDS(curb_bind_id(&made[i]), curb_bind_id(version),
		                           curb_bind_id(&pattern->units[i])),
		                NULL);
	}
	for (size_t i = 0; !err && i < pattern->track_count; i++) {
		struct curb_id track = curb_id_new(curb_wall_ms());
		err = curb_exec(&curb_core_host, tx, tracks,
		                CURB_BINDS(curb_bind_id(&track), curb_bind_id(&made[pattern->track_unit[i]]),
		                           curb_bind_id(&pattern->tracks[i])),
		                NULL);
	}
	return err;
}

static int copy_catalog(struct curb_tx *tx, const struct pattern *pattern, const struct curb_id *course,
                        const struct curb_id *version, struct curb_str name)
{
	static const char row[] =
		"INSERT INTO catalog_course (id, version, state, name, sort_key, lang, description, "
		"provider, "
		"occupation, hours_c, units, features, owner, made_ms, published_ms, place) SELECT $1, $2, "
		"state, "
		"$3, "
		"$4, lang, description, provider, occupation, hours_c, units, features, owner, made_ms, "
		"published_ms, place FROM catalog_course WHERE id = $5";
	static const char listed[] = "INSERT INTO catalog_listed (id, name, words) "
				     "SELECT $1, $2, words FROM catalog_listed WHERE id = $3";
	int err = curb_exec(&catalog, tx, row,
	                    CURB_BINDS(curb_bind_id(course), curb_bind_id(version), curb_text(name),
	                               curb_blob(curb_sort_key(tx, name)), curb_bind_id(&pattern->course)),
	                    NULL);
	if (err)
		return err;
	return curb_exec(&catalog, tx, listed,
	                 CURB_BINDS(curb_bind_id(course), curb_text(name), curb_bind_id(&pattern->course)),
	                 NULL);
}

static int copy_course(struct curb_tx *tx, const struct pattern *pattern, int64_t number,
                       struct curb_id *ret_course)
{
	static const char sql[] =
		"INSERT INTO core_version (id, course, number, reader, name, lang, "
		"description, provider, occupation, keywords, programme, person, made_ms) "
		"SELECT $1, $2, number, reader, $3, lang, description, provider, occupation, "
		"keywords, programme, person, made_ms FROM core_version WHERE id = $4";
	char name[80];
	(void)snprintf(name, sizeof name, "盲人保健按摩基础 %lld", (long long)number);
	struct curb_id version = curb_id_new(curb_wall_ms());
	*ret_course = curb_id_new(curb_wall_ms());
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(&version), curb_bind_id(ret_course), curb_cstring(name),
	                               curb_bind_id(&pattern->version)),
	                    NULL);
	if (!err)
		err = copy_parts(tx, pattern, &version);
	return err ? err : copy_catalog(tx, pattern, ret_course, &version, curb_str(name));
}

static int copy_some(struct curb_tx *tx, void *arg)
{
	struct copying *copying = arg;
	int err = 0;
	for (int64_t i = 0; !err && i < copying->count; i++)
		err = copy_course(tx, copying->pattern, copying->from + i, &copying->made[i]);
	return err;
}

int fill_courses(struct curb_store *store, int64_t n, const char *course)
{
	struct pattern pattern = { .course = curb_id_of(curb_str(course)) };
	struct store_write read = { .fn = read_pattern, .arg = &pattern };
	int err = store_write(store, &read);
	for (int64_t from = 0; !err && from < n; from += AT_A_TIME) {
		struct copying copying = { .pattern = &pattern,
			                   .from = from,
			                   .count = n - from < AT_A_TIME ? n - from : AT_A_TIME };
		struct store_write write = { .fn = copy_some, .arg = &copying };
		err = store_write(store, &write);
		for (int64_t i = 0; !err && i < copying.count; i++)
			(void)printf("%s\n", copying.made[i].text);
	}
	return err;
}
