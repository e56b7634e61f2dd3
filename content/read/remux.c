#include "remux.h"

#include "curb/arena.h"

enum { WAIT_MAX = 1024, WAIT_BYTES_MAX = 32 << 20, CUTS_MAX = MP4_FRAGMENTS_MAX };
enum { CUT_US = 4000000, FORCE_US = 60000000, FORCE_BYTES = 48 << 20, GAP_US = 200000 };
static const AVRational micro = { 1, 1000000 };

/* A fragment every four seconds, or as many bytes as four seconds have at 100 kb/s when the length is unknown. */
static uint32_t expected_fragments(const struct probe *probe)
{
	int64_t ms = probe_duration_ms(probe);
	uint64_t n = ms > 0 ? (uint64_t)ms / 4000 : probe->source->size / 50000;
	n += 8 + probe->source->size / FORCE_BYTES;
	return n > 20000 ? 20000 : (uint32_t)n;
}

bool remux_add(struct remux *remux, const AVStream *stream, const char *path)
{
	if (remux->count == REMUX_TRACKS_MAX)
		return false;
	struct remux_track *track = &remux->tracks[remux->count++];
	if (!remux->cuts.max)
		remux->cuts = curb_buf(CUTS_MAX * sizeof(int64_t));
	bool ok = remux_track_open(track, remux->wire, stream, path, expected_fragments(remux->probe));
	if (track->video && !remux->lead) {
		remux->lead = track;
		track->lead = true;
	}
	return ok;
}

static int64_t us_of(const struct remux_track *track, int64_t ticks)
{
	return av_rescale_q(ticks, track->tb, micro);
}

static bool follow_lead(struct remux *remux, struct remux_track *track, int64_t at_us)
{
	const int64_t *cuts = (const int64_t *)(const void *)remux->cuts.data;
	size_t n = remux->cuts.len / sizeof *cuts;
	bool cut = track->cuts_seen < n && at_us >= cuts[track->cuts_seen];
	while (track->cuts_seen < n && at_us >= cuts[track->cuts_seen])
		track->cuts_seen++;
	return cut;
}

static bool cut_here(void *arg, struct remux_track *track, const AVPacket *packet)
{
	struct remux *remux = arg;
	int64_t length = us_of(track, packet->dts - track->fragment_at), at = us_of(track, packet->dts);
	bool force = length >= FORCE_US || track->fragment_bytes + (size_t)packet->size >= FORCE_BYTES;
	if (remux->lead && !track->lead)
		return follow_lead(remux, track, at) || force;
	bool cut = force || (length >= CUT_US && (!track->video || packet->flags & AV_PKT_FLAG_KEY));
	if (cut && track->lead)
		curb_buf_add(&remux->cuts, &at, sizeof at);
	return cut;
}

static struct remux_track *track_of(struct remux *remux, int stream)
{
	for (int i = 0; i < remux->count; i++)
		if (remux->tracks[i].in->index == stream)
			return &remux->tracks[i];
	return NULL;
}

static const AVPacket *first_of(const struct remux *remux, const struct remux_track *track, bool key)
{
	for (size_t i = 0; i < remux->waiting; i++) {
		const AVPacket *packet = remux->wait[i];
		bool fits = packet->stream_index == track->in->index && packet->pts != AV_NOPTS_VALUE;
		if (fits && (!key || packet->flags & AV_PKT_FLAG_KEY))
			return packet;
	}
	return NULL;
}

static bool all_begun(const struct remux *remux)
{
	for (int i = 0; i < remux->count; i++)
		if (!first_of(remux, &remux->tracks[i], remux->tracks[i].lead))
			return false;
	return true;
}

/* The earliest sound, when it comes so long before the picture that cutting it off would lose something. */
static int64_t sound_before(const struct remux *remux, int64_t lead_us)
{
	int64_t zero = lead_us;
	for (int i = 0; i < remux->count; i++) {
		const AVPacket *packet = first_of(remux, &remux->tracks[i], false);
		if (&remux->tracks[i] == remux->lead || !packet)
			continue;
		int64_t us = av_rescale_q(packet->pts, remux->tracks[i].in->time_base, micro);
		us = us < 0 && lead_us >= 0 ? 0 : us;
		if (us < zero)
			zero = us;
	}
	return lead_us - zero > GAP_US ? lead_us - zero : 0;
}

static void shift_by_lead(struct remux *remux)
{
	struct remux_track *lead = remux->lead;
	const AVPacket *first = first_of(remux, lead, true);
	lead->needs_key = first != NULL;
	if (!first)
		first = first_of(remux, lead, false);
	if (!first)
		return;
	int64_t lead_us = av_rescale_q(first->pts, lead->in->time_base, micro);
	int64_t gap = sound_before(remux, lead_us);
	if (lead_us < 0 && first->flags & AV_PKT_FLAG_DISCARD)
		remux->hidden_us = -lead_us;
	remux->shift_us = gap - lead_us;
	for (int i = 0; i < remux->count; i++) {
		struct remux_track *track = &remux->tracks[i];
		track->shift = -av_rescale_q(first->pts, lead->in->time_base, track->tb) +
		               av_rescale_q(gap, micro, track->tb);
	}
	lead->first_gap = av_rescale_q(gap, micro, lead->tb);
}

static void shift_by_sound(struct remux *remux)
{
	int64_t first_us = INT64_MAX;
	for (int i = 0; i < remux->count; i++) {
		const AVPacket *packet = first_of(remux, &remux->tracks[i], false);
		if (!packet)
			continue;
		int64_t us = av_rescale_q(packet->pts, remux->tracks[i].in->time_base, micro);
		if (us < first_us)
			first_us = us;
	}
	if (first_us <= 0 || first_us == INT64_MAX)
		return;
	remux->shift_us = -first_us;
	for (int i = 0; i < remux->count; i++)
		remux->tracks[i].shift = av_rescale_q(-first_us, micro, remux->tracks[i].tb);
}

static bool give(struct remux *remux, AVPacket *packet)
{
	struct remux_track *track = track_of(remux, packet->stream_index);
	if (!track) {
		if (remux->text)
			remux->text(remux->text_arg, packet);
		av_packet_free(&packet);
		return true;
	}
	/* Pictures before the first whole one cannot be decoded. */
	if (track->needs_key && !(packet->flags & AV_PKT_FLAG_KEY)) {
		av_packet_free(&packet);
		return true;
	}
	track->needs_key = false;
	return remux_track_take(track, packet, cut_here, remux);
}

static bool release(struct remux *remux)
{
	if (remux->lead)
		shift_by_lead(remux);
	else
		shift_by_sound(remux);
	bool ok = true;
	for (size_t i = 0; i < remux->waiting; i++) {
		AVPacket *packet = remux->wait[i];
		if (ok)
			ok = give(remux, av_packet_clone(packet));
		av_packet_free(&remux->wait[i]);
	}
	remux->waiting = 0;
	free(remux->wait);
	remux->wait = NULL;
	return ok;
}

static bool wait_for_all(struct remux *remux, AVPacket *packet)
{
	remux->wait[remux->waiting++] = packet;
	remux->wait_bytes += (size_t)packet->size;
	if (remux->waiting < WAIT_MAX && remux->wait_bytes < WAIT_BYTES_MAX && !all_begun(remux))
		return true;
	return release(remux);
}

static void tell_progress(struct remux *remux)
{
	uint64_t size = remux->probe->source->size;
	int permille = size ? (int)(1000.0 * (double)remux->probe->at / (double)size) : 0;
	if (permille <= remux->permille + 9)
		return;
	remux->permille = permille;
	wire_progress(remux->wire, permille < 1000 ? permille : 1000);
}

static bool pump(struct remux *remux)
{
	for (;;) {
		AVPacket *packet = av_packet_alloc();
		if (!packet)
			return false;
		int err = av_read_frame(remux->probe->in, packet);
		if (err < 0) {
			av_packet_free(&packet);
			remux->cut_short = err != AVERROR_EOF || remux->probe->short_read;
			return true;
		}
		remux->cut_short |= packet->flags & AV_PKT_FLAG_CORRUPT;
		bool ok = remux->wait ? wait_for_all(remux, packet) : give(remux, packet);
		if (!ok)
			return false;
		tell_progress(remux);
	}
}

static void drop_empty(struct remux *remux)
{
	int kept = 0;
	for (int i = 0; i < remux->count; i++) {
		struct remux_track *track = &remux->tracks[i];
		bool used = track->frags.count > 0;
		bool was_lead = track == remux->lead;
		if (!used) {
			remux_track_close(track);
		} else if (kept != i) {
			remux->tracks[kept] = *track;
		}
		if (was_lead)
			remux->lead = used ? &remux->tracks[kept] : NULL;
		kept += used;
	}
	remux->count = kept;
}

bool remux_run(struct remux *remux)
{
	remux->wait = curb_xcalloc(WAIT_MAX, sizeof(AVPacket *));
	bool ok = pump(remux);
	if (ok && remux->wait)
		ok = release(remux);
	for (int i = 0; i < remux->count; i++) {
		struct remux_track *track = &remux->tracks[i];
		bool begun = track->started || track->early_count;
		if (!remux_track_finish(track, cut_here, remux) && begun)
			ok = false;
	}
	drop_empty(remux);
	return ok;
}

void remux_done(struct remux *remux)
{
	for (size_t i = 0; i < remux->waiting; i++)
		av_packet_free(&remux->wait[i]);
	free(remux->wait);
	for (int i = 0; i < remux->count; i++)
		remux_track_close(&remux->tracks[i]);
	curb_buf_free(&remux->cuts);
	*remux = (struct remux){ 0 };
}
