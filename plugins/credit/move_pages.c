/* Pages of moves: what waits and what was decided, one of them, and the links that lead to asking. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "erase.h"
#include "move.h"
#include "sheet.h"

enum { HOME_MOST = 6 };

/* As whom she decides; NULL: she does not. */
static const char *decides_as(struct curb_req *req, const struct move *move)
{
	return curb_id_some(&move->receiver) ? sheet_role_of(req, MOVE_ASKERS, &move->receiver) :
	                                       sheet_role_of(req, MOVE_DECIDERS, &move->institution);
}

static bool sees(struct curb_req *req, const struct move *move)
{
	return curb_may(req, MOVE_DECIDERS, &move->institution) ||
	       (curb_id_some(&move->receiver) && curb_may(req, MOVE_DECIDERS, &move->receiver));
}

/* ---- lists ---- */

/* The class that it is about, or (about the person herself) the institution. */
static int place_of(struct curb_req *req, struct credit *c, const struct move *move,
                    struct curb_str *ret_name)
{
	struct credit_cohort cohort;
	if (!move_of_class(move->kind))
		return curb_institution_name(curb_req_tx(req), &move->institution, ret_name);
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&move->cohort), &cohort);
	if (!err)
		*ret_name = cohort.programme;
	return err;
}

static int card(struct curb_req *req, struct credit *c, const struct move *move, struct curb_value *cards)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *made = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	struct curb_str name, where;
	int err = place_of(req, c, move, &where);
	if (!err)
		err = credit_name_of(req, &move->person, &name);
	if (err)
		return err;
	curb_put_str(values, "what", curb_tr(req, move_text(move->kind), NULL));
	curb_put_str(values, "name", name);
	curb_put_str(made, "title", curb_tr(req, "{what}: {name}", values));
	curb_put_text(made, "href", curb_printf(arena, "/moves/%s", move->id.text));
	curb_put_str(made, "text", where);
	curb_push(facts, curb_string(arena, curb_words_date(req, move->asked_ms)));
	curb_push(facts, curb_string(arena, move_state_words(req, move->state)));
	curb_put(made, "facts", facts);
	curb_push(cards, made);
	return 0;
}

static int put_cards(struct curb_req *req, struct credit *c, const struct move *moves, size_t n,
                     struct curb_value *model, const char *key)
{
	struct curb_value *cards = curb_array(curb_req_arena(req));
	int err = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = card(req, c, &moves[i], cards);
	curb_put(model, key, cards);
	return err;
}

int moves_home(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	struct curb_value *section = curb_object(curb_req_arena(req)),
			  *more = curb_object(curb_req_arena(req));
	struct move *moves = NULL;
	size_t n = 0;
	int err = moves_to_decide(req, c, HOME_MOST, &moves, &n);
	if (err || n == 0)
		return err;
	curb_put_str(section, "title", curb_tr(req, "Trainees who move, to countersign", NULL));
	curb_put_text(more, "href", "/moves");
	curb_put_str(more, "label", curb_tr(req, "All trainees who move", NULL));
	curb_put(section, "more", more);
	err = put_cards(req, c, moves, n, section, "items");
	curb_push(sections, section);
	return err;
}

struct listing {
	bool open;
	const char *word; /* of the address and of the model */
	const char *title;
};

static int put_list(struct curb_req *req, struct credit *c, const struct listing *listing, const char *others,
                    struct curb_value *model)
{
	enum { LIST_PAGE = 30 };
	struct curb_arena *arena = curb_req_arena(req);
	struct credit_list pages = { .address = curb_printf(arena, "/moves?%s&%s={page}#%s", others,
		                                            listing->word, listing->word),
		                     .page = credit_asked_page(req, listing->word),
		                     .per_page = LIST_PAGE };
	const struct moves_part part = { listing->open, (pages.page - 1) * LIST_PAGE, LIST_PAGE };
	struct move *moves = NULL;
	size_t n = 0;
	int err = moves_seen(req, c, &part, &moves, &n, &pages.total);
	if (!err)
		err = put_cards(req, c, moves, n, model, listing->word);
	credit_put_pager_of(req, model, listing->word, curb_tr(req, listing->title, NULL), &pages);
	return err;
}

int move_page_list(struct curb_req *req, void *state)
{
	static const struct listing open = { true, "open", CURB_TEXT("To countersign") },
				    decided = { false, "decided", CURB_TEXT("Decided") };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	int64_t waits = credit_asked_page(req, open.word), done = credit_asked_page(req, decided.word);
	int err = put_list(req, state, &open, curb_printf(arena, "decided=%lld", (long long)done), model);
	if (!err)
		err = put_list(req, state, &decided, curb_printf(arena, "open=%lld", (long long)waits),
		               model);
	if (err)
		return err;
	curb_put_str(
		model, "title",
		credit_page_title(req, curb_tr(req, "Trainees who move", NULL), waits > 1 ? waits : done));
	return curb_reply_page(req, 200, "moves", model);
}

/* ---- one ---- */

static int find_seen(struct curb_req *req, struct credit *c, struct move *ret_move)
{
	int err = move_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), ret_move);
	if (!err && !sees(req, ret_move))
		return curb_fail(CURB_ENOTFOUND, "Nothing like this was asked for");
	return err;
}

static int push_person(struct curb_req *req, struct curb_value *facts, const char *term,
                       const struct curb_id *person)
{
	struct curb_str name;
	int err = credit_name_of(req, person, &name);
	if (!err)
		credit_push_fact(req, facts, term, name);
	return err;
}

/* The class that she moves to. */
static int push_class_to(struct curb_req *req, struct credit *c, const struct move *move,
                         struct curb_value *facts)
{
	struct credit_cohort target;
	struct curb_str institution;
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&move->target), &target);
	if (!err)
		err = curb_institution_name(curb_req_tx(req), &target.institution, &institution);
	if (err)
		return err;
	credit_push_fact(req, facts, CURB_TEXT("Moves to the class"), target.programme);
	credit_push_fact(req, facts, CURB_TEXT("Time of that class"), credit_words_days(req, c, &target));
	credit_push_fact(req, facts, CURB_TEXT("Institution of that class"), institution);
	return 0;
}

/* What it comes to. */
static int push_target(struct curb_req *req, struct credit *c, const struct move *move,
                       struct curb_value *facts)
{
	if (move->kind == MOVE_TRANSFER)
		return push_class_to(req, c, move, facts);
	if (move->kind == MOVE_MERGE)
		return push_person(req, facts, CURB_TEXT("The record that stays"), &move->target);
	if (move->kind == MOVE_NAME) {
		credit_push_fact(req, facts, CURB_TEXT("Called until then"), move->before);
		credit_push_fact(req, facts, CURB_TEXT("The right name"), move->name);
	}
	return move->kind == MOVE_ERASE ? erase_push_state(req, c, move, facts) : 0;
}

static int put_facts(struct curb_req *req, struct credit *c, const struct move *move,
                     struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	struct curb_str where, institution;
	int err = place_of(req, c, move, &where);
	if (!err)
		err = curb_institution_name(curb_req_tx(req), &move->institution, &institution);
	if (!err && move->kind == MOVE_MERGE)
		credit_push_fact(req, facts, CURB_TEXT("The record that goes"), move->before);
	else if (!err)
		err = push_person(req, facts, CURB_TEXT("Trainee"), &move->person);
	if (err)
		return err;
	if (move_of_class(move->kind))
		credit_push_fact(req, facts, CURB_TEXT("Class"), where);
	credit_push_fact(req, facts, CURB_TEXT("Institution"), institution);
	err = push_target(req, c, move, facts);
	credit_push_fact(req, facts, CURB_TEXT("Reason"), move->reason);
	if (!err)
		err = push_person(req, facts, CURB_TEXT("Asked for by"), &move->asked_by);
	credit_push_fact(req, facts, CURB_TEXT("Asked for on"), curb_words_date(req, move->asked_ms));
	credit_push_fact(req, facts, CURB_TEXT("State"), move_state_words(req, move->state));
	if (!err && move->state != MOVE_ASKED) {
		err = push_person(req, facts, CURB_TEXT("Decided by"), &move->decided_by);
		credit_push_fact(req, facts, CURB_TEXT("Decided on"), curb_words_date(req, move->decided_ms));
	}
	if (move->words.len)
		credit_push_fact(req, facts, CURB_TEXT("Why it was refused"), move->words);
	curb_put(model, "facts", facts);
	return err;
}

static void tell(struct curb_req *req, struct curb_value *model)
{
	static const struct {
		const char *word, *text;
	} done[] = {
		{ "asked",
		  CURB_TEXT("It is asked for. Another person must countersign it; until then nothing "
		            "changes.") },
		{ "agreed", CURB_TEXT("It is countersigned, and holds from now on.") },
		{ "refused", CURB_TEXT("It is refused. Whoever asked for it reads why.") },
	};
	for (size_t i = 0; i < sizeof done / sizeof *done; i++) {
		if (!curb_str_is(curb_req_query(req, "done"), done[i].word))
			continue;
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "good");
		curb_put_str(notice, "text", curb_tr(req, done[i].text, NULL));
		curb_put(model, "notice", notice);
	}
}

static int show(struct curb_req *req, struct credit *c, const struct move *move, struct typed_form *form,
                int status)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = form->model;
	int err = put_facts(req, c, move, model);
	if (err)
		return err;
	curb_put_str(model, "title", curb_tr(req, move_text(move->kind), NULL));
	if (move->state == MOVE_ASKED && decides_as(req, move)) {
		if (move_may_decide(move, &curb_req_user(req)->id) != 0)
			curb_put_str(model, "hindrance", curb_dup(arena, curb_str(curb_error_local())));
		else
			curb_put_text(model, "action",
			              curb_printf(arena, "/moves/%s/decision", move->id.text));
	}
	if (move->kind == MOVE_ERASE)
		curb_put_text(model, "erasure", curb_printf(arena, "/erasures/%s", move->id.text));
	if (move->kind == MOVE_ERASE && move->state == MOVE_DONE &&
	    curb_may(req, MOVE_ASKERS, &move->institution))
		curb_put_text(model, "keep", curb_printf(arena, "/moves/new/keep/%s", move->person.text));
	curb_put_bool(model, "renamed", move->kind == MOVE_NAME && move->state == MOVE_DONE);
	curb_put_bool(model, "for_good", move->kind == MOVE_MERGE);
	if (status == 200)
		tell(req, model);
	return curb_reply_page(req, status, "move", model);
}

int move_page_one(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct move move;
	int err = find_seen(req, state, &move);
	return err ? err : show(req, state, &move, &form, 200);
}

/* ---- deciding ---- */

static int answer(struct curb_req *req, void *arg)
{
	const struct move_deciding *deciding = arg;
	const char *id = curb_cstr(curb_req_arena(req), deciding->id);
	if (curb_req_wants_page(req))
		return curb_reply_redirect(req,
		                           curb_str(curb_printf(curb_req_arena(req), "/moves/%s?done=%s", id,
		                                                deciding->agree ? "agreed" : "refused")));
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", id);
	curb_json_ktext(&j, "state", deciding->agree ? "done" : "refused");
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

int move_post_decision(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct curb_str word = curb_req_field(req, "decision");
	struct move move;
	int err = find_seen(req, state, &move);
	if (err)
		return err;
	struct move_deciding deciding = { .c = state,
		                          .id = curb_id_str(&move.id),
		                          .words = typed_field(&form, "words"),
		                          .by = curb_req_user(req)->id,
		                          .role = decides_as(req, &move),
		                          .agree = curb_str_is(word, "agree"),
		                          .now_ms = curb_wall_ms() };
	if (!deciding.role && curb_id_some(&move.receiver))
		return curb_fail(CURB_EDENIED,
		                 "Staff of the institution that the trainee moves to decide this");
	if (!deciding.role)
		return curb_fail(CURB_EDENIED,
		                 "Somebody of the institution, or its federation, decides this");
	if (!deciding.agree && !curb_str_is(word, "refuse"))
		err = curb_fail(CURB_EINVAL, "Press one of the two buttons");
	if (!err)
		err = curb_write_reply(req, curb_id_str(&move.person), move_decide, answer, &deciding);
	if ((err != CURB_EINVAL && err != CURB_EUNFIT) || !curb_req_wants_page(req))
		return err;
	typed_wrong_error(&form, "words");
	return show(req, state, &move, &form, curb_err_status(err));
}

/* ---- what leads here ---- */

static void push_href(struct curb_req *req, struct curb_value *links, const char *href, struct curb_str label)
{
	struct curb_value *link = curb_object(curb_req_arena(req));
	curb_put_text(link, "href", href);
	curb_put_str(link, "label", label);
	curb_push(links, link);
}

/* What waits of that kind: about the class, or about the person herself. */
static const struct move *waiting_of(const struct move *moves, size_t n, enum move_kind kind,
                                     const struct curb_id *class)
{
	for (size_t i = 0; i < n; i++)
		if (moves[i].state == MOVE_ASKED && moves[i].kind == kind &&
		    (!move_of_class(kind) || strcmp(moves[i].cohort.text, class->text) == 0))
			return &moves[i];
	return NULL;
}

void move_push_link(struct curb_req *req, const struct move *moves, size_t n, enum move_kind kind,
                    const struct curb_id *person, const struct curb_id *class, bool can,
                    struct curb_value *links)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct move *waiting = waiting_of(moves, n, kind, class);
	struct curb_value *values = curb_object(arena);
	curb_put_str(values, "what", curb_tr(req, move_text(kind), NULL));
	if (waiting)
		push_href(req, links, curb_printf(arena, "/moves/%s", waiting->id.text),
		          curb_tr(req, "{what}: waits for a second person", values));
	else if (can)
		push_href(req, links,
		          curb_printf(arena, "/moves/new/%s/%s%s%s", move_word(kind), person->text,
		                      class->text[0] ? "?class=" : "", class->text),
		          curb_get_str(values, "what"));
}

int move_put_links(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                   const struct curb_id *person, struct curb_value *model)
{
	struct curb_value *links = curb_array(curb_req_arena(req));
	struct move *moves = NULL;
	size_t n = 0;
	int64_t left_ms = 0;
	bool waits = false;
	if (!curb_may(req, MOVE_ASKERS, &cohort->institution))
		return 0;
	int err = move_left_ms(c, curb_req_tx(req), &cohort->id, person, &left_ms);
	if (!err)
		err = moves_of(c, curb_req_tx(req), person, &moves, &n);
	if (err)
		return err;
	for (int i = 0; i < MOVE_KINDS; i++)
		waits = waits || (move_of_class((enum move_kind)i) &&
		                  waiting_of(moves, n, (enum move_kind)i, &cohort->id));
	for (int i = 0; i < MOVE_KINDS; i++) {
		enum move_kind kind = (enum move_kind)i;
		bool fits = !waits && (kind == MOVE_RETURN) == (left_ms != 0);
		move_push_link(req, moves, n, kind, person, &cohort->id,
		               (!move_of_class(kind) && kind != MOVE_KEEP) || fits, links);
	}
	curb_put(model, "moves", links);
	return 0;
}
