/* A certificate as a page, as a file, and in the list of its holder. */
#include "certificate.h"
#include "code.h"
#include "codes.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/qr.h"
#include "curb/words.h"

static const char file_end[] = ".jwt";

/* ---- what it says ---- */

static struct curb_str hours_text(struct curb_req *req, const struct issued *issued)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "total", curb_words_hours(req, issued->online_c + issued->offline_c));
	curb_put_str(values, "online", curb_words_hours(req, issued->online_c));
	curb_put_str(values, "offline", curb_words_hours(req, issued->offline_c));
	return curb_tr(req, "{total}, of which {online} online and {offline} offline", values);
}

static struct curb_str days_text(struct curb_req *req, const struct issued *issued)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "starts", curb_words_date(req, issued->starts_ms));
	curb_put_str(values, "ends", curb_words_date(req, issued->ends_ms - 1));
	return curb_tr(req, "From {starts} to {ends}", values);
}

struct curb_value *issued_facts(struct curb_req *req, const struct issued *issued)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	push_fact(req, facts, CURB_TEXT("Name"), issued->name);
	push_fact(req, facts, CURB_TEXT("Training programme"), issued->programme);
	push_fact(req, facts, CURB_TEXT("Class hours"), hours_text(req, issued));
	push_fact(req, facts, CURB_TEXT("Time of the class"), days_text(req, issued));
	push_fact(req, facts, CURB_TEXT("Final assessment"),
	          curb_tr(req, "Passed in theory and practice", NULL));
	push_fact(req, facts, CURB_TEXT("Issued by"), issued->issuer);
	push_fact(req, facts, CURB_TEXT("Issued on"), curb_words_date(req, issued->issued_ms));
	return facts;
}

int issued_seen(struct curb_req *req, struct certificate *c, uint32_t roles, struct issued *ret)
{
	struct curb_str id = curb_req_param(req, "id");
	if (curb_str_ends(id, file_end))
		id.len -= sizeof file_end - 1;
	int err = issued_by_id(c, curb_req_tx(req), id, ret);
	bool own = !err && (roles & CURB_LEARNER) &&
	           strcmp(ret->person.text, curb_req_user(req)->id.text) == 0;
	if (!err && !own && !curb_may(req, roles & ~(uint32_t)CURB_LEARNER, &ret->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such certificate");
	if (!err && !own)
		ret->name = c->credit->masked(c->credit, req, &ret->institution, ret->name);
	return err;
}

/* ---- the file ---- */

static int send_file(struct curb_req *req, const struct issued *issued)
{
	const struct curb_piece piece = { .bytes = issued->token };
	const struct curb_body_info info = { .type = "application/vc+jwt",
		                             .filename = curb_str(curb_printf(curb_req_arena(req), "%s%s",
		                                                              issued->code.ptr, file_end)) };
	return curb_reply_pieces(req, &piece, 1, &info);
}

/* ---- the page ---- */

/* The file and what leads to it have the name in full. */
static int put_whole(struct curb_req *req, const struct issued *issued, struct curb_value *model,
                     struct curb_value *facts)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str origin = curb_req_origin(req), path;
	char shown[CODE_SHOWN + 1];
	int size = 0;
	code_show(issued->code, shown);
	push_fact(req, facts, CURB_TEXT("Code to check it"), curb_dup(arena, curb_str(shown)));
	push_fact(req, facts, CURB_TEXT("The code, character by character"),
	          code_spoken(req, curb_str(shown)));
	push_fact(req, facts, CURB_TEXT("Code for braille print"), code_braille(arena, curb_str(shown)));
	const char *address = curb_printf(arena, "%.*s/check?code=%s", (int)origin.len, origin.ptr, shown);
	int err = curb_qr(arena, curb_str(address), &path, &size);
	if (err)
		return err;
	curb_put_str(model, "qr", path);
	curb_put_int(model, "qr_size", size);
	curb_put_text(model, "check", curb_printf(arena, "%.*s/check", (int)origin.len, origin.ptr));
	curb_put_text(model, "file", curb_printf(arena, "/certificates/%s%s", issued->id.text, file_end));
	return 0;
}

int issued_note_look(struct curb_req *req, struct certificate *c, const struct issued *issued)
{
	const struct credit_class class = { .id = issued->cohort, .institution = issued->institution };
	return c->credit->note_look(c->credit, req, &issued->person, &class);
}

static struct curb_str withdrawn_text(struct curb_req *req, const struct issued *issued, bool own)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "day", curb_words_date(req, issued->withdrawn_ms));
	curb_put_str(values, "issuer", issued->issuer);
	return own ? curb_tr(req, "This certificate was withdrawn on {day}. To know why, ask {issuer}.",
	                     values) :
	             curb_tr(req, "This certificate was withdrawn on {day}.", values);
}

bool certificate_renamed(struct curb_req *req, const struct issued *issued)
{
	struct curb_user trainee;
	return curb_person_find(curb_req_tx(req), curb_id_str(&issued->person), curb_wall_ms(), &trainee) ==
	               0 &&
	       !curb_str_eq(trainee.name, issued->name);
}

/* What is to be done when the name was mended, or the certificate came from another record of hers. */
static struct curb_str renamed_text(struct curb_req *req, bool own)
{
	return own ? curb_tr(req,
	                     "You are called otherwise now than on this certificate. It stays valid; ask "
	                     "your "
	                     "institution for a new one with the present name.",
	                     NULL) :
	             curb_tr(req,
	                     "This trainee is called otherwise now than on this certificate, so it is to be "
	                     "issued again: withdraw it, and have a new one with the present name take its "
	                     "place.",
	                     NULL);
}

static void put_state(struct curb_req *req, const struct issued *issued, bool own, bool renamed,
                      struct curb_value *model)
{
	struct curb_str done = curb_req_query(req, "done");
	if (issued->withdrawn_ms)
		put_notice(req, model, done.ptr ? "error" : "warn", withdrawn_text(req, issued, own));
	else if (curb_str_is(done, "renewed"))
		put_notice(req, model, "good",
		           curb_tr(req, "This is the new certificate. The old one is withdrawn.", NULL));
	else if (curb_str_is(done, "asked"))
		put_notice(req, model, "good",
		           curb_tr(req,
		                   "Asked for. Another person must countersign it; until then the "
		                   "certificate is valid.",
		                   NULL));
	else if (renamed)
		put_notice(req, model, "warn", renamed_text(req, own));
}

int certificate_page(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	struct certificate *c = state;
	struct issued issued;
	int err = issued_seen(req, c, CERTIFICATE_READERS | CURB_LEARNER, &issued);
	if (err)
		return err;
	bool own = strcmp(issued.person.text, curb_req_user(req)->id.text) == 0;
	bool looking = !own && c->credit->is_looking(c->credit, req, &issued.institution);
	if (curb_str_ends(curb_req_param(req, "id"), file_end))
		return looking ? curb_fail(CURB_ENOTFOUND, "There is no such file") : send_file(req, &issued);
	struct curb_value *facts = issued_facts(req, &issued);
	err = looking ? issued_note_look(req, c, &issued) : put_whole(req, &issued, model, facts);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, "Training pass certificate", NULL));
	curb_put(model, "facts", facts);
	if (own)
		curb_put_text(model, "mine", "/certificates");
	else if (curb_may(req, CERTIFICATE_READERS, &issued.institution))
		curb_put_text(model, "class",
		              curb_printf(arena, "/certificates/class/%s", issued.cohort.text));
	if (!own && !issued.withdrawn_ms && curb_may(req, CERTIFICATE_SIGNERS, &issued.institution))
		curb_put_text(model, "withdraw",
		              curb_printf(arena, "/certificates/%s/withdraw", issued.id.text));
	put_state(req, &issued, own, !looking && certificate_renamed(req, &issued), model);
	return curb_reply_page(req, 200, "certificate", model);
}

/* ---- those of one person ---- */

static struct curb_value *card_of(struct curb_req *req, const struct issued *issued)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena), *tags = curb_array(arena);
	curb_put_str(card, "title",
	             tr_one(req, CURB_TEXT("Certificate: {programme}"), "programme", issued->programme));
	curb_put_text(card, "href", curb_printf(arena, "/certificates/%s", issued->id.text));
	curb_put_str(card, "text", issued->issuer);
	curb_push(facts, curb_string(arena, tr_one(req, CURB_TEXT("Issued on {day}"), "day",
	                                           curb_words_date(req, issued->issued_ms))));
	curb_push(tags, curb_string(arena, issued->withdrawn_ms ? curb_tr(req, "Withdrawn", NULL) :
	                                                          curb_tr(req, "Valid", NULL)));
	curb_put(card, "facts", facts);
	curb_put(card, "tags", tags);
	curb_put_str(card, "tags_label", curb_tr(req, "State", NULL));
	return card;
}

int certificate_cards(struct curb_req *req, struct certificate *c, struct curb_value *cards)
{
	struct issued *issued = NULL;
	size_t n = 0;
	int err = issued_of_person(c, curb_req_tx(req), &curb_req_user(req)->id, &issued, &n);
	for (size_t i = 0; !err && i < n; i++)
		curb_push(cards, card_of(req, &issued[i]));
	return err;
}

/* A class of hers without one: what is missing, or that nothing is. */
static int push_class(struct curb_req *req, struct certificate *c, const struct credit_class *class,
                      struct curb_value *classes)
{
	struct curb_value *item = curb_object(curb_req_arena(req));
	struct earned earned;
	int err = earned_of(c, curb_req_tx(req), class, &curb_req_user(req)->id, &earned);
	if (err || issued_in_force(&earned.last))
		return err;
	curb_put_str(item, "programme", class->programme);
	curb_put_str(
		item, "text",
		!earned_enough(&earned) ?
			certificate_missing(req, class, &earned, true) :
		earned_issuer(&earned) == CURB_REVIEWER ?
			curb_tr(req, "Nothing is missing. The federation can issue another certificate.",
	                        NULL) :
			curb_tr(req, "Nothing is missing. Your institution issues the certificate.", NULL));
	curb_push(classes, item);
	return 0;
}

int certificate_page_mine(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)), *cards = curb_array(curb_req_arena(req)),
			  *items = curb_array(curb_req_arena(req));
	struct certificate *c = state;
	struct credit_class *classes = NULL;
	size_t n = 0;
	int err = certificate_cards(req, c, cards);
	if (!err)
		err = c->credit->classes_of(c->credit, curb_req_tx(req), &curb_req_user(req)->id, &classes,
		                            &n);
	for (size_t i = 0; !err && i < n; i++)
		err = push_class(req, c, &classes[i], items);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, "My certificates", NULL));
	curb_put(model, "items", cards);
	curb_put(model, "classes", items);
	return curb_reply_page(req, 200, "certificates", model);
}
