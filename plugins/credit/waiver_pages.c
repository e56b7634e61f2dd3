/* Pages of exceptions: those of a class, those that wait for the federation, and one of them. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "waiver.h"

enum { ROSTER_MOST = 200, HOME_MOST = 6, DECIDES = CURB_REVIEWER };

static void push_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text,
                      const char *href)
{
	struct curb_value *fact = curb_object(curb_req_arena(req));
	curb_put_str(fact, "term", curb_tr(req, term, NULL));
	curb_put_str(fact, "text", text);
	if (href)
		curb_put_text(fact, "href", href);
	curb_push(facts, fact);
}

static int waiver_card(struct curb_req *req, struct credit *c, const struct waiver *waiver,
                       struct curb_value **ret_card)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena);
	struct credit_cohort cohort;
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&waiver->cohort), &cohort);
	if (err)
		return err;
	curb_put_str(card, "title", cohort.programme);
	curb_put_text(card, "href", curb_printf(arena, "/waivers/%s", waiver->id.text));
	curb_put_str(card, "text", waiver_for_words(req, waiver));
	curb_push(facts, curb_string(arena, waiver_extent_words(req, c, waiver)));
	curb_push(facts, curb_string(arena, waiver_state_words(req, waiver->state)));
	curb_put(card, "facts", facts);
	*ret_card = card;
	return 0;
}

static int put_cards(struct curb_req *req, struct credit *c, const struct waiver *waivers, size_t n,
                     struct curb_value *model, const char *key)
{
	struct curb_value *cards = curb_array(curb_req_arena(req)), *card = NULL;
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		err = waiver_card(req, c, &waivers[i], &card);
		if (!err)
			curb_push(cards, card);
	}
	curb_put(model, key, cards);
	return err;
}

/* ---- of a class ---- */

static int put_roster(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      const struct typed_form *form)
{
	const struct credit_part part = { .find = curb_str(""), .most = ROSTER_MOST };
	struct curb_value *options = curb_array(curb_req_arena(req));
	struct curb_str chosen = curb_get_str(form->v, "trainee");
	struct credit_trainee *trainees = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = credit_trainees(c, curb_req_tx(req), &cohort->id, &part, &trainees, &n, &total);
	typed_option(options, curb_str(""), curb_tr(req, "The whole class", NULL), chosen);
	for (size_t i = 0; !err && i < n; i++)
		typed_option(options, curb_dup(curb_req_arena(req), curb_id_str(&trainees[i].person)),
		             trainees[i].shown, chosen);
	curb_put(form->model, "trainees", options);
	return err;
}

int waiver_show_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct typed_form *form)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct waiver *waivers = NULL;
	size_t n = 0;
	int err = waivers_of(c, curb_req_tx(req), &cohort->id, curb_wall_ms(), &waivers, &n);
	if (!err)
		err = put_cards(req, c, waivers, n, form->model, "items");
	if (!err)
		err = put_roster(req, c, cohort, form);
	if (err)
		return err;
	const char *here = curb_printf(curb_req_arena(req), "/classes/%s", cohort->id.text);
	curb_put_text(form->model, "back", here);
	curb_put_str(form->model, "programme", cohort->programme);
	curb_put_str(form->model, "title", curb_tr(req, "Exceptions to the online share", NULL));
	curb_put_str(values, "share", policy_figure_words(req, POLICY_SHARE, cohort->share_m));
	curb_put_str(values, "tier", policy_tier_words(req, cohort->decides));
	curb_put_str(form->model, "rule",
	             curb_tr(req,
	                     "The rule of this class: {share}. Exceptions are decided by {tier}, never by "
	                     "the institution.",
	                     values));
	if (curb_may(req, CURB_STAFF | CURB_TEACHER, &cohort->institution))
		curb_put_text(form->model, "action", curb_printf(curb_req_arena(req), "%s/waivers", here));
	return curb_reply_page(req, form->wrong ? 422 : 200, "waivers_class", form->model);
}

int waiver_page_class(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	struct credit_cohort cohort;
	int err = credit_class_seen(req, state, &cohort);
	return err ? err : waiver_show_class(req, state, &cohort, &form);
}

/* ---- the federation's list ---- */

int waivers_home(struct curb_req *req, struct credit *c, struct curb_value *sections)
{
	struct curb_value *section = curb_object(curb_req_arena(req)),
			  *more = curb_object(curb_req_arena(req));
	const struct waivers_part part = { .open = true, .now_ms = curb_wall_ms(), .most = HOME_MOST };
	struct waiver *waivers = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = waivers_seen(req, c, &part, &waivers, &n, &total);
	if (!err)
		err = put_cards(req, c, waivers, n, section, "items");
	if (err)
		return err;
	curb_put_str(section, "title", curb_tr(req, "Exceptions to decide", NULL));
	curb_put_str(section, "empty", curb_tr(req, "Nothing waits for a decision.", NULL));
	curb_put_text(more, "href", "/waivers");
	curb_put_str(more, "label", curb_tr(req, "All exceptions", NULL));
	curb_put(section, "more", more);
	curb_push(sections, section);
	return 0;
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
	struct credit_list pages = { .address = curb_printf(curb_req_arena(req), "/waivers?%s&%s={page}#%s",
		                                            others, listing->word, listing->word),
		                     .page = credit_asked_page(req, listing->word),
		                     .per_page = LIST_PAGE };
	const struct waivers_part part = { listing->open, curb_wall_ms(), (pages.page - 1) * LIST_PAGE,
		                           LIST_PAGE };
	struct waiver *waivers = NULL;
	size_t n = 0;
	int err = waivers_seen(req, c, &part, &waivers, &n, &pages.total);
	if (!err)
		err = put_cards(req, c, waivers, n, model, listing->word);
	credit_put_pager_of(req, model, listing->word, curb_tr(req, listing->title, NULL), &pages);
	return err;
}

int waiver_page_list(struct curb_req *req, void *state)
{
	static const struct listing open = { true, "open", CURB_TEXT("To decide") },
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
	curb_put_str(model, "title",
	             credit_page_title(req, curb_tr(req, "Exceptions to the online share", NULL),
	                               waits > 1 ? waits : done));
	return curb_reply_page(req, 200, "waivers", model);
}

/* ---- one ---- */

int waiver_find_seen(struct curb_req *req, struct credit *c, struct waiver_seen *ret_seen)
{
	struct waiver_seen *seen = ret_seen;
	int err = waiver_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), curb_wall_ms(), &seen->waiver);
	if (!err)
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&seen->waiver.cohort),
		                          &seen->cohort);
	if (err)
		return err;
	seen->decides = curb_may_at(req, DECIDES, seen->waiver.region);
	seen->asks = curb_may(req, CURB_STAFF | CURB_TEACHER, &seen->cohort.institution);
	if (!seen->decides && !curb_may(req, CREDIT_READERS, &seen->cohort.institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such exception");
	return 0;
}

static int put_facts(struct curb_req *req, struct credit *c, const struct waiver_seen *seen,
                     struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *facts = curb_array(arena);
	const struct waiver *waiver = &seen->waiver;
	const struct credit_cohort *cohort = &seen->cohort;
	struct curb_str institution;
	int err = curb_institution_name(curb_req_tx(req), &cohort->institution, &institution);
	if (err)
		return err;
	bool sees_class = curb_may(req, CREDIT_READERS, &cohort->institution);
	push_fact(req, facts, CURB_TEXT("Class"), cohort->programme,
	          sees_class ? curb_printf(arena, "/classes/%s", cohort->id.text) : NULL);
	push_fact(req, facts, CURB_TEXT("Institution"), institution, NULL);
	push_fact(req, facts, CURB_TEXT("For"), waiver_for_words(req, waiver), NULL);
	push_fact(req, facts, CURB_TEXT("Rule of the class"),
	          policy_figure_words(req, POLICY_SHARE, cohort->share_m), NULL);
	push_fact(req, facts, CURB_TEXT("Exception"), waiver_extent_words(req, c, waiver), NULL);
	push_fact(req, facts, CURB_TEXT("Document"), waiver->document,
	          waiver->paper ? curb_printf(arena, "/waivers/%s/document", waiver->id.text) : NULL);
	if (waiver->reason.ptr && (seen->asks || seen->decides))
		push_fact(req, facts, CURB_TEXT("Reason"), waiver->reason, NULL);
	push_fact(req, facts, CURB_TEXT("State"), waiver_state_words(req, waiver->state), NULL);
	if (waiver->words.len)
		push_fact(req, facts, CURB_TEXT("Decision in words"), waiver->words, NULL);
	curb_put(model, "facts", facts);
	return 0;
}

static void tell(struct curb_req *req, struct curb_value *model)
{
	static const struct {
		const char *word, *text;
	} done[] = {
		{ "asked", CURB_TEXT("The exception is asked for. Attach its document here; the federation "
		                     "decides it.") },
		{ "attached", CURB_TEXT("The document is attached.") },
		{ "granted",
		  CURB_TEXT("The exception is granted. It holds from now on and ends by itself.") },
		{ "refused", CURB_TEXT("The exception is refused. The class sees your words.") },
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

int waiver_show_one(struct curb_req *req, struct credit *c, struct typed_form *form, int status)
{
	struct waiver_seen seen;
	int err = waiver_find_seen(req, c, &seen);
	if (!err)
		err = put_facts(req, c, &seen, form->model);
	if (err)
		return err;
	const char *here = curb_printf(curb_req_arena(req), "/waivers/%s", seen.waiver.id.text);
	bool waits = seen.waiver.state == WAIVER_ASKED;
	curb_put_str(form->model, "title", curb_tr(req, "Exception to the online share", NULL));
	curb_put_text(form->model, "back",
	              seen.decides ?
	                      "/waivers" :
	                      curb_printf(curb_req_arena(req), "/classes/%s/waivers", seen.cohort.id.text));
	if (waits && !seen.waiver.paper && (seen.asks || seen.decides))
		curb_put_text(form->model, "attach", curb_printf(curb_req_arena(req), "%s/document", here));
	if (waits && seen.decides && !seen.asks)
		curb_put_text(form->model, "action", curb_printf(curb_req_arena(req), "%s/decision", here));
	if (status == 200)
		tell(req, form->model);
	return curb_reply_page(req, status, "waiver", form->model);
}

int waiver_page_one(struct curb_req *req, void *state)
{
	struct typed_form form = typed_form(req);
	return waiver_show_one(req, state, &form, 200);
}

/* ---- deciding ---- */

struct deciding {
	struct credit *c;
	struct waiver_deciding deciding;
};

static int decide(struct curb_tx *tx, void *arg)
{
	const struct deciding *deciding = arg;
	return waiver_decide(deciding->c, tx, &deciding->deciding);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct deciding *deciding = arg;
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/waivers/%.*s?done=%s",
	                                  (int)deciding->deciding.id.len, deciding->deciding.id.ptr,
	                                  deciding->deciding.grant ? "granted" : "refused")));
}

int waiver_post_decision(struct curb_req *req, void *state)
{
	enum { WORDS_LONGEST = 3000 };
	struct typed_form form = typed_form(req);
	struct waiver_seen seen;
	struct deciding deciding = { .c = state };
	struct curb_str word = curb_req_field(req, "decision");
	int err = waiver_find_seen(req, state, &seen);
	if (!err && !seen.decides)
		return curb_fail(CURB_ENOTFOUND, "There is no such exception");
	if (err)
		return err;
	if (seen.asks)
		return curb_fail(CURB_EDENIED, "The institution does not decide its own exceptions");
	deciding.deciding = (struct waiver_deciding){ .id = curb_id_str(&seen.waiver.id),
		                                      .words = typed_field(&form, "words"),
		                                      .by = curb_req_user(req)->id,
		                                      .grant = curb_str_is(word, "grant"),
		                                      .now_ms = curb_wall_ms() };
	size_t len = deciding.deciding.words.len;
	if (len == 0 || len > WORDS_LONGEST)
		typed_wrong(&form, "words",
		            curb_tr(req, "Say in words what you decided and why, in at most 1000 characters",
		                    NULL));
	if (!deciding.deciding.grant && !curb_str_is(word, "refuse"))
		typed_wrong(&form, "words", curb_tr(req, "Press one of the two buttons", NULL));
	if (form.wrong)
		return waiver_show_one(req, state, &form, 422);
	return curb_write_reply(req, curb_id_str(&seen.cohort.id), decide, answer, &deciding);
}
