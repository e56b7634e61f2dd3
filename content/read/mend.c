#include "mend.h"

#include <stdlib.h>
#include <unistd.h>

#include "captions_inside.h"
#include "curb/cleanup.h"

enum { SHOWN_MOST = 40, TEXT_SHOWN = 400 };

struct mending {
	struct reader_job *job;
	struct captions_mends mends;
	const char *kind;
	struct curb_str lang;
	int64_t media_ms;
	bool all;                    /* every caption is told, not what changed */
	struct caption_set was, set; /* as read, in the order of the file; as mended */
};

static bool read_flag(struct curb_str *rest, bool *ret_flag)
{
	struct curb_str word;
	if (!curb_str_cut(rest, ' ', &word) || !(curb_str_is(word, "0") || curb_str_is(word, "1")))
		return false;
	*ret_flag = curb_str_is(word, "1");
	return true;
}

static bool read_wanted(struct mending *m, const char *wanted)
{
	static const char *const kinds[] = { "captions", "subtitles", "descriptions" };
	struct curb_str rest = curb_str(wanted), kind, media, shift;
	if (!curb_str_cut(&rest, ' ', &kind) || !curb_str_cut(&rest, ' ', &m->lang) ||
	    !curb_str_cut(&rest, ' ', &media) || !curb_str_cut(&rest, ' ', &shift))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(kind, kinds[i]))
			m->kind = kinds[i];
	if (curb_str_is(m->lang, "-"))
		m->lang = curb_str(NULL);
	return m->kind && curb_str_int(media, &m->media_ms) && curb_str_int(shift, &m->mends.shift_ms) &&
	       read_flag(&rest, &m->mends.split) && read_flag(&rest, &m->mends.overlaps) &&
	       read_flag(&rest, &m->all);
}

static void found(void *arg, const char *code, uint32_t line, struct curb_str a, struct curb_str b)
{
	const struct mending *m = arg;
	struct curb_str where = m->job->name;
	if (line)
		where = curb_str(curb_printf(m->job->arena, "%.*s:%u", (int)where.len, where.ptr, line));
	wire_finding(m->job->wire, code, where, a, b);
}

static bool read_upload(struct reader_job *job, struct curb_str *ret_bytes)
{
	off_t size = lseek(WIRE_UPLOAD_FD, 0, SEEK_END);
	struct curb_str none = { NULL, 0 };
	if (size < 0 || size > CAPTIONS_BYTES_MAX) {
		wire_finding(job->wire, "captions.too-big", job->name, curb_str("4"), none);
		return false;
	}
	char *bytes = curb_alloc(job->arena, (size_t)size + 1);
	size_t done = 0;
	for (ssize_t n; done < (size_t)size; done += (size_t)n) {
		n = pread(WIRE_UPLOAD_FD, bytes + done, (size_t)size - done, (off_t)done);
		if (n <= 0)
			return false;
	}
	*ret_bytes = curb_str_n(bytes, done);
	return true;
}

/* ---- what changed ---- */

struct plain {
	struct curb_buf *out;
};

static void add_said(void *arg, struct curb_str speaker, struct curb_str text)
{
	struct plain *plain = arg;
	(void)speaker;
	curb_buf_str(plain->out, text);
}

static struct curb_str plain_of(struct reader_job *job, struct curb_str cue_text, size_t most)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(CAPTIONS_OUT_MAX);
	struct plain plain = { &out };
	captions_said(cue_text, add_said, &plain);
	struct curb_str all = curb_buf_view(&out);
	if (all.len > most) {
		all.len = most;
		while (all.len && ((unsigned char)all.ptr[all.len] & 0xc0) == 0x80)
			all.len--;
	}
	return curb_dup(job->arena, all);
}

static int by_line(const void *line, const void *cue)
{
	uint32_t a = *(const uint32_t *)line, b = ((const struct caption_cue *)cue)->line;
	return (a > b) - (a < b);
}

static bool differs(const struct caption_cue *a, const struct caption_cue *b)
{
	return !b || a->start_ms != b->start_ms || a->end_ms != b->end_ms || !curb_str_eq(a->text, b->text);
}

static void put_cue(struct mending *m, struct curb_json *j, const struct caption_cue *cue,
                    const struct caption_cue *was)
{
	curb_json_begin(j, '{');
	curb_json_kint(j, "start_ms", cue->start_ms);
	curb_json_kint(j, "end_ms", cue->end_ms);
	curb_json_kstr(j, "text", plain_of(m->job, cue->text, TEXT_SHOWN));
	curb_json_kint(j, "was_start_ms", was ? was->start_ms : cue->start_ms);
	curb_json_kint(j, "was_end_ms", was ? was->end_ms : cue->end_ms);
	curb_json_kstr(j, "was", plain_of(m->job, was ? was->text : cue->text, TEXT_SHOWN));
	curb_json_end(j, '}');
}

static void put_changes(struct mending *m, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	int64_t changed = 0;
	curb_json_begin(&j, '{');
	curb_json_key(&j, "shown");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < m->set.count; i++) {
		const struct caption_cue *cue = &m->set.cues[i];
		const struct caption_cue *was = bsearch(&cue->line, m->was.cues, m->was.count,
		                                        sizeof *m->was.cues, by_line);
		if (!differs(cue, was))
			continue;
		if (changed++ < SHOWN_MOST)
			put_cue(m, &j, cue, was);
	}
	curb_json_end(&j, ']');
	curb_json_kint(&j, "cues", (int64_t)m->set.count);
	curb_json_kint(&j, "were", (int64_t)m->was.count);
	curb_json_kint(&j, "changed", changed);
	curb_json_end(&j, '}');
}

static void put_all(struct mending *m, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "all");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < m->set.count; i++) {
		const struct caption_cue *cue = &m->set.cues[i];
		curb_json_begin(&j, '{');
		curb_json_kint(&j, "start_ms", cue->start_ms);
		curb_json_kint(&j, "end_ms", cue->end_ms);
		curb_json_kstr(&j, "text", plain_of(m->job, cue->text, CAPTIONS_OUT_MAX));
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_end(&j, '}');
}

static void send_changes(struct mending *m, struct curb_value *unit)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(CAPTIONS_OUT_MAX);
	struct curb_value *track = curb_object(m->job->arena);
	(m->all ? put_all : put_changes)(m, &out);
	struct wire_slot slot = wire_open(m->job->wire, "changes.json", "application/json");
	wire_data(m->job->wire, slot, curb_buf_view(&out).ptr, curb_buf_view(&out).len);
	wire_close(m->job->wire, slot);
	curb_put_text(track, "kind", "transcript");
	curb_put_int(track, "file", slot.file);
	curb_put_text(track, "type", "application/json");
	curb_push(curb_value_get(unit, "tracks"), track);
}

/* ---- all of it ---- */

static struct curb_value *unit_of(struct mending *m)
{
	struct curb_arena *arena = m->job->arena;
	struct curb_value *unit = curb_object(arena), *units = curb_array(arena);
	curb_put_text(unit, "key", "captions");
	curb_put_text(unit, "name", "captions");
	curb_put_text(unit, "kind", "video");
	curb_put_int(unit, "hours", 0);
	curb_put_int(unit, "duration_ms", m->media_ms);
	curb_put(unit, "tracks", curb_array(arena));
	curb_push(units, unit);
	curb_put_text(m->job->package, "reader", "media");
	curb_put_text(m->job->package, "name", "captions");
	curb_put(m->job->package, "units", units);
	return unit;
}

static bool read_captions(struct mending *m, struct curb_arena *arena)
{
	struct caption_report report = { found, m };
	struct curb_str bytes, decoded;
	const char *encoding = NULL;
	if (!read_upload(m->job, &bytes) ||
	    !captions_decode(arena, m->job->tools->charsets, bytes, &report, &decoded, &encoding) ||
	    !captions_parse(arena, decoded, &report, &m->set))
		return false;
	m->was = m->set;
	m->was.cues = curb_alloc_n(arena, m->set.count + 1, sizeof *m->was.cues);
	memcpy(m->was.cues, m->set.cues, m->set.count * sizeof *m->was.cues);
	captions_mend(arena, &m->set, &m->mends, m->lang, m->media_ms);
	if (m->set.count == 0)
		captions_tell(&report, "captions.empty", 1, curb_str(NULL), curb_str(NULL));
	captions_check(&m->set, m->lang, m->media_ms, &report);
	return m->set.count > 0;
}

void mend_read(struct wire *wire, const struct reader_tools *tools, const char *name, const char *wanted)
{
	enum { ARENA = 512 << 20 };
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA);
	CURB_AUTO(arena) struct curb_arena *cues = curb_arena_new(2 * (size_t)CAPTIONS_ARENA_MAX);
	struct reader_job job = { .arena = arena,
		                  .wire = wire,
		                  .tools = tools,
		                  .name = curb_str(name),
		                  .package = curb_object(arena) };
	struct mending m = { .job = &job };
	if (!read_wanted(&m, wanted) || !read_captions(&m, cues))
		return;
	struct curb_value *unit = unit_of(&m);
	tracks_add_spoken(
		&job, unit,
		&(struct text_track){ .kind = m.kind, .lang = m.lang, .name = curb_str("captions") }, &m.set);
	send_changes(&m, unit);
	wire_result(wire, job.package);
}
