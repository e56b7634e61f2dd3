/* MP3 and Ogg Opus: browsers play them as they are, so they are passed on byte by byte and only measured. */
#include "curb/cleanup.h"
#include "media_inside.h"
#include "mp3_scan.h"

enum { BLOCK = 256 << 10 };

struct scan {
	bool mp3;
	struct mp3_scan frames;
	struct ogg_scan pages;
};

static bool pass_on(const struct media_job *job, struct wire_slot slot, struct scan *scan)
{
	CURB_AUTO(mem) char *block = curb_xcalloc(1, BLOCK);
	uint64_t size = job->source->size;
	for (uint64_t at = 0; at < size;) {
		int64_t got = media_pread(job->source, at, block, BLOCK);
		if (got <= 0)
			return false;
		wire_data(job->wire, slot, block, (size_t)got);
		if (scan->mp3)
			mp3_scan_feed(&scan->frames, block, (size_t)got);
		else
			ogg_scan_feed(&scan->pages, block, (size_t)got);
		at += (uint64_t)got;
		wire_progress(job->wire, (int)(at * 1000 / size));
	}
	return true;
}

static bool judge_mp3(const struct media_job *job, struct mp3_scan *scan, uint64_t *ret_us)
{
	if (!mp3_scan_finish(scan, ret_us))
		return media_refuse(job, "media.unreadable", job->source->name, curb_str(NULL));
	if (scan->promised > scan->frames + scan->promised / 50 + 2)
		return media_refuse(job, "media.cut_short", job->source->name, curb_str(NULL));
	return true;
}

static bool judge_ogg(const struct media_job *job, struct ogg_scan *scan, uint64_t *ret_us)
{
	if (ogg_scan_finish(scan, ret_us))
		return true;
	if (scan->foreign || scan->several)
		return media_refuse(job, "media.codec", job->source->name, curb_str("Ogg"));
	return media_refuse(job, "media.unreadable", job->source->name, curb_str(NULL));
}

static void tell_track(struct media_job *job, const struct scan *scan, int file, const struct curb_buf *index)
{
	int number = media_send(job, media_path(job, "audio", 0, ".index"), MEDIA_INDEX_TYPE, index);
	struct curb_value *track = media_track(job, job->as ? job->as : "audio", file, number,
	                                       scan->mp3 ? "audio/mpeg" : "audio/ogg",
	                                       scan->mp3 ? "mp3" : "opus", job->end_ms);
	curb_put_str(track, "lang", job->lang);
	curb_put_str(track, "label", job->label);
	double rate = job->end_ms > 0 ? (double)job->source->size * 8e3 / (double)job->end_ms : 0;
	curb_put_int(track, "bitrate", rate < INT32_MAX ? (int64_t)rate : INT32_MAX);
}

/* Chapters, names and the cover lie in tags that libav reads; without them the sound is as good. */
static void tell_tags(struct media_job *job)
{
	struct probe probe;
	if (probe_open(&probe, job->source)) {
		if (!job->as)
			probe_chapters(&probe, job->arena, job->unit, job->start_ms);
		media_cover(job, &probe);
	}
	probe_close(&probe);
}

bool media_keep(struct media_job *job, enum media_shape shape)
{
	if (job->as && strcmp(job->as, "sign") == 0)
		return media_refuse(job, "media.empty", job->source->name, curb_str(NULL));
	struct scan scan = { .mp3 = shape == MEDIA_MP3 };
	mp3_scan_init(&scan.frames);
	ogg_scan_init(&scan.pages);
	struct wire_slot slot = wire_open(job->wire, media_path(job, "audio", 0, scan.mp3 ? ".mp3" : ".ogg"),
	                                  scan.mp3 ? "audio/mpeg" : "audio/ogg");
	bool ok = pass_on(job, slot, &scan) ||
	          media_refuse(job, "media.cut_short", job->source->name, curb_str(NULL));
	wire_close(job->wire, slot);
	uint64_t us = 0;
	ok = ok && (scan.mp3 ? judge_mp3(job, &scan.frames, &us) : judge_ogg(job, &scan.pages, &us));
	if (ok) {
		job->end_ms = (int64_t)(us + 500) / 1000;
		tell_track(job, &scan, slot.file,
		           scan.mp3 ? &scan.frames.records.out : &scan.pages.records.out);
		tell_tags(job);
	}
	mp3_scan_done(&scan.frames);
	ogg_scan_done(&scan.pages);
	return ok;
}
