/* Which streams are taken, what their author should know. */
#include "media_inside.h"

enum { GOP_MS = 10000, HIDDEN_MS = 40, LENGTH_SLACK_MS = 3000 };

static bool is_kind(const AVStream *stream, enum AVMediaType type)
{
	return stream->codecpar->codec_type == type && !probe_is_picture(stream);
}

static bool wants(const struct media_job *job, const AVStream *stream)
{
	bool video = is_kind(stream, AVMEDIA_TYPE_VIDEO), audio = is_kind(stream, AVMEDIA_TYPE_AUDIO);
	if (job->as && strcmp(job->as, "sign") == 0)
		return video;
	return job->as || job->chapter ? audio : video || audio;
}

static struct curb_str codec_of(const struct media_job *job, const AVStream *stream)
{
	const AVCodecParameters *par = stream->codecpar;
	const char *profile = avcodec_profile_name(par->codec_id, par->profile);
	const char *name = par->codec_id == AV_CODEC_ID_NONE ? "?" : avcodec_get_name(par->codec_id);
	return curb_str(profile ? curb_printf(job->arena, "%s (%s)", name, profile) : name);
}

struct choice {
	const AVStream *streams[REMUX_TRACKS_MAX];
	int count, videos;
	const AVStream *bad; /* wanted, but not servable */
};

/* The first picture and every sound; for a track that is wanted alone, one. */
static struct choice choose(const struct media_job *job, const struct probe *probe)
{
	struct choice choice = { .count = 0 };
	for (int i = 0; i < probe->streams; i++) {
		const AVStream *stream = probe->in->streams[i];
		bool video = is_kind(stream, AVMEDIA_TYPE_VIDEO);
		if (!wants(job, stream) || choice.count == REMUX_TRACKS_MAX)
			continue;
		if ((video && choice.videos) || ((job->as || job->chapter) && choice.count)) {
			media_note(job, "media.passed_over", curb_str(curb_printf(job->arena, "%d", i)),
			           codec_of(job, stream));
			continue;
		}
		if (probe_encrypted(stream) || !probe_servable(stream->codecpar)) {
			choice.bad = choice.bad ? choice.bad : stream;
			continue;
		}
		choice.videos += video;
		choice.streams[choice.count++] = stream;
	}
	return choice;
}

static bool complete(const struct media_job *job, const struct choice *choice)
{
	if (choice->bad)
		return media_refuse(job, "media.encrypted", job->source->name, curb_str(NULL));
	if (!choice->count)
		return media_refuse(job, "media.empty", job->source->name, curb_str(NULL));
	return true;
}

static bool add_all(struct media_job *job, struct remux *remux, const struct choice *choice)
{
	for (int i = 0; i < choice->count; i++) {
		bool video = choice->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
		const char *path = media_path(job, video ? "video" : "audio", choice->streams[i]->index,
		                              ".mp4");
		if (!remux_add(remux, choice->streams[i], path))
			return media_refuse(job, "media.codec", job->source->name,
			                    codec_of(job, choice->streams[i]));
	}
	job->motion = choice->videos > 0;
	return true;
}

static bool judge_run(struct media_job *job, struct remux *remux, bool ok)
{
	for (int i = 0; i < remux->count; i++)
		if (remux->tracks[i].encrypted)
			return media_refuse(job, "media.encrypted", job->source->name, curb_str(NULL));
	if (remux->cut_short)
		return media_refuse(job, "media.cut_short", job->source->name, curb_str(NULL));
	if (!ok)
		return media_refuse(job, "media.times", job->source->name, curb_str(NULL));
	if (!remux->count)
		return media_refuse(job, "media.empty", job->source->name, curb_str(NULL));
	return true;
}

static void tell_facts(struct media_job *job, const struct remux *remux)
{
	const struct remux_track *lead = remux->lead;
	int64_t gop_ms = lead ? av_rescale_q(lead->longest_gop, lead->tb, (AVRational){ 1, 1000 }) : 0;
	if (gop_ms > GOP_MS)
		media_note(job, "media.gop", job->source->name, media_seconds(job, gop_ms));
	if (remux->hidden_us / 1000 > HIDDEN_MS)
		media_note(job, "media.edited", job->source->name,
		           media_seconds(job, remux->hidden_us / 1000));
	int64_t claimed = probe_duration_ms(remux->probe);
	int64_t slack = claimed / 50 > LENGTH_SLACK_MS ? claimed / 50 : LENGTH_SLACK_MS;
	int64_t before_ms = remux->shift_us < 0 ? -remux->shift_us / 1000 : 0;
	if (claimed - before_ms - job->end_ms > slack)
		media_note(job, "media.length", media_seconds(job, claimed), media_seconds(job, job->end_ms));
}

/* The picture of a book or an album, when it is what it says. */
void media_cover(struct media_job *job, const struct probe *probe)
{
	for (int i = 0; i < probe->streams && !job->as; i++) {
		const AVStream *stream = probe->in->streams[i];
		struct curb_str bytes = curb_str_n((const char *)stream->attached_pic.data,
		                                   (size_t)stream->attached_pic.size);
		bool jpeg = curb_str_starts(bytes, "\xff\xd8\xff"),
		     png = curb_str_starts(bytes, "\x89PNG\r\n\x1a\n");
		if (!(stream->disposition & AV_DISPOSITION_ATTACHED_PIC) || (!jpeg && !png))
			continue;
		struct wire_slot slot = wire_open(job->wire,
		                                  media_path(job, "cover", i, jpeg ? ".jpg" : ".png"),
		                                  jpeg ? "image/jpeg" : "image/png");
		wire_data(job->wire, slot, bytes.ptr, bytes.len);
		wire_close(job->wire, slot);
		(void)media_track(job, "cover", slot.file, -1, jpeg ? "image/jpeg" : "image/png", "", 0);
		return;
	}
}

static bool run(struct media_job *job, struct remux *remux)
{
	struct choice choice = choose(job, remux->probe);
	if (choice.bad && !probe_encrypted(choice.bad)) {
		bool formed = media_form(job, codec_of(job, choice.bad), media_form_texts(job, remux->probe));
		if (formed)
			media_cover(job, remux->probe);
		return formed;
	}
	if (!complete(job, &choice) || !add_all(job, remux, &choice))
		return false;
	struct media_texts *texts = job->as || job->chapter ? NULL : media_texts_new(job, remux->probe);
	remux->text = texts ? media_texts_take : NULL;
	remux->text_arg = texts;
	bool ok = judge_run(job, remux, remux_run(remux)) && media_describe(job, remux);
	if (ok) {
		int64_t shift_ms = remux->shift_us / 1000;
		if (texts)
			media_texts_send(texts, shift_ms);
		if (!job->as && !job->chapter)
			curb_put_int(job->unit, "shift_ms",
			             shift_ms); /* captions beside the file move with it */
		if (!job->as)
			probe_chapters(remux->probe, job->arena, job->unit, shift_ms + job->start_ms);
		media_cover(job, remux->probe);
		tell_facts(job, remux);
	}
	media_texts_free(texts);
	return ok;
}

bool media_remux(struct media_job *job, enum media_shape shape)
{
	(void)shape;
	struct probe probe;
	bool ok = probe_open(&probe, job->source);
	if (ok) {
		struct remux *remux = curb_xcalloc(1, sizeof *remux);
		remux->wire = job->wire;
		remux->probe = &probe;
		ok = run(job, remux);
		remux_done(remux);
		free(remux);
	} else {
		(void)media_refuse(job, "media.unreadable", job->source->name, curb_str(NULL));
	}
	probe_close(&probe);
	return ok;
}
