/* What the server is told about the tracks of a remux, and their flat files. */
#include "curb/cleanup.h"
#include "flat.h"
#include "media_inside.h"
#include "mp4_box.h"

enum { INDEX_MAX = 16 << 20 };

static int64_t end_ms(const struct remux_track *track)
{
	return (int64_t)(mp4_us(remux_track_end(track), track->frags.timescale) + 500) / 1000;
}

static int64_t bits_per_second(double bytes, double seconds)
{
	double rate = bytes * 8 / seconds;
	return rate < INT32_MAX ? (int64_t)rate : INT32_MAX;
}

static int64_t bitrate(const struct remux_track *track)
{
	uint64_t us = mp4_us(remux_track_end(track), track->frags.timescale);
	return us ? bits_per_second((double)track->frags.sent, (double)us / 1e6) : 0;
}

static const char *kind_of(const struct media_job *job, const struct remux_track *track)
{
	if (job->as)
		return job->as;
	if (track->video)
		return "video";
	int heard = AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS;
	return track->in->disposition & heard ? "audio-description" : "audio";
}

static struct curb_str label_of(const struct media_job *job, const struct remux_track *track)
{
	return job->label.ptr ? job->label : probe_label(track->in);
}

static struct curb_str lang_of(const struct media_job *job, const struct remux_track *track)
{
	return job->lang.ptr ? job->lang : probe_lang(job->arena, track->in);
}

static int aac_object(const AVCodecParameters *par)
{
	return par->profile == FF_PROFILE_AAC_HE_V2 ? 29 : par->profile == FF_PROFILE_AAC_HE ? 5 : 2;
}

static bool describe(struct media_job *job, const struct remux_track *track)
{
	const AVCodecParameters *par = track->in->codecpar;
	CURB_AUTO(buf) struct curb_buf index = curb_buf(INDEX_MAX);
	mp4_frags_index(&track->frags, &index);
	if (index.failed)
		return media_refuse(job, "media.large", job->source->name, curb_str(NULL));
	const char *path = media_path(job, track->video ? "video" : "audio", track->in->index, ".index");
	int file = media_send(job, path, MEDIA_INDEX_TYPE, &index);
	const char *codec = mp4_codec_name(job->arena, curb_buf_view(&track->frags.moov), aac_object(par));
	struct curb_value *out = media_track(job, kind_of(job, track), track->slot.file, file,
	                                     track->video ? "video/mp4" : "audio/mp4", codec, end_ms(track));
	curb_put_str(out, "lang", lang_of(job, track));
	curb_put_str(out, "label", label_of(job, track));
	curb_put_int(out, "bitrate", bitrate(track));
	if (track->video) {
		curb_put_int(out, "width", par->width);
		curb_put_int(out, "height", par->height);
	}
	return true;
}

static bool send_flat(struct media_job *job, const struct flat_track *tracks, size_t n,
                      const struct remux_track *sound, int64_t duration_ms, int number)
{
	CURB_AUTO(buf) struct curb_buf head = curb_buf(FLAT_HEAD_MAX);
	CURB_AUTO(buf) struct curb_buf pieces = curb_buf(INDEX_MAX);
	uint64_t payload = 0;
	if (!flat_build(tracks, n, &head, &pieces, &payload))
		return media_refuse(job, "media.large", job->source->name, curb_str(NULL));
	bool video = job->motion;
	const char *type = video ? "video/mp4" : "audio/mp4";
	int file = media_send(job, media_path(job, "flat", number, ".mp4"), type, &head);
	int index = media_send(job, media_path(job, "flat", number, ".index"), MEDIA_INDEX_TYPE, &pieces);
	struct curb_value *out = media_track(job, "flat", file, index, type, "", duration_ms);
	if (sound) {
		curb_put_str(out, "lang", lang_of(job, sound));
		curb_put_str(out, "label", label_of(job, sound));
	}
	if (duration_ms > 0)
		curb_put_int(out, "bitrate", bits_per_second((double)payload, (double)duration_ms / 1e3));
	return true;
}

/* One flat file for each sound, so that a plain player has a choice too. */
static bool send_flats(struct media_job *job, const struct remux *remux, size_t first_place)
{
	bool sounds = false;
	for (int i = 0; i < remux->count; i++)
		sounds |= !remux->tracks[i].video;
	for (int i = 0; i < remux->count; i++) {
		const struct remux_track *track = &remux->tracks[i];
		if (track->video && sounds)
			continue;
		struct flat_track flat[2];
		size_t n = 0;
		if (remux->lead)
			flat[n++] = (struct flat_track){ &remux->lead->frags,
				                         (uint32_t)(first_place +
				                                    (size_t)(remux->lead - remux->tracks)) };
		if (!track->video)
			flat[n++] = (struct flat_track){ &track->frags, (uint32_t)(first_place + (size_t)i) };
		int64_t length = end_ms(track);
		if (remux->lead && end_ms(remux->lead) > length)
			length = end_ms(remux->lead);
		if (!send_flat(job, flat, n, track->video ? NULL : track, length, track->in->index))
			return false;
	}
	return true;
}

bool media_describe(struct media_job *job, struct remux *remux)
{
	size_t first_place = curb_value_count(media_tracks(job));
	for (int i = 0; i < remux->count; i++) {
		if (!describe(job, &remux->tracks[i]))
			return false;
		if (end_ms(&remux->tracks[i]) > job->end_ms)
			job->end_ms = end_ms(&remux->tracks[i]);
	}
	job->motion = remux->lead != NULL;
	return job->as || send_flats(job, remux, first_place);
}
