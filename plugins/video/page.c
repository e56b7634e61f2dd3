/* The play page. It does its whole job without scripts: a flat file, tracks, transcript, chapters. */
#include "curb/err.h"
#include "curb/words.h"
#include "player.h"
#include "video.h"

enum { TRANSCRIPT_MOST = 4 << 20 };

/* True when the track is in the page's language, or says no language. */
static bool speaks(struct curb_req *req, const struct content_track *track)
{
	struct curb_str lang = curb_req_lang(req);
	struct curb_str head;
	(void)curb_str_cut(&lang, '-', &head);
	return !track->lang.len ||
	       (track->lang.len >= head.len && memcmp(track->lang.ptr, head.ptr, head.len) == 0);
}

static struct curb_value *track_row(struct curb_req *req, const struct content_track *track)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena);
	curb_put_text(row, "href", video_address(req, track));
	curb_put_str(row, "kind", track->kind);
	curb_put_str(row, "lang", track->lang.len ? track->lang : curb_str("und"));
	curb_put_str(row, "label", video_track_name(req, track));
	curb_put_bool(row, "here", curb_str_is(track->kind, "captions") && speaks(req, track));
	return row;
}

static void put_tracks(struct curb_req *req, const struct video_offer *offer, struct curb_value *model)
{
	struct curb_value *rows = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < offer->count; i++)
		if (video_is_text(&offer->tracks[i]))
			curb_push(rows, track_row(req, &offer->tracks[i]));
	curb_put(model, "tracks", rows);
	curb_put_bool(model, "captions", curb_value_count(rows) > 0);
}

/* ---- transcript ---- */

static const struct content_track *best_transcript(struct curb_req *req, const struct video_offer *offer)
{
	const struct content_track *best = NULL;
	for (size_t i = 0; i < offer->count; i++) {
		const struct content_track *track = &offer->tracks[i];
		if (curb_str_is(track->kind, "transcript") &&
		    (!best || (speaks(req, track) && !speaks(req, best))))
			best = track;
	}
	return best;
}

/* A paragraph is half a minute or so: one link to its beginning, and within it each cue on its own. */
static struct curb_value *paragraph(struct curb_req *req, int64_t start_s)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena);
	curb_put_int(row, "start_s", start_s);
	curb_put_str(row, "time", curb_words_span(req, start_s));
	curb_put(row, "cues", curb_array(arena));
	return row;
}

static struct curb_value *paragraphs(struct curb_req *req, const struct curb_value *parts)
{
	enum { PARAGRAPH_S = 30 };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *row = NULL;
	int64_t from_s = 0;
	for (size_t i = 0; i < curb_value_count(parts); i++) {
		const struct curb_value *part = curb_value_at(parts, i);
		int64_t start_ms = curb_get_int(part, "start_ms", 0);
		if (!row || start_ms / 1000 - from_s >= PARAGRAPH_S) {
			from_s = start_ms / 1000;
			row = paragraph(req, from_s);
			curb_push(rows, row);
		}
		struct curb_value *cue = curb_object(arena);
		curb_put_str(cue, "text", curb_get_str(part, "text"));
		curb_put_text(cue, "seconds",
		              curb_printf(arena, "%lld.%03lld", (long long)(start_ms / 1000),
		                          (long long)(start_ms % 1000)));
		curb_push(curb_value_get(row, "cues"), cue);
	}
	return rows;
}

static int put_transcript(struct video *v, struct curb_req *req, const struct video_offer *offer,
                          struct curb_value *model)
{
	const struct content_track *track = best_transcript(req, offer);
	struct curb_value *parts = NULL;
	struct curb_str bytes;
	if (!track)
		return 0;
	int err = v->delivery.content->bytes(v->delivery.content, curb_req_tx(req), track->blob,
	                                     TRANSCRIPT_MOST, &bytes);
	if (!err)
		err = curb_json_parse(curb_req_arena(req), bytes, &parts);
	if (err)
		return err;
	curb_put(model, "transcript", paragraphs(req, parts));
	curb_put_str(model, "transcript_lang", track->lang.len ? track->lang : curb_str("und"));
	return 0;
}

/* ?from=SECONDS: where it begins to play, also without scripts. */
static const char *begins_at(struct curb_req *req, const char *address)
{
	int64_t from_s = 0;
	if (!curb_str_int(curb_req_query(req, "from"), &from_s) || from_s <= 0)
		return address;
	return curb_printf(curb_req_arena(req), "%s#t=%lld", address, (long long)from_s);
}

static void put_media(struct curb_req *req, const struct video_offer *offer, struct curb_value *model)
{
	curb_put_text(model, "unit", offer->unit.id.text);
	curb_put_text(model, "base", curb_printf(curb_req_arena(req), "/videos/%s", offer->unit.id.text));
	int64_t from_s = 0;
	if (curb_str_int(curb_req_query(req, "from"), &from_s) && from_s > 0)
		curb_put_int(model, "start_s", from_s);
	curb_put_int(model, "duration_s", offer->unit.duration_ms / 1000);
	curb_put_str(model, "length", curb_words_span(req, offer->unit.duration_ms / 1000));
	if (offer->picture) {
		curb_put_text(
			model, "hls",
			curb_printf(curb_req_arena(req), "/videos/%s/master.m3u8", offer->unit.id.text));
		curb_put_int(model, "width", offer->picture->width);
		curb_put_int(model, "height", offer->picture->height);
		curb_put_str(model, "size", curb_words_size(req, offer->picture->size));
	}
	if (offer->flat) {
		curb_put_text(model, "flat", video_address(req, offer->flat));
		curb_put_text(model, "src", begins_at(req, video_address(req, offer->flat)));
	}
}

int video_page(struct curb_req *req, void *state)
{
	struct video *v = state;
	struct video_offer offer;
	struct curb_value *model = curb_object(curb_req_arena(req)), *chapters = NULL;
	int err = video_offer(v, req, curb_req_param(req, "id"), &offer);
	if (!err)
		err = player_put_course(&v->delivery, req, &offer.unit, model);
	if (!err)
		err = player_points(req, &offer.unit, &chapters);
	if (!err)
		err = put_transcript(v, req, &offer, model);
	if (!err)
		err = player_put_standing(&v->delivery, req, &offer.unit, model);
	if (err)
		return err;
	curb_put(model, "chapters", chapters);
	curb_put_str(model, "title", offer.unit.name);
	put_media(req, &offer, model);
	put_tracks(req, &offer, model);
	return curb_reply_page(req, 200, "video", model);
}
