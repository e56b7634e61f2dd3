/* A printed sheet that comes back: found by its code, with its photo, then entered as any other. */
#include "audit.h"
#include "codes.h"
#include "curb/err.h"
#include "curb/words.h"
#include "paper.h"

/* ---- the rule ---- */

int paper_check(const struct sheet_rule *rule, struct paper *ret_paper, const char **ret_field)
{
	const struct sheet *sheet = rule->sheet;
	int err = paper_by_code(rule->c, rule->tx, sheet->paper, ret_paper);
	if (!err && strcmp(ret_paper->cohort.text, sheet->cohort.text) != 0)
		err = curb_fail(CURB_ENOTFOUND, "There is no printed sheet with this code");
	if (err)
		return err;
	if (curb_id_some(&ret_paper->sheet))
		return sheet_fault(ret_field, "unit",
		                   curb_fail(CURB_EUNFIT, "This printed sheet was entered already"));
	if (!curb_id_some(&ret_paper->photo))
		return sheet_fault(ret_field, "unit",
		                   curb_fail(CURB_EUNFIT, "Attach the photo of the printed sheet first"));
	if (ret_paper->unit != sheet->unit)
		return sheet_fault(ret_field, "unit",
		                   curb_fail(CURB_EUNFIT, "The printed sheet is of another unit"));
	if (ret_paper->day != count_day(sheet->from_ms, rule->c->utc_offset_ms))
		return sheet_fault(ret_field, "when",
		                   curb_fail(CURB_EUNFIT, "The printed sheet is of another day"));
	err = paper_check_photo(rule->c, rule->tx, ret_paper, ret_paper->sha256);
	return err ? sheet_fault(ret_field, "unit", err) : 0;
}

/* ---- on the page of the sheet ---- */

/* What whoever countersigned read, and below it what was added since, by whom and when. */
static int words_of(struct curb_req *req, struct credit *c, const struct paper *paper,
                    struct curb_str *ret_words)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct paper_told *told = NULL;
	size_t n = 0;
	struct curb_str all = paper->words.ptr ?
	                              paper->words :
	                              curb_tr(req, "Nobody has said yet what the photo shows.", NULL);
	int err = paper_told_later(c, curb_req_tx(req), paper, &told, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(arena);
		struct curb_str name;
		err = credit_name_of(req, &told[i].by, &name);
		if (err)
			break;
		curb_put_str(values, "name", name);
		curb_put_str(values, "day", curb_words_date(req, told[i].at_ms));
		curb_put_str(values, "words", told[i].words);
		struct curb_str one = curb_tr(
			req, "Added behind the countersignature by {name}, {day}: {words}", values);
		all = curb_str(
			curb_printf(arena, "%.*s\n%.*s", (int)all.len, all.ptr, (int)one.len, one.ptr));
	}
	*ret_words = all;
	return err;
}

static int put_photo(struct curb_req *req, struct credit *c, const struct paper *paper,
                     struct curb_value *model)
{
	struct curb_value *photo = curb_object(curb_req_arena(req));
	struct curb_str words;
	int err = words_of(req, c, paper, &words);
	if (err)
		return err;
	curb_put_text(photo, "src", paper_address(req, paper, "/photo"));
	curb_put_str(photo, "label", curb_tr(req, "Photo of the printed sheet", NULL));
	curb_put_str(photo, "words", words);
	curb_put(model, "photo", photo);
	return 0;
}

int paper_put_photo(struct curb_req *req, struct credit *c, const struct sheet_view *view,
                    struct curb_value *model)
{
	struct paper paper;
	if (!view->sheet.paper.len)
		return 0;
	int err = paper_by_code(c, curb_req_tx(req), view->sheet.paper, &paper);
	if (err)
		return err;
	if (audit_is_looking(req, &view->cohort.institution)) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_str(values, "hash", paper.sha256);
		curb_put_str(
			model, "photo_kept",
			curb_tr(req,
		                "The photo of the printed sheet, and what was said of it, show names and "
		                "signatures. Auditors read names masked, so neither stands here; who enters "
		                "and countersigns sees both. The photo's checksum stands in the ledger: "
		                "SHA-256 "
		                "{hash}",
		                values));
		return 0;
	}
	if (curb_may(req, SHEET_ENTERERS, &view->cohort.institution))
		curb_put_text(model, "describe", paper_address(req, &paper, "/enter"));
	return put_photo(req, c, &paper, model);
}

/* ---- the page between the paper and its sheet ---- */

int paper_show_enter(struct curb_req *req, const struct sheet_class *class, const struct paper *paper,
                     struct typed_form *form, int status)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = form->model;
	struct curb_str lesson;
	int err = paper_lesson_words(req, class->c, paper, &lesson);
	if (err)
		return err;
	bool photo = curb_id_some(&paper->photo), entered = curb_id_some(&paper->sheet);
	if (photo) {
		err = put_photo(req, class->c, paper, model);
		if (err)
			return err;
		curb_put_text(model, "describe", paper_address(req, paper, "/words"));
		curb_put_bool(model, "fixed", paper->fixed);
	}
	if (!entered)
		curb_put_text(model, "attach", paper_address(req, paper, "/photo"));
	if (entered)
		curb_put_text(
			model, "sheet",
			curb_printf(arena, "/classes/%s/sheets/%s", paper->cohort.text, paper->sheet.text));
	else if (photo)
		curb_put_text(model, "enter",
		              curb_printf(arena, "/classes/%s/sheets/new?paper=%.*s", paper->cohort.text,
		                          (int)paper->code.len, paper->code.ptr));
	curb_put_bool(model, "again", photo);
	curb_put_str(model, "lesson", lesson);
	curb_put_text(model, "back", paper_address(req, paper, ""));
	curb_put_str(model, "programme", class->cohort.programme);
	curb_put_str(model, "title", curb_tr(req, "Enter a printed sheet", NULL));
	return curb_reply_page(req, status, "paper_enter", model);
}

int paper_page_enter(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct sheet_class class;
	struct paper paper;
	int err = sheet_class_of(req, state, &class);
	if (!err)
		err = paper_of_path(req, state, &class.cohort, &paper);
	if (err)
		return err;
	if (curb_str_is(curb_req_query(req, "done"), "kept")) {
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text", curb_tr(req, "It is kept.", NULL));
		curb_put(form.model, "notice", notice);
	}
	return paper_show_enter(req, &class, &paper, &form, 200);
}

/* ---- finding it ---- */

static int show_find(struct curb_req *req, struct typed_form *form)
{
	curb_put_str(form->model, "title", curb_tr(req, "Enter a printed sheet", NULL));
	return curb_reply_page(req, form->wrong ? 422 : 200, "paper_find", form->model);
}

static void tell_read(struct typed_form *form, enum digits_read read)
{
	struct curb_req *req = form->req;
	switch (read) {
	case DIGITS_LENGTH:
		typed_wrong(form, "code", curb_tr(req, "The code has ten digits; type all of them", NULL));
		break;
	case DIGITS_STRANGE:
		typed_wrong(form, "code", curb_tr(req, "The code has digits alone; type them again", NULL));
		break;
	case DIGITS_SLIP:
		typed_wrong(form, "code",
		            curb_tr(req, "There is a slip in this code; compare it with the paper", NULL));
		break;
	case DIGITS_FINE: break;
	}
}

int paper_page_find(struct curb_req *req, void *state)
{
	struct credit *c = state;
	struct typed_form form = typed_form(req);
	struct curb_str typed = curb_str_trim(curb_req_query(req, "code"));
	char code[DIGITS_PAPER + 1];
	struct paper paper;
	struct credit_cohort cohort;
	if (!typed.len)
		return show_find(req, &form);
	curb_put_str(form.v, "code", typed);
	tell_read(&form, digits_read(typed, DIGITS_PAPER, code));
	if (form.wrong)
		return show_find(req, &form);
	int err = paper_by_code(c, curb_req_tx(req), curb_str(code), &paper);
	if (!err)
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&paper.cohort), &cohort);
	if (!err && !curb_may(req, SHEET_ENTERERS, &cohort.institution))
		err = curb_fail(CURB_ENOTFOUND, "There is no printed sheet with this code");
	if (err == CURB_ENOTFOUND) {
		typed_wrong_error(&form, "code");
		return show_find(req, &form);
	}
	return err ? err : curb_reply_redirect(req, curb_str(paper_address(req, &paper, "/enter")));
}
