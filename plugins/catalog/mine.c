/* The page of drafts: the courses of an author, and those for a reviewer. */
#include "catalog.h"
#include "curb/err.h"

enum { GROUP_SHOWN = 10, PAGE_LAST = 1000000 };

/* What is listed: the author's own courses, or those that a reviewer looks at, of a state. */
struct group {
	enum catalog_state state;
	bool own;
};

static const struct group groups[] = {
	{ CATALOG_RETURNED, true },  { CATALOG_DRAFT, true },   { CATALOG_WAITING, true },
	{ CATALOG_PUBLISHED, true }, { CATALOG_RETIRED, true }, { CATALOG_WAITING, false },
	{ CATALOG_DRAFT, false },
};
enum { GROUPS = sizeof groups / sizeof *groups };

static const char *group_address(struct curb_req *req, const struct group *group)
{
	return curb_printf(curb_req_arena(req), "/drafts?%s=%s", group->own ? "own" : "review",
	                   catalog_state_word(group->state));
}

/* Whether she has this list: an author her own courses, a reviewer those that wait for one. */
static bool has_list(struct curb_req *req, bool own)
{
	uint32_t of = own ? CURB_AUTHOR | CURB_STAFF : CURB_REVIEWER;
	return (curb_req_user(req)->roles & of) != 0;
}

/* The group whose list was asked for; NULL: the beginning of each. */
static const struct group *group_asked(struct curb_req *req)
{
	for (size_t i = 0; i < GROUPS; i++)
		if (has_list(req, groups[i].own) &&
		    curb_str_is(curb_req_query(req, groups[i].own ? "own" : "review"),
		                catalog_state_word(groups[i].state)))
			return &groups[i];
	return NULL;
}

static struct curb_value *group_cards(struct curb_req *req, const struct group *group,
                                      const struct catalog_course *courses, size_t n)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *card = catalog_card(req, &courses[i]), *tags = curb_array(arena);
		curb_push(tags, curb_string(arena, catalog_state_text(req, group->state)));
		curb_put(card, "tags", tags);
		curb_put_str(card, "tags_label", curb_tr(req, "State", NULL));
		curb_push(items, card);
	}
	return items;
}

/* One heading with courses of a state; nothing at all when there is none. `page` 0: its beginning, with a link to all. */
static int put_group(struct curb_req *req, struct catalog *c, const struct group *group, int64_t page,
                     struct curb_value *list)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct catalog_part part = { group->state, page ? (page - 1) * CATALOG_PAGE : 0,
		                           page ? CATALOG_PAGE : GROUP_SHOWN };
	struct curb_value *model = curb_object(arena), *values = curb_object(arena);
	struct catalog_course *courses = NULL;
	size_t n = 0;
	int64_t total = 0;
	const char *address = group_address(req, group);
	int err = group->own ? catalog_in_state(c, curb_req_tx(req), &part,
	                                        curb_id_str(&curb_req_user(req)->id), &courses, &n, &total) :
	                       catalog_to_review(c, req, &part, &courses, &n, &total);
	if (err || total == 0)
		return err;
	curb_put_str(values, "state", catalog_state_text(req, group->state));
	curb_put_int(values, "n", total);
	curb_put_str(model, "title", catalog_state_text(req, group->state));
	curb_put(model, "items", group_cards(req, group, courses, n));
	if (page)
		catalog_put_pager(req, address, page, total, model);
	else if (total > GROUP_SHOWN) {
		curb_put_text(model, "all", address);
		curb_put_str(model, "all_label", curb_tr(req, "{state}: all {n}", values));
	}
	curb_push(list, model);
	return 0;
}

/* Each list and each page of one is told from the others by its title. */
static struct curb_str title_of(struct curb_req *req, const struct group *asked, int64_t page, bool author)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	if (!asked)
		return author ? curb_tr(req, "My courses", NULL) : curb_tr(req, "Courses to review", NULL);
	curb_put_str(values, "state", catalog_state_text(req, asked->state));
	curb_put_int(values, "page", page);
	if (asked->own)
		return page > 1 ? curb_tr(req, "My courses: {state}, page {page}", values) :
		                  curb_tr(req, "My courses: {state}", values);
	return page > 1 ? curb_tr(req, "Courses to review: {state}, page {page}", values) :
	                  curb_tr(req, "Courses to review: {state}", values);
}

int catalog_page_mine(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct group *asked = group_asked(req);
	struct curb_value *model = curb_object(arena), *own = curb_array(arena), *review = curb_array(arena);
	bool author = has_list(req, true), reviewer = has_list(req, false);
	int64_t page = 1;
	int err = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > PAGE_LAST)
		page = 1;
	for (size_t i = 0; !err && i < GROUPS; i++)
		if (asked ? asked == &groups[i] : has_list(req, groups[i].own))
			err = put_group(req, state, &groups[i], asked ? page : 0,
			                groups[i].own ? own : review);
	if (err)
		return err;
	curb_put_bool(model, "one", asked != NULL);
	curb_put_bool(model, "author", author && (!asked || asked->own));
	curb_put_bool(model, "reviewer", reviewer && (!asked || !asked->own));
	curb_put(model, "groups", own);
	curb_put(model, "review", review);
	curb_put_str(model, "title", title_of(req, asked, page, author));
	return curb_reply_page(req, 200, "mine", model);
}
