/* The page of a book. Without scripts a chapter is a page with its own sound; scripts make one player of all. */
#include "audiobook.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"
#include "player.h"

/* ---- which part of the book the page is for ---- */

/* ?chapter=N, from 1, or ?from=SECONDS, or the beginning; *ret_ms is where its sound begins to play. */
static int choose(struct curb_req *req, const struct book *book, size_t *ret_chapter, int64_t *ret_ms)
{
	struct curb_str chapter = curb_req_query(req, "chapter"), from = curb_req_query(req, "from");
	int64_t number = 1, from_s = -1;
	if (chapter.ptr &&
	    (!curb_str_int(chapter, &number) || number < 1 || (uint64_t)number > book->point_count))
		return curb_fail(CURB_ENOTFOUND, "This audio-book has no such chapter");
	size_t i = (size_t)number - 1;
	int64_t ms = book->points[i].start_ms;
	if (from.ptr && curb_str_int(from, &from_s) && from_s >= 0 &&
	    from_s <= book->unit.duration_ms / 1000) {
		ms = from_s * 1000;
		i = book->point_count - 1;
		while (i > 0 && book->points[i].start_ms > ms)
			i--;
	}
	*ret_chapter = i;
	*ret_ms = ms;
	return 0;
}

static const char *sound_href(struct curb_req *req, const struct book *book, int64_t ms)
{
	const struct book_sound *sound = book_sound_at(book, ms);
	int64_t into_ms = ms - sound->start_ms;
	const char *address = book_address(req, sound->track);
	if (into_ms <= 0)
		return address;
	return curb_printf(curb_req_arena(req), "%s#t=%lld.%03lld", address, (long long)(into_ms / 1000),
	                   (long long)(into_ms % 1000));
}

static const char *chapter_href(struct curb_req *req, const struct book *book, size_t number)
{
	return curb_printf(curb_req_arena(req), "/books/%s?chapter=%zu", book->unit.id.text, number);
}

static void put_chapter(struct curb_req *req, const struct book *book, size_t chapter, int64_t ms,
                        struct curb_value *model)
{
	curb_put_int(model, "number", (int64_t)chapter + 1);
	curb_put_int(model, "count", (int64_t)book->point_count);
	curb_put_str(model, "chapter", book->points[chapter].text);
	curb_put_text(model, "src", sound_href(req, book, ms));
	curb_put_str(model, "type", book_sound_at(book, ms)->track->type);
	curb_put_int(model, "start_s", ms / 1000);
	if (chapter > 0)
		curb_put_text(model, "previous", chapter_href(req, book, chapter));
	if (chapter + 1 < book->point_count)
		curb_put_text(model, "next", chapter_href(req, book, chapter + 2));
}

/* ---- the table of contents ---- */

static void put_points(struct curb_req *req, const struct book *book, size_t here, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	for (size_t i = 0; i < book->point_count; i++) {
		const struct book_point *point = &book->points[i];
		struct curb_value *row = curb_object(arena);
		curb_put_str(row, "text", point->text);
		curb_put_int(row, "number", (int64_t)i + 1);
		curb_put_bool(row, "deeper", point->level > 1);
		curb_put_text(row, "seconds",
		              curb_printf(arena, "%lld.%03lld", (long long)(point->start_ms / 1000),
		                          (long long)(point->start_ms % 1000)));
		curb_put_str(row, "time", curb_words_span(req, point->start_ms / 1000));
		curb_put_text(row, "href", sound_href(req, book, point->start_ms));
		curb_put_bool(row, "here", i == here);
		curb_push(rows, row);
	}
	curb_put(model, "chapters", rows);
}

static void put_book(struct curb_req *req, const struct book *book, struct curb_value *model)
{
	const struct content_unit *unit = &book->unit;
	curb_put_str(model, "title", unit->name);
	curb_put_text(model, "unit", unit->id.text);
	curb_put_text(model, "base", curb_printf(curb_req_arena(req), "/books/%s", unit->id.text));
	curb_put_int(model, "duration_s", unit->duration_ms / 1000);
	curb_put_str(model, "length", curb_words_span(req, unit->duration_ms / 1000));
	int64_t size = 0;
	for (size_t i = 0; i < book->sound_count; i++)
		size += book->sounds[i].size;
	curb_put_str(model, "size", curb_words_size(req, size));
	if (!book->cover)
		return;
	/* A picture is loaded as soon as it stands on a page. */
	if (!curb_req_needs(req)->save_data || curb_req_query(req, "cover").ptr)
		curb_put_text(model, "cover", book_address(req, book->cover));
	else
		curb_put_str(model, "cover_size", curb_words_size(req, book->cover->size));
}

int book_page(struct curb_req *req, void *state)
{
	struct audiobook *a = state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct book book;
	size_t chapter = 0;
	int64_t ms = 0;
	int err = book_open(a, req, curb_req_param(req, "id"), &book);
	if (!err)
		err = choose(req, &book, &chapter, &ms);
	if (!err)
		err = player_put_course(&a->delivery, req, &book.unit, model);
	if (!err)
		err = player_put_transcript(&a->delivery, req, &book.unit, model);
	if (!err)
		err = player_put_standing(&a->delivery, req, &book.unit, model);
	if (err)
		return err;
	put_book(req, &book, model);
	put_chapter(req, &book, chapter, ms, model);
	put_points(req, &book, chapter, model);
	player_put_needs(req, model);
	err = player_put_view(&a->delivery, req, &book.unit, model);
	return err ? err : curb_reply_page(req, 200, "book", model);
}

/* What the manifest names as its table of contents: links to the sound itself. */
int book_contents(struct curb_req *req, void *state)
{
	struct audiobook *a = state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct book book;
	int err = book_open(a, req, curb_req_param(req, "id"), &book);
	if (err)
		return err;
	err = player_put_course(&a->delivery, req, &book.unit, model);
	if (err)
		return err;
	put_book(req, &book, model);
	put_points(req, &book, 0, model);
	return curb_reply_page(req, 200, "contents", model);
}
