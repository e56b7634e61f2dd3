/* The public page that checks a certificate: by its code, by its file, by the text of its file. Whoever asks is told in words,
 * and sees what the certificate says and no more.
 */
#include "certificate.h"
#include "code.h"
#include "curb/err.h"
#include "curb/words.h"

static const char guessed[] = "certificate";

struct checking {
	struct curb_req *req;
	struct certificate *c;
	struct curb_value *model, *errors;
};

static struct checking checking_of(struct curb_req *req, struct certificate *c)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct checking checking = { req, c, curb_object(arena), curb_object(arena) };
	curb_put_str(checking.model, "title", curb_tr(req, "Check a certificate", NULL));
	curb_put(checking.model, "e", checking.errors);
	return checking;
}

static int show(const struct checking *checking, int status)
{
	return curb_reply_page(checking->req, status, "check", checking->model);
}

static int refuse(const struct checking *checking, int status, const char *field, struct curb_str text)
{
	curb_put_str(checking->errors, field, text);
	return show(checking, status);
}

/* ---- the answer ---- */

static void answer(const struct checking *checking, const char *kind, struct curb_str title,
                   struct curb_str text)
{
	struct curb_value *made = curb_object(curb_req_arena(checking->req));
	curb_put_text(made, "kind", kind);
	curb_put_str(made, "title", title);
	curb_put_str(made, "text", text);
	curb_put(checking->model, "answer", made);
	curb_put_str(checking->model, "title",
	             tr_one(checking->req, CURB_TEXT("{answer} – Check a certificate"), "answer", title));
}

static int show_issued(const struct checking *checking, const struct issued *issued)
{
	struct curb_req *req = checking->req;
	if (issued->withdrawn_ms)
		answer(checking, "error", curb_tr(req, "This certificate was withdrawn", NULL),
		       tr_one(req,
		              CURB_TEXT("It was issued, and withdrawn on {day}. It is not valid any more."),
		              "day", curb_words_date(req, issued->withdrawn_ms)));
	else
		answer(checking, "good", curb_tr(req, "The certificate is valid", NULL),
		       curb_tr(req,
		               "It was issued here and is as it was. Compare the name with the person's "
		               "papers.",
		               NULL));
	curb_put(checking->model, "facts", issued_facts(req, issued));
	return show(checking, 200);
}

/* ---- by the code ---- */

static struct curb_str code_fault(struct curb_req *req, enum code_read read)
{
	if (read == CODE_LENGTH_WRONG)
		return curb_tr(req, "A code has 16 letters and digits, in four groups of four", NULL);
	if (read == CODE_STRANGE)
		return curb_tr(
			req,
			"A character here is in no code. Codes have the digits 2 to 9 and the letters A "
			"C D E F H J K M N P R T W X",
			NULL);
	return curb_tr(req, "There is a mistake in this code. Read it again, character by character", NULL);
}

struct looking {
	struct certificate *c;
	char code[CODE_LENGTH + 1];
	struct curb_id found; /* result */
};

static int look_up(struct curb_tx *tx, void *arg)
{
	struct looking *looking = arg;
	struct issued issued;
	int err = issued_by_code(looking->c, tx, looking->code, &issued);
	if (!err)
		looking->found = issued.id;
	return err;
}

static int check_code(const struct checking *checking, struct curb_str typed)
{
	struct curb_req *req = checking->req;
	struct looking looking = { .c = checking->c };
	struct issued issued;
	curb_put_str(checking->model, "code", typed);
	enum code_read read = code_read(typed, looking.code);
	if (read != CODE_FINE)
		return refuse(checking, 400, "code", code_fault(req, read));
	int err = curb_guess(req, guessed, look_up, &looking);
	if (err == CURB_ESLOW)
		return refuse(checking, curb_err_status(err), "code",
		              curb_dup(curb_req_arena(req), curb_str(curb_error_local())));
	if (err == CURB_ENOTFOUND)
		return refuse(checking, 404, "code",
		              curb_tr(req, "This certificate was not found; check the code", NULL));
	if (!err)
		err = issued_by_id(checking->c, curb_req_tx(req), curb_id_str(&looking.found), &issued);
	return err ? err : show_issued(checking, &issued);
}

int check_page(struct curb_req *req, void *state)
{
	const struct checking checking = checking_of(req, state);
	struct curb_str code = curb_req_query(req, "code");
	return code.ptr ? check_code(&checking, curb_str_trim(code)) : show(&checking, 200);
}

/* ---- by the token ---- */

static int find_key(struct certificate *c, struct curb_tx *tx, struct curb_str thumb, struct sign_public *ret)
{
	struct sign_public *keys = NULL;
	size_t n = 0;
	int err = keys_all(c, tx, &keys, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (curb_str_is(thumb, keys[i].thumb)) {
			*ret = keys[i];
			return 0;
		}
	return err ? err : CURB_ENOTFOUND;
}

static int not_ours(const struct checking *checking)
{
	struct curb_req *req = checking->req;
	answer(checking, "error", curb_tr(req, "This certificate is not of this server", NULL),
	       curb_tr(req, "It was not signed here. It may be another server's: ask where it was issued.",
	               NULL));
	return show(checking, 200);
}

static int changed(const struct checking *checking)
{
	struct curb_req *req = checking->req;
	answer(checking, "error", curb_tr(req, "This certificate was changed", NULL),
	       curb_tr(req,
	               "It says that it was signed here, but what stands in it now is not what was signed. "
	               "Do not rely on it. Ask the person for the code.",
	               NULL));
	return show(checking, 200);
}

/* Signed with our key, and in no register: of a time that a backup does not know, or the status list sent as a certificate. */
static int not_known(const struct checking *checking)
{
	struct curb_req *req = checking->req;
	answer(checking, "error", curb_tr(req, "This certificate was not found", NULL),
	       curb_tr(req,
	               "It was signed here, but the register does not have it. Ask the institution that "
	               "it names.",
	               NULL));
	return show(checking, 200);
}

static int check_token(const struct checking *checking, struct curb_str text, const char *field)
{
	struct curb_req *req = checking->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct jwt jwt;
	struct sign_public key;
	struct issued issued;
	int err = jwt_read(arena, text, &jwt);
	if (err)
		return refuse(checking, curb_err_status(err), field,
		              curb_dup(arena, curb_str(curb_error_local())));
	err = find_key(checking->c, curb_req_tx(req), jwt.thumb, &key);
	if (err)
		return err == CURB_ENOTFOUND ? not_ours(checking) : err;
	if (!jwt_verified(&jwt, &key))
		return changed(checking);
	err = issued_by_id(checking->c, curb_req_tx(req), credential_id(arena, jwt.payload), &issued);
	if (err)
		return err == CURB_ENOTFOUND ? not_known(checking) : err;
	return show_issued(checking, &issued);
}

int check_post_text(struct curb_req *req, void *state)
{
	const struct checking checking = checking_of(req, state);
	struct curb_str text = curb_str_trim(curb_req_field(req, "text"));
	if (!text.len)
		return refuse(&checking, 400, "text", curb_tr(req, "Paste the text of the file here", NULL));
	return check_token(&checking, text, "text");
}

int check_post_file(struct curb_req *req, void *state)
{
	const struct checking checking = checking_of(req, state);
	struct curb_str text;
	int err = curb_req_file_text(req, JWT_MOST, CURB_TEXT("Choose the file that ends in .jwt first"),
	                             CURB_TEXT("This file is too large to be a certificate"), &text);
	if (err == CURB_EINVAL || err == CURB_ETOOBIG)
		return refuse(&checking, curb_err_status(err), "file",
		              curb_dup(curb_req_arena(req), curb_str(curb_error_local())));
	return err ? err : check_token(&checking, text, "file");
}
