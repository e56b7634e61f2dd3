/* Who names blobs: each owner of such rows says so itself, and one that is away keeps them all. */
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

/* ---- the tracks of courses ---- */

static int tracks_hold(void *self, struct curb_tx *tx, struct curb_str sha256, bool *ret_holds)
{
	static const char sql[] = "SELECT EXISTS (SELECT 1 FROM core_track WHERE blob = $1) OR "
				  "EXISTS (SELECT 1 FROM core_track WHERE idx = $1)";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	(void)self;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(sha256)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_holds = curb_col_int(stmt, 0) != 0;
	return 0;
}

/* ---- the renditions of what those hold ---- */

static int renditions_hold(void *self, struct curb_tx *tx, struct curb_str sha256, bool *ret_holds)
{
	static const char sql[] = "SELECT EXISTS (SELECT 1 FROM core_rendition_track r JOIN core_track t "
				  "ON t.blob = r.picture WHERE r.blob = $1) OR "
				  "EXISTS (SELECT 1 FROM core_rendition_track r JOIN core_track t "
				  "ON t.blob = r.picture WHERE r.idx = $1)";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	(void)self;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(sha256)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_holds = curb_col_int(stmt, 0) != 0;
	return 0;
}

/* ---- the service ---- */

static size_t find(const struct ingest *ingest, const char *name)
{
	size_t i = 0;
	while (i < ingest->holder_count && strcmp(ingest->holders[i].name, name) != 0)
		i++;
	return i;
}

static int hold(const struct content_api *self, const struct content_holder *holder)
{
	struct ingest *ingest = CURB_CONTAINER_OF(self, struct ingest, api);
	CURB_LOCKED(lock, &ingest->holding);
	if (find(ingest, holder->name) < ingest->holder_count)
		return curb_fail(CURB_EABI, "%s holds files already", holder->name);
	if (ingest->holder_count == INGEST_HOLDERS)
		return curb_fail(CURB_EABI, "more than %d hold files", INGEST_HOLDERS);
	ingest->holders[ingest->holder_count++] = *holder;
	return 0;
}

static void let_go(const struct content_api *self, const char *name)
{
	struct ingest *ingest = CURB_CONTAINER_OF(self, struct ingest, api);
	CURB_LOCKED(lock, &ingest->holding);
	size_t i = find(ingest, name);
	if (i < ingest->holder_count)
		ingest->holders[i] = ingest->holders[--ingest->holder_count];
}

static size_t copy(struct ingest *ingest, struct content_holder ret_holders[static INGEST_HOLDERS])
{
	CURB_LOCKED(lock, &ingest->holding);
	memcpy(ret_holders, ingest->holders, ingest->holder_count * sizeof *ret_holders);
	return ingest->holder_count;
}

void holders_begin(struct ingest *ingest)
{
	(void)pthread_mutex_init(&ingest->holding, NULL);
	ingest->api.hold = hold;
	ingest->api.let_go = let_go;
	ingest->holders[0] = (struct content_holder){ ingest, "tracks of courses", tracks_hold };
	ingest->holders[1] = (struct content_holder){ ingest, "renditions", renditions_hold };
	ingest->holder_count = 2;
}

/* ---- asking them ---- */

int holders_remember(struct curb_tx *tx, struct ingest *ingest)
{
	static const char sql[] = "INSERT INTO core_holder (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
	struct content_holder holders[INGEST_HOLDERS];
	size_t n = copy(ingest, holders);
	int err = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(holders[i].name)), NULL);
	return err;
}

int holders_away(struct curb_tx *tx, struct ingest *ingest, struct curb_str *ret_name)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_str away = curb_str("");
	int err = curb_query(&curb_core_host, tx, "SELECT name FROM core_holder ORDER BY name", CURB_NO_BINDS,
	                     &stmt);
	while (!err && !away.len && (err = curb_step(stmt)) > 0) {
		const char *name = curb_cstr(curb_tx_arena(tx), curb_col_text(stmt, 0));
		CURB_LOCKED(lock, &ingest->holding);
		if (find(ingest, name) == ingest->holder_count)
			away = curb_str(name);
		err = 0;
	}
	if (!err)
		*ret_name = away;
	return err;
}

int holders_hold(struct curb_tx *tx, struct ingest *ingest, struct curb_str sha256, bool *ret_held)
{
	struct content_holder holders[INGEST_HOLDERS];
	size_t n = copy(ingest, holders);
	bool held = false;
	int err = 0;
	for (size_t i = 0; !err && !held && i < n; i++)
		err = holders[i].holds(holders[i].self, tx, sha256, &held);
	if (!err)
		*ret_held = held;
	return err;
}
