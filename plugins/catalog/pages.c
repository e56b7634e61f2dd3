#include "catalog.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/words.h"

static struct curb_value *feature_tags(struct curb_req *req, int64_t features)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *tags = curb_array(arena);
	for (int i = 0; catalog_feature_word(i); i++)
		if (features & 1 << i)
			curb_push(tags, curb_string(arena, catalog_feature_text(req, i)));
	return tags;
}

static struct curb_str hours_and_lessons(struct curb_req *req, const struct catalog_course *course)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "hours", curb_words_hours(req, course->hours_c));
	curb_put_int(values, "lessons", course->units);
	return curb_tr(req, "{hours} class hours, lessons: {lessons}", values);
}

struct curb_value *catalog_card(struct curb_req *req, const struct catalog_course *course)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena);
	curb_put_str(card, "title", course->name);
	curb_put_str(card, "title_lang", course->lang);
	curb_put_text(card, "href", curb_printf(arena, "/courses/%s", course->id.text));
	if (course->description.len)
		curb_put_str(card, "text", course->description);
	curb_put_str(card, "text_lang", course->lang);
	curb_push(facts, curb_string(arena, hours_and_lessons(req, course)));
	if (curb_id_some(&course->of))
		curb_push(facts,
		          curb_string(arena, curb_tr(req, "A new version of a published course", NULL)));
	curb_put(card, "facts", facts);
	curb_put(card, "tags", feature_tags(req, course->features));
	curb_put_str(card, "tags_label", curb_tr(req, "What it offers", NULL));
	return card;
}

/* ---- the catalog ---- */

/* Of the first page of what is looked for. */
static const char *list_address(struct curb_req *req, const struct catalog_filter *filter)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str feature = curb_req_query(req, "feature");
	const char *list = curb_printf(arena, "/courses?q=%s", curb_encoded(arena, filter->q, ""));
	if (feature.len)
		list = curb_printf(arena, "%s&feature=%s", list, curb_encoded(arena, feature, ""));
	if (filter->category.len)
		list = curb_printf(arena, "%s&category=%s", list, curb_encoded(arena, filter->category, ""));
	return list;
}

void catalog_put_pager(struct curb_req *req, const char *list, int64_t page, int64_t total,
                       struct curb_value *model)
{
	int64_t pages = (total + CATALOG_PAGE - 1) / CATALOG_PAGE;
	if (page > pages && total > 0)
		curb_put_text(model, "beyond", list);
	if (page <= pages)
		curb_put_pager(req, model, curb_printf(curb_req_arena(req), "%s&page={page}", list), page,
		               CATALOG_PAGE, total);
}

static int put_list(struct curb_req *req, struct catalog *c, const struct catalog_filter *filter,
                    struct curb_value *model)
{
	struct curb_value *items = curb_array(curb_req_arena(req));
	struct catalog_course *courses = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = catalog_find(c, curb_req_tx(req), filter, &courses, &n, &total);
	if (err)
		return err;
	for (size_t i = 0; !err && i < n; i++) {
		struct catalog_aids aids;
		struct curb_value *card = catalog_card(req, &courses[i]);
		err = catalog_card_aids(c, req, &courses[i].version, &aids);
		catalog_put_aid(req, &aids, "", courses[i].name, card);
		curb_push(items, card);
	}
	if (err)
		return err;
	curb_put_bool(model, "list", true);
	curb_put_bool(model, "searched", filter->q.len > 0);
	curb_put_int(model, "total", total);
	curb_put(model, "items", items);
	catalog_put_pager(req, list_address(req, filter), filter->page, total, model);
	return 0;
}

/* Each search and each page of a list is told from the others by its title. */
static struct curb_str list_title(struct curb_req *req, const struct catalog_filter *filter, bool some)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "q", filter->q);
	curb_put_int(values, "page", filter->page);
	if (filter->q.len > 0 && !some)
		return curb_tr(req, "No course found for {q}", values);
	if (filter->q.len > 0)
		return filter->page > 1 ? curb_tr(req, "Courses found for {q}, page {page}", values) :
		                          curb_tr(req, "Courses found for {q}", values);
	return filter->page > 1 ? curb_tr(req, "Courses, page {page}", values) :
	                          curb_tr(req, "Courses", NULL);
}

int catalog_page_list(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct catalog_filter filter;
	int err = catalog_read_filter(req, &filter);
	if (!err)
		err = put_list(req, state, &filter, model);
	if (err)
		return err;
	curb_put_str(model, "title", list_title(req, &filter, curb_get_int(model, "total", 0) > 0));
	curb_put_str(model, "q", filter.q);
	return curb_reply_page(req, 200, "catalog", model);
}

/* Who is signed in finds what she does next; who is not, what this is and the courses. A search is a search for both. */
int catalog_page_first(struct curb_req *req, void *state)
{
	struct catalog *c = state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	bool signed_in = curb_id_some(&curb_req_user(req)->id);
	struct catalog_filter filter;
	int err = catalog_read_filter(req, &filter);
	if (!err && (filter.q.len > 0 || filter.page > 1))
		return catalog_page_list(req, state);
	bool one_thing = signed_in && curb_req_needs(req)->simple && !curb_req_query(req, "show").ptr;
	if (!err && signed_in)
		err = c->home->fill(c->home, req, model);
	if (!err && !one_thing && !curb_value_get(model, "next"))
		err = put_list(req, c, &filter, model);
	if (err)
		return err;
	curb_put_bool(model, "one_thing", one_thing);
	curb_put_bool(model, "home", signed_in);
	curb_put_bool(model, "welcome", !signed_in);
	curb_put_str(model, "title",
	             one_thing ? curb_tr(req, "What to do next", NULL) :
	             signed_in ? curb_tr(req, "My first page", NULL) :
	                         curb_tr(req, "Courses", NULL));
	return curb_reply_page(req, 200, "home", model);
}

/* ---- one course ---- */

static const struct kind {
	const char *word, *folder, *icon, *text;
} kinds[] = {
	{ "video", "videos", "video", CURB_TEXT("Video, {length}") },
	{ "audiobook", "books", "book", CURB_TEXT("Audio-book, {length}") },
	{ "document", "documents", "text", CURB_TEXT("To read, {length} read aloud") },
};

/* NULL: nothing shows it. */
static const struct kind *kind_of(const struct content_unit *unit)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(unit->kind, kinds[i].word))
			return &kinds[i];
	return NULL;
}

static struct curb_value *unit_row(struct curb_req *req, const struct content_unit *unit)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *values = curb_object(arena), *facts = curb_array(arena);
	const struct kind *kind = kind_of(unit);
	curb_put_int(values, "number", unit->position);
	curb_put_str(values, "name", unit->name);
	curb_put_str(row, "title", curb_tr(req, "Lesson {number}: {name}", values));
	if (kind)
		curb_put_text(
			row, "href",
			curb_req_looked(req, curb_printf(arena, "/%s/%s", kind->folder, unit->id.text)));
	curb_put_str(values, "hours", curb_words_hours(req, unit->hours_c));
	curb_put_str(values, "length", curb_words_span(req, unit->duration_ms / 1000));
	if (kind) {
		curb_put_text(row, "icon", kind->icon);
		curb_put_str(row, "kind", curb_tr(req, kind->text, values));
	}
	curb_push(facts, curb_string(arena, curb_tr(req, "{hours} class hours", values)));
	if (curb_id_some(&unit->open_captions_by))
		curb_push(facts, curb_string(arena, curb_tr(req, "Captions in the picture", NULL)));
	curb_put(row, "facts", facts);
	return row;
}

/* ---- what can be done with it ---- */

static const struct {
	const char *act, *done;
} told[] = {
	{ "submit",
	  CURB_TEXT("The course is handed in. A reviewer looks at it; you are told here what she says.") },
	{ "withdraw", CURB_TEXT("The course is a draft again.") },
	{ "approve", CURB_TEXT("The course is published: everybody finds it now.") },
	{ "publish", CURB_TEXT("The course is published: everybody finds it now.") },
	{ "reject", CURB_TEXT("The course went back to its author, with your reason.") },
	{ "retire", CURB_TEXT("The course is retired. Classes that have it keep it.") },
	{ "restore", CURB_TEXT("The course is published again.") },
};

static void put_notice(struct curb_req *req, struct curb_value *model)
{
	struct curb_str done = curb_req_query(req, "done");
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		if (!curb_str_is(done, told[i].act))
			continue;
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "status");
		curb_put_str(notice, "text", curb_tr(req, told[i].done, NULL));
		curb_put(model, "notice", notice);
	}
}

/* The acts this person may do with the course now: each is there as "may_<act>", the address of its form. */
static bool put_acts(struct curb_req *req, const struct catalog_course *course, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	bool some = false;
	for (int i = 0; i < ACTS; i++) {
		const char *word = catalog_act_word((enum catalog_act)i);
		if (!catalog_may(req, course, (enum catalog_act)i))
			continue;
		curb_put_text(model, curb_printf(arena, "may_%s", word),
		              curb_printf(arena, "/courses/%s/%s", course->id.text, word));
		some = true;
	}
	return some;
}

/* The ways between the version of now, an earlier one and the draft of a new one. */
static int put_versions(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                        struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	const struct curb_id *of = curb_id_some(&course->of) ? &course->of : &course->id;
	bool own = catalog_owns(req, course);
	struct catalog_course next;
	int err = catalog_next_for(c, req, course, &next);
	if (err)
		return err;
	if (curb_id_some(&next.id)) {
		curb_put_text(model, "next", curb_printf(arena, "/courses/%s", next.id.text));
		curb_put_str(model, "next_state", catalog_state_text(req, next.state));
	}
	if (curb_id_some(&course->of))
		curb_put_text(model, "of", curb_printf(arena, "/courses/%s", of->text));
	if (course->other)
		curb_put_text(model, "other", curb_printf(arena, "/courses/%s", of->text));
	curb_put_text(model, "edit", curb_printf(arena, "/packages/courses/%s", of->text));
	if (own && !curb_id_some(&course->of) &&
	    (course->state == CATALOG_PUBLISHED || course->state == CATALOG_RETIRED))
		curb_put_text(model, "versions",
		              curb_printf(arena, "/packages/courses/%s/versions", of->text));
	return 0;
}

static int put_review(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                      struct curb_value *model)
{
	struct catalog_step step;
	if (course->other)
		return 0;
	bool acts = put_acts(req, course, model), shown = acts || course->state != CATALOG_PUBLISHED;
	if (shown)
		curb_put_str(model, "state", catalog_state_text(req, course->state));
	curb_put_bool(model, catalog_state_word(course->state), true);
	curb_put_bool(model, "another", catalog_needs_another(req, course));
	if (!acts || course->state != CATALOG_RETURNED)
		return 0;
	int err = catalog_last_step(c, curb_req_tx(req), &course->id, &step);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	curb_put_str(model, "reason", step.reason);
	return 0;
}

int catalog_show_course(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                        struct curb_str typed, struct curb_str error, int status)
{
	const struct content_unit *units = NULL;
	size_t n = 0;
	struct curb_value *model = curb_object(curb_req_arena(req)), *rows = curb_array(curb_req_arena(req));
	int err = c->content->units(c->content, curb_req_tx(req), curb_id_str(&course->version), &units, &n);
	struct catalog_aids aids;
	if (!err)
		err = put_review(req, c, course, model);
	if (!err)
		err = put_versions(req, c, course, model);
	if (!err)
		err = catalog_put_lacks(req, c, course, model);
	if (!err)
		err = catalog_aids(c, req, &course->version, &aids);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = unit_row(req, &units[i]);
		curb_put_str(row, "text_lang", course->lang);
		catalog_put_aid(req, &aids, units[i].id.text, units[i].name, row);
		curb_push(rows, row);
	}
	curb_put_str(model, "title", course->name);
	curb_put_str(model, "content_lang", course->lang);
	curb_put_text(model, "version", course->version.text);
	curb_put_str(model, "text", course->description);
	catalog_put_aid(req, &aids, "", course->name, model);
	curb_put_str(model, "provider", course->provider);
	curb_put_str(model, "summary", hours_and_lessons(req, course));
	curb_put(model, "tags", feature_tags(req, course->features));
	curb_put(model, "units", rows);
	curb_put_str(model, "typed", typed);
	if (error.ptr)
		curb_put_str(model, "error", error);
	put_notice(req, model);
	return curb_reply_page(req, status, "course", model);
}

int catalog_page_course(struct curb_req *req, void *state)
{
	struct catalog_course course;
	int err = catalog_open(state, req, curb_req_param(req, "id"), &course);
	if (!err)
		err = catalog_open_version(state, req, &course);
	return err ? err : catalog_show_course(req, state, &course, curb_str(""), curb_str(NULL), 200);
}
