/* The play page. It does its whole job without scripts: a flat file, tracks, transcript, chapters. */
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"
#include "player.h"
#include "video.h"

static struct curb_value *track_row(struct curb_req *req, const struct content_track *track, bool here)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena);
	curb_put_text(row, "href", video_address(req, track));
	curb_put_str(row, "kind", track->kind);
	curb_put_str(row, "lang", track->lang.len ? track->lang : curb_str("und"));
	curb_put_str(row, "label", video_track_name(req, track));
	curb_put_bool(row, "here", here);
	return row;
}

static void put_tracks(struct curb_req *req, const struct video_offer *offer, struct curb_value *model)
{
	struct curb_value *rows = curb_array(curb_req_arena(req));
	const struct content_track *here = player_captions(req, offer->tracks, offer->count);
	for (size_t i = 0; i < offer->count; i++)
		if (video_is_text(&offer->tracks[i]))
			curb_push(rows, track_row(req, &offer->tracks[i], &offer->tracks[i] == here));
	curb_put(model, "tracks", rows);
	curb_put_bool(model, "captions", curb_value_count(rows) > 0);
}

/* ?from=SECONDS: where it begins to play, also without scripts. */
static const char *begins_at(struct curb_req *req, const char *address)
{
	int64_t from_s = 0;
	if (!curb_str_int(curb_req_query(req, "from"), &from_s) || from_s <= 0)
		return address;
	return curb_printf(curb_req_arena(req), "%s#t=%lld", address, (long long)from_s);
}

/* Of a rendition, or (NULL) of the lesson as it is. */
static int64_t size_of(const struct video_offer *offer, const struct content_rendition *low)
{
	const struct content_track *picture = low ? video_of_low(low, "video") : offer->picture;
	const struct content_track *sound = low ? video_of_low(low, "audio") : offer->sound;
	return (picture ? picture->size : 0) + (sound ? sound->size : 0);
}

/* A plain link to another form, for who plays without scripts too. */
static void add_form(struct curb_req *req, const struct video_offer *offer,
                     const struct content_rendition *low, struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *values = curb_object(arena);
	bool middle = low && curb_str_is(low->form, "360");
	int64_t from_s = 0;
	curb_put_str(values, "size", curb_words_size(req, size_of(offer, low)));
	curb_put_str(row, "label",
	             !low   ? curb_tr(req, "Full picture, {size}", values) :
	             middle ? curb_tr(req, "Small picture, {size}", values) :
	                      curb_tr(req, "Smallest picture, {size}", values));
	const char *href = curb_printf(arena, "/videos/%s?sound=no&form=%s", offer->unit.id.text,
	                               !low   ? "full" :
	                               middle ? "360" :
	                                        "240");
	if (curb_str_int(curb_req_query(req, "from"), &from_s) && from_s > 0)
		href = curb_printf(arena, "%s&from=%lld", href, (long long)from_s);
	curb_put_text(row, "href", curb_req_looked(req, href));
	curb_push(rows, row);
}

/* Those that are not played now. */
static void put_forms(struct curb_req *req, const struct video_offer *offer, struct curb_value *model)
{
	struct curb_value *rows = curb_array(curb_req_arena(req));
	bool heard = curb_value_get(model, "sound") != NULL;
	if (offer->begin)
		add_form(req, offer, NULL, rows);
	for (size_t i = 0; i < offer->low_count; i++)
		if (video_of_low(&offer->low[i], "video") && (heard || &offer->low[i] != offer->begin))
			add_form(req, offer, &offer->low[i], rows);
	curb_put(model, "forms", rows);
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
		const char *form = player_form(req);
		curb_put_text(model, "hls",
		              curb_printf(curb_req_arena(req), "/videos/%s/master.m3u8%s%s",
		                          offer->unit.id.text, form ? "?form=" : "", form ? form : ""));
		curb_put_int(model, "width", offer->picture->width);
		curb_put_int(model, "height", offer->picture->height);
	}
	const struct content_track *flat = offer->begin ? video_of_low(offer->begin, "flat") : offer->flat;
	struct curb_str size = curb_words_size(req, size_of(offer, offer->begin));
	curb_put_str(model, "size", size);
	if (flat) {
		curb_put_str(model, "flat_size", size);
		curb_put_text(model, "flat", video_address(req, flat));
		curb_put_text(model, "src", begins_at(req, video_address(req, flat)));
	}
	curb_put_bool(model, "open_captions", curb_id_some(&offer->unit.open_captions_by));
	if (offer->sign) {
		curb_put_text(model, "sign", video_address(req, offer->sign));
		curb_put_str(model, "sign_size", curb_words_size(req, offer->sign->size));
	}
}

/* Sound only, or the way there: who needs the picture described hears it described. */
static void put_sound(struct curb_req *req, const struct video_offer *offer, struct curb_value *model)
{
	bool described = curb_req_needs(req)->described == CURB_WISH_YES && offer->described;
	const struct content_track *small = video_of_low(offer->small_sound, "audio");
	const struct content_track *track = described ? offer->described : small ? small : offer->sound;
	if (!track || !offer->picture)
		return;
	struct curb_value *sound = curb_object(curb_req_arena(req));
	struct curb_str size = curb_words_size(req, track->size);
	curb_put_text(sound, "href", video_address(req, track));
	curb_put_text(sound, "src", begins_at(req, video_address(req, track)));
	curb_put_str(sound, "type", track->type);
	curb_put_str(sound, "size", size);
	curb_put_str(model, "picture_size", curb_words_size(req, size_of(offer, offer->begin)));
	if (!player_sound_only(req)) {
		curb_put_str(model, "sound_size", size);
		return;
	}
	curb_put_str(model, "size", size);
	curb_put(model, "sound", sound);
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
		err = player_put_transcript(&v->delivery, req, &offer.unit, model);
	if (!err)
		err = player_put_standing(&v->delivery, req, &offer.unit, model);
	if (err)
		return err;
	curb_put(model, "chapters", chapters);
	curb_put_str(model, "title", offer.unit.name);
	put_media(req, &offer, model);
	put_tracks(req, &offer, model);
	put_sound(req, &offer, model);
	put_forms(req, &offer, model);
	v->delivery.content->watched(v->delivery.content, curb_req_tx(req), curb_id_str(&offer.unit.id));
	player_put_needs(req, model);
	err = player_put_view(&v->delivery, req, &offer.unit, model);
	return err ? err : curb_reply_page(req, 200, "video", model);
}
