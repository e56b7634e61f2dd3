#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"
#include "player.h"
#include "video.h"

static bool is_any(struct curb_str kind, const char *const *words)
{
	for (; *words; words++)
		if (curb_str_is(kind, *words))
			return true;
	return false;
}

bool video_is_text(const struct content_track *track)
{
	static const char *const kinds[] = { "captions", "subtitles", "descriptions", "chapters", NULL };
	return is_any(track->kind, kinds);
}

bool video_is_sound(const struct content_track *track)
{
	static const char *const kinds[] = { "audio", "audio-description", NULL };
	return is_any(track->kind, kinds);
}

const char *video_address(struct curb_req *req, const struct content_track *track)
{
	return delivery_address(req, "/media", track);
}

struct curb_str video_track_name(struct curb_req *req, const struct content_track *track)
{
	if (track->label.len)
		return track->label;
	if (curb_str_is(track->kind, "audio-description"))
		return curb_tr(req, "Spoken description of the picture", NULL);
	return curb_words_lang(req, track->lang);
}

static void first_of(const struct content_track *track, const char *kind, const struct content_track **first)
{
	if (!*first && curb_str_is(track->kind, kind))
		*first = track;
}

const struct content_track *video_of_low(const struct content_rendition *low, const char *kind)
{
	for (size_t i = 0; low && i < low->count; i++)
		if (curb_str_is(low->tracks[i].kind, kind))
			return &low->tracks[i];
	return NULL;
}

/* The form that was asked for, else the smallest picture for who saves data. */
static bool begins_with(struct curb_req *req, const struct content_rendition *low)
{
	const char *form = player_form(req);
	return form ? curb_str_is(low->form, form) : curb_req_needs(req)->save_data;
}

static int put_low(const struct video *v, struct curb_req *req, struct video_offer *offer)
{
	const struct content_api *content = v->delivery.content;
	int err = content->renditions(content, curb_req_tx(req), curb_id_str(&offer->unit.id), &offer->low,
	                              &offer->low_count);
	for (size_t i = 0; !err && i < offer->low_count; i++) {
		const struct content_rendition *low = &offer->low[i];
		if (!video_of_low(low, "video"))
			offer->small_sound = low;
		else if (begins_with(req, low))
			offer->begin = low;
	}
	return err;
}

int video_offer(struct video *v, struct curb_req *req, struct curb_str unit_id, struct video_offer *ret_offer)
{
	struct video_offer offer = { 0 };
	int err = delivery_unit(&v->delivery, req, unit_id, &offer.unit);
	if (!err && !curb_str_is(offer.unit.kind, "video"))
		return curb_fail(CURB_ENOTFOUND, "This lesson is not a video");
	if (!err)
		err = delivery_tracks(&v->delivery, req, &offer.unit, &offer.tracks, &offer.count);
	if (err)
		return err;
	for (size_t i = 0; i < offer.count; i++) {
		first_of(&offer.tracks[i], "flat", &offer.flat);
		first_of(&offer.tracks[i], "video", &offer.picture);
		first_of(&offer.tracks[i], "audio", &offer.sound);
		first_of(&offer.tracks[i], "audio-description", &offer.described);
		first_of(&offer.tracks[i], "sign", &offer.sign);
	}
	err = put_low(v, req, &offer);
	if (!err)
		*ret_offer = offer;
	return err;
}

static void put_track(struct curb_req *req, const struct content_track *track, struct curb_json *j)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", track->id.text);
	curb_json_kstr(j, "kind", track->kind);
	if (track->lang.len)
		curb_json_kstr(j, "lang", track->lang);
	curb_json_kstr(j, "label", video_track_name(req, track));
	curb_json_kstr(j, "type", track->type);
	curb_json_ktext(j, "href", video_address(req, track));
	curb_json_end(j, '}');
}

int video_media(void *self, struct curb_req *req, const struct content_unit *unit, struct curb_json *out)
{
	struct video_offer offer;
	int err = video_offer(self, req, curb_id_str(&unit->id), &offer);
	if (err)
		return err;
	if (offer.picture)
		curb_json_ktext(out, "hls",
		                curb_printf(curb_req_arena(req), "/videos/%s/master.m3u8", unit->id.text));
	if (offer.flat)
		curb_json_ktext(out, "progressive", video_address(req, offer.flat));
	curb_json_key(out, "tracks");
	curb_json_begin(out, '[');
	for (size_t i = 0; i < offer.count; i++)
		if (!curb_str_is(offer.tracks[i].kind, "flat"))
			put_track(req, &offer.tracks[i], out);
	curb_json_end(out, ']');
	return 0;
}

struct curb_str video_page_of(void *self, struct curb_req *req, const struct content_unit *unit)
{
	(void)self;
	return curb_str(curb_printf(curb_req_arena(req), "/videos/%s", unit->id.text));
}
