/* Who changed what: written once, beside the change. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "roles.h"

enum { DETAIL_MOST = 4096 };

int curb_note_change(struct curb_tx *tx, const struct curb_change *change, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO core_change (id, at_ms, actor, about, place, act, detail) "
				  "VALUES ($1, $2, $3, $4, $5, $6, $7)";
	CURB_AUTO(buf) struct curb_buf detail = curb_buf(DETAIL_MOST);
	struct curb_json j = curb_json(&detail);
	if (change->detail)
		curb_json_value(&j, change->detail);
	else
		curb_buf_text(&detail, "{}");
	int err = curb_buf_check(&detail);
	if (err)
		return err;
	struct curb_id id = curb_id_new(now_ms);
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&id), curb_int(now_ms), curb_bind_id(&change->actor),
	                            curb_text(change->about.ptr ? change->about : curb_str("")),
	                            curb_text(change->place.ptr ? change->place : curb_str("")),
	                            curb_cstring(change->act), curb_text(curb_buf_view(&detail))),
	                 NULL);
}

/* Where the actor's grants hold ($1, $2, $3): what belongs there she may read; who reaches everything ($4) all of it. */
#define SEEN                                                                                                \
	"WITH RECURSIVE mine (region, institution) AS (SELECT region, institution FROM core_grant WHERE "   \
	"person = $1 AND (role & $2) <> 0 AND from_ms <= $3 AND (until_ms IS NULL OR until_ms > $3)), "     \
	"below (id) AS (SELECT region FROM mine WHERE region IS NOT NULL UNION SELECT r.id FROM "           \
	"core_region r "                                                                                    \
	"JOIN below b ON r.parent = b.id), "                                                                \
	"places (id) AS (SELECT id FROM below UNION SELECT institution FROM mine WHERE institution IS NOT " \
	"NULL UNION SELECT i.id FROM core_institution i JOIN below b ON i.region = b.id) "
#define FITS "($4 = 1 OR c.place IN (SELECT id FROM places)) AND ($5 = '' OR c.about = $5) "

static struct people_change change_of(struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	return (struct people_change){ .at_ms = curb_col_int(stmt, 0),
		                       .actor = curb_dup(arena, curb_col_text(stmt, 1)),
		                       .about = curb_dup(arena, curb_col_text(stmt, 2)),
		                       .about_id = curb_dup(arena, curb_col_text(stmt, 3)),
		                       .act = curb_dup(arena, curb_col_text(stmt, 4)),
		                       .detail = curb_dup(arena, curb_col_text(stmt, 5)) };
}

static int count_changes(struct curb_tx *tx, const struct curb_bind *binds, int64_t *ret_total)
{
	static const char sql[] = SEEN "SELECT count(*) FROM core_change c WHERE " FITS;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_total = curb_col_int(stmt, 0);
	return 0;
}

int people_changes(struct curb_tx *tx, const struct people_actor *actor, const struct people_changes *wanted,
                   struct people_change **ret_changes, size_t *ret_n, int64_t *ret_total)
{
	static const char sql[] = SEEN
		"SELECT c.at_ms, coalesce(a.shown, ''), coalesce(p.shown, i.name, r.name), c.about, c.act, "
		"c.detail FROM core_change c LEFT JOIN core_person a ON a.id = c.actor "
		"LEFT JOIN core_person p ON p.id = c.about LEFT JOIN core_institution i ON i.id = c.about "
		"LEFT JOIN core_region r ON r.id = c.about WHERE " FITS
		"ORDER BY c.at_ms DESC, c.id DESC LIMIT $6 OFFSET $7";
	struct people_change *changes = curb_alloc_n(curb_tx_arena(tx), PEOPLE_PAGE, sizeof *changes);
	struct curb_str about = wanted->about.ptr ? wanted->about : curb_str("");
	bool everything = false;
	int err = people_reaches(tx, actor, curb_str(""), &everything);
	if (err)
		return err;
#define BINDS                                                                                                \
	curb_bind_id(&actor->person), curb_int(actor->roles), curb_int(actor->now_ms), curb_int(everything), \
		curb_text(about)
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	err = curb_query(&curb_core_host, tx, sql,
	                 CURB_BINDS(BINDS, curb_int(PEOPLE_PAGE), curb_int((wanted->page - 1) * PEOPLE_PAGE)),
	                 &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		changes[n++] = change_of(tx, stmt);
		err = 0;
	}
	if (!err)
		err = count_changes(tx, CURB_BINDS(BINDS), ret_total);
#undef BINDS
	if (err)
		return err;
	*ret_changes = changes;
	*ret_n = n;
	return 0;
}
