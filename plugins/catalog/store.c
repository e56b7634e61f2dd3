#include "catalog.h"
#include "curb/cleanup.h"
#include "curb/err.h"

#define COLUMNS                                                                          \
	"c.id, c.version, c.owner, c.state, c.name, c.lang, c.description, c.provider, " \
	"c.occupation, "                                                                 \
	"c.hours_c, c.units, c.features, c.made_ms, c.place, c.of_course "

static struct curb_str kept(struct curb_tx *tx, struct curb_stmt *stmt, int column)
{
	return curb_dup(curb_tx_arena(tx), curb_col_text(stmt, column));
}

static enum catalog_state state_of(struct curb_str word)
{
	int i = 0;
	while (i < CATALOG_STATES && !curb_str_is(word, catalog_state_word((enum catalog_state)i)))
		i++;
	CURB_ASSERT(i < CATALOG_STATES); /* the table checks its words */
	return (enum catalog_state)i;
}

static struct catalog_course course_row(struct curb_tx *tx, struct curb_stmt *stmt)
{
	return (struct catalog_course){
		.id = curb_col_id(stmt, 0),
		.version = curb_col_id(stmt, 1),
		.owner = curb_col_id(stmt, 2),
		.state = state_of(curb_col_text(stmt, 3)),
		.name = kept(tx, stmt, 4),
		.lang = kept(tx, stmt, 5),
		.description = kept(tx, stmt, 6),
		.provider = kept(tx, stmt, 7),
		.occupation = kept(tx, stmt, 8),
		.hours_c = curb_col_int(stmt, 9),
		.units = curb_col_int(stmt, 10),
		.features = curb_col_int(stmt, 11),
		.made_ms = curb_col_int(stmt, 12),
		.place = kept(tx, stmt, 13),
		.of = curb_col_id(stmt, 14),
	};
}

int catalog_course_by_id(struct catalog *c, struct curb_tx *tx, struct curb_str id,
                         struct catalog_course *ret)
{
	static const char sql[] = "SELECT " COLUMNS "FROM catalog_course c WHERE c.id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This course is not here");
	*ret = course_row(tx, stmt);
	return 0;
}

int catalog_next_of(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                    struct catalog_course *ret)
{
	static const char sql[] = "SELECT " COLUMNS
				  "FROM catalog_course c WHERE c.of_course = $1 AND c.of_course <> ''";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(course)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	*ret = course_row(tx, stmt);
	return 0;
}

int catalog_course_put(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course)
{
	static const char sql[] =
		"INSERT INTO catalog_course (id, version, state, name, sort_key, lang, description, "
		"provider, occupation, "
		"hours_c, units, features, owner, made_ms, place, of_course) VALUES ($1, $2, 'draft', $3, "
		"$4, $5, $6, "
		"$7, $8, "
		"$9, $10, $11, "
		"$12, $13, $14, $15) ON CONFLICT (id) DO UPDATE SET version = $2, name = $3, sort_key = $4, "
		"lang "
		"= $5, "
		"description = $6, provider = $7, occupation = $8, hours_c = $9, units = $10, features = $11";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&course->id), curb_bind_id(&course->version), curb_text(course->name),
	                   curb_blob(curb_sort_key(tx, course->name)), curb_text(course->lang),
	                   curb_text(course->description), curb_text(course->provider),
	                   curb_text(course->occupation), curb_int(course->hours_c), curb_int(course->units),
	                   curb_int(course->features), curb_bind_id(&course->owner),
	                   curb_int(course->made_ms), curb_text(course->place), curb_bind_id(&course->of)),
		NULL);
}

int catalog_set_state(struct catalog *c, struct curb_tx *tx, const struct curb_id *id,
                      enum catalog_state state, int64_t now_ms)
{
	static const char sql[] =
		"UPDATE catalog_course SET state = $2, published_ms = CASE WHEN $2 = 'published' "
		"THEN coalesce(published_ms, $3) ELSE published_ms END WHERE id = $1";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(id), curb_cstring(catalog_state_word(state)), curb_int(now_ms)),
		NULL);
}

int catalog_list_for_search(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                            struct curb_str words)
{
	static const char sql[] = "INSERT INTO catalog_listed (id, name, words) VALUES ($1, $2, $3) "
				  "ON CONFLICT (id) DO UPDATE SET name = $2, words = $3";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&course->id), curb_text(course->name), curb_text(words)),
	                 NULL);
}

/* ---- lists ---- */

struct page {
	struct catalog_course *courses;
	size_t n;
	int64_t skip, total;
};

static struct page page_of(struct curb_tx *tx, const struct catalog_filter *filter)
{
	return (struct page){ .courses = curb_alloc_n(curb_tx_arena(tx), CATALOG_PAGE,
		                                      sizeof(struct catalog_course)),
		              .skip = (filter->page - 1) * CATALOG_PAGE };
}

static bool fits(const struct catalog_course *course, const struct catalog_filter *filter)
{
	return (course->features & filter->features) == filter->features &&
	       (!filter->category.len || curb_str_eq(course->occupation, filter->category));
}

static bool is_whole(const struct catalog_filter *filter)
{
	return filter->features == 0 && filter->category.len == 0;
}

/* Hits come by rank; what a filter leaves out is skipped, so the whole list is looked at to know the total. */
static int find_words(struct catalog *c, struct curb_tx *tx, const struct catalog_filter *filter,
                      struct page *page)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_search(c->host, tx, "catalog_listed", filter->q, CATALOG_HITS_MOST, 0, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct catalog_course course;
		struct curb_id id = curb_col_id(stmt, 0);
		bool wanted = page->total >= page->skip && page->n < CATALOG_PAGE;
		err = 0;
		if (wanted || !is_whole(filter))
			err = catalog_course_by_id(c, tx, curb_id_str(&id), &course);
		if (err || (!is_whole(filter) && !fits(&course, filter)))
			continue;
		page->total++;
		if (wanted)
			page->courses[page->n++] = course;
	}
	return err;
}

static int count_some(struct catalog *c, struct curb_tx *tx, const struct catalog_filter *filter,
                      int64_t *ret_total)
{
	static const char sql[] = "SELECT count(*) FROM catalog_course WHERE state = 'published' "
				  "AND (features & $1) = $1 AND ($2 = '' OR occupation = $2)";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_str category = filter->category.ptr ? filter->category : curb_str("");
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_int(filter->features), curb_text(category)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_total = curb_col_int(stmt, 0);
	return 0;
}

static int count_all(struct catalog *c, struct curb_tx *tx, int64_t *ret_total)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, "SELECT listed FROM catalog_total", CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_total = curb_col_int(stmt, 0);
	return 0;
}

static int find_all(struct catalog *c, struct curb_tx *tx, const struct catalog_filter *filter,
                    struct page *page)
{
	static const char some[] = "SELECT " COLUMNS "FROM catalog_course c WHERE c.state = 'published' "
				   "AND (c.features & $3) = $3 AND ($4 = '' OR c.occupation = $4) "
				   "ORDER BY c.sort_key, c.id LIMIT $1 OFFSET $2";
	static const char all[] = "SELECT " COLUMNS "FROM catalog_course c WHERE c.state = 'published' "
				  "ORDER BY c.sort_key, c.id LIMIT $1 OFFSET $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_str category = filter->category.ptr ? filter->category : curb_str("");
	struct curb_bind most = curb_int(CATALOG_PAGE), skip = curb_int(page->skip);
	bool whole = is_whole(filter);
	int err = whole ? curb_query(c->host, tx, all, CURB_BINDS(most, skip), &stmt) :
	                  curb_query(c->host, tx, some,
	                             CURB_BINDS(most, skip, curb_int(filter->features), curb_text(category)),
	                             &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		page->courses[page->n++] = course_row(tx, stmt);
		err = 0;
	}
	if (err)
		return err;
	return whole ? count_all(c, tx, &page->total) : count_some(c, tx, filter, &page->total);
}

int catalog_find(struct catalog *c, struct curb_tx *tx, const struct catalog_filter *filter,
                 struct catalog_course **ret_courses, size_t *ret_n, int64_t *ret_total)
{
	struct page page = page_of(tx, filter);
	int err = filter->q.len ? find_words(c, tx, filter, &page) : find_all(c, tx, filter, &page);
	if (err)
		return err;
	*ret_courses = page.courses;
	*ret_n = page.n;
	*ret_total = page.total;
	return 0;
}

int catalog_in_state(struct catalog *c, struct curb_tx *tx, const struct catalog_part *part,
                     struct curb_str owner, struct catalog_course **ret_courses, size_t *ret_n,
                     int64_t *ret_total)
{
	static const char sql[] = "SELECT " COLUMNS "FROM catalog_course c WHERE c.owner = $1 "
				  "AND c.state = $2 ORDER BY c.made_ms DESC, c.id LIMIT $3 OFFSET $4";
	static const char count[] = "SELECT count(*) FROM catalog_course WHERE owner = $1 AND state = $2";
	const struct curb_bind whose = curb_text(owner),
			       state = curb_cstring(catalog_state_word(part->state));
	struct catalog_course *courses = curb_alloc_n(curb_tx_arena(tx), (size_t)part->most, sizeof *courses);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	CURB_AUTO(stmt) struct curb_stmt *counting = NULL;
	size_t n = 0;
	int err = curb_query(c->host, tx, sql,
	                     CURB_BINDS(whose, state, curb_int(part->most), curb_int(part->skip)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		courses[n++] = course_row(tx, stmt);
		err = 0;
	}
	if (!err)
		err = curb_query(c->host, tx, count, CURB_BINDS(whose, state), &counting);
	if (err || (err = curb_step(counting)) < 0)
		return err;
	*ret_courses = courses;
	*ret_n = n;
	*ret_total = curb_col_int(counting, 0);
	return 0;
}

int catalog_unlist(struct catalog *c, struct curb_tx *tx, const struct curb_id *id)
{
	return curb_exec(c->host, tx, "DELETE FROM catalog_listed WHERE id = $1",
	                 CURB_BINDS(curb_bind_id(id)), NULL);
}

/* ---- steps ---- */

int catalog_step_add(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                     const struct catalog_step *step)
{
	static const char sql[] = "INSERT INTO catalog_step (course, n, at_ms, person, act, reason) "
				  "SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5 FROM catalog_step "
				  "WHERE course = $1";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(course), curb_int(step->at_ms), curb_bind_id(&step->person),
	                            curb_text(step->act), curb_text(step->reason)),
	                 NULL);
}

int catalog_last_step(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                      struct catalog_step *ret_step)
{
	static const char sql[] = "SELECT person, act, reason, at_ms FROM catalog_step WHERE course = $1 "
				  "ORDER BY n DESC LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(course)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	*ret_step = (struct catalog_step){ .person = curb_col_id(stmt, 0),
		                           .act = kept(tx, stmt, 1),
		                           .reason = kept(tx, stmt, 2),
		                           .at_ms = curb_col_int(stmt, 3) };
	return 0;
}
