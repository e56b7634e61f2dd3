/* Captions that a program drafted, read through and mended by their author, some at a time. Once all are read they are a track of the draft. */
#include <unistd.h>

#include "caption_draft.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"

enum { AT_ONCE = 20, ARENA_MOST = 64 << 20 };

struct reading {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version base;
	struct curb_value *package, *cues, *model;
	struct caption_lesson lesson;
	struct caption_draft draft;
	struct curb_str drafted; /* the captions as the row has them */
	int64_t from;            /* the first caption of this page */
	int64_t wrong;           /* the first one that cannot be; -1 */
};

/* The page asked for; none behind the first that is not read. */
static int64_t first_of_page(const struct reading *r, struct curb_str asked)
{
	int64_t page = 0, unread = r->draft.read / AT_ONCE, last = (r->draft.count - 1) / AT_ONCE;
	if (!curb_str_int(asked, &page) || page < 1 || page > unread + 1)
		page = unread + 1;
	return (page - 1 < last ? page - 1 : last) * AT_ONCE;
}

static int64_t end_of_page(const struct reading *r)
{
	return r->from + AT_ONCE < r->draft.count ? r->from + AT_ONCE : r->draft.count;
}

const char *draft_reading_address(struct curb_arena *arena, const struct caption_lesson *lesson)
{
	struct curb_str unit = curb_get_str(lesson->unit, "id");
	return curb_printf(arena, "/packages/courses/%s/reading/%.*s", lesson->course->text, (int)unit.len,
	                   unit.ptr);
}

static int open_reading(struct reading *r, struct curb_str page)
{
	struct curb_tx *tx = curb_req_tx(r->req);
	bool there = false;
	int err = base_course(r->req, r->ingest, &r->base);
	if (!err)
		err = base_package(r->ingest, tx, &r->base, &r->package);
	if (!err)
		err = draft_machine_open(tx, &r->base, r->package, curb_req_param(r->req, "unit"),
		                         &r->lesson);
	if (!err)
		err = caption_draft_row(tx, &r->lesson, &r->draft, &there);
	if (!err && !(there && r->draft.drafted && r->draft.count))
		return curb_fail(CURB_ENOTFOUND, "No captions are drafted for this lesson");
	if (!err)
		err = caption_draft_cues(tx, &r->lesson, &r->drafted);
	if (!err)
		err = caption_cues_read(curb_req_arena(r->req), r->drafted, &r->cues);
	r->from = first_of_page(r, page);
	return err;
}

/* ---- the page ---- */

static const char *field_of(struct reading *r, int64_t i)
{
	return curb_printf(curb_req_arena(r->req), "text-%lld", (long long)i + 1);
}

/* Chinese and Japanese, which have no blanks between words; Korean has. */
static bool is_han_or_kana(uint32_t c)
{
	return (c >= 0x2e80 && c < 0x3130) || (c >= 0x3190 && c < 0xa000) || (c >= 0xf900 && c < 0xfb00) ||
	       (c >= 0xfe30 && c < 0xfe50) || (c >= 0xff00 && c < 0xffa0) || (c >= 0x20000 && c < 0x40000);
}

/* On one line: a blank between lines, but not between those of Chinese. */
static struct curb_str on_a_line(struct curb_arena *arena, struct curb_str text)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(CAPTION_JSON_MOST);
	uint32_t before = 0;
	for (size_t i = 0; i < text.len;) {
		size_t from = i, next;
		uint32_t c = curb_utf8_next(text, &i);
		if (c != '\n') {
			curb_buf_add(&out, text.ptr + from, i - from);
			before = c;
			continue;
		}
		next = i;
		if (next < text.len &&
		    !(is_han_or_kana(before) && is_han_or_kana(curb_utf8_next(text, &next))))
			curb_buf_char(&out, ' ');
	}
	return curb_dup(arena, curb_buf_view(&out));
}

static struct curb_str too_long(struct reading *r)
{
	return curb_tr(r->req, "This caption is too long", NULL);
}

static struct curb_value *cue_row(struct reading *r, int64_t i)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	const struct curb_value *cue = curb_value_at(r->cues, (size_t)i);
	struct curb_value *row = curb_object(arena), *values = curb_object(arena);
	int64_t s = curb_get_int(cue, "s", 0) / 1000, e = curb_get_int(cue, "e", 0) / 1000;
	curb_put_text(values, "from",
	              curb_printf(arena, "%lld:%02lld", (long long)(s / 60), (long long)(s % 60)));
	curb_put_text(values, "to",
	              curb_printf(arena, "%lld:%02lld", (long long)(e / 60), (long long)(e % 60)));
	curb_put_text(row, "id", field_of(r, i));
	curb_put_str(row, "label", curb_tr(r->req, "{from} to {to}", values));
	curb_put_str(row, "value", on_a_line(arena, curb_get_str(cue, "t")));
	if (i == r->wrong)
		curb_put_str(row, "error", too_long(r));
	return row;
}

static void put_pages(struct reading *r)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	struct curb_value *values = curb_object(arena);
	curb_put_int(values, "from", r->from + 1);
	curb_put_int(values, "to", end_of_page(r));
	curb_put_int(values, "all", r->draft.count);
	curb_put_str(r->model, "where", curb_tr(r->req, "Captions {from} to {to} of {all}", values));
	curb_put_bool(r->model, "last", end_of_page(r) == r->draft.count);
	if (r->from)
		curb_put_text(r->model, "before",
		              curb_printf(arena, "%s?page=%lld", draft_reading_address(arena, &r->lesson),
		                          (long long)(r->from / AT_ONCE)));
}

static int show(struct reading *r, int status)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	struct curb_value *rows = curb_array(arena), *values = curb_object(arena);
	struct curb_str unit = curb_get_str(r->lesson.unit, "id");
	for (int64_t i = r->from; i < end_of_page(r); i++)
		curb_push(rows, cue_row(r, i));
	put_pages(r);
	curb_put(r->model, "rows", rows);
	curb_put_int(r->model, "edition", r->draft.edition);
	curb_put_int(r->model, "page", r->from / AT_ONCE + 1);
	curb_put_text(r->model, "listen", curb_printf(arena, "/videos/%.*s", (int)unit.len, unit.ptr));
	curb_put_text(r->model, "machine",
	              curb_printf(arena, "/packages/courses/%s/drafted", r->base.course.text));
	curb_put_str(values, "lesson", curb_get_str(r->lesson.unit, "name"));
	curb_put_str(r->model, "title", curb_tr(r->req, "Read the drafted captions of {lesson}", values));
	int err = curb_reply_header(r->req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(r->req, status, "draft_reading", r->model);
}

int draft_reading_page(struct curb_req *req, void *state)
{
	struct reading r = {
		.req = req, .ingest = state, .model = curb_object(curb_req_arena(req)), .wrong = -1
	};
	int err = open_reading(&r, curb_req_query(req, "page"));
	return err ? err : show(&r, 200);
}

/* ---- what was read ---- */

/* Where nothing was typed differently a caption keeps its lines. */
static void take_texts(struct reading *r)
{
	struct curb_arena *arena = curb_req_arena(r->req);
	for (int64_t i = r->from; i < end_of_page(r); i++) {
		struct curb_value *cue = curb_value_at(r->cues, (size_t)i);
		struct curb_str typed = curb_req_field(r->req, field_of(r, i)), was = curb_get_str(cue, "t");
		if (!typed.ptr || curb_str_eq(typed, on_a_line(arena, was)))
			continue;
		if (typed.len > CAPTION_TEXT_MOST && r->wrong < 0) {
			r->wrong = i;
			revise_mistake(r->req, r->model, field_of(r, i), too_long(r));
		}
		curb_put_str(cue, "t", curb_str_trim(typed));
	}
}

struct keeping {
	const struct reading *r;
	struct curb_str cues;
	int64_t read;
	const char *back;
};

static int save_fn(struct curb_tx *tx, void *arg)
{
	const struct keeping *keeping = arg;
	return caption_draft_save(tx, &keeping->r->lesson, keeping->r->draft.edition, keeping->cues,
	                          keeping->read);
}

static int drop_fn(struct curb_tx *tx, void *arg)
{
	const struct keeping *keeping = arg;
	return caption_draft_drop(tx, &keeping->r->lesson, keeping->r->draft.edition);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct keeping *keeping = arg;
	return curb_reply_redirect(req, curb_str(keeping->back));
}

static int save(struct reading *r)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(2 * CAPTION_JSON_MOST);
	int64_t end = end_of_page(r);
	caption_cues_put(r->cues, &out);
	if (curb_buf_check(&out))
		return curb_fail(CURB_ETOOBIG, "These captions are too long altogether");
	struct keeping keeping = { r, curb_buf_view(&out), end > r->draft.read ? end : r->draft.read,
		                   curb_printf(curb_req_arena(r->req), "%s?page=%lld",
		                               draft_reading_address(curb_req_arena(r->req), &r->lesson),
		                               (long long)(r->from / AT_ONCE + 2)) };
	return curb_write_reply(r->req, curb_str(NULL), save_fn, answer, &keeping);
}

/* ---- all are read ---- */

static int use(struct reading *r, const struct mended_wanted *wanted, const struct mended *mended)
{
	struct keeping keeping = { .r = r };
	if (mended->result.refused) {
		curb_put_bool(r->model, "refused", true);
		return show(r, 422);
	}
	mended_put(r->lesson.unit, wanted, mended);
	return revise_and(
		r->req, r->ingest, &r->base, r->package,
		curb_printf(curb_req_arena(r->req), "/packages/courses/%s?done=added", r->base.course.text),
		drop_fn, &keeping);
}

static int put_all(struct reading *r)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(buf) struct curb_buf text = curb_buf(MENDED_FILE_MOST);
	CURB_AUTO(fd) int fd = -1;
	const struct mended_wanted wanted = { .kind = "captions",
		                              .lang = r->draft.lang,
		                              .media_ms = r->lesson.duration_ms,
		                              .split = true,
		                              .overlaps = true,
		                              .behind = true };
	struct mended mended = { 0 };
	caption_cues_vtt(r->cues, &text);
	if (curb_buf_check(&text))
		return curb_fail(CURB_ETOOBIG, "These captions are too long altogether");
	int err = table_spool(curb_buf_view(&text), &fd);
	if (err)
		return err;
	leavings_begin(r->ingest);
	err = mended_run(r->ingest, arena, fd, "captions.vtt", &wanted, &mended);
	if (!err)
		err = use(r, &wanted, &mended);
	mended_drop(r->ingest, arena, &mended, err);
	leavings_end(r->ingest);
	return err;
}

static int throw_away(struct reading *r)
{
	if (!curb_str_is(curb_req_field(r->req, "sure"), "yes")) {
		struct curb_str text = curb_tr(
			r->req, "Tick this first: what you mended is lost with the draft", NULL);
		revise_mistake(r->req, r->model, "sure", text);
		curb_put_str(r->model, "sure_error", text);
		return show(r, 422);
	}
	struct keeping keeping = { .r = r,
		                   .back = curb_printf(curb_req_arena(r->req), "/packages/courses/%s/drafted",
		                                       r->base.course.text) };
	return curb_write_reply(r->req, curb_str(NULL), drop_fn, answer, &keeping);
}

/* What was typed is shown again with the reason. */
static int not_yet(struct reading *r, int err)
{
	int status = curb_err_status(err);
	if (err == CURB_EINTERNAL || err == CURB_ENOTFOUND)
		return err;
	curb_put_text(r->model, "why", curb_printf(curb_req_arena(r->req), "%s", curb_error_local()));
	return show(r, status);
}

int draft_reading_post(struct curb_req *req, void *state)
{
	struct reading r = {
		.req = req, .ingest = state, .model = curb_object(curb_req_arena(req)), .wrong = -1
	};
	int64_t edition = -1;
	int err = open_reading(&r, curb_req_field(req, "page"));
	if (err)
		return err;
	take_texts(&r);
	if (!curb_str_int(curb_req_field(req, "edition"), &edition) || edition != r.draft.edition)
		return not_yet(&r, curb_fail(CURB_ECONFLICT, "This draft was changed in another window "
		                                             "meanwhile. What you typed stands below: "
		                                             "look through it and send it again."));
	if (curb_str_is(curb_req_field(req, "go"), "drop"))
		return throw_away(&r);
	if (r.wrong >= 0)
		return show(&r, 422);
	err = end_of_page(&r) == r.draft.count ? put_all(&r) : save(&r);
	return err ? not_yet(&r, err) : 0;
}
