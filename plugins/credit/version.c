/* A class keeps the versions of courses that it was opened on: where one is shown, and how many classes have one. */
#include "version.h"

#include "curb/cleanup.h"

int credit_put_version(struct curb_req *req, struct credit *c, const struct content_version *version,
                       struct curb_value *row)
{
	struct catalog_shown shown = { .address = NULL };
	int err = c->catalog ? c->catalog->shown(c->catalog, req, version, &shown) : 0;
	if (err)
		return err;
	curb_put_text(row, "href",
	              shown.address ? shown.address :
	                              curb_printf(curb_req_arena(req), "/courses/%s", version->course.text));
	if (shown.note.len)
		curb_put_str(row, "note", shown.note);
	return 0;
}

static int count_classes(void *self, struct curb_tx *tx, const struct curb_id *version, int64_t *ret_n)
{
	static const char sql[] = "SELECT count(*) FROM credit_cohort_course WHERE version = $1";
	struct credit *c = self;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(version)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_n = curb_col_int(stmt, 0);
	return 0;
}

void credit_count_versions(struct credit *c)
{
	c->taker = (struct catalog_taker){ c, count_classes };
	if (c->catalog)
		c->catalog->count_with(c->catalog, &c->taker);
}
