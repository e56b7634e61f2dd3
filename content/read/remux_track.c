#include "remux_track.h"

#include "curb/err.h"
#include "remux_times.h"

enum { IO_BUFFER = 64 << 10 };

static void send_data(void *arg, const void *bytes, size_t n)
{
	struct remux_track *track = arg;
	wire_data(track->wire, track->slot, bytes, n);
}

static void send_patch(void *arg, uint64_t offset, const void *bytes, size_t n)
{
	struct remux_track *track = arg;
	wire_patch(track->wire, track->slot, offset, bytes, n);
}

static int muxed(void *opaque, uint8_t *bytes, int n)
{
	struct remux_track *track = opaque;
	return mp4_frags_feed(&track->frags, bytes, (size_t)n) ? n : AVERROR(EIO);
}

static AVRational out_time_base(const AVStream *in)
{
	AVRational tb = in->time_base;
	if (in->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
		return (AVRational){ 1, in->codecpar->codec_id == AV_CODEC_ID_OPUS ?
			                        48000 :
			                        in->codecpar->sample_rate };
	bool odd = tb.num != 1 || tb.den > 100000 || tb.den < 1;
	return odd ? (AVRational){ 1, 90000 } : tb;
}

static bool open_muxer(struct remux_track *track)
{
	if (avformat_alloc_output_context2(&track->out, NULL, "mp4", NULL) < 0)
		return false;
	AVStream *stream = avformat_new_stream(track->out, NULL);
	unsigned char *buffer = av_malloc(IO_BUFFER);
	track->io = buffer ? avio_alloc_context(buffer, IO_BUFFER, 1, track, NULL, muxed, NULL) : NULL;
	if (!stream || !track->io)
		return false;
	track->out->pb = track->io;
	track->out->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	track->out->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
	track->out->max_interleave_delta = 0;
	if (avcodec_parameters_copy(stream->codecpar, track->in->codecpar) < 0)
		return false;
	stream->codecpar->codec_tag = 0;
	size_t size = 0;
	const uint8_t *matrix = av_stream_get_side_data(track->in, AV_PKT_DATA_DISPLAYMATRIX, &size);
	uint8_t *copy = matrix ? av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, size) : NULL;
	if (copy)
		memcpy(copy, matrix, size);
	if (track->in->codecpar->codec_id == AV_CODEC_ID_OPUS)
		stream->codecpar->sample_rate = 48000;
	stream->time_base = out_time_base(track->in);
	stream->sample_aspect_ratio = track->in->sample_aspect_ratio;
	AVDictionaryEntry *lang = av_dict_get(track->in->metadata, "language", NULL, 0);
	if (lang)
		(void)av_dict_set(&stream->metadata, "language", lang->value, 0);
	AVDictionary *options = NULL;
	(void)av_dict_set(&options, "movflags", "cmaf+frag_custom+frag_discont+delay_moov+skip_trailer", 0);
	int err = avformat_write_header(track->out, &options);
	av_dict_free(&options);
	track->header = err >= 0;
	track->tb = stream->time_base;
	return track->header && track->tb.num == 1;
}

bool remux_track_open(struct remux_track *track, struct wire *wire, const AVStream *in, const char *path,
                      uint32_t reserve)
{
	bool video = in->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
	*track = (struct remux_track){ .in = in, .wire = wire, .video = video };
	struct mp4_sink sink = { send_data, send_patch, track };
	mp4_frags_init(&track->frags, &sink, reserve);
	track->slot = wire_open(wire, path, video ? "video/mp4" : "audio/mp4");
	track->step = in->codecpar->frame_size > 0 ? in->codecpar->frame_size : 1024;
	return open_muxer(track);
}

void remux_track_close(struct remux_track *track)
{
	for (int i = 0; i < track->early_count; i++)
		av_packet_free(&track->early[i]);
	av_packet_free(&track->held);
	avformat_free_context(track->out);
	if (track->io)
		av_freep(&track->io->buffer);
	avio_context_free(&track->io);
	mp4_frags_done(&track->frags);
}

static bool flush_fragment(struct remux_track *track)
{
	/* With delay_moov the first flush writes the moov alone. */
	for (int i = track->moov_flushed ? 1 : 0; i < 2; i++)
		if (av_write_frame(track->out, NULL) < 0)
			return false;
	track->moov_flushed = true;
	track->fragment_bytes = 0;
	return true;
}

static bool write_held(struct remux_track *track, int64_t next_dts)
{
	AVPacket *packet = track->held;
	packet->duration = next_dts - packet->dts;
	track->last_duration = packet->duration;
	track->fragment_bytes += (size_t)packet->size;
	packet->stream_index = 0;
	packet->pos = -1;
	/* The muxer wants no picture shown before it is decoded, and moves dts itself as we did. */
	packet->dts -= track->dts_lead;
	if (packet->pts < packet->dts)
		packet->pts = packet->dts;
	int err = av_write_frame(track->out, packet);
	av_packet_free(&track->held);
	return err >= 0;
}

/* In order of decoding, with all its times. */
static bool push(struct remux_track *track, AVPacket *packet, remux_cut_fn cut, void *arg)
{
	bool key = packet->flags & AV_PKT_FLAG_KEY;
	if (!remux_step(track, packet)) {
		track->bad_times = true;
		av_packet_free(&packet);
		return false;
	}
	bool ok = !track->started || write_held(track, packet->dts);
	if (ok && track->started && cut(arg, track, packet)) {
		ok = flush_fragment(track);
		track->fragment_at = packet->dts;
	}
	if (!track->started)
		track->fragment_at = track->last_key = packet->dts;
	if (track->video && key) {
		if (packet->dts - track->last_key > track->longest_gop)
			track->longest_gop = packet->dts - track->last_key;
		track->last_key = packet->dts;
	}
	track->started = true;
	track->held = packet;
	return ok;
}

static bool push_early(struct remux_track *track, int64_t known, remux_cut_fn cut, void *arg)
{
	remux_fill_dts(track, known);
	bool ok = true;
	for (int i = 0; i < track->early_count; i++) {
		AVPacket *packet = track->early[i];
		track->early[i] = NULL;
		if (ok)
			ok = push(track, packet, cut, arg);
		else
			av_packet_free(&packet);
	}
	track->early_count = 0;
	return ok;
}

static bool take_video(struct remux_track *track, AVPacket *packet, remux_cut_fn cut, void *arg)
{
	if (packet->dts == AV_NOPTS_VALUE && !track->started) {
		track->early[track->early_count++] = packet;
		return track->early_count < REMUX_EARLY || push_early(track, AV_NOPTS_VALUE, cut, arg);
	}
	if (packet->dts == AV_NOPTS_VALUE)
		packet->dts = track->held->dts - track->dts_lead +
		              (track->last_duration > 0 ? track->last_duration : 1);
	if (track->early_count && !push_early(track, packet->dts, cut, arg)) {
		av_packet_free(&packet);
		return false;
	}
	return push(track, packet, cut, arg);
}

/* What lies before zero is the encoder's run-in: nobody is meant to hear it. */
static bool before_zero(const AVPacket *packet)
{
	return packet->pts < 0 && packet->pts * 2 + packet->duration < 0;
}

static bool take_audio(struct remux_track *track, AVPacket *packet, remux_cut_fn cut, void *arg)
{
	remux_snap(track, packet);
	if (!track->started && before_zero(packet)) {
		av_packet_free(&packet);
		return true;
	}
	return push(track, packet, cut, arg);
}

bool remux_track_take(struct remux_track *track, AVPacket *packet, remux_cut_fn cut, void *arg)
{
	track->encrypted |= av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, NULL) != NULL;
	if (packet->size == 0) {
		av_packet_free(&packet);
		return true;
	}
	bool timed = !track->failed && remux_scale(track, packet);
	if (!timed) {
		track->failed = true;
		av_packet_free(&packet);
		return false;
	}
	track->failed = !(track->video ? take_video(track, packet, cut, arg) :
	                                 take_audio(track, packet, cut, arg));
	return !track->failed;
}

bool remux_track_finish(struct remux_track *track, remux_cut_fn cut, void *arg)
{
	bool ok = !track->failed && push_early(track, AV_NOPTS_VALUE, cut, arg) && track->held;
	if (ok) {
		AVPacket *held = track->held;
		int64_t duration = held->duration > 0 ? held->duration : track->last_duration;
		if (track->video && held->dts - track->last_key > track->longest_gop)
			track->longest_gop = held->dts - track->last_key;
		ok = write_held(track, held->dts + (duration > 0 ? duration : 1)) && flush_fragment(track);
	}
	if (ok)
		(void)av_write_trailer(track->out);
	if (track->io)
		avio_flush(track->io);
	ok = ok && mp4_frags_finish(&track->frags);
	wire_close(track->wire, track->slot);
	return ok;
}

uint64_t remux_track_end(const struct remux_track *track)
{
	const struct mp4_frags *frags = &track->frags;
	return frags->count ? frags->list[frags->count - 1].start + frags->list[frags->count - 1].duration :
	                      0;
}
