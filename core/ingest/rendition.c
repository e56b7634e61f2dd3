/* Which renditions are wanted, and the job that makes one: the lesson as it is played goes through the worker once more. */
#include "rendition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "work.h"

enum { ARENA_MOST = 128 << 20, INDEX_MOST = 16 << 20, CHUNK = 1 << 20 };

static const struct form {
	const char *name;
	int64_t side, bitrate; /* what it is made of has more of it */
} forms[RENDITION_FORMS] = { { "360", 360, 0 }, { "240", 240, 0 }, { "low-sound", 0, 48000 } };

const char *rendition_form(size_t i)
{
	return forms[i].name;
}

bool rendition_source(const struct content_track *tracks, size_t n, struct rendition_source *ret_source)
{
	struct rendition_source source = { .tracks = tracks, .count = n };
	for (size_t i = 0; i < n; i++) {
		if (!source.picture && media_is_picture(tracks[i].kind))
			source.picture = &tracks[i];
		if (!source.sound && curb_str_is(tracks[i].kind, "audio"))
			source.sound = &tracks[i];
	}
	*ret_source = source;
	return source.picture != NULL;
}

bool rendition_fits(const struct rendition_source *source, size_t form)
{
	const struct content_track *picture = source->picture;
	int64_t side = picture->width < picture->height ? picture->width : picture->height;
	if (forms[form].side)
		return side > forms[form].side;
	return source->sound && source->sound->bitrate > forms[form].bitrate;
}

/* ---- what is wanted ---- */

static struct curb_str payload_of(struct curb_tx *tx, const struct rendition_source *source, size_t form)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "unit", source->picture->unit.text);
	curb_json_ktext(&j, "form", forms[form].name);
	curb_json_end(&j, '}');
	return curb_dup(curb_tx_arena(tx), curb_buf_view(&out));
}

static struct curb_str sound_blob(const struct rendition_source *source)
{
	return source->sound ? source->sound->blob : curb_str("");
}

static int queue(struct curb_tx *tx, const struct rendition_source *source, size_t form,
                 const struct curb_id *person)
{
	static const char sql[] = "INSERT INTO core_rendition (picture, sound, form, job, made_ms) "
				  "VALUES ($1, $2, $3, $4, 0) "
				  "ON CONFLICT (picture, sound, form) DO UPDATE SET job = $4";
	struct curb_id job = { "" };
	int err = curb_job_enqueue(&curb_core_host, tx, "rendition", person, payload_of(tx, source, form),
	                           &job);
	return err ? err :
	             curb_exec(&curb_core_host, tx, sql,
	                       CURB_BINDS(curb_text(source->picture->blob), curb_text(sound_blob(source)),
	                                  curb_cstring(forms[form].name), curb_bind_id(&job)),
	                       NULL);
}

static int want_unit(struct ingest *ingest, struct curb_tx *tx, struct curb_str unit,
                     const struct curb_id *person)
{
	const struct content_track *tracks = NULL;
	struct rendition_source source;
	size_t n = 0;
	int err = ingest->api.tracks(&ingest->api, tx, unit, &tracks, &n);
	if (err || !rendition_source(tracks, n, &source))
		return err;
	for (size_t i = 0; !err && i < RENDITION_FORMS; i++) {
		struct rendition_row row;
		bool there = false;
		if (!rendition_fits(&source, i))
			continue;
		err = rendition_row(tx, &source, i, &row, &there);
		if (!err && !there)
			err = queue(tx, &source, i, person);
	}
	return err;
}

int rendition_want_all(struct ingest *ingest, struct curb_tx *tx, struct curb_str version,
                       const struct curb_id *person)
{
	const struct content_unit *units = NULL;
	size_t n = 0;
	/* a command that works without a server queues nothing: what it left is asked for on the author's page */
	if (!ingest->o.renditions || !ingest->program || access(ingest->program, X_OK) != 0 ||
	    !work_current())
		return 0;
	int err = ingest->api.units(&ingest->api, tx, version, &units, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = want_unit(ingest, tx, curb_id_str(&units[i].id), person);
	return err;
}

static bool under_way(struct curb_tx *tx, const struct curb_id *id)
{
	struct work_job job;
	return work_job(tx, curb_id_str(id), &job) == 0 && !job.ended_ms;
}

int rendition_want(struct ingest *ingest, struct curb_tx *tx, struct curb_str unit, struct curb_str form,
                   const struct curb_id *person)
{
	const struct content_track *tracks = NULL;
	struct rendition_source source;
	struct rendition_row row = { .made_ms = 0 };
	bool there = false;
	size_t n = 0, i = 0;
	int err = ingest->api.tracks(&ingest->api, tx, unit, &tracks, &n);
	if (err)
		return err;
	while (i < RENDITION_FORMS && !curb_str_is(form, forms[i].name))
		i++;
	if (i == RENDITION_FORMS || !rendition_source(tracks, n, &source) || !rendition_fits(&source, i))
		return curb_fail(CURB_ENOTFOUND, "This lesson has no such form");
	err = rendition_row(tx, &source, i, &row, &there);
	if (err)
		return err;
	if (there && (row.made_ms || under_way(tx, &row.job)))
		return curb_fail(CURB_ECONFLICT, "This form is made already, or is being made");
	return queue(tx, &source, i, person);
}

/* ---- the lesson as it is played, as one file ---- */

struct making {
	struct ingest *ingest;
	struct curb_job *job;
	struct curb_arena *arena;
	struct rendition_source source;
	size_t form;
	int fd; /* that file */
	struct intake_package result;
};

static int copy_range(struct making *m, int from, uint64_t offset, uint64_t length, char *chunk)
{
	for (uint64_t done = 0; done < length;) {
		size_t most = length - done < CHUNK ? (size_t)(length - done) : CHUNK;
		ssize_t n = pread(from, chunk, most, (off_t)(offset + done));
		if (n <= 0)
			return curb_fail(CURB_EINTERNAL, "a stored file ends before its size");
		ssize_t put = write(m->fd, chunk, (size_t)n);
		if (put < 0 && (errno == ENOSPC || errno == EDQUOT))
			return curb_fail(CURB_EFULL, "the disk is full: free some room and try again");
		if (put <= 0)
			return curb_fail(CURB_EINTERNAL, "a lesson cannot be copied, errno %d", errno);
		done += (uint64_t)put;
		if (curb_job_cancelled(m->job))
			return curb_fail(CURB_ECONFLICT, "the making was stopped");
	}
	return 0;
}

static int copy_pieces(struct making *m, const struct content_track *flat, const struct media_piece *pieces,
                       size_t n, char *chunk)
{
	CURB_AUTO(fd) int head = -1;
	CURB_AUTO(fd) int picture = -1;
	CURB_AUTO(fd) int sound = -1;
	uint64_t size = 0;
	const struct blobs *blobs = m->ingest->o.blobs;
	int err = blobs_read(blobs, flat->blob, &head, &size);
	if (!err)
		err = copy_range(m, head, 0, size, chunk);
	if (!err)
		err = blobs_read(blobs, m->source.picture->blob, &picture, &size);
	if (!err && m->source.sound)
		err = blobs_read(blobs, m->source.sound->blob, &sound, &size);
	for (size_t i = 0; !err && i < n; i++) {
		bool seen = pieces[i].track == (uint64_t)m->source.picture->position;
		err = copy_range(m, seen ? picture : sound, pieces[i].offset, pieces[i].length, chunk);
	}
	return err;
}

/* The flat track of the first picture and the first sound. */
static int copy_lesson(struct making *m)
{
	const struct content_api *content = &m->ingest->api;
	for (size_t i = 0; i < m->source.count; i++) {
		const struct content_track *flat = &m->source.tracks[i];
		const struct media_piece *pieces = NULL;
		struct curb_str bytes;
		size_t n = 0;
		if (!curb_str_is(flat->kind, "flat"))
			continue;
		int err = content->bytes(content, curb_job_tx(m->job), flat->index, INDEX_MOST, &bytes);
		if (!err)
			err = media_pieces_read(m->arena, bytes, &pieces, &n);
		if (err)
			return err;
		if (!rendition_of_both(&m->source, pieces, n))
			continue;
		char *chunk = curb_alloc(m->arena, CHUNK);
		return copy_pieces(m, flat, pieces, n, chunk);
	}
	return curb_fail(CURB_EUNFIT, "This lesson cannot be made smaller");
}

/* ---- its rows ---- */

static int add_track(struct curb_tx *tx, const struct making *m, const struct curb_value *track,
                     size_t position)
{
	static const char sql[] =
		"INSERT INTO core_rendition_track (picture, sound, form, position, kind, type, codec, blob, "
		"idx, size, duration_ms, width, height, bitrate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
		"$10, $11, $12, $13, $14)";
	const struct curb_value *file = curb_value_get(track, "file"),
				*index = curb_value_get(track, "index");
	int64_t now_ms = curb_wall_ms();
	int err = version_add_blob(tx, file, now_ms);
	if (!err)
		err = version_add_blob(tx, index, now_ms);
	return err ? err :
	             curb_exec(&curb_core_host, tx, sql,
	                       CURB_BINDS(curb_text(m->source.picture->blob),
	                                  curb_text(sound_blob(&m->source)),
	                                  curb_cstring(forms[m->form].name), curb_int((int64_t)position),
	                                  curb_text(curb_get_str(track, "kind")),
	                                  curb_text(curb_get_str(file, "type")),
	                                  curb_text(curb_get_str(track, "codec")),
	                                  curb_text(curb_get_str(file, "sha256")),
	                                  curb_text(curb_get_str(index, "sha256")),
	                                  curb_int(curb_get_int(file, "size", 0)),
	                                  curb_int(curb_get_int(track, "duration_ms", 0)),
	                                  curb_int(curb_get_int(track, "width", 0)),
	                                  curb_int(curb_get_int(track, "height", 0)),
	                                  curb_int(curb_get_int(track, "bitrate", 0))),
	                       NULL);
}

static const struct curb_value *tracks_of(const struct making *m)
{
	const struct curb_value *units = curb_value_get(m->result.package, "units");
	return curb_value_get(curb_value_at(units, 0), "tracks");
}

/* All of a form and the end of its job are one commit. */
static int write_rows(struct curb_tx *tx, void *arg)
{
	static const char sql[] = "UPDATE core_rendition SET made_ms = $4 WHERE picture = $1 AND sound = $2 "
				  "AND form = $3 AND made_ms = 0";
	const struct making *m = arg;
	const struct curb_value *tracks = tracks_of(m);
	struct curb_id job = curb_job_id(m->job);
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_text(m->source.picture->blob), curb_text(sound_blob(&m->source)),
	                               curb_cstring(forms[m->form].name), curb_int(curb_wall_ms())),
	                    &changed);
	for (size_t i = 0; !err && changed && i < curb_value_count(tracks); i++)
		err = add_track(tx, m, curb_value_at(tracks, i), i);
	return err ? err : work_keep(tx, &job, curb_str("{}"));
}

/* What the worker says is hostile: a picture, a sound and the flat one, each with its index. */
static int check_tracks(const struct making *m)
{
	const struct curb_value *tracks = tracks_of(m);
	size_t n = curb_value_count(tracks), pictures = 0;
	bool fits = n >= 2 && n <= 3;
	for (size_t i = 0; i < n; i++) {
		struct curb_str kind = curb_get_str(curb_value_at(tracks, i), "kind");
		pictures += media_is_picture(kind);
		fits &= curb_value_get(curb_value_at(tracks, i), "index") != NULL;
		fits &= i + 1 < n ? media_is_picture(kind) || curb_str_is(kind, "audio") :
		                    curb_str_is(kind, "flat");
	}
	if (!fits || pictures != (forms[m->form].side ? 1 : 0))
		return curb_fail(CURB_EUNFIT, "This lesson cannot be made smaller");
	return 0;
}

/* ---- the job ---- */

static void tell_progress(void *arg, int permille, bool making)
{
	const struct making *m = arg;
	(void)making;
	curb_job_progress(m->job, permille, CURB_TEXT("Making a smaller form of a lesson"));
}

static bool is_cancelled(void *arg)
{
	const struct making *m = arg;
	return curb_job_cancelled(m->job);
}

static int convert(struct making *m)
{
	const struct intake_job job = {
		.worker = m->ingest->o.worker,
		.program = m->ingest->program,
		.blobs = m->ingest->o.blobs,
		.upload = m->fd,
		.name = "",
		.rendition = forms[m->form].name,
		.errors_fd = -1,
		.progress = tell_progress,
		.cancelled = is_cancelled,
		.arg = m,
	};
	int err = intake_run(m->arena, &job, &m->result);
	if (!err && m->result.refused)
		return curb_fail(CURB_EUNFIT, "This lesson cannot be made smaller");
	return err;
}

static int make(struct making *m)
{
	leavings_begin(m->ingest);
	int err = convert(m);
	if (!err)
		err = check_tracks(m);
	if (!err)
		err = curb_job_write(m->job, curb_str(NULL), write_rows, m);
	if (err && m->result.package)
		leavings_drop(m->ingest, m->arena, m->result.package);
	leavings_end(m->ingest);
	return err;
}

static int read_job(struct making *m)
{
	struct curb_value *payload = NULL;
	const struct content_track *tracks = NULL;
	const struct content_api *content = &m->ingest->api;
	size_t n = 0;
	int err = curb_json_parse(curb_job_arena(m->job), curb_job_payload(m->job), &payload);
	if (!err)
		err = content->tracks(content, curb_job_tx(m->job), curb_get_str(payload, "unit"), &tracks,
		                      &n);
	if (err)
		return err;
	while (m->form < RENDITION_FORMS && !curb_str_is(curb_get_str(payload, "form"), forms[m->form].name))
		m->form++;
	if (m->form == RENDITION_FORMS || !rendition_source(tracks, n, &m->source))
		return curb_fail(CURB_EUNFIT, "This lesson cannot be made smaller");
	if (!m->ingest->program || access(m->ingest->program, X_OK) != 0)
		return curb_fail(CURB_EUNFIT, "The program that makes it, ffmpeg, is not installed here");
	return 0;
}

int rendition_run(struct curb_job *job, void *state)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(fd) int fd = -1;
	struct making m = { .ingest = state, .job = job, .arena = arena, .fd = -1 };
	int err = read_job(&m);
	if (!err)
		err = blobs_scratch(m.ingest->o.blobs, &fd);
	m.fd = fd;
	if (!err)
		err = copy_lesson(&m);
	if (!err)
		err = make(&m);
	if (!err)
		curb_job_result(job, curb_str("{}"));
	return err;
}
