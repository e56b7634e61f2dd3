/* What helps the person, as both players follow it from the first byte of the page. */
#include "curb/needs.h"
#include "player.h"

static struct curb_str first_subtag(struct curb_str lang)
{
	struct curb_str head;
	return curb_str_cut(&lang, '-', &head) ? head : lang;
}

/* How well the captions suit: 3 the language that she chose, 2 the page's or none said, 1 another; 0 no captions. */
static int suits(struct curb_req *req, const struct content_track *track)
{
	struct curb_str wished = first_subtag(curb_req_needs(req)->captions_lang);
	if (!curb_str_is(track->kind, "captions") && !curb_str_is(track->kind, "subtitles"))
		return 0;
	if (wished.len && curb_str_eq(first_subtag(track->lang), wished))
		return 3;
	return player_speaks(req, track) ? 2 : 1;
}

const struct content_track *player_captions(struct curb_req *req, const struct content_track *tracks,
                                            size_t n)
{
	const struct curb_needs *needs = curb_req_needs(req);
	const struct content_track *best = NULL;
	int rank = needs->captions == CURB_WISH_NO  ? 3 :
	           needs->captions == CURB_WISH_YES ? 0 :
	                                              1; /* unasked: only those that she can read */
	for (size_t i = 0; i < n; i++) {
		int own = suits(req, &tracks[i]);
		if (own > rank) {
			best = &tracks[i];
			rank = own;
		}
	}
	return needs->captions == CURB_WISH_NO ? NULL : best;
}

bool player_sound_only(struct curb_req *req)
{
	const struct curb_needs *needs = curb_req_needs(req);
	struct curb_str asked = curb_req_query(req, "sound");
	if (asked.ptr)
		return curb_str_is(asked, "only");
	return needs->save_data && needs->captions != CURB_WISH_YES && needs->sign != CURB_WISH_YES;
}

const char *player_form(struct curb_req *req)
{
	static const char *const forms[] = { "full", "360", "240" };
	struct curb_str asked = curb_req_query(req, "form");
	for (size_t i = 0; asked.ptr && i < sizeof forms / sizeof *forms; i++)
		if (curb_str_is(asked, forms[i]))
			return forms[i];
	return NULL;
}

void player_put_needs(struct curb_req *req, struct curb_value *model)
{
	const struct curb_needs *needs = curb_req_needs(req);
	struct curb_value *follow = curb_object(curb_req_arena(req));
	curb_put_bool(follow, "described", needs->described == CURB_WISH_YES);
	curb_put_bool(follow, "sign", needs->sign == CURB_WISH_YES);
	curb_put_bool(follow, "transcript_first", needs->transcript_first);
	curb_put_bool(follow, "hints", needs->keyboard_hints);
	curb_put_bool(follow, "cues", needs->sound_cues);
	curb_put_bool(follow, "vibrates", needs->vibrates);
	curb_put_bool(follow, "flashes", needs->flashes && !needs->less_motion);
	curb_put(model, "follow", follow);
}
