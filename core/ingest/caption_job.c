/* The job that drafts captions: the sound of the lesson goes through the program, and what that wrote through the reader of captions,
 * like a file that somebody uploads. */
#include <unistd.h>

#include "caption_draft.h"
#include "captioner.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/log.h"
#include "work.h"

enum { ARENA_MOST = 128 << 20 };
/* The most time that a program may take: an hour, and twelve times what it hears, at most half a day. */
enum { HOUR_MS = 3600 * 1000, TIMES = 12, MOST_MS = 12 * HOUR_MS };

struct drafting {
	struct ingest *ingest;
	struct curb_job *job;
	struct curb_arena *arena;
	const struct curb_value *payload;
	struct curb_buf out, cues; /* what the program wrote; as rows keep it */
	size_t count;
};

static void tell_progress(void *arg, int permille)
{
	const struct drafting *d = arg;
	curb_job_progress(d->job, permille, CURB_TEXT("Drafting captions by machine"));
}

static bool is_cancelled(void *arg)
{
	const struct drafting *d = arg;
	return curb_job_cancelled(d->job);
}

/* For whoever runs the server: the program's last words and how it ended. */
static void log_end(const struct captioner_ended *ended)
{
	if (ended->end != CAPTIONER_DONE && ended->end != CAPTIONER_NO_SOUND)
		curb_log(CURB_WARN, "captioner_failed code=%d said=\"%s\"", ended->code, ended->said);
}

static int tell_end(enum captioner_end end)
{
	switch (end) {
	case CAPTIONER_DONE: return 0;
	case CAPTIONER_NO_SOUND: return curb_fail(CURB_EUNFIT, "The sound of this lesson cannot be read.");
	case CAPTIONER_NO_WALLS:
		return curb_fail(CURB_EUNFIT,
		                 "The program that drafts captions was not run, because it could not be "
		                 "locked in. Tell whoever runs the server.");
	case CAPTIONER_FAILED:
		return curb_fail(CURB_EUNFIT,
		                 "The program that drafts captions failed. Tell whoever runs the server.");
	case CAPTIONER_LATE:
		return curb_fail(CURB_EUNFIT,
		                 "The program that drafts captions took too long and was stopped.");
	case CAPTIONER_TOO_MUCH: break;
	}
	return caption_cues_too_much();
}

static int write_down(struct drafting *d)
{
	struct ingest *ingest = d->ingest;
	CURB_AUTO(fd) int sound = -1;
	uint64_t size = 0;
	struct captioner_ended ended;
	int64_t duration_ms = curb_get_int(d->payload, "duration_ms", 0),
		wall_ms = HOUR_MS + TIMES * duration_ms;
	int err = blobs_read(ingest->o.blobs, curb_get_str(d->payload, "sound"), &sound, &size);
	if (err)
		return err;
	const struct captioner_job job = {
		.worker = ingest->o.worker,
		.ffmpeg = ingest->program,
		.program = ingest->captioner,
		.reads = ingest->captioner_reads ? ingest->captioner_reads : "",
		.runs = ingest->captioner_runs ? ingest->captioner_runs : "",
		.blobs = ingest->o.blobs,
		.sound = sound,
		.lang = curb_cstr(d->arena, curb_get_str(d->payload, "lang")),
		.sound_ms = duration_ms,
		.wall_ms = wall_ms < MOST_MS ? wall_ms : MOST_MS,
		.progress = tell_progress,
		.cancelled = is_cancelled,
		.arg = d,
	};
	err = captioner_run(&job, &d->out, &ended);
	if (err)
		return err;
	log_end(&ended);
	return tell_end(ended.end);
}

/* ---- what it wrote ---- */

static int take_cues(struct drafting *d, const struct mended *mended)
{
	struct curb_str bytes, blob = curb_get_str(curb_value_get(mended->changes, "file"), "sha256");
	struct curb_value *all = NULL;
	enum { TOLD_MOST = 4 * CAPTION_JSON_MOST };
	if (mended->result.refused)
		return curb_fail(
			CURB_EUNFIT,
			"What the program that drafts captions wrote is not captions. Nothing was kept.");
	int err = d->ingest->api.bytes(&d->ingest->api, curb_job_tx(d->job), blob, TOLD_MOST, &bytes);
	if (err == CURB_ETOOBIG)
		return tell_end(CAPTIONER_TOO_MUCH);
	if (!err)
		err = curb_json_parse(d->arena, bytes, &all);
	return err ? err : caption_cues_take(all, &d->cues, &d->count);
}

static int read_captions(struct drafting *d)
{
	const struct mended_wanted wanted = {
		.kind = "captions",
		.lang = curb_get_str(d->payload, "lang"),
		.media_ms = curb_get_int(d->payload, "duration_ms", 0),
		.overlaps = true,
		.all = true,
		.behind = true,
	};
	CURB_AUTO(fd) int fd = -1;
	struct mended mended = { 0 };
	int err = table_spool(curb_buf_view(&d->out), &fd);
	if (err)
		return err;
	leavings_begin(d->ingest);
	err = mended_run(d->ingest, d->arena, fd, "captions.vtt", &wanted, &mended);
	if (!err)
		err = take_cues(d, &mended);
	mended_drop(d->ingest, d->arena, &mended, err);
	leavings_end(d->ingest);
	return err;
}

/* The draft and the end of its job are one commit. Nothing, when somebody has asked for another one meanwhile or for none. */
static int write_rows(struct curb_tx *tx, void *arg)
{
	static const char sql[] =
		"UPDATE core_caption_draft SET cues = $4, cue_n = $5, read_n = 0, edition = edition + 1 "
		"WHERE course = $1 AND lesson = $2 AND job = $3 AND cues IS NULL";
	const struct drafting *d = arg;
	struct curb_id job = curb_job_id(d->job);
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_text(curb_get_str(d->payload, "course")),
	                               curb_text(curb_get_str(d->payload, "lesson")), curb_bind_id(&job),
	                               curb_text(curb_buf_view(&d->cues)), curb_int((int64_t)d->count)),
	                    NULL);
	return err ? err : work_keep(tx, &job, curb_str("{}"));
}

/* ---- the job ---- */

static int draft(struct drafting *d)
{
	struct curb_value *payload = NULL;
	int err = curb_json_parse(d->arena, curb_job_payload(d->job), &payload);
	if (err)
		return err;
	d->payload = payload;
	const char *missing = caption_draft_missing(d->ingest);
	if (missing)
		return curb_fail(CURB_EUNFIT, "%s", missing);
	err = write_down(d);
	if (!err)
		err = read_captions(d);
	return err ? err : curb_job_write(d->job, curb_str(NULL), write_rows, d);
}

int caption_job_run(struct curb_job *job, void *state)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct drafting d = { .ingest = state,
		              .job = job,
		              .arena = arena,
		              .out = curb_buf(MENDED_FILE_MOST),
		              .cues = curb_buf(CAPTION_JSON_MOST) };
	int err = draft(&d);
	curb_buf_free(&d.out);
	curb_buf_free(&d.cues);
	if (!err)
		curb_job_result(job, curb_str("{}"));
	return err;
}
