/* Times: dts that MKV does not have, the sample grid that its milliseconds lost, steps the muxer would assert on. */
#include "remux_times.h"

#include <stdlib.h>

enum { JUMP_MAX = INT32_MAX / 2 };

static int64_t scaled(const struct remux_track *track, int64_t time)
{
	return av_rescale_q(time, track->in->time_base, track->tb) + track->shift;
}

/* Samples in an Opus packet at 48 kHz (RFC 6716, section 3.1). */
int64_t remux_opus_samples(const uint8_t *bytes, int n)
{
	static const int16_t silk[] = { 480, 960, 1920, 2880 }, celt[] = { 120, 240, 480, 960 };
	if (n < 1)
		return 0;
	int config = bytes[0] >> 3, code = bytes[0] & 3;
	int frame = config < 12 ? silk[config & 3] :
	            config < 16 ? (config & 1 ? 960 : 480) :
	                          celt[config & 3];
	int frames = code == 0 ? 1 : code < 3 ? 2 : n > 1 ? bytes[1] & 63 : 0;
	return (int64_t)frame * frames;
}

void remux_snap(struct remux_track *track, AVPacket *packet)
{
	if (track->in->codecpar->codec_id == AV_CODEC_ID_OPUS) {
		int64_t samples = remux_opus_samples(packet->data, packet->size);
		track->step = av_rescale_q(samples, (AVRational){ 1, 48000 }, track->tb);
	}
	bool coarse = av_cmp_q(track->in->time_base, track->tb) > 0;
	int64_t slack = 2 * av_rescale_q(1, track->in->time_base, track->tb);
	if (coarse && track->started && llabs(packet->dts - track->grid) <= slack)
		packet->dts = packet->pts = track->grid;
	packet->duration = track->step;
	track->grid = packet->dts + track->step;
}

/* Nothing that is taught lasts longer, and sums stay far from overflow. */
static bool within_days(const struct remux_track *track, int64_t time)
{
	static const AVRational second = { 1, 1 };
	int64_t limit = av_rescale_q(10 * 86400, second, track->in->time_base);
	return time <= limit && time >= -limit;
}

bool remux_scale(struct remux_track *track, AVPacket *packet)
{
	if (packet->pts == AV_NOPTS_VALUE)
		packet->pts = packet->dts;
	if (packet->pts == AV_NOPTS_VALUE || !within_days(track, packet->pts))
		return false;
	if (packet->dts != AV_NOPTS_VALUE && !within_days(track, packet->dts))
		return false;
	if (packet->duration < 0 || !within_days(track, packet->duration))
		packet->duration = 0;
	packet->pts = scaled(track, packet->pts);
	packet->dts = packet->dts == AV_NOPTS_VALUE ? packet->dts : scaled(track, packet->dts);
	packet->duration = av_rescale_q(packet->duration, track->in->time_base, track->tb);
	if (!track->video)
		packet->dts = packet->pts;
	return true;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int64_t frame_ticks(const struct remux_track *track)
{
	AVRational rate = track->in->avg_frame_rate;
	if (rate.num > 0 && rate.den > 0)
		return av_rescale_q(1, av_inv_q(rate), track->tb);
	int64_t duration = track->early_count ? track->early[0]->duration : 0;
	return duration > 0 ? duration : track->tb.den / 25;
}

/* Without any dts: the times of display in order, moved back until no picture is decoded after it is shown. */
static void guess_dts(struct remux_track *track)
{
	int64_t sorted[REMUX_EARLY] = { 0 }, late = 0;
	int n = track->early_count;
	for (int i = 0; i < n; i++)
		sorted[i] = track->early[i]->pts;
	qsort(sorted, (size_t)n, sizeof *sorted, by_value);
	for (int i = 0; i < n; i++)
		if (sorted[i] - track->early[i]->pts > late)
			late = sorted[i] - track->early[i]->pts;
	for (int i = 0; i < n; i++)
		track->early[i]->dts = sorted[i] - late;
}

void remux_fill_dts(struct remux_track *track, int64_t known)
{
	if (known == AV_NOPTS_VALUE) {
		guess_dts(track);
		return;
	}
	int64_t step = frame_ticks(track);
	for (int i = 0; i < track->early_count; i++)
		track->early[i]->dts = known - (track->early_count - i) * step;
}

bool remux_step(struct remux_track *track, AVPacket *packet)
{
	if (!track->started) {
		track->dts_lead = packet->pts - packet->dts;
		packet->dts = packet->pts -= track->first_gap;
		if (packet->dts < 0)
			packet->dts = packet->pts = 0;
		return llabs(track->dts_lead) < JUMP_MAX;
	}
	packet->dts += track->dts_lead;
	if (packet->dts <= track->held->dts)
		packet->dts = track->held->dts + 1;
	if (!track->video)
		packet->pts = packet->dts;
	return packet->dts - track->held->dts < JUMP_MAX && llabs(packet->pts - packet->dts) < JUMP_MAX;
}
