/* Quick mends of a draft's captions: what would change is shown first; what was there stays in the version before. */
#include <string.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

enum { ARENA_MOST = 64 << 20, CHANGES_MOST = 256 << 10, SHIFT_MOST_MS = 12 * 3600 * 1000 };

/* What is asked for, and what it is about. */
struct asked {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version base;
	struct curb_value *package, *unit, *track; /* of the version */
	size_t at;                                 /* of the track in its unit */
	struct mended_wanted wanted;
	struct curb_value *model;
	const char *course; /* the page of the draft */
};

static int find_track(struct asked *a)
{
	struct curb_req *req = a->req;
	int err = base_course(req, a->ingest, &a->base);
	if (!err)
		err = base_package(a->ingest, curb_req_tx(req), &a->base, &a->package);
	if (err)
		return err;
	if (!revise_find(a->package, curb_req_param(req, "track"), &a->unit, &a->at))
		return curb_fail(CURB_ENOTFOUND, "These captions are not here; look at the course again");
	a->track = curb_value_at(curb_value_get(a->unit, "tracks"), a->at);
	if (!curb_str_is(curb_get_str(a->track, "type"), "text/vtt") ||
	    curb_str_is(curb_get_str(a->track, "kind"), "chapters"))
		return curb_fail(CURB_ENOTFOUND, "These captions are not here; look at the course again");
	a->wanted.kind = curb_cstr(curb_req_arena(req), curb_get_str(a->track, "kind"));
	a->wanted.lang = curb_get_str(a->track, "lang");
	a->wanted.media_ms = curb_get_int(a->unit, "duration_ms", 0);
	a->course = curb_printf(curb_req_arena(req), "/packages/courses/%s", a->base.course.text);
	return 0;
}

static int read_form(struct asked *a)
{
	struct curb_req *req = a->req;
	struct curb_str shift = curb_str_trim(curb_req_field(req, "shift"));
	a->wanted.split = curb_str_is(curb_req_field(req, "split"), "yes");
	a->wanted.overlaps = curb_str_is(curb_req_field(req, "overlaps"), "yes");
	curb_put_str(a->model, "shift", curb_req_field(req, "shift"));
	curb_put_bool(a->model, "split", a->wanted.split);
	curb_put_bool(a->model, "overlaps", a->wanted.overlaps);
	if (shift.len && (!revise_decimal(curb_req_arena(req), shift, 3, &a->wanted.shift_ms) ||
	                  a->wanted.shift_ms > SHIFT_MOST_MS || a->wanted.shift_ms < -SHIFT_MOST_MS))
		return curb_fail(CURB_EINVAL, "Write seconds like 1.5 or -2, at most 12 hours of them");
	return 0;
}

/* ---- what changes ---- */

static struct curb_str span_of(struct curb_req *req, const struct curb_value *cue, const char *from,
                               const char *to)
{
	int64_t start = curb_get_int(cue, from, 0), end = curb_get_int(cue, to, 0);
	return curb_str(curb_printf(curb_req_arena(req), "%lld:%02lld.%03lld – %lld:%02lld.%03lld",
	                            (long long)(start / 60000), (long long)(start / 1000 % 60),
	                            (long long)(start % 1000), (long long)(end / 60000),
	                            (long long)(end / 1000 % 60), (long long)(end % 1000)));
}

static void put_cell(struct curb_req *req, struct curb_value *row, const char *label, struct curb_str time,
                     struct curb_str text)
{
	struct curb_value *cells = curb_value_get(row, "cells"), *cell = curb_object(curb_req_arena(req));
	curb_put_str(cell, "label", curb_tr(req, label, NULL));
	curb_put_str(cell, "text",
	             curb_str(curb_printf(curb_req_arena(req), "%.*s  %.*s", (int)time.len, time.ptr,
	                                  (int)text.len, text.ptr)));
	curb_push(cells, cell);
}

/* The end of a line is told by a stroke: what changes is often nothing else. */
static struct curb_str in_a_row(struct curb_req *req, struct curb_str text)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(8192);
	struct curb_str line;
	for (bool first = true; curb_str_cut(&text, '\n', &line); first = false) {
		curb_buf_text(&out, first ? "" : " / ");
		curb_buf_str(&out, line);
	}
	return curb_dup(curb_req_arena(req), curb_buf_view(&out));
}

static void put_table(struct asked *a, const struct curb_value *changes)
{
	static const char *const heads[] = { CURB_TEXT("As it is"), CURB_TEXT("As it would be") };
	struct curb_req *req = a->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *table = curb_object(arena), *columns = curb_array(arena),
			  *rows = curb_array(arena), *values = curb_object(arena);
	const struct curb_value *shown = curb_value_get(changes, "shown");
	for (size_t i = 0; i < 2; i++) {
		struct curb_value *column = curb_object(arena);
		curb_put_str(column, "label", curb_tr(req, heads[i], NULL));
		curb_push(columns, column);
	}
	for (size_t i = 0; i < curb_value_count(shown); i++) {
		const struct curb_value *cue = curb_value_at(shown, i);
		struct curb_value *row = curb_object(arena);
		curb_put(row, "cells", curb_array(arena));
		put_cell(req, row, heads[0], span_of(req, cue, "was_start_ms", "was_end_ms"),
		         in_a_row(req, curb_get_str(cue, "was")));
		put_cell(req, row, heads[1], span_of(req, cue, "start_ms", "end_ms"),
		         in_a_row(req, curb_get_str(cue, "text")));
		curb_push(rows, row);
	}
	curb_put_int(values, "n", curb_get_int(changes, "changed", 0));
	curb_put_int(values, "all", curb_get_int(changes, "cues", 0));
	curb_put_int(values, "were", curb_get_int(changes, "were", 0));
	curb_put_str(table, "caption", curb_tr(req, "What would change", NULL));
	curb_put_str(
		table, "summary",
		curb_tr(req, "{n} captions would change. There are {were} now, and would be {all}.", values));
	curb_put_bool(table, "some", curb_get_int(changes, "changed", 0) > 0);
	curb_put(table, "columns", columns);
	curb_put(table, "rows", rows);
	curb_put(a->model, "changes", table);
}

static int put_changes(struct asked *a, const struct mended *mended)
{
	struct curb_str bytes, blob = curb_get_str(curb_value_get(mended->changes, "file"), "sha256");
	struct curb_value *changes = NULL;
	int err = a->ingest->api.bytes(&a->ingest->api, curb_req_tx(a->req), blob, CHANGES_MOST, &bytes);
	if (!err)
		err = curb_json_parse(curb_req_arena(a->req), bytes, &changes);
	if (!err)
		put_table(a, changes);
	return err;
}

/* ---- the page ---- */

static int show(struct asked *a, int status)
{
	struct curb_req *req = a->req;
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "lesson", curb_get_str(a->unit, "name"));
	curb_put_str(a->model, "title", curb_tr(req, "Captions of {lesson}", values));
	curb_put_text(a->model, "course", a->course);
	curb_put_bool(a->model, "can_go", mended_can_take_out(a->unit, a->at));
	curb_put(a->model, "langs", draft_lang_options(req, a->wanted.lang));
	return curb_reply_page(req, status, "draft_captions", a->model);
}

/* Runs the worker; `use` does something with what came of it, while its files are there. */
typedef int (*use_fn)(struct asked *a, const struct mended *mended);

static int with_worker(struct asked *a, use_fn use)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(fd) int fd = -1;
	uint64_t size = 0;
	struct mended mended = { 0 };
	int err = blobs_read(a->ingest->o.blobs, curb_get_str(curb_value_get(a->track, "file"), "sha256"),
	                     &fd, &size);
	if (err)
		return err;
	leavings_begin(a->ingest);
	err = mended_run(a->ingest, arena, fd, "captions.vtt", &a->wanted, &mended);
	if (!err && a->model)
		curb_put(a->model, "findings", mended_findings(a->req, &mended.result));
	if (!err)
		err = use(a, &mended);
	mended_drop(a->ingest, arena, &mended, err);
	leavings_end(a->ingest);
	return err;
}

static int refused(struct asked *a)
{
	curb_put_bool(a->model, "refused", true);
	return show(a, 422);
}

static int look(struct asked *a, const struct mended *mended)
{
	if (mended->result.refused)
		return refused(a);
	int err = put_changes(a, mended);
	return err ? err : show(a, 200);
}

static int look_first(struct asked *a, const struct mended *mended)
{
	return mended->result.refused ? refused(a) : show(a, 200);
}

/* ---- keeping it ---- */

static void take_file(struct curb_value *track, const struct curb_value *from)
{
	curb_put(track, "file", curb_value_get(from, "file"));
}

static int keep(struct asked *a, const struct mended *mended)
{
	struct curb_value *tracks = curb_value_get(a->unit, "tracks"),
			  *next = curb_value_at(tracks, a->at + 1);
	if (mended->result.refused)
		return refused(a);
	take_file(a->track, mended->captions);
	if (mended->transcript && next && curb_str_is(curb_get_str(next, "kind"), "transcript"))
		take_file(next, mended->transcript);
	return revise(a->req, a->ingest, &a->base, a->package,
	              curb_printf(curb_req_arena(a->req), "%s?done=captions", a->course));
}

/* ---- its language ---- */

/* The transcript that was made of it; NULL: none. */
static struct curb_value *transcript_of(const struct asked *a)
{
	struct curb_value *next = curb_value_at(curb_value_get(a->unit, "tracks"), a->at + 1);
	return next && mended_is(next, "transcript", a->wanted.lang) ? next : NULL;
}

static bool is_there(const struct asked *a, const char *lang)
{
	const struct curb_value *tracks = curb_value_get(a->unit, "tracks");
	bool there = false, moves = transcript_of(a) != NULL;
	for (size_t i = 0; i < curb_value_count(tracks); i++) {
		const struct curb_value *track = curb_value_at(tracks, i);
		if (i != a->at && mended_is(track, a->wanted.kind, curb_str(lang)))
			there = true;
		if (i != a->at + 1 && moves && mended_is(track, "transcript", curb_str(lang)))
			there = true;
	}
	return there;
}

static void set_lang(struct asked *a, const char *lang)
{
	struct curb_value *transcript = transcript_of(a);
	if (transcript)
		curb_put_text(transcript, "lang", lang);
	curb_put_text(a->track, "lang", lang);
	curb_put_text(a->track, "label", "");
}

static int change_lang(struct asked *a)
{
	const char *tag = NULL;
	size_t i = 0;
	while ((tag = draft_lang(i)) != NULL && !curb_str_is(curb_req_field(a->req, "lang"), tag))
		i++;
	if (!tag || is_there(a, tag)) {
		struct curb_str text =
			tag ? curb_tr(a->req, "The lesson has such a file in that language already", NULL) :
			      curb_tr(a->req, "Choose a language of the list", NULL);
		revise_mistake(a->req, a->model, "lang", text);
		curb_put_str(a->model, "lang_error", text);
		return show(a, 422);
	}
	if (curb_str_is(a->wanted.lang, tag))
		return curb_reply_redirect(a->req, curb_str(a->course));
	set_lang(a, tag);
	return revise(a->req, a->ingest, &a->base, a->package,
	              curb_printf(curb_req_arena(a->req), "%s?done=lang", a->course));
}

static int take_out(struct asked *a)
{
	if (!mended_can_take_out(a->unit, a->at))
		return curb_fail(CURB_EUNFIT, "This file is part of the recording and stays with it");
	mended_take_out(a->unit, a->at, transcript_of(a) ? 2 : 1);
	return revise(a->req, a->ingest, &a->base, a->package,
	              curb_printf(curb_req_arena(a->req), "%s?done=out", a->course));
}

int draft_captions_page(struct curb_req *req, void *state)
{
	struct asked a = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = find_track(&a);
	curb_put_text(a.model, "shift", "0");
	return err ? err : with_worker(&a, look_first);
}

int draft_captions_post(struct curb_req *req, void *state)
{
	struct asked a = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = find_track(&a);
	if (err)
		return err;
	if (curb_str_is(curb_req_field(req, "go"), "lang"))
		return change_lang(&a);
	if (curb_str_is(curb_req_field(req, "go"), "out"))
		return take_out(&a);
	err = read_form(&a);
	if (err) {
		struct curb_str text = curb_dup(curb_req_arena(req), curb_str(curb_error_local()));
		revise_mistake(req, a.model, "shift", text);
		curb_put_str(a.model, "shift_error", text);
		return show(&a, curb_err_status(err));
	}
	return with_worker(&a, curb_str_is(curb_req_field(req, "go"), "keep") ? keep : look);
}
