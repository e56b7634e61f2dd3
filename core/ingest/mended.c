/* One file of captions through the worker, while its author waits: checked, mended, written anew. */
#include <stdio.h>
#include <string.h>

#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"

enum { WALL_MS = 10000, BYTES_MOST = 256 << 20 };

static int take_tracks(struct mended *mended)
{
	const struct curb_value *unit = curb_value_at(curb_value_get(mended->result.package, "units"), 0),
				*tracks = curb_value_get(unit, "tracks");
	size_t n = curb_value_count(tracks);
	if (n < 2 || n > 3)
		return curb_fail(CURB_EINTERNAL, "worker: %zu tracks of captions", n);
	mended->captions = curb_value_at(tracks, 0);
	mended->transcript = n == 3 ? curb_value_at(tracks, 1) : NULL;
	mended->changes = curb_value_at(tracks, n - 1);
	return 0;
}

int mended_run(struct ingest *ingest, struct curb_arena *arena, int fd, const char *name,
               const struct mended_wanted *wanted, struct mended *ret_mended)
{
	const char *what = curb_printf(arena, "%s %s %lld %lld %d %d %d", wanted->kind,
	                               wanted->lang.len ? curb_cstr(arena, wanted->lang) : "-",
	                               (long long)wanted->media_ms, (long long)wanted->shift_ms,
	                               wanted->split, wanted->overlaps, wanted->all);
	const struct intake_job job = {
		.worker = ingest->o.worker,
		.blobs = ingest->o.blobs,
		.upload = fd,
		.name = name,
		.captions = what,
		.wall_ms = WALL_MS,
		.max_bytes = BYTES_MOST,
		.errors_fd = -1,
	};
	struct mended mended = { 0 };
	if (!wanted->behind && !table_take_place(ingest))
		return curb_fail(CURB_EBUSY,
		                 "Other files are being read just now; wait a moment and try again");
	int err = intake_run(arena, &job, &mended.result);
	if (!wanted->behind)
		table_leave_place(ingest);
	if (!err && !mended.result.refused)
		err = take_tracks(&mended);
	if (!err)
		*ret_mended = mended;
	return err;
}

bool mended_is(const struct curb_value *track, const char *kind, struct curb_str lang)
{
	return curb_str_is(curb_get_str(track, "kind"), kind) &&
	       curb_str_eq(curb_get_str(track, "lang"), lang);
}

static void put_track(struct curb_value *unit, const char *kind, struct curb_str lang,
                      struct curb_value *track)
{
	struct curb_value *tracks = curb_value_get(unit, "tracks");
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		struct curb_value *there = curb_value_at(tracks, i);
		if (!mended_is(there, kind, lang))
			continue;
		curb_put(there, "file", curb_value_get(track, "file"));
		return;
	}
	curb_push(tracks, track);
}

void mended_put(struct curb_value *unit, const struct mended_wanted *wanted, const struct mended *mended)
{
	put_track(unit, wanted->kind, wanted->lang, mended->captions);
	if (mended->transcript)
		put_track(unit, "transcript", wanted->lang, mended->transcript);
}

bool mended_can_take_out(const struct curb_value *unit, size_t at)
{
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	for (size_t i = at; i < curb_value_count(tracks); i++)
		if (curb_str_is(curb_get_str(curb_value_at(tracks, i), "kind"), "flat"))
			return false;
	return true;
}

void mended_take_out(struct curb_value *unit, size_t at, size_t count)
{
	const struct curb_value *tracks = curb_value_get(unit, "tracks");
	struct curb_value *left = curb_array(curb_value_arena(unit));
	for (size_t i = 0; i < curb_value_count(tracks); i++)
		if (i < at || i >= at + count)
			curb_push(left, curb_value_at(tracks, i));
	curb_put(unit, "tracks", left);
}

void mended_drop(struct ingest *ingest, struct curb_arena *arena, const struct mended *mended, int err)
{
	if (mended->result.package && err == CURB_ELATE)
		leavings_leave(ingest);
	else if (mended->result.package)
		leavings_drop(ingest, arena, mended->result.package);
}

struct curb_value *mended_findings(struct curb_req *req, const struct intake_package *result)
{
	struct curb_value *list = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < result->count; i++)
		curb_push(list, findings_item(req, &result->findings[i]));
	return list;
}
