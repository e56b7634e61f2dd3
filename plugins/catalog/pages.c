#include "catalog.h"
#include "curb/err.h"
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

static struct curb_value *course_card(struct curb_req *req, const struct catalog_course *course)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *card = curb_object(arena), *facts = curb_array(arena);
	curb_put_str(card, "title", course->name);
	curb_put_str(card, "title_lang", course->lang);
	curb_put_text(card, "href", curb_printf(arena, "/courses/%s", course->id.text));
	if (course->description.len)
		curb_put_str(card, "text", course->description);
	curb_push(facts, curb_string(arena, hours_and_lessons(req, course)));
	curb_put(card, "facts", facts);
	curb_put(card, "tags", feature_tags(req, course->features));
	return card;
}

/* ---- the catalog ---- */

static struct curb_str encoded(struct curb_arena *arena, struct curb_str text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = curb_alloc(arena, text.len * 3 + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             c == '-';
		if (plain) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	return curb_str_n(out, n);
}

static void put_pager(struct curb_req *req, const struct catalog_filter *filter, int64_t total,
                      struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	int64_t pages = (total + CATALOG_PAGE - 1) / CATALOG_PAGE;
	struct curb_str q = encoded(arena, filter->q);
	if (pages < 2)
		return;
	struct curb_value *pager = curb_object(arena);
	struct curb_value *values = curb_object(arena);
	curb_put_int(values, "page", filter->page);
	curb_put_int(values, "pages", pages);
	curb_put_str(pager, "text", curb_tr(req, "Page {page} of {pages}", values));
	if (filter->page > 1)
		curb_put_text(pager, "previous",
		              curb_printf(arena, "/?q=%s&page=%lld", q.ptr, (long long)filter->page - 1));
	if (filter->page < pages)
		curb_put_text(pager, "next",
		              curb_printf(arena, "/?q=%s&page=%lld", q.ptr, (long long)filter->page + 1));
	curb_put(model, "pager", pager);
}

int catalog_page_list(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct catalog_filter filter;
	struct catalog_course *courses = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = catalog_read_filter(req, &filter);
	if (!err)
		err = catalog_find(state, curb_req_tx(req), &filter, &courses, &n, &total);
	if (err)
		return err;
	struct curb_value *model = curb_object(arena), *items = curb_array(arena);
	for (size_t i = 0; i < n; i++)
		curb_push(items, course_card(req, &courses[i]));
	curb_put_str(model, "title", curb_tr(req, "Courses", NULL));
	curb_put_str(model, "q", filter.q);
	curb_put_bool(model, "searched", filter.q.len > 0);
	curb_put_int(model, "total", total);
	curb_put(model, "items", items);
	put_pager(req, &filter, total, model);
	return curb_reply_page(req, 200, "catalog", model);
}

/* ---- one course ---- */

static struct curb_value *unit_row(struct curb_req *req, const struct content_unit *unit)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *values = curb_object(arena);
	bool book = curb_str_is(unit->kind, "audiobook"), video = curb_str_is(unit->kind, "video");
	curb_put_int(values, "number", unit->position);
	curb_put_str(values, "name", unit->name);
	curb_put_str(row, "title", curb_tr(req, "Lesson {number}: {name}", values));
	if (book || video)
		curb_put_text(row, "href",
		              curb_printf(arena, book ? "/books/%s" : "/videos/%s", unit->id.text));
	curb_put_str(row, "hours", curb_words_hours(req, unit->hours_c));
	curb_put_str(row, "length", curb_words_span(req, unit->duration_ms / 1000));
	curb_put_bool(row, "book", book);
	curb_put_bool(row, "video", video);
	return row;
}

int catalog_page_course(struct curb_req *req, void *state)
{
	struct catalog *c = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct catalog_course course;
	const struct content_unit *units = NULL;
	size_t n = 0;
	int err = catalog_open(c, req, curb_req_param(req, "id"), &course);
	if (!err)
		err = c->content->units(c->content, curb_req_tx(req), curb_id_str(&course.version), &units,
		                        &n);
	if (err)
		return err;
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	for (size_t i = 0; i < n; i++)
		curb_push(rows, unit_row(req, &units[i]));
	curb_put_str(model, "title", course.name);
	curb_put_str(model, "content_lang", course.lang);
	curb_put_str(model, "description", course.description);
	curb_put_str(model, "provider", course.provider);
	curb_put_str(model, "summary", hours_and_lessons(req, &course));
	curb_put(model, "tags", feature_tags(req, course.features));
	curb_put(model, "units", rows);
	curb_put_bool(model, "draft", !course.published);
	if (!course.published && catalog_may_publish(req))
		curb_put_text(model, "publish", curb_printf(arena, "/courses/%s/publish", course.id.text));
	return curb_reply_page(req, 200, "course", model);
}

int catalog_page_drafts(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct catalog_course *courses = NULL;
	size_t n = 0;
	struct curb_str owner = catalog_may_publish(req) ? curb_str("") :
	                                                   curb_id_str(&curb_req_user(req)->id);
	int err = catalog_drafts(state, curb_req_tx(req), owner, &courses, &n);
	if (err)
		return err;
	struct curb_value *model = curb_object(arena), *items = curb_array(arena);
	for (size_t i = 0; i < n; i++)
		curb_push(items, course_card(req, &courses[i]));
	curb_put_str(model, "title", curb_tr(req, "Drafts", NULL));
	curb_put(model, "items", items);
	return curb_reply_page(req, 200, "drafts", model);
}
