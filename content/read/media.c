#include "media.h"

#include <inttypes.h>
#include <libavutil/log.h>

#include "media_inside.h"

enum { SNIFF = 512, UNEQUAL_MS = 2000 };

static void say_nothing(void *context, int level, const char *format, va_list args)
{
	(void)context;
	(void)level;
	(void)format;
	(void)args;
}

/* The default callback asks the terminal what it is, which the walls forbid; what it says is of no use here. */
void media_before_walls(void)
{
	av_log_set_callback(say_nothing);
}

bool media_refuse(const struct media_job *job, const char *code, struct curb_str a, struct curb_str b)
{
	wire_finding(job->wire, code, job->source->name, a, b);
	return false;
}

void media_note(const struct media_job *job, const char *code, struct curb_str a, struct curb_str b)
{
	wire_finding(job->wire, code, job->source->name, a, b);
}

struct curb_str media_seconds(const struct media_job *job, int64_t ms)
{
	return curb_str(curb_printf(job->arena, "%" PRId64 ".%" PRId64, ms / 1000, ms % 1000 / 100));
}

struct curb_value *media_tracks(const struct media_job *job)
{
	struct curb_value *tracks = curb_value_get(job->unit, "tracks");
	if (!tracks) {
		tracks = curb_array(job->arena);
		curb_put(job->unit, "tracks", tracks);
	}
	return tracks;
}

struct curb_value *media_track(const struct media_job *job, const char *kind, int file, int index,
                               const char *type, const char *codec, int64_t duration_ms)
{
	struct curb_value *track = curb_object(job->arena);
	curb_put_text(track, "kind", kind);
	curb_put_int(track, "file", file);
	if (index >= 0)
		curb_put_int(track, "index", index);
	curb_put_text(track, "type", type);
	if (*codec)
		curb_put_text(track, "codec", codec);
	curb_put_int(track, "duration_ms", duration_ms);
	curb_put_int(track, "start_ms", job->start_ms);
	curb_push(media_tracks(job), track);
	return track;
}

const char *media_path(const struct media_job *job, const char *what, int number, const char *suffix)
{
	const char *name = curb_cstr(job->arena,
	                             job->source->name.ptr ? job->source->name : curb_str("media"));
	return curb_printf(job->arena, "%s.%s%d%s", name, what, number, suffix);
}

int media_send(const struct media_job *job, const char *path, const char *type, const struct curb_buf *bytes)
{
	struct wire_slot slot = wire_open(job->wire, path, type);
	wire_data(job->wire, slot, bytes->data, bytes->len);
	wire_close(job->wire, slot);
	return slot.file;
}

static bool ingest(struct media_job *job)
{
	char first[SNIFF];
	int64_t got = media_pread(job->source, 0, first, sizeof first);
	struct curb_str bytes = curb_str_n(first, got < 0 ? 0 : (size_t)got);
	enum media_shape shape = media_shape_of(bytes);
	if (shape == MEDIA_FOREIGN)
		return media_form(job, curb_str(media_foreign_name(bytes)), "");
	if (shape == MEDIA_UNKNOWN)
		return media_refuse(job, "media.unreadable", job->source->name, curb_str(NULL));
	struct media_extent extent = media_extent_of(job->source, shape);
	if (shape == MEDIA_MP4 && !extent.has_moov)
		return media_refuse(job, "media.no_moov", job->source->name, curb_str(NULL));
	if (!extent.whole)
		return media_refuse(job, "media.cut_short", job->source->name, curb_str(NULL));
	if (shape == MEDIA_MP3 || shape == MEDIA_OGG)
		return media_keep(job, shape);
	return media_remux(job, shape);
}

static struct media_job new_job(struct wire *wire, const struct media_source *source, struct curb_value *unit)
{
	struct curb_arena *arena = curb_value_arena(unit);
	return (struct media_job){ .wire = wire, .source = source, .arena = arena, .unit = unit };
}

bool media_ingest(struct wire *wire, const struct media_source *source, struct curb_value *unit)
{
	struct media_job job = new_job(wire, source, unit);
	if (!ingest(&job))
		return false;
	curb_put_int(unit, "duration_ms", job.end_ms);
	if (!curb_value_get(unit, "kind"))
		curb_put_text(unit, "kind", job.motion ? "video" : "audiobook");
	return true;
}

bool media_ingest_as(struct wire *wire, const struct media_source *source, struct curb_value *unit,
                     const char *kind, struct curb_str lang)
{
	struct media_job job = new_job(wire, source, unit);
	job.as = kind;
	job.lang = lang;
	if (!ingest(&job))
		return false;
	int64_t unit_ms = curb_get_int(unit, "duration_ms", 0), differ = job.end_ms - unit_ms;
	if (unit_ms && (differ > UNEQUAL_MS || differ < -UNEQUAL_MS))
		media_note(&job, "media.unequal", media_seconds(&job, job.end_ms),
		           media_seconds(&job, unit_ms));
	return true;
}

bool media_ingest_chapter(struct wire *wire, const struct media_source *source, struct curb_value *unit,
                          struct curb_str label)
{
	struct media_job job = new_job(wire, source, unit);
	job.chapter = true;
	job.label = label;
	job.start_ms = curb_get_int(unit, "duration_ms", 0);
	if (!ingest(&job))
		return false;
	curb_put_int(unit, "duration_ms", job.start_ms + job.end_ms);
	return true;
}

bool media_rendition(struct wire *wire, const struct media_source *source, struct curb_value *unit,
                     const char *want)
{
	struct media_job job = new_job(wire, source, unit);
	job.want = want;
	if (!media_form(&job, curb_str(want), ""))
		return false;
	curb_put_int(unit, "duration_ms", job.end_ms);
	return true;
}
