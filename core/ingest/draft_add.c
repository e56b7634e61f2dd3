/* Captions, subtitles or descriptions that a lesson of a draft lacks: one file of text, beside what is there. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "content/media_index.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

enum { ARENA_MOST = 64 << 20 };

static const struct {
	const char *word, *text;
} kinds[] = {
	{ "captions", CURB_TEXT("Captions: what is said and heard") },
	{ "subtitles", CURB_TEXT("Subtitles: what is said, in another language") },
	{ "descriptions", CURB_TEXT("Descriptions: what can only be seen") },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct adding {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version base;
	struct curb_value *package, *unit, *model;
	const char *address; /* of the draft */
	struct mended_wanted wanted;
};

static bool takes_captions(const struct curb_value *unit)
{
	return !media_is_read(curb_get_str(unit, "kind"));
}

bool draft_add_some(const struct curb_value *package)
{
	const struct curb_value *units = curb_value_get(package, "units");
	size_t i = 0, n = curb_value_count(units);
	while (i < n && !takes_captions(curb_value_at(units, i)))
		i++;
	return i < n;
}

static int open_draft(struct adding *a)
{
	struct curb_req *req = a->req;
	int err = base_course(req, a->ingest, &a->base);
	if (!err)
		err = base_package(a->ingest, curb_req_tx(req), &a->base, &a->package);
	if (!err && !draft_add_some(a->package))
		return curb_fail(CURB_ENOTFOUND,
		                 "All lessons of this course are read: they need no captions");
	if (!err)
		a->address = curb_printf(curb_req_arena(req), "/packages/courses/%s", a->base.course.text);
	return err;
}

/* ---- the page ---- */

static void push_option(struct adding *a, struct curb_value *options, struct curb_str value,
                        struct curb_str label, const char *field)
{
	struct curb_value *option = curb_object(curb_req_arena(a->req));
	struct curb_str chosen = curb_req_field(a->req, field);
	if (!chosen.ptr)
		chosen = curb_req_query(a->req, field);
	curb_put_str(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", curb_str_eq(chosen.ptr ? chosen : curb_str(""), value));
	curb_push(options, option);
}

static void put_options(struct adding *a)
{
	struct curb_arena *arena = curb_req_arena(a->req);
	struct curb_value *lessons = curb_array(arena), *sorts = curb_array(arena),
			  *langs = curb_array(arena);
	const struct curb_value *units = curb_value_get(a->package, "units");
	const char *tag = NULL;
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (takes_captions(curb_value_at(units, i)))
			push_option(a, lessons, curb_get_str(curb_value_at(units, i), "key"),
			            curb_get_str(curb_value_at(units, i), "name"), "lesson");
	for (size_t i = 0; i < KINDS; i++)
		push_option(a, sorts, curb_str(kinds[i].word), curb_tr(a->req, kinds[i].text, NULL), "kind");
	for (size_t i = 0; (tag = draft_lang(i)) != NULL; i++)
		push_option(a, langs, curb_str(tag), curb_words_lang(a->req, curb_str(tag)), "lang");
	curb_put(a->model, "lessons", lessons);
	curb_put(a->model, "kinds", sorts);
	curb_put(a->model, "langs", langs);
}

static int show(struct adding *a, int status)
{
	put_options(a);
	curb_put_text(a->model, "draft", a->address);
	curb_put_str(a->model, "title", curb_tr(a->req, "Add captions or descriptions", NULL));
	return curb_reply_page(a->req, status, "draft_add", a->model);
}

int draft_add_page(struct curb_req *req, void *state)
{
	struct adding a = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = open_draft(&a);
	return err ? err : show(&a, 200);
}

/* ---- the file ---- */

static int read_choices(struct adding *a)
{
	struct curb_str lesson = curb_req_field(a->req, "lesson"), kind = curb_req_field(a->req, "kind"),
			lang = curb_req_field(a->req, "lang");
	const struct curb_value *units = curb_value_get(a->package, "units");
	const char *tag = NULL;
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (takes_captions(curb_value_at(units, i)) &&
		    curb_str_eq(curb_get_str(curb_value_at(units, i), "key"), lesson))
			a->unit = curb_value_at(units, i);
	for (size_t i = 0; i < KINDS; i++)
		if (curb_str_is(kind, kinds[i].word))
			a->wanted.kind = kinds[i].word;
	for (size_t i = 0; (tag = draft_lang(i)) != NULL; i++)
		if (curb_str_is(lang, tag))
			a->wanted.lang = curb_str(tag);
	if (!a->unit || !a->wanted.kind || !a->wanted.lang.ptr)
		return curb_fail(CURB_EINVAL, "Choose the lesson, what the file is, and its language");
	a->wanted.media_ms = curb_get_int(a->unit, "duration_ms", 0);
	return 0;
}

static int refuse(struct adding *a, struct curb_str text, int status)
{
	revise_mistake(a->req, a->model, "file", text);
	curb_put_str(a->model, "error", text);
	return show(a, status);
}

static int use(struct adding *a, const struct mended *mended)
{
	if (mended->result.refused) {
		const struct curb_value *findings = mended_findings(a->req, &mended->result);
		curb_put(a->model, "findings", mended_findings(a->req, &mended->result));
		return refuse(a, curb_get_str(curb_value_at(findings, 0), "what"), 422);
	}
	mended_put(a->unit, &a->wanted, mended);
	return revise(a->req, a->ingest, &a->base, a->package,
	              curb_printf(curb_req_arena(a->req), "%s?done=added", a->address));
}

static int add_file(struct adding *a, struct curb_str bytes)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(fd) int fd = -1;
	struct mended mended = { 0 };
	int err = table_spool(bytes, &fd);
	if (err)
		return err;
	leavings_begin(a->ingest);
	err = mended_run(a->ingest, arena, fd, "captions", &a->wanted, &mended);
	if (!err)
		err = use(a, &mended);
	mended_drop(a->ingest, arena, &mended, err);
	leavings_end(a->ingest);
	return err;
}

int draft_add_post(struct curb_req *req, void *state)
{
	struct adding a = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	struct curb_str bytes = curb_str(NULL);
	int err = open_draft(&a);
	if (err)
		return err;
	err = curb_req_file_text(req, MENDED_FILE_MOST, CURB_TEXT("Choose the file of captions first"),
	                         CURB_TEXT("This file is too large to be captions"), &bytes);
	if (!err)
		err = read_choices(&a);
	if (err == CURB_EINVAL || err == CURB_ETOOBIG)
		return refuse(&a, curb_dup(curb_req_arena(req), curb_str(curb_error_local())),
		              curb_err_status(err));
	return err ? err : add_file(&a, bytes);
}
