#include "audiobook.h"
#include "curb/err.h"

/* Remuxed sound has a flat file beside it, which is what a plain <audio> plays; MP3 and Ogg are sent as they are. */
static const struct content_track *plain_file(const struct content_track *tracks, size_t n,
                                              const struct content_track *sound)
{
	if (!curb_str_is(sound->type, "audio/mp4"))
		return sound;
	for (size_t i = 0; i < n; i++)
		if (curb_str_is(tracks[i].kind, "flat") && tracks[i].start_ms == sound->start_ms)
			return &tracks[i];
	return sound;
}

/* A second sound of the same time is another language or a description: not the next chapter. */
static bool follows(const struct book *book, const struct content_track *track)
{
	return curb_str_is(track->kind, "audio") &&
	       (!book->sound_count || track->start_ms > book->sounds[book->sound_count - 1].start_ms);
}

static int collect(struct curb_req *req, const struct content_track *tracks, size_t n, struct book *book)
{
	book->sounds = curb_alloc_n(curb_req_arena(req), n + 1, sizeof *book->sounds);
	for (size_t i = 0; i < n; i++) {
		const struct content_track *track = &tracks[i];
		if (!book->cover && curb_str_is(track->kind, "cover"))
			book->cover = track;
		if (!follows(book, track))
			continue;
		book->sounds[book->sound_count++] = (struct book_sound){
			.track = plain_file(tracks, n, track),
			.name = track->label,
			.start_ms = track->start_ms,
			.duration_ms = track->duration_ms,
			.size = track->size,
		};
	}
	return book->sound_count ? 0 : curb_fail(CURB_ENOTFOUND, "This audio-book has no sound");
}

/* Track durations end where the next sound begins: the axis has no gaps, whatever was measured. */
static void close_gaps(struct book *book)
{
	for (size_t i = 0; i < book->sound_count; i++) {
		int64_t end_ms = i + 1 < book->sound_count ? book->sounds[i + 1].start_ms :
		                                             book->unit.duration_ms;
		book->sounds[i].duration_ms = end_ms - book->sounds[i].start_ms;
	}
}

static int read_points(struct curb_req *req, struct book *book)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *nav = NULL;
	int err = book->unit.nav.len ? curb_json_parse(arena, book->unit.nav, &nav) : 0;
	if (err)
		return err;
	size_t n = curb_value_count(nav);
	book->points = curb_alloc_n(arena, n + book->sound_count, sizeof *book->points);
	for (size_t i = 0; i < n; i++) {
		const struct curb_value *point = curb_value_at(nav, i);
		book->points[book->point_count++] = (struct book_point){ curb_get_str(point, "text"),
			                                                 curb_get_int(point, "level", 1),
			                                                 curb_get_int(point, "start_ms", 0) };
	}
	for (size_t i = 0; n == 0 && i < book->sound_count; i++)
		book->points[book->point_count++] = (struct book_point){ book->sounds[i].name.len ?
			                                                         book->sounds[i].name :
			                                                         book->unit.name,
			                                                 1, book->sounds[i].start_ms };
	return 0;
}

int book_open(struct audiobook *a, struct curb_req *req, struct curb_str unit_id, struct book *ret_book)
{
	const struct content_api *content = a->delivery.content;
	const struct content_track *tracks = NULL;
	struct book book = { 0 };
	size_t n = 0;
	int err = delivery_unit(&a->delivery, req, unit_id, &book.unit);
	if (!err && !curb_str_is(book.unit.kind, "audiobook"))
		return curb_fail(CURB_ENOTFOUND, "This lesson is not an audio-book");
	if (!err)
		err = content->tracks(content, curb_req_tx(req), curb_id_str(&book.unit.id), &tracks, &n);
	if (!err)
		err = collect(req, tracks, n, &book);
	if (err)
		return err;
	close_gaps(&book);
	err = read_points(req, &book);
	if (!err)
		*ret_book = book;
	return err;
}

const struct book_sound *book_sound_at(const struct book *book, int64_t ms)
{
	size_t i = book->sound_count - 1;
	while (i > 0 && book->sounds[i].start_ms > ms)
		i--;
	return &book->sounds[i];
}

const char *book_address(struct curb_req *req, const struct content_track *track)
{
	return delivery_address(req, "/audio", track);
}

int book_media(void *self, struct curb_req *req, const struct content_unit *unit, struct curb_json *out)
{
	struct book book;
	int err = book_open(self, req, curb_id_str(&unit->id), &book);
	if (err)
		return err;
	curb_json_ktext(out, "manifest",
	                curb_printf(curb_req_arena(req), "/books/%s/manifest.json", unit->id.text));
	if (book.sound_count == 1)
		curb_json_ktext(out, "progressive", book_address(req, book.sounds[0].track));
	curb_json_key(out, "tracks");
	curb_json_begin(out, '[');
	for (size_t i = 0; i < book.sound_count; i++) {
		const struct book_sound *sound = &book.sounds[i];
		curb_json_begin(out, '{');
		curb_json_ktext(out, "id", sound->track->id.text);
		curb_json_ktext(out, "kind", "audio");
		curb_json_kstr(out, "label", sound->name);
		curb_json_kstr(out, "type", sound->track->type);
		curb_json_ktext(out, "href", book_address(req, sound->track));
		curb_json_key(out, "start_s");
		curb_json_milli(out, sound->start_ms);
		curb_json_end(out, '}');
	}
	curb_json_end(out, ']');
	return 0;
}

struct curb_str book_page_of(void *self, struct curb_req *req, const struct content_unit *unit)
{
	(void)self;
	return curb_str(curb_printf(curb_req_arena(req), "/books/%s", unit->id.text));
}
