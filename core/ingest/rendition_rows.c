/* Reading the rows of renditions. */
#include <stdlib.h>
#include <string.h>

#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "rendition.h"
#include "work.h"

static int source_of(const struct content_api *self, struct curb_tx *tx, struct curb_str unit,
                     struct rendition_source *ret_source, bool *ret_some)
{
	const struct content_track *tracks = NULL;
	size_t n = 0;
	int err = self->tracks(self, tx, unit, &tracks, &n);
	*ret_some = !err && rendition_source(tracks, n, ret_source);
	return err;
}

static struct curb_str blob_or_empty(const struct content_track *track)
{
	return track ? track->blob : curb_str("");
}

int rendition_row(struct curb_tx *tx, const struct rendition_source *source, size_t form,
                  struct rendition_row *ret_row, bool *ret_there)
{
	static const char sql[] = "SELECT job, made_ms FROM core_rendition "
				  "WHERE picture = $1 AND sound = $2 AND form = $3";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(source->picture->blob),
	                                curb_text(blob_or_empty(source->sound)),
	                                curb_cstring(rendition_form(form))),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_there = err == 1;
	if (err)
		*ret_row = (struct rendition_row){ curb_col_id(stmt, 0), curb_col_int(stmt, 1) };
	return 0;
}

/* ---- the service ---- */

/* The track of the unit that stands for a rendition in addresses: its flat one, else its picture. */
static struct curb_id stands_for(const struct rendition_source *source)
{
	for (size_t i = 0; i < source->count; i++)
		if (curb_str_is(source->tracks[i].kind, "flat"))
			return source->tracks[i].id;
	return source->picture->id;
}

static struct content_track read_track(struct curb_tx *tx, struct curb_stmt *stmt,
                                       const struct rendition_source *source)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	const struct content_track *sound = source->sound;
	struct curb_str kind = curb_dup(arena, curb_col_text(stmt, 1));
	bool heard = sound && !media_is_picture(kind);
	return (struct content_track){
		.id = stands_for(source),
		.unit = source->picture->unit,
		.position = curb_col_int(stmt, 0),
		.kind = kind,
		.lang = heard ? sound->lang : curb_str(NULL),
		.label = heard ? sound->label : curb_str(NULL),
		.type = curb_dup(arena, curb_col_text(stmt, 2)),
		.codec = curb_dup(arena, curb_col_text(stmt, 3)),
		.blob = curb_dup(arena, curb_col_text(stmt, 4)),
		.index = curb_dup(arena, curb_col_text(stmt, 5)),
		.size = curb_col_int(stmt, 6),
		.duration_ms = curb_col_int(stmt, 7),
		.start_ms = source->picture->start_ms,
		.width = curb_col_int(stmt, 8),
		.height = curb_col_int(stmt, 9),
		.bitrate = curb_col_int(stmt, 10),
	};
}

/* The tracks of one form; none while it is not made. */
static int read_form(struct curb_tx *tx, const struct rendition_source *source, size_t form,
                     struct content_rendition *ret)
{
	static const char sql[] =
		"SELECT position, kind, type, codec, blob, idx, size, duration_ms, width, height, bitrate "
		"FROM core_rendition_track WHERE picture = $1 AND sound = $2 AND form = $3 ORDER BY position";
	enum { MOST = 8 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct content_track *tracks = curb_alloc_n(curb_tx_arena(tx), MOST, sizeof *tracks);
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(source->picture->blob),
	                                curb_text(blob_or_empty(source->sound)),
	                                curb_cstring(rendition_form(form))),
	                     &stmt);
	while (!err && n < MOST && (err = curb_step(stmt)) > 0) {
		tracks[n++] = read_track(tx, stmt, source);
		err = 0;
	}
	*ret = (struct content_rendition){ curb_str(rendition_form(form)), tracks, n };
	return err;
}

int rendition_rows(const struct content_api *self, struct curb_tx *tx, struct curb_str unit,
                   const struct content_rendition **ret_renditions, size_t *ret_n)
{
	struct content_rendition *all = curb_alloc_n(curb_tx_arena(tx), RENDITION_FORMS, sizeof *all);
	struct rendition_source source;
	bool some = false;
	size_t n = 0;
	int err = source_of(self, tx, unit, &source, &some);
	for (size_t i = 0; !err && some && i < RENDITION_FORMS; i++) {
		err = read_form(tx, &source, i, &all[n]);
		n += !err && all[n].count > 0;
	}
	if (err)
		return err;
	*ret_renditions = all;
	*ret_n = n;
	return 0;
}

/* ---- what is watched comes first ---- */

struct first {
	size_t n;
	struct curb_id jobs[RENDITION_FORMS];
	int64_t due_ms;
};

static int put_first(struct curb_tx *tx, void *arg)
{
	const struct first *first = arg;
	int err = 0;
	for (size_t i = 0; !err && i < first->n; i++)
		err = work_due(tx, &first->jobs[i], first->due_ms);
	return err;
}

static int find_waiting(struct curb_tx *tx, const struct rendition_source *source, struct first *first)
{
	/* who comes again within a minute changes nothing */
	static const char sql[] = "SELECT j.id FROM core_rendition r JOIN core_job j ON j.id = r.job "
				  "WHERE r.picture = $1 AND r.sound = $2 AND j.state = 'waiting' "
				  "AND j.run_after_ms > $3";
	const int64_t minute_ms = 60000;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(source->picture->blob),
	                                curb_text(blob_or_empty(source->sound)),
	                                curb_int(first->due_ms + minute_ms)),
	                     &stmt);
	while (!err && first->n < RENDITION_FORMS && (err = curb_step(stmt)) > 0) {
		first->jobs[first->n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	return err;
}

void rendition_watched(const struct content_api *self, struct curb_tx *tx, struct curb_str unit)
{
	const struct ingest *ingest = CURB_CONTAINER_OF(self, struct ingest, api);
	/* before all times, and before who was watched earlier */
	struct first found = { .due_ms = -curb_wall_ms() };
	struct rendition_source source;
	bool some = false;
	int err = source_of(self, tx, unit, &source, &some);
	if (!err && some)
		err = find_waiting(tx, &source, &found);
	if (err || !found.n)
		return;
	struct first *first = curb_xcalloc(1, sizeof *first);
	*first = found;
	(void)store_write_later(ingest->o.store, put_first, first, free);
}

bool rendition_of_both(const struct rendition_source *source, const struct media_piece *pieces, size_t n)
{
	const struct content_track *picture = source->picture, *sound = source->sound;
	uint64_t left = (uint64_t)picture->size + (sound ? (uint64_t)sound->size : 0);
	bool seen = false, heard = !sound;
	for (size_t i = 0; i < n; i++) {
		bool of_picture = pieces[i].track == (uint64_t)picture->position;
		bool of_sound = sound && pieces[i].track == (uint64_t)sound->position;
		if ((!of_picture && !of_sound) || pieces[i].length > left)
			return false;
		left -= pieces[i].length;
		seen = seen || of_picture;
		heard = heard || of_sound;
	}
	return seen && heard;
}
