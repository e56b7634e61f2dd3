/* The text of a lesson, from its captions: read on the page, in time with what is heard. */
#include "curb/err.h"
#include "curb/words.h"
#include "player.h"

enum { TRANSCRIPT_MOST = 4 << 20 };

bool player_speaks(struct curb_req *req, const struct content_track *track)
{
	struct curb_str lang = curb_req_lang(req);
	struct curb_str head;
	(void)curb_str_cut(&lang, '-', &head);
	return !track->lang.len ||
	       (track->lang.len >= head.len && memcmp(track->lang.ptr, head.ptr, head.len) == 0);
}

static const struct content_track *best_transcript(struct curb_req *req, const struct content_track *tracks,
                                                   size_t n)
{
	const struct content_track *best = NULL;
	for (size_t i = 0; i < n; i++)
		if (curb_str_is(tracks[i].kind, "transcript") &&
		    (!best || (player_speaks(req, &tracks[i]) && !player_speaks(req, best))))
			best = &tracks[i];
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

int player_put_transcript(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                          struct curb_value *model)
{
	const struct content_track *tracks = NULL, *track = NULL;
	struct curb_value *parts = NULL;
	struct curb_str bytes;
	size_t n = 0;
	int err = delivery_tracks(d, req, unit, &tracks, &n);
	if (!err)
		track = best_transcript(req, tracks, n);
	if (err || !track)
		return err;
	err = d->content->bytes(d->content, curb_req_tx(req), track->blob, TRANSCRIPT_MOST, &bytes);
	if (!err)
		err = curb_json_parse(curb_req_arena(req), bytes, &parts);
	if (err)
		return err;
	curb_put(model, "transcript", paragraphs(req, parts));
	curb_put_str(model, "transcript_lang", track->lang.len ? track->lang : curb_str("und"));
	return 0;
}
