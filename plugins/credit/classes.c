/* The list of classes, for those who look after them: search, states, drafts that wait to be finished. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "pages.h"

/* Hits are those of the whole server, of which she sees her own: few may be left of many. */
enum { LIST_MOST = 30, DRAFTS_MOST = 12, HITS_MOST = 20000 };

static const struct {
	enum class_state state;
	const char *word, *text;
} states[] = {
	{ CLASS_ANY, "", CURB_TEXT("All classes") },
	{ CLASS_UNDER_WAY, "now", CURB_TEXT("Under way") },
	{ CLASS_TO_COME, "soon", CURB_TEXT("Not begun yet") },
	{ CLASS_ENDED, "ended", CURB_TEXT("Ended") },
};
enum { STATES = sizeof states / sizeof *states };

enum class_state credit_class_state(const struct credit_cohort *cohort, int64_t now_ms)
{
	if (now_ms < cohort->starts_ms)
		return CLASS_TO_COME;
	return now_ms < cohort->ends_ms ? CLASS_UNDER_WAY : CLASS_ENDED;
}

static int class_for(struct curb_req *req, struct credit *c, uint32_t roles, struct credit_cohort *ret_cohort)
{
	int err = credit_cohort_by_id(c, curb_req_tx(req), curb_req_param(req, "id"), ret_cohort);
	if (!err && !curb_may(req, roles, &ret_cohort->institution))
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	return err;
}

int credit_class_of(struct curb_req *req, struct credit *c, struct credit_cohort *ret_cohort)
{
	return class_for(req, c, CURB_STAFF | CURB_TEACHER, ret_cohort);
}

int credit_class_seen(struct curb_req *req, struct credit *c, struct credit_cohort *ret_cohort)
{
	return class_for(req, c, CREDIT_READERS, ret_cohort);
}

/* ---- finding ---- */

struct finding {
	const struct class_filter *filter;
	struct credit_class_row *rows;
	size_t n, skipped;
};

/* True when there is room for more. */
static int take(struct curb_req *req, struct credit *c, struct finding *finding,
                const struct credit_cohort *cohort)
{
	if (finding->skipped < finding->filter->skip) {
		finding->skipped++;
		return 0;
	}
	struct credit_class_row *row = &finding->rows[finding->n++];
	*row = (struct credit_class_row){ .cohort = *cohort };
	int err = curb_institution_name(curb_req_tx(req), &cohort->institution, &row->institution);
	return err ? err : credit_trainee_count(c, curb_req_tx(req), &cohort->id, &row->trainees);
}

static int find_words(struct curb_req *req, struct credit *c, struct finding *finding)
{
	const struct class_filter *filter = finding->filter;
	int64_t now_ms = curb_wall_ms();
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_search(c->host, curb_req_tx(req), "credit_cohort", filter->q, HITS_MOST, 0, &stmt);
	while (!err && finding->n < filter->most && (err = curb_step(stmt)) > 0) {
		struct credit_cohort cohort;
		struct curb_id id = curb_col_id(stmt, 0);
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&id), &cohort);
		bool fits = !err && curb_may(req, CREDIT_READERS, &cohort.institution) &&
		            (filter->state == CLASS_ANY ||
		             filter->state == credit_class_state(&cohort, now_ms));
		if (fits)
			err = take(req, c, finding, &cohort);
	}
	return err;
}

/* Those of one institution that belong to the part of the list; whole institutions before it are skipped by their count. */
static int find_here(struct curb_req *req, struct credit *c, struct finding *finding,
                     const struct curb_id *institution)
{
	const struct class_filter *filter = finding->filter;
	struct class_wanted wanted = { .institution = *institution,
		                       .state = filter->state,
		                       .now_ms = curb_wall_ms(),
		                       .skip = (int64_t)(filter->skip - finding->skipped),
		                       .most = (int64_t)(filter->most - finding->n) };
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	int64_t all = 0;
	int err = wanted.skip ? credit_cohorts_count(c, curb_req_tx(req), &wanted, &all) : 0;
	if (!err && wanted.skip && all <= wanted.skip) {
		finding->skipped += (size_t)all;
		return 0;
	}
	if (!err)
		err = credit_cohorts_in_state(c, curb_req_tx(req), &wanted, &cohorts, &n);
	finding->skipped = filter->skip;
	for (size_t k = 0; !err && k < n; k++)
		err = take(req, c, finding, &cohorts[k]);
	return err;
}

static int find_all(struct curb_req *req, struct credit *c, struct finding *finding)
{
	const struct curb_id *institutions = NULL;
	size_t n = 0;
	int err = curb_req_institutions(req, CREDIT_READERS, &institutions, &n);
	for (size_t i = 0; !err && i < n && finding->n < finding->filter->most; i++)
		err = find_here(req, c, finding, &institutions[i]);
	return err;
}

int credit_find_classes(struct curb_req *req, struct credit *c, const struct class_filter *filter,
                        struct credit_class_row **ret_rows, size_t *ret_n)
{
	struct finding finding = { .filter = filter,
		                   .rows = curb_alloc_n(curb_req_arena(req), filter->most + 1,
		                                        sizeof *finding.rows) };
	int err = filter->q.len ? find_words(req, c, &finding) : find_all(req, c, &finding);
	if (err)
		return err;
	*ret_rows = finding.rows;
	*ret_n = finding.n;
	return 0;
}

/* ---- the page ---- */

static struct curb_value *class_card(struct curb_req *req, const struct credit *c,
                                     const struct credit_class_row *row)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *values = curb_object(arena),
			  *facts = curb_array(arena), *tags = curb_array(arena);
	const struct credit_cohort *cohort = &row->cohort;
	curb_put_str(card, "title", cohort->programme);
	curb_put_text(card, "href", curb_printf(arena, "/classes/%s", cohort->id.text));
	curb_put_str(card, "text", row->institution);
	curb_push(facts, curb_string(arena, credit_words_days(req, c, cohort)));
	curb_put_str(values, "total", curb_words_hours(req, cohort->total_c));
	curb_put_int(values, "trainees", row->trainees);
	curb_push(facts, curb_string(arena, curb_tr(req, "{total} class hours", values)));
	curb_push(facts, curb_string(arena, curb_tr(req, "Trainees on the roster: {trainees}", values)));
	curb_put(card, "facts", facts);
	curb_push(tags,
	          curb_string(arena,
	                      curb_tr(req, states[credit_class_state(cohort, curb_wall_ms())].text, NULL)));
	curb_put(card, "tags", tags);
	curb_put_str(card, "tags_label", curb_tr(req, "State", NULL));
	return card;
}

/* The address of the page with both its lists; a part that is NULL is left out, "{page}" stands for one to come. */
static const char *page_address(struct curb_req *req, const struct class_filter *filter, const char *page,
                                const char *drafts)
{
	struct curb_arena *arena = curb_req_arena(req);
	return curb_printf(arena, "/classes?q=%s&state=%s%s%s%s%s", curb_encoded(arena, filter->q, ""),
	                   states[filter->state].word, page ? "&page=" : "", page ? page : "",
	                   drafts ? "&drafts=" : "", drafts ? drafts : "");
}

/* NULL for the first page, which needs no number. */
static const char *page_number(struct curb_req *req, int64_t page)
{
	return page > 1 ? curb_printf(curb_req_arena(req), "%lld", (long long)page) : NULL;
}

static int put_drafts(struct curb_req *req, struct credit *c, const struct class_filter *filter,
                      struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *list = curb_array(arena);
	struct credit_draft *drafts = NULL;
	size_t n = 0;
	struct credit_list pages = { page_address(req, filter,
		                                  page_number(req, credit_asked_page(req, "page")), "{page}"),
		                     credit_asked_page(req, "drafts"), DRAFTS_MOST, 0 };
	int err = credit_drafts_of(c, curb_req_tx(req), &curb_req_user(req)->id,
	                           (pages.page - 1) * DRAFTS_MOST, DRAFTS_MOST, &drafts, &n, &pages.total);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *body = NULL, *card = curb_object(arena), *facts = curb_array(arena),
				  *values = curb_object(arena);
		err = curb_json_parse(arena, drafts[i].body, &body);
		struct curb_str name = curb_str_trim(curb_get_str(body, "programme"));
		curb_put_str(values, "day",
		             curb_words_day(req, count_day(drafts[i].changed_ms, c->utc_offset_ms)));
		curb_put_str(card, "title", name.len ? name : curb_tr(req, "Class without a name", NULL));
		curb_put_text(card, "href",
		              curb_printf(arena, "/classes/drafts/%s/check", drafts[i].id.text));
		curb_push(facts, curb_string(arena, curb_tr(req, "Last changed on {day}", values)));
		curb_put(card, "facts", facts);
		curb_push(list, card);
	}
	curb_put(model, "drafts", list);
	struct curb_value *links = curb_object(arena);
	credit_put_named_pager(req, links, curb_tr(req, "Drafts of classes", NULL), &pages);
	if (curb_value_get(links, "pager"))
		curb_put(model, "drafts_pager", curb_value_get(links, "pager"));
	return err;
}

/* What was done on the page before: a draft kept, or dropped, which can be taken back. */
static int put_notice(struct curb_req *req, struct credit *c, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str dropped = curb_req_query(req, "dropped");
	struct curb_value *notice = curb_object(arena);
	struct credit_draft draft;
	curb_put_text(notice, "kind", "status");
	if (curb_str_is(curb_req_query(req, "saved"), "yes")) {
		curb_put_str(notice, "text",
		             curb_tr(req, "The draft is saved. Nothing is open yet; go on whenever you like.",
		                     NULL));
		curb_put(model, "notice", notice);
	}
	if (!dropped.len)
		return 0;
	int err = credit_draft_by_id(c, curb_req_tx(req), dropped, &curb_req_user(req)->id, &draft);
	if (err || !draft.dropped)
		return err == CURB_ENOTFOUND ? 0 : err;
	curb_put_str(notice, "text",
	             curb_tr(req, "The draft is thrown away. It can be taken back for 30 days.", NULL));
	curb_put(model, "notice", notice);
	curb_put_text(model, "undo", curb_printf(arena, "/classes/drafts/%s/restore", draft.id.text));
	return 0;
}

static struct curb_value *state_options(struct curb_req *req, enum class_state chosen)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *options = curb_array(arena);
	for (size_t i = 0; i < STATES; i++) {
		struct curb_value *option = curb_object(arena);
		curb_put_text(option, "value", states[i].word);
		curb_put_str(option, "label", curb_tr(req, states[i].text, NULL));
		curb_put_bool(option, "selected", states[i].state == chosen);
		curb_push(options, option);
	}
	return options;
}

static void put_pager(struct curb_req *req, const struct class_filter *filter, int64_t page, bool more,
                      struct curb_value *model)
{
	struct curb_value *pager = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	const char *drafts = page_number(req, credit_asked_page(req, "drafts"));
	if (page == 1 && !more)
		return;
	curb_put_int(values, "page", page);
	curb_put_str(values, "name", curb_tr(req, "Classes", NULL));
	curb_put_str(pager, "label", curb_tr(req, "Pages of {name}", values));
	curb_put_str(pager, "text", curb_tr(req, "Page {page}", values));
	if (page > 1)
		curb_put_text(pager, "previous",
		              page_address(req, filter, page_number(req, page - 1), drafts));
	if (more)
		curb_put_text(pager, "next", page_address(req, filter, page_number(req, page + 1), drafts));
	curb_put(model, "pager", pager);
}

/* Each page of either list is told from the others. */
static struct curb_str page_title(struct curb_req *req, int64_t page)
{
	int64_t drafts = credit_asked_page(req, "drafts");
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str title = credit_page_title(req, curb_tr(req, "Classes", NULL), page);
	curb_put_str(values, "title", title);
	curb_put_int(values, "page", drafts);
	return drafts > 1 ? curb_tr(req, "{title}; drafts, page {page}", values) : title;
}

static void read_filter(struct curb_req *req, struct class_filter *filter, int64_t *ret_page)
{
	struct curb_str state = curb_req_query(req, "state");
	filter->q = curb_str_trim(curb_req_query(req, "q"));
	for (size_t i = 0; i < STATES; i++)
		if (curb_str_is(state, states[i].word))
			filter->state = states[i].state;
	*ret_page = credit_asked_page(req, "page");
	filter->skip = (size_t)(*ret_page - 1) * LIST_MOST;
	filter->most = LIST_MOST + 1; /* one more tells whether there is a next page */
}

int credit_page_classes(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *items = curb_array(arena);
	struct class_filter filter = { 0 };
	struct credit_class_row *rows = NULL;
	size_t n = 0;
	int64_t page = 1;
	read_filter(req, &filter, &page);
	int err = credit_find_classes(req, state, &filter, &rows, &n);
	if (!err)
		err = put_drafts(req, state, &filter, model);
	if (!err)
		err = put_notice(req, state, model);
	if (err)
		return err;
	for (size_t i = 0; i < n && i < LIST_MOST; i++)
		curb_push(items, class_card(req, state, &rows[i]));
	curb_put(model, "items", items);
	curb_put_str(model, "q", filter.q);
	curb_put(model, "states", state_options(req, filter.state));
	curb_put_bool(model, "filtered", filter.q.len > 0 || filter.state != CLASS_ANY);
	curb_put_bool(model, "may_open", (curb_req_user(req)->roles & (CURB_STAFF | CURB_TEACHER)) != 0);
	put_pager(req, &filter, page, n > LIST_MOST, model);
	curb_put_str(model, "title", page_title(req, page));
	return curb_reply_page(req, 200, "classes", model);
}
