/* A zip of media files with what belongs to them beside them (beside.h). Videos become units; a zip with audio files alone
 * becomes one audio-book, a chapter a file. */
#include <stdlib.h>
#include <string.h>

#include "beside.h"
#include "reader.h"

enum { FILES_MAX = 500 };

static const struct curb_str none = { NULL, 0 };

static bool is_media(struct reader_job *job, struct zip_entry *entry)
{
	enum { FIRST = 4096 };
	char first[FIRST];
	if (entry->folder || name_is_litter(entry->name))
		return false;
	size_t n = reader_first(job, entry, first, sizeof first);
	return media_looks_like(curb_str_n(first, n), entry->name);
}

static int bid(const struct reader_job *job)
{
	enum { BID = 40 };
	struct reader_job copy = *job;
	for (size_t i = 0; job->zip && i < job->zip->count; i++)
		if (is_media(&copy, &job->zip->entries[i]))
			return BID;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	struct zip_entry *const *x = a, *const *y = b;
	return name_compare((*x)->name, (*y)->name);
}

/* The media files in the order in which people count. */
static struct zip_entry **media_files(struct reader_job *job, size_t *ret_count)
{
	struct zip_entry **files = curb_alloc_n(job->arena, job->zip->count + 1, sizeof(struct zip_entry *));
	size_t n = 0;
	for (size_t i = 0; i < job->zip->count; i++)
		if (is_media(job, &job->zip->entries[i]))
			files[n++] = &job->zip->entries[i];
	qsort(files, n, sizeof *files, by_name);
	*ret_count = n;
	return files;
}

static bool is_audio(struct curb_str name)
{
	static const char *const endings[] = {
		"mp3", "m4a", "m4b", "ogg", "oga", "opus", "flac", "wav", "aac"
	};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (curb_str_is_nocase(name_ending(name), endings[i]))
			return true;
	return false;
}

static bool all_audio(struct zip_entry *const *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_audio(files[i]->name))
			return false;
	return count > 0;
}

/* ---- which lesson a file belongs to ---- */

struct owned {
	const struct zip_entry *lesson; /* NULL: none */
	struct beside as;
};

struct lessons {
	struct zip_entry **list;
	size_t count;
	const struct owned *owners; /* of each entry of the zip */
};

static bool better(const struct beside *a, const struct beside *b)
{
	return a->same_folder != b->same_folder ? a->same_folder : a->stem > b->stem;
}

/* Two lessons of one name in other folders may both be meant: then it is nobody's. */
static struct owned owner_of(const struct zip_entry *file, struct zip_entry *const *media, size_t count)
{
	struct owned best = { .lesson = NULL };
	struct beside as;
	bool twice = false;
	for (size_t i = 0; i < count; i++) {
		if (media[i] == file || !beside_lesson(media[i]->name, file->name, &as))
			continue;
		if (best.lesson && !better(&as, &best.as)) {
			twice = twice || !better(&best.as, &as);
			continue;
		}
		best = (struct owned){ media[i], as };
		twice = false;
	}
	return twice ? (struct owned){ .lesson = NULL } : best;
}

/* What lies beside another is no lesson. Returns how many are left. */
static size_t lessons_of(struct reader_job *job, struct zip_entry **media, size_t count)
{
	struct zip_entry **all = curb_alloc_n(job->arena, count + 1, sizeof(struct zip_entry *));
	size_t n = 0;
	memcpy(all, media, count * sizeof(struct zip_entry *));
	for (size_t i = 0; i < count; i++)
		if (!owner_of(all[i], all, count).lesson)
			media[n++] = all[i];
	return n;
}

static void add_beside(struct reader_job *job, struct zip_entry *file, const struct beside *as,
                       struct curb_value *unit)
{
	struct media_source source;
	file->used = true;
	if (name_is_captions(file->name))
		tracks_add_text(job, unit,
		                &(struct text_track){ .entry = file, .kind = as->kind, .lang = as->lang });
	else if (reader_source(job, file, &source))
		(void)media_ingest_as(job->wire, &source, unit, as->kind, as->lang);
	if (as->lang.ptr && !curb_value_get(job->package, "lang"))
		curb_put_str(job->package, "lang", as->lang);
}

static void add_all_beside(struct reader_job *job, const struct lessons *lessons, size_t at,
                           struct curb_value *unit)
{
	for (size_t i = 0; i < job->zip->count; i++)
		if (lessons->owners[i].lesson == lessons->list[at])
			add_beside(job, &job->zip->entries[i], &lessons->owners[i].as, unit);
}

static void finish_unit(struct reader_job *job, struct curb_value *unit, size_t number, struct curb_str name)
{
	curb_put_text(unit, "key", curb_printf(job->arena, "u%zu", number));
	curb_put_str(unit, "name", name);
	curb_put_int(unit, "hours", hours_of_media(curb_get_int(unit, "duration_ms", 0)));
	curb_push(curb_value_get(job->package, "units"), unit);
}

static void read_unit(struct reader_job *job, const struct lessons *lessons, size_t at)
{
	struct zip_entry *file = lessons->list[at];
	struct curb_value *unit = curb_object(job->arena);
	struct media_source source;
	file->used = true;
	if (!reader_source(job, file, &source) || !media_ingest(job->wire, &source, unit))
		return;
	add_all_beside(job, lessons, at, unit);
	finish_unit(job, unit, at + 1, name_stem(file->name));
}

static void read_units(struct reader_job *job, struct zip_entry **files, size_t count)
{
	struct owned *owners = curb_alloc_n(job->arena, job->zip->count + 1, sizeof *owners);
	const struct lessons lessons = { files, lessons_of(job, files, count), owners };
	for (size_t i = 0; i < job->zip->count; i++) {
		struct zip_entry *file = &job->zip->entries[i];
		owners[i] = (struct owned){ .lesson = NULL };
		if (!file->folder && !name_is_litter(file->name) &&
		    (name_is_captions(file->name) || is_media(job, file)))
			owners[i] = owner_of(file, lessons.list, lessons.count);
	}
	for (size_t i = 0; i < lessons.count; i++) {
		wire_part_begin(job->wire, i, lessons.count);
		read_unit(job, &lessons, i);
		wire_part_end(job->wire);
	}
}

static void read_chapter(struct reader_job *job, struct zip_entry *file, struct curb_value *unit,
                         struct curb_value *nav)
{
	struct media_source source;
	struct curb_str label = name_stem(file->name);
	int64_t start = curb_get_int(unit, "duration_ms", 0);
	file->used = true;
	if (reader_source(job, file, &source) && media_ingest_chapter(job->wire, &source, unit, label))
		tracks_add_point(job, nav, 1, label, start);
}

static void read_chapters(struct reader_job *job, struct zip_entry *const *files, size_t count,
                          struct curb_str name)
{
	struct curb_value *unit = curb_object(job->arena), *nav = curb_array(job->arena);
	curb_put_text(unit, "kind", "audiobook");
	for (size_t i = 0; i < count; i++) {
		wire_part_begin(job->wire, i, count);
		read_chapter(job, files[i], unit, nav);
		wire_part_end(job->wire);
	}
	curb_put(unit, "nav", nav);
	finish_unit(job, unit, 1, name);
}

static void read_folder(struct reader_job *job)
{
	size_t count = 0;
	struct zip_entry **files = media_files(job, &count);
	struct curb_str name = job->root.len ? curb_str_n(job->root.ptr, job->root.len - 1) :
	                                       name_stem(job->name);
	if (count == 0)
		wire_finding(job->wire, "folder.empty", none, none, none);
	if (count > FILES_MAX)
		wire_finding(job->wire, "package.large", none, name, curb_str("500"));
	if (count == 0 || count > FILES_MAX)
		return;
	curb_put_str(job->package, "name", name);
	curb_put(job->package, "units", curb_array(job->arena));
	wire_finding(job->wire, "package.name_guessed", none, name, none);
	if (all_audio(files, count))
		read_chapters(job, files, count, name);
	else
		read_units(job, files, count);
	for (size_t i = 0; i < job->zip->count; i++) {
		const struct zip_entry *entry = &job->zip->entries[i];
		if (!entry->used && !entry->folder && !name_is_litter(entry->name))
			wire_finding(job->wire, "folder.unused", none, entry->name, none);
	}
}

const struct content_reader folder_reader = { .name = "folder", .bid = bid, .read = read_folder };
