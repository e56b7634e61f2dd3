#include "spoken.h"

#include <inttypes.h>

static const struct curb_str none = { NULL, 0 };

static void tell(const struct spoken *s, const char *code, const struct zip_entry *where, struct curb_str a,
                 struct curb_str b)
{
	wire_finding(s->job->wire, code, where ? where->name : none, a, b);
}

void spoken_more_points(struct reader_job *job, const struct spoken_book *book, size_t more_points)
{
	if (more_points)
		wire_finding(job->wire, "book.points", book->contents ? book->contents->name : none,
		             curb_str(curb_printf(job->arena, "%zu", more_points)),
		             curb_str(curb_printf(job->arena, "%d", SPOKEN_POINTS_MAX)));
}

bool spoken_contents(struct reader_job *job, const struct spoken_book *book, size_t more_points,
                     size_t more_smils)
{
	struct curb_str name = book->contents ? book->contents->name : none;
	if (!book->contents || book->smil_count == 0)
		wire_finding(job->wire, "book.contents", name, none, none);
	if (more_smils)
		wire_finding(job->wire, "package.large", none, name,
		             curb_str(curb_printf(job->arena, "%d", SPOKEN_SMILS_MAX)));
	spoken_more_points(job, book, more_points);
	return book->contents && book->smil_count && !more_smils;
}

/* ---- the sound ---- */

static bool read_smils(struct spoken *s)
{
	for (size_t i = 0; i < s->book->smil_count; i++) {
		struct document document;
		if (!document_open(s->job, s->book->smils[i], &document) ||
		    !document_told(s->job, &document,
		                   smil_read(&s->times, (uint32_t)i, document.bytes, document.encoding)))
			return false;
	}
	smil_sort(&s->times);
	if (s->times.clip_count == 0)
		tell(s, "book.no_audio", s->book->contents, none, none);
	return s->times.clip_count > 0;
}

/* What is written and not read aloud has no place on the time axis. */
static void tell_silent(const struct spoken *s)
{
	if (s->times.silent)
		tell(s, "book.unread", s->book->smils[s->times.silent_smil],
		     curb_str(curb_printf(s->job->arena, "%zu", s->times.silent)), s->times.silent_text);
}

static uint32_t file_number(struct spoken *s, uint32_t *numbers, struct zip_entry *entry)
{
	uint32_t *number = &numbers[entry - s->job->zip->entries];
	if (*number == 0) {
		entry->used = true;
		s->files[s->file_count++].entry = entry;
		*number = (uint32_t)s->file_count;
	}
	return *number - 1;
}

/* Which file each clip is in. Addresses mostly repeat the one before. */
static bool find_sound(struct spoken *s)
{
	struct curb_arena *arena = s->job->arena;
	size_t count = s->job->zip->count, missing = 0;
	uint32_t *numbers = curb_alloc_n(arena, count, sizeof *numbers);
	s->files = curb_alloc_n(arena, count, sizeof *s->files);
	s->file_of = curb_alloc_n(arena, s->times.clip_count, sizeof *s->file_of);
	for (size_t i = 0; i < s->times.clip_count; i++) {
		enum { TOLD = 20 };
		const struct smil_clip *clip = &s->times.clips[i], *before = i ? clip - 1 : NULL;
		struct curb_str fragment;
		if (before && before->audio.ptr == clip->audio.ptr && before->smil == clip->smil) {
			s->file_of[i] = s->file_of[i - 1];
			continue;
		}
		struct zip_entry *from = s->book->smils[clip->smil];
		struct zip_entry *entry = document_beside(&s->names, from->name, clip->audio, &fragment);
		if (entry)
			s->file_of[i] = file_number(s, numbers, entry);
		else if (missing++ < TOLD)
			tell(s, "book.missing", from, clip->audio, none);
	}
	return missing == 0;
}

/* The chapter's name: the first entry of the contents that leads into this file. */
static struct curb_str label_of(const struct spoken *s, uint32_t file)
{
	for (size_t i = 0; i < s->book->point_count; i++)
		if (s->clip_of[i] < s->times.clip_count && s->file_of[s->clip_of[i]] == file)
			return s->book->points[i].text;
	return name_stem(s->files[file].entry->name);
}

static bool read_file(struct spoken *s, uint32_t i, struct curb_str label)
{
	struct media_source source;
	s->files[i].start_ms = curb_get_int(s->unit, "duration_ms", 0);
	bool ok = reader_source(s->job, s->files[i].entry, &source) &&
	          media_ingest_chapter(s->job->wire, &source, s->unit, label);
	s->files[i].end_ms = curb_get_int(s->unit, "duration_ms", 0);
	return ok;
}

static bool read_sound(struct spoken *s)
{
	bool ok = true;
	for (uint32_t i = 0; i < s->file_count && ok; i++) {
		wire_part_begin(s->job->wire, i, s->file_count);
		ok = read_file(s, i, label_of(s, i));
		wire_part_end(s->job->wire);
	}
	return ok && wire_refusals(s->job->wire) == 0;
}

/* ---- times ---- */

int64_t spoken_begin_ms(const struct spoken *s, size_t clip)
{
	const struct spoken_file *file = &s->files[s->file_of[clip]];
	int64_t at = file->start_ms + s->times.clips[clip].begin_ms;
	return at < file->end_ms ? at : file->end_ms;
}

int64_t spoken_end_ms(const struct spoken *s, size_t clip)
{
	const struct spoken_file *file = &s->files[s->file_of[clip]];
	int64_t end = s->times.clips[clip].end_ms, at = file->start_ms + end;
	return end >= 0 && at < file->end_ms ? at : file->end_ms;
}

/* Clips behind the end of their file, and clips that would have to be heard in another order. */
static void check_times(const struct spoken *s)
{
	enum { TOLERATED_MS = 1000 };
	size_t beyond = 0, backwards = 0, first_beyond = 0;
	for (size_t i = 0; i < s->times.clip_count; i++) {
		const struct spoken_file *file = &s->files[s->file_of[i]];
		const struct smil_clip *clip = &s->times.clips[i];
		if (file->start_ms + clip->begin_ms > file->end_ms + TOLERATED_MS && beyond++ == 0)
			first_beyond = i;
		backwards += i > 0 && spoken_begin_ms(s, i) + TOLERATED_MS < spoken_begin_ms(s, i - 1);
	}
	if (beyond)
		tell(s, "book.beyond", s->book->smils[s->times.clips[first_beyond].smil],
		     s->times.clips[first_beyond].audio, curb_str(curb_printf(s->job->arena, "%zu", beyond)));
	if (backwards)
		tell(s, "book.order", s->book->contents,
		     curb_str(curb_printf(s->job->arena, "%zu", backwards)), none);
}

/* ---- the contents ---- */

static uint32_t smil_number(const struct spoken *s, const struct zip_entry *entry)
{
	uint32_t i = 0;
	while (i < s->book->smil_count && s->book->smils[i] != entry)
		i++;
	return i;
}

/* The clip that each entry of the contents leads to. Neighbours mostly lie in the same document; those that lead into a text are
 * found there. */
static void find_points(struct spoken *s)
{
	struct curb_arena *arena = s->job->arena;
	size_t count = s->book->point_count;
	struct spoken_places wanted = { .rows = curb_alloc_n(arena, count + 1, sizeof *wanted.rows) };
	uint32_t number = 0;
	s->clip_of = curb_alloc_n(arena, count + 1, sizeof *s->clip_of);
	for (size_t i = 0; i < count; i++) {
		struct curb_str id;
		struct zip_entry *entry = document_beside(&s->names, s->book->contents->name,
		                                          s->book->points[i].url, &id);
		if (number >= s->book->smil_count || s->book->smils[number] != entry)
			number = smil_number(s, entry);
		s->clip_of[i] = smil_clip_at(&s->times, number, id);
		if (entry && number == s->book->smil_count)
			wanted.rows[wanted.count++] = (struct spoken_place){
				.entry = entry, .id = id, .first = s->times.clip_count, .last = i
			};
	}
	spoken_listen(s, &wanted);
	for (size_t i = 0; i < wanted.count; i++)
		s->clip_of[wanted.rows[i].last] = wanted.rows[i].first;
}

static void add_navigation(const struct spoken *s)
{
	struct curb_value *nav = curb_array(s->job->arena);
	size_t lost = 0;
	for (size_t i = 0; i < s->book->point_count; i++) {
		const struct spoken_point *point = &s->book->points[i];
		if (s->clip_of[i] >= s->times.clip_count)
			lost++;
		else
			tracks_add_point(s->job, nav, point->level, point->text,
			                 spoken_begin_ms(s, s->clip_of[i]));
	}
	if (lost)
		tell(s, "book.places", s->book->contents, curb_str(curb_printf(s->job->arena, "%zu", lost)),
		     none);
	bool by_file = curb_value_count(nav) == 0;
	for (size_t i = 0; by_file && i < s->file_count; i++)
		tracks_add_point(s->job, nav, 1, name_stem(s->files[i].entry->name), s->files[i].start_ms);
	curb_put(s->unit, "nav", nav);
}

bool spoken_read(struct reader_job *job, const struct spoken_book *book, struct curb_value *unit)
{
	struct spoken s = { .job = job, .book = book, .unit = unit, .times = { .arena = job->arena } };
	document_names(job, &s.names);
	if (!read_smils(&s) || !find_sound(&s))
		return false;
	find_points(&s);
	if (!read_sound(&s))
		return false;
	check_times(&s);
	tell_silent(&s);
	add_navigation(&s);
	spoken_add_text(&s);
	return wire_refusals(job->wire) == 0;
}
