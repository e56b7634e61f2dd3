/* Files beside the media: captions and their like, covers. */
#include "curb/cleanup.h"
#include "reader.h"

struct report_arg {
	struct reader_job *job;
	const struct zip_entry *entry;
};

static void found(void *arg, const char *code, uint32_t line, struct curb_str a, struct curb_str b)
{
	const struct report_arg *to = arg;
	struct curb_str where = to->entry->name;
	if (line)
		where = curb_str(curb_printf(to->job->arena, "%.*s:%u", (int)where.len, where.ptr, line));
	wire_finding(to->job->wire, code, where, a, b);
}

static struct curb_value *list_of(struct reader_job *job, struct curb_value *unit, const char *name)
{
	struct curb_value *list = curb_value_get(unit, name);
	if (!list) {
		list = curb_array(job->arena);
		curb_put(unit, name, list);
	}
	return list;
}

static struct curb_value *add_track(struct reader_job *job, struct curb_value *unit, const char *kind,
                                    int file, const char *type)
{
	struct curb_value *track = curb_object(job->arena);
	curb_put_text(track, "kind", kind);
	curb_put_int(track, "file", file);
	curb_put_text(track, "type", type);
	curb_push(list_of(job, unit, "tracks"), track);
	return track;
}

static int send_file(struct reader_job *job, struct curb_str name, const char *type, struct curb_str bytes)
{
	struct wire_slot slot = wire_open(job->wire, curb_cstr(job->arena, name), type);
	wire_data(job->wire, slot, bytes.ptr, bytes.len);
	wire_close(job->wire, slot);
	return slot.file;
}

/* The references that captions_write_vtt knows: the payload has no others. */
static size_t reference(struct curb_str at, char *ret_char)
{
	static const struct {
		const char *text;
		char c;
	} known[] = { { "&amp;", '&' },  { "&lt;", '<' },  { "&gt;", '>' },
		      { "&nbsp;", ' ' }, { "&lrm;", ' ' }, { "&rlm;", ' ' } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (curb_str_starts(at, known[i].text)) {
			*ret_char = known[i].c;
			return strlen(known[i].text);
		}
	*ret_char = at.ptr[0] == '\n' ? ' ' : at.ptr[0];
	return 1;
}

/* The payload of a chapter's cue is its title; its marks are taken off. */
static struct curb_str plain_text(struct curb_arena *arena, struct curb_str payload)
{
	enum { LONGEST = 500 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(LONGEST);
	for (size_t i = 0; i < payload.len;) {
		const char *end = payload.ptr[i] == '<' ? memchr(payload.ptr + i, '>', payload.len - i) :
		                                          NULL;
		char c = '\0';
		if (end) {
			i = (size_t)(end - payload.ptr) + 1;
			continue;
		}
		i += reference(curb_str_from(payload, i), &c);
		curb_buf_char(&out, c);
	}
	return curb_dup(arena, curb_buf_view(&out));
}

void tracks_add_point(struct reader_job *job, struct curb_value *nav, int level, struct curb_str text,
                      int64_t start_ms)
{
	enum { DEEPEST = 6 };
	struct curb_value *point = curb_object(job->arena);
	curb_put_int(point, "level", level < DEEPEST ? level : DEEPEST);
	curb_put_str(point, "text", text);
	curb_put_int(point, "start_ms", start_ms);
	curb_push(nav, point);
}

static void add_chapters(struct reader_job *job, struct curb_value *unit, const struct caption_set *set)
{
	enum { CHAPTERS_MAX = 2000 };
	struct curb_value *nav = curb_array(job->arena);
	for (size_t i = 0; i < set->count && i < CHAPTERS_MAX; i++) {
		struct curb_str title = plain_text(job->arena, set->cues[i].text);
		tracks_add_point(job, nav, 1, title, set->cues[i].start_ms);
	}
	curb_put(unit, "nav", nav);
}

/* A text of the unit as a track of its own: the captions, and what they say as a transcript. */
static void send_text(struct reader_job *job, struct curb_value *unit, const struct text_track *text,
                      const char *kind, const char *type, const struct curb_buf *bytes)
{
	if (bytes->failed) {
		wire_finding(job->wire, "package.large", curb_str(NULL), text->name, curb_str("33554432"));
		return;
	}
	int file = send_file(job, text->name, type, curb_buf_view(bytes));
	struct curb_value *track = add_track(job, unit, kind, file, type);
	curb_put_str(track, "lang", text->lang);
	curb_put_str(track, "label", text->label);
}

static void send_set(struct reader_job *job, struct curb_value *unit, const struct text_track *text,
                     const struct caption_set *set)
{
	enum { VTT_MAX = 32 * 1024 * 1024 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(VTT_MAX);
	captions_write_vtt(set, &out);
	send_text(job, unit, text, text->kind, "text/vtt", &out);
	if (strcmp(text->kind, "chapters") == 0 || strcmp(text->kind, "descriptions") == 0)
		return;
	curb_buf_clear(&out);
	captions_write_transcript_json(set, &out);
	send_text(job, unit, text, "transcript", "application/json", &out);
}

void tracks_add_text(struct reader_job *job, struct curb_value *unit, const struct text_track *given)
{
	struct report_arg arg = { job, given->entry };
	struct caption_report report = { found, &arg };
	struct caption_set set = { 0 };
	struct text_track text = *given;
	text.name = given->entry->name;
	struct curb_str bytes, decoded;
	const char *encoding = NULL;
	int64_t media_ms = curb_get_int(unit, "duration_ms", 0);
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(CAPTIONS_ARENA_MAX);
	if (!reader_bytes(job, text.entry, CAPTIONS_BYTES_MAX, &bytes) ||
	    !captions_decode(arena, job->tools->charsets, bytes, &report, &decoded, &encoding) ||
	    !captions_parse(arena, decoded, &report, &set))
		return;
	bool chapters = strcmp(text.kind, "chapters") == 0;
	if (!text.lang.ptr)
		text.lang = captions_lang_of_name(text.entry->name);
	if (!chapters)
		captions_check(&set, text.lang, media_ms, &report);
	captions_fit(&set, curb_get_int(unit, "shift_ms", 0), media_ms);
	if (chapters)
		add_chapters(job, unit, &set);
	send_set(job, unit, &text, &set);
}

void tracks_add_spoken(struct reader_job *job, struct curb_value *unit, const struct text_track *text,
                       struct caption_set *set)
{
	captions_fit(set, 0, curb_get_int(unit, "duration_ms", 0));
	send_set(job, unit, text, set);
}

void tracks_add_part(struct reader_job *job, struct curb_value *unit, const struct part_track *part,
                     struct curb_str bytes)
{
	int file = send_file(job, part->name, "application/json", bytes);
	struct curb_value *track = add_track(job, unit, "part", file, "application/json");
	curb_put_str(track, "label", part->label);
	curb_put_str(track, "lang", part->lang);
	curb_put_int(track, "start_ms", part->start_ms);
	curb_put_int(track, "duration_ms", part->duration_ms);
}

/* Its bytes are given back at once: a book may have thousands. */
static int add_picture(struct reader_job *job, struct curb_value *unit, struct zip_entry *entry,
                       const char *kind)
{
	enum { PICTURE_MAX = 10 * 1024 * 1024, ROOM = PICTURE_MAX + (1 << 20) };
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ROOM);
	struct reader_job inner = *job;
	struct curb_str bytes;
	inner.arena = arena;
	if (entry->size > PICTURE_MAX || !reader_bytes(&inner, entry, PICTURE_MAX, &bytes))
		return -1;
	const char *type = name_picture_type(bytes);
	if (!type)
		return -1;
	add_track(job, unit, kind, send_file(job, entry->name, type, bytes), type);
	return (int)curb_value_count(curb_value_get(unit, "tracks")) - 1;
}

int tracks_add_picture(struct reader_job *job, struct curb_value *unit, struct zip_entry *entry)
{
	return add_picture(job, unit, entry, "picture");
}

void tracks_add_cover(struct reader_job *job, struct curb_value *unit, struct zip_entry *entry)
{
	(void)add_picture(job, unit, entry, "cover");
}
