/* Photos of printed sheets: attached, put into words, looked at. */
#include <sodium.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "paper.h"

struct adding {
	struct credit *c;
	struct paper paper;
	struct paper_photo photo;
};

int paper_check_photo(struct credit *c, struct curb_tx *tx, const struct paper *paper, struct curb_str sha256)
{
	struct credit_cohort here, there;
	struct paper other;
	int err = paper_with(c, tx, paper, sha256, &other);
	if (err == CURB_ENOTFOUND)
		return 0;
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&paper->cohort), &here);
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&other.cohort), &there);
	if (err)
		return err;
	if (strcmp(here.institution.text, there.institution.text) != 0)
		return curb_fail(
			CURB_EUNFIT,
			"This photo is of a printed sheet of another institution already. Take a photo of "
			"this sheet");
	struct curb_arena *arena = curb_tx_arena(tx);
	return curb_fail(
		CURB_EUNFIT,
		"This photo is of the printed sheet with the code %s already. Take a photo of this sheet",
		curb_cstr(arena, digits_shown(arena, curb_cstr(arena, other.code))));
}

/* What was entered rests on the photo that was there. */
static int add_photo(struct curb_tx *tx, void *arg)
{
	const struct adding *adding = arg;
	struct paper paper;
	int err = paper_by_code(adding->c, tx, adding->photo.code, &paper);
	if (!err && curb_id_some(&paper.sheet))
		return curb_fail(CURB_ECONFLICT,
		                 "The sheet is entered from the photo that is there, and so it stays");
	if (!err)
		err = paper_check_photo(adding->c, tx, &paper, adding->photo.sha256);
	return err ? err : paper_add_photo(adding->c, tx, &adding->photo);
}

static int add_words(struct curb_tx *tx, void *arg)
{
	struct adding *adding = arg;
	struct paper paper;
	int err = paper_by_code(adding->c, tx, adding->paper.code, &paper);
	if (!err && strcmp(paper.photo.text, adding->photo.id.text) != 0)
		return curb_fail(CURB_ECONFLICT, "Another photo was attached meanwhile. Look at it first");
	adding->photo.later = paper.fixed;
	return err ? err : paper_add_words(adding->c, tx, &adding->photo);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	return curb_reply_redirect(req, curb_str(paper_address(req, &adding->paper, "/enter?done=kept")));
}

static struct curb_str hash_of(struct curb_arena *arena, struct curb_str bytes)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[2 * sizeof hash + 1];
	(void)crypto_hash_sha256(hash, (const unsigned char *)bytes.ptr, bytes.len);
	curb_hex(hash, sizeof hash, text);
	return curb_dup(arena, curb_str(text));
}

static void tell_fault(struct typed_form *form, enum attached_fault fault)
{
	struct curb_req *req = form->req;
	switch (fault) {
	case ATTACHED_NONE: typed_wrong(form, "file", curb_tr(req, "Choose the photo first", NULL)); break;
	case ATTACHED_LARGE:
		typed_wrong(form, "file", curb_tr(req, "This photo is too large; 6 MB are the most", NULL));
		break;
	case ATTACHED_STRANGE:
		typed_wrong(form, "file",
		            curb_tr(req, "This is no photo (JPEG or PNG); choose another file", NULL));
		break;
	case ATTACHED_FINE: break;
	}
}

int paper_post_photo(struct curb_req *req, void *state)
{
	struct adding adding = { .c = state };
	struct paper_photo *photo = &adding.photo;
	struct typed_form form = typed_form(req);
	struct sheet_class class;
	struct attached attached;
	enum attached_fault fault = ATTACHED_FINE;
	int err = sheet_class_of(req, state, &class);
	if (!err)
		err = paper_of_path(req, state, &class.cohort, &adding.paper);
	if (!err)
		err = attached_read(req, PAPER_PHOTO_MOST, false, &attached, &fault);
	if (err)
		return err;
	tell_fault(&form, fault);
	if (form.wrong)
		return paper_show_enter(req, &class, &adding.paper, &form, 422);
	photo->now_ms = curb_wall_ms();
	photo->id = curb_id_new(photo->now_ms);
	photo->by = curb_req_user(req)->id;
	photo->code = adding.paper.code;
	photo->type = attached.type;
	photo->sha256 = hash_of(curb_req_arena(req), attached.bytes);
	err = paper_seal(curb_req_tx(req), photo, attached.bytes);
	if (!err)
		err = curb_write_reply(req, curb_id_str(&class.cohort.id), add_photo, answer, &adding);
	if (err != CURB_EUNFIT)
		return err;
	typed_wrong_error(&form, "file");
	return paper_show_enter(req, &class, &adding.paper, &form, 422);
}

int paper_post_words(struct curb_req *req, void *state)
{
	struct adding adding = { .c = state };
	struct typed_form form = typed_form(req);
	struct sheet_class class;
	int err = sheet_class_of(req, state, &class);
	if (!err)
		err = paper_of_path(req, state, &class.cohort, &adding.paper);
	if (!err && !curb_id_some(&adding.paper.photo))
		return curb_fail(CURB_ECONFLICT, "There is no photo yet");
	if (err)
		return err;
	struct curb_str words = typed_field(&form, "words");
	if (words.len == 0)
		typed_wrong(&form, "words", curb_tr(req, "Say what the photo shows", NULL));
	else if (words.len > PAPER_WORDS_MOST)
		typed_wrong(&form, "words", curb_tr(req, "Say it in at most 1000 characters", NULL));
	if (form.wrong)
		return paper_show_enter(req, &class, &adding.paper, &form, 422);
	adding.photo.now_ms = curb_wall_ms();
	adding.photo.id = adding.paper.photo;
	adding.photo.by = curb_req_user(req)->id;
	err = paper_seal_words(curb_req_tx(req), &adding.photo, words);
	return err ? err : curb_write_reply(req, curb_id_str(&class.cohort.id), add_words, answer, &adding);
}

/* Whoever looks after the class or countersigns for its institution. */
int paper_get_photo(struct curb_req *req, void *state)
{
	struct credit *c = state;
	struct credit_cohort cohort;
	struct paper paper;
	struct curb_piece piece = { .offset = 0 };
	struct curb_body_info info = { .immutable = false };
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), &cohort);
	if (!err && !curb_may(req, SHEET_SIGNERS, &cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	if (!err)
		err = paper_of_path(req, c, &cohort, &paper);
	if (!err)
		err = paper_photo_bytes(c, curb_req_tx(req), &paper.photo, &piece.bytes, &info.type);
	piece.length = piece.bytes.len;
	return err ? err : curb_reply_pieces(req, &piece, 1, &info);
}
