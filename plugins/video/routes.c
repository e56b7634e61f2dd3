#include "content/media_index.h"
#include "curb/err.h"
#include "player.h"
#include "video.h"

enum { INDEX_MOST = 16 << 20, PLAYLIST_MOST = 4 << 20 };
static const char m3u8[] = "application/vnd.apple.mpegurl";

int video_bytes(struct curb_req *req, void *state)
{
	const struct video *v = state;
	return delivery_reply(&v->delivery, req);
}

static int read_index(struct video *v, struct curb_req *req, const struct content_track *track,
                      const struct media_fragment **ret_fragments, size_t *ret_n)
{
	const struct content_api *content = v->delivery.content;
	struct curb_str bytes;
	int err = content->bytes(content, curb_req_tx(req), track->index, INDEX_MOST, &bytes);
	return err ? err : media_index_read(curb_req_arena(req), bytes, ret_fragments, ret_n);
}

/* ---- GET /videos/:id/master.m3u8?text=no: without captions, for a page that has them beside it ---- */

static bool hls_kind(const struct content_track *track, enum media_hls_kind *ret_kind)
{
	static const struct {
		const char *kind;
		enum media_hls_kind hls;
	} kinds[] = {
		{ "video", MEDIA_HLS_VIDEO },         { "audio", MEDIA_HLS_AUDIO },
		{ "captions", MEDIA_HLS_CAPTIONS },   { "audio-description", MEDIA_HLS_AUDIO_DESCRIPTION },
		{ "subtitles", MEDIA_HLS_SUBTITLES },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(track->kind, kinds[i].kind)) {
			*ret_kind = kinds[i].hls;
			return true;
		}
	return false;
}

/* The playlists of renditions have no id of their own: "360-video". */
static const char *low_name(struct curb_req *req, const struct content_rendition *low,
                            const struct content_track *track)
{
	return curb_printf(curb_req_arena(req), "%.*s-%.*s", (int)low->form.len, low->form.ptr,
	                   (int)track->kind.len, track->kind.ptr);
}

static int hls_track(struct video *v, struct curb_req *req, const struct content_track *track,
                     const char *name, struct media_hls_track *ret_row)
{
	const struct media_fragment *fragments = NULL;
	size_t n = 0;
	struct media_hls_track row = {
		.kind = ret_row->kind,
		.low = ret_row->low,
		.uri = curb_str(curb_printf(curb_req_arena(req), "%s.m3u8", name)),
		.lang = track->lang,
		.name = video_track_name(req, track),
		.codec = track->codec,
		.width = track->width,
		.height = track->height,
	};
	int err = track->index.len ? read_index(v, req, track, &fragments, &n) : 0;
	if (err)
		return err;
	row.bandwidth = media_peak(fragments, n);
	*ret_row = row;
	return 0;
}

struct rows {
	struct media_hls_track *list;
	size_t n;
};

/* The lesson as it is. Who asked for a smaller form gets its descriptions and captions alone: her line is not for the rest. */
static int put_whole(struct video *v, struct curb_req *req, const struct video_offer *offer,
                     struct rows *rows)
{
	bool text = !curb_str_is(curb_req_query(req, "text"), "no");
	int err = 0;
	for (size_t i = 0; !err && i < offer->count; i++) {
		const struct content_track *track = &offer->tracks[i];
		struct media_hls_track *row = &rows->list[rows->n];
		if ((!text && video_is_text(track)) || !hls_kind(track, &row->kind))
			continue;
		row->low = false;
		if (offer->begin && (row->kind == MEDIA_HLS_VIDEO || track == offer->sound))
			continue;
		err = hls_track(v, req, track, track->id.text, row);
		rows->n++;
	}
	return err;
}

/* One of a rendition, and below it no larger one. */
static int put_part(struct video *v, struct curb_req *req, const struct content_rendition *low,
                    const char *kind, struct rows *rows)
{
	const struct content_track *track = video_of_low(low, kind);
	struct media_hls_track *row = &rows->list[rows->n];
	if (!track)
		return 0;
	row->low = true;
	row->kind = curb_str_is(track->kind, "video") ? MEDIA_HLS_VIDEO : MEDIA_HLS_AUDIO;
	rows->n++;
	return hls_track(v, req, track, low_name(req, low, track), row);
}

static int put_low(struct video *v, struct curb_req *req, const struct video_offer *offer, struct rows *rows)
{
	const struct content_rendition *heard = NULL;
	int err = 0;
	for (size_t i = 0; !err && i < offer->low_count; i++) {
		const struct content_rendition *low = &offer->low[i];
		heard = video_of_low(low, "audio") ? low : heard;
		if (!offer->begin || low >= offer->begin)
			err = put_part(v, req, low, "video", rows);
	}
	return err || !heard ? err : put_part(v, req, heard, "audio", rows);
}

int video_master(struct curb_req *req, void *state)
{
	struct video_offer offer;
	int err = video_offer(state, req, curb_req_param(req, "id"), &offer);
	if (err)
		return err;
	struct rows rows = { .list = curb_alloc_n(curb_req_arena(req), offer.count + 2 * offer.low_count + 1,
		                                  sizeof *rows.list) };
	err = put_whole(state, req, &offer, &rows);
	if (!err)
		err = put_low(state, req, &offer, &rows);
	if (err)
		return err;
	struct curb_buf out = curb_buf(PLAYLIST_MOST);
	media_hls_master(rows.list, rows.n, &out);
	return curb_reply_bytes(req, 200, m3u8, &out);
}

/* ---- GET /videos/:id/:track (TRACK.m3u8) ---- */

static const struct content_track *named_low(struct curb_req *req, const struct video_offer *offer,
                                             struct curb_str name)
{
	for (size_t i = 0; i < offer->low_count; i++)
		for (size_t k = 0; k < offer->low[i].count; k++)
			if (curb_str_is(name, low_name(req, &offer->low[i], &offer->low[i].tracks[k])))
				return &offer->low[i].tracks[k];
	return NULL;
}

static const struct content_track *named_track(struct curb_req *req, const struct video_offer *offer,
                                               struct curb_str name)
{
	static const char ending[] = ".m3u8";
	if (!curb_str_ends(name, ending))
		return NULL;
	name.len -= sizeof ending - 1;
	for (size_t i = 0; i < offer->count; i++)
		if (curb_str_is(name, offer->tracks[i].id.text))
			return &offer->tracks[i];
	return named_low(req, offer, name);
}

int video_playlist(struct curb_req *req, void *state)
{
	struct video_offer offer;
	const struct media_fragment *fragments = NULL;
	size_t n = 0;
	int err = video_offer(state, req, curb_req_param(req, "id"), &offer);
	if (err)
		return err;
	const struct content_track *track = named_track(req, &offer, curb_req_param(req, "playlist"));
	if (!track || curb_str_is(track->kind, "flat") || (!track->index.len && !video_is_text(track)))
		return curb_fail(CURB_ENOTFOUND, "There is no such playlist");
	if (track->index.len)
		err = read_index(state, req, track, &fragments, &n);
	if (err)
		return err;
	struct curb_buf out = curb_buf(PLAYLIST_MOST);
	struct curb_str uri = curb_str(video_address(req, track));
	if (track->index.len)
		media_hls_playlist(fragments, n, uri, &out);
	else
		media_hls_text_playlist((uint64_t)offer.unit.duration_ms * 1000, uri, &out);
	return curb_reply_bytes(req, 200, m3u8, &out);
}

/* ---- POST /videos/:id/place {position}: outside any class ---- */

int video_post_place(struct curb_req *req, void *state)
{
	struct video *v = state;
	struct video_offer offer;
	int err = video_offer(v, req, curb_req_param(req, "id"), &offer);
	return err ? err : player_post_place(&v->delivery, req, &offer.unit);
}
