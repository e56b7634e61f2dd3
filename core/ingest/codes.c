/* The list of all findings, for who hands in a package: each code with what is wrong, whom it hinders and how to mend it. */
#include "content/finding.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"

/* A page for each prefix of codes: all of them on one would be too long for an old phone on a bad line. */
static const struct {
	const char *word, *title;
} groups[] = {
	{ "a11y", CURB_TEXT("What learners who do not see or do not hear would miss") },
	{ "captions", CURB_TEXT("Captions") },
	{ "media", CURB_TEXT("Video and audio files") },
	{ "book", CURB_TEXT("Books (DAISY and EPUB)") },
	{ "lpf", CURB_TEXT("Audio-books (LPF)") },
	{ "prose", CURB_TEXT("Lessons that are read") },
	{ "folder", CURB_TEXT("Folders of media") },
	{ "course", CURB_TEXT("The file course.json") },
	{ "package", CURB_TEXT("Packages as a whole") },
	{ "pack", CURB_TEXT("Packs of courses from other servers") },
	{ "worker", CURB_TEXT("When reading was stopped") },
	{ "zip", CURB_TEXT("Zip files") },
	{ "table", CURB_TEXT("Spreadsheets of classes") },
};
enum { GROUPS = sizeof groups / sizeof *groups };

static struct curb_str group_of(struct curb_str code)
{
	struct curb_str word = curb_str("");
	(void)curb_str_cut(&code, '.', &word);
	return word;
}

const char *codes_address(struct curb_arena *arena, struct curb_str code)
{
	struct curb_str group = group_of(code);
	return curb_printf(arena, "/packages/findings/%.*s#%.*s", (int)group.len, group.ptr, (int)code.len,
	                   code.ptr);
}

static const char *grave_text(enum content_severity severity)
{
	switch (severity) {
	case CONTENT_REFUSED: return CURB_TEXT("The package is not taken in until this is mended.");
	case CONTENT_DOUBT: return CURB_TEXT("The package is taken in; look at this first.");
	case CONTENT_NOTE: return CURB_TEXT("The package is taken in; this is only told.");
	}
	return "";
}

static void put_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text)
{
	struct curb_value *fact = curb_object(curb_req_arena(req));
	curb_put_str(fact, "term", curb_tr(req, term, NULL));
	curb_put_str(fact, "text", text);
	curb_push(facts, fact);
}

static struct curb_value *row_of(struct curb_req *req, const struct content_finding_code *code)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *facts = curb_array(arena),
			  *unknown = curb_object(arena);
	curb_put_text(unknown, "a", "…"); /* the facts that it has in a package */
	curb_put_text(unknown, "b", "…");
	put_fact(req, facts, CURB_TEXT("For learners"), curb_tr(req, code->means, NULL));
	put_fact(req, facts, CURB_TEXT("How to mend it"), curb_tr(req, code->mend, unknown));
	put_fact(req, facts, CURB_TEXT("For the package"), curb_tr(req, grave_text(code->severity), NULL));
	put_fact(req, facts, CURB_TEXT("Code"), curb_str(code->code));
	curb_put_text(row, "code", code->code);
	curb_put_str(row, "what", curb_tr(req, code->what, unknown));
	curb_put(row, "facts", facts);
	return row;
}

int codes_page(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *list = curb_array(arena);
	for (size_t i = 0; i < GROUPS; i++) {
		struct curb_value *group = curb_object(arena);
		curb_put_str(group, "text", curb_tr(req, groups[i].title, NULL));
		curb_put_text(group, "href", curb_printf(arena, "/packages/findings/%s", groups[i].word));
		curb_push(list, group);
	}
	curb_put(model, "list", list);
	curb_put_bool(model, "author", (curb_req_user(req)->roles & (CURB_AUTHOR | CURB_STAFF)) != 0);
	curb_put_str(model, "title", curb_tr(req, "What can be wrong with a package", NULL));
	return curb_reply_page(req, 200, "codes", model);
}

int codes_group_page(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str word = curb_req_param(req, "group");
	size_t i = 0;
	while (i < GROUPS && !curb_str_is(word, groups[i].word))
		i++;
	if (i == GROUPS)
		return curb_fail(CURB_ENOTFOUND, "There are no findings of this kind");
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	const struct content_finding_code *code = NULL;
	for (size_t at = 0; (code = content_finding_at(at)) != NULL; at++)
		if (curb_str_eq(group_of(curb_str(code->code)), word))
			curb_push(rows, row_of(req, code));
	curb_put(model, "rows", rows);
	curb_put_str(model, "title", curb_tr(req, groups[i].title, NULL));
	return curb_reply_page(req, 200, "codes_group", model);
}
