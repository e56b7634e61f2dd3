#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "waiver.h"

enum { ALL_MOST = 200, PAST_MOST = 20 };

#define WAIVER                                                                                       \
	"SELECT w.id, w.cohort, w.holder, w.asked_by, w.region, w.share_m, w.until_ms, w.asked_ms, " \
	"w.document, w.sealed_reason, EXISTS (SELECT 1 FROM credit_waiver_paper p WHERE p.waiver = " \
	"w.id), d.granted, d.from_ms, d.decided_by, d.sealed_words, w.until_ms <= $2 FROM "          \
	"credit_waiver w LEFT JOIN credit_waiver_decision d ON d.waiver = w.id "

static enum waiver_state state_of(struct curb_stmt *stmt)
{
	if (curb_col_null(stmt, 11))
		return WAIVER_ASKED;
	if (!curb_col_int(stmt, 11))
		return WAIVER_REFUSED;
	return curb_col_int(stmt, 15) ? WAIVER_ENDED : WAIVER_GRANTED;
}

static void read_waiver(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct waiver *)row = (struct waiver){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.person = curb_col_id(stmt, 2),
		.by = curb_col_id(stmt, 3),
		.region = curb_dup(arena, curb_col_text(stmt, 4)),
		.share_m = curb_col_int(stmt, 5),
		.until_ms = curb_col_int(stmt, 6),
		.asked_ms = curb_col_int(stmt, 7),
		.document = curb_dup(arena, curb_col_text(stmt, 8)),
		.reason = curb_dup(arena, curb_col_blob(stmt, 9)), /* sealed: opened by waiver_by_id */
		.paper = curb_col_int(stmt, 10) != 0,
		.state = state_of(stmt),
		.from_ms = curb_col_int(stmt, 12),
		.decided_by = curb_col_id(stmt, 13),
		.words = curb_dup(arena, curb_col_blob(stmt, 14)),
	};
}

static const struct credit_rows rows = { sizeof(struct waiver), read_waiver };

static int unseal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
                  struct curb_str *text)
{
	return text->ptr ? curb_unseal(tx, table, column, id, *text, text) : 0;
}

int waiver_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                 struct waiver *ret_waiver)
{
	struct waiver *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, WAIVER "WHERE w.id = $1",
	                        CURB_BINDS(curb_text(id.ptr ? id : curb_str("")), curb_int(now_ms)), rows,
	                        &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such exception");
	if (!err)
		err = unseal(tx, "credit_waiver", "sealed_reason", &found->id, &found->reason);
	if (!err)
		err = unseal(tx, "credit_waiver_decision", "sealed_words", &found->id, &found->words);
	if (!err)
		*ret_waiver = *found;
	return err;
}

/* A list shows neither reasons nor words. */
static int list(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                struct waiver **ret_waivers, size_t *ret_n)
{
	int err = credit_gather(c, tx, sql, binds, rows, ret_waivers, ret_n);
	for (size_t i = 0; !err && i < *ret_n; i++)
		(*ret_waivers)[i].reason = (*ret_waivers)[i].words = curb_str(NULL);
	return err;
}

int waivers_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t now_ms,
               struct waiver **ret_waivers, size_t *ret_n)
{
	return list(c, tx, WAIVER "WHERE w.cohort = $1 ORDER BY w.asked_ms DESC, w.id DESC LIMIT $3",
	            CURB_BINDS(curb_bind_id(cohort), curb_int(now_ms), curb_int(ALL_MOST)), ret_waivers,
	            ret_n);
}

/* ---- of a federation ---- */

/* Places with exceptions, of those that she decides for. */
static int regions_of(struct curb_req *req, struct credit *c, struct curb_id **ret_regions, size_t *ret_n)
{
	static const char sql[] = "SELECT DISTINCT region FROM credit_waiver ORDER BY region";
	struct curb_id *regions = NULL;
	size_t n = 0, kept = 0;
	int err = credit_gather(c, curb_req_tx(req), sql, CURB_NO_BINDS,
	                        (struct credit_rows){ sizeof *regions, credit_read_id }, &regions, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (curb_may_at(req, CURB_REVIEWER, curb_id_str(&regions[i])))
			regions[kept++] = regions[i];
	*ret_regions = regions;
	*ret_n = kept;
	return err;
}

#define OPEN "WHERE w.region = $1 AND d.waiver IS NULL AND w.until_ms > $2"
#define DECIDED "WHERE w.region = $1 AND d.waiver IS NOT NULL AND $2 > 0"

static int count_of(struct credit *c, struct curb_tx *tx, const struct waivers_part *part,
                    const struct curb_id *region, int64_t *ret_n)
{
#define COUNT "SELECT count(*) FROM credit_waiver w LEFT JOIN credit_waiver_decision d ON d.waiver = w.id "
	static const char open[] = COUNT OPEN, decided[] = COUNT DECIDED;
	return credit_one_number(c, tx, part->open ? open : decided,
	                         CURB_BINDS(curb_bind_id(region), curb_int(part->now_ms)), ret_n);
}

static int some_of(struct credit *c, struct curb_tx *tx, const struct waivers_part *part,
                   const struct curb_id *region, struct waiver **ret_waivers, size_t *ret_n)
{
	static const char open[] = WAIVER OPEN " ORDER BY w.asked_ms, w.id LIMIT $3 OFFSET $4";
	static const char decided[] = WAIVER DECIDED " ORDER BY d.from_ms DESC, w.id DESC LIMIT $3 OFFSET $4";
	return list(c, tx, part->open ? open : decided,
	            CURB_BINDS(curb_bind_id(region), curb_int(part->now_ms), curb_int(part->most),
	                       curb_int(part->skip)),
	            ret_waivers, ret_n);
}

int waivers_seen(struct curb_req *req, struct credit *c, const struct waivers_part *part,
                 struct waiver **ret_waivers, size_t *ret_n, int64_t *ret_total)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct waiver *waivers = curb_alloc_n(curb_req_arena(req), (size_t)part->most + 1, sizeof *waivers);
	struct waivers_part rest = *part;
	struct curb_id *regions = NULL;
	size_t n = 0, count = 0;
	int err = regions_of(req, c, &regions, &count);
	*ret_total = 0;
	for (size_t i = 0; !err && i < count; i++) {
		struct waiver *some = NULL;
		size_t found = 0;
		int64_t here = 0;
		err = count_of(c, tx, part, &regions[i], &here);
		*ret_total += here;
		if (!err && rest.most > 0 && rest.skip < here) {
			err = some_of(c, tx, &rest, &regions[i], &some, &found);
			if (!err && found)
				memcpy(waivers + n, some, found * sizeof *waivers);
			n += found;
			rest.most -= (int64_t)found;
		}
		rest.skip = rest.skip > here ? rest.skip - here : 0;
	}
	*ret_waivers = waivers;
	*ret_n = n;
	return err;
}

/* ---- those that are past ---- */

int waivers_past(struct credit *c, struct curb_tx *tx, int64_t now_ms, struct waiver **ret_waivers,
                 size_t *ret_n)
{
	return list(c, tx,
	            WAIVER "LEFT JOIN credit_waiver_end e ON e.waiver = w.id WHERE d.granted = 1 AND "
	                   "d.until_ms <= $2 AND e.waiver IS NULL ORDER BY d.until_ms LIMIT $1",
	            CURB_BINDS(curb_int(PAST_MOST), curb_int(now_ms)), ret_waivers, ret_n);
}

int waivers_hers(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                 struct waiver **ret_waivers, size_t *ret_n)
{
	return list(c, tx, WAIVER "WHERE w.holder = $1 ORDER BY w.asked_ms, w.id",
	            CURB_BINDS(curb_bind_id(person), curb_int(now_ms)), ret_waivers, ret_n);
}

int waiver_give(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver,
                const struct curb_id *person)
{
	static const char *const sql[] = {
		"UPDATE credit_waiver SET holder = $2 WHERE id = $1",
		"UPDATE credit_waiver_decision SET holder = $2 WHERE waiver = $1"
	};
	int err = 0;
	for (size_t i = 0; !err && i < sizeof sql / sizeof *sql; i++)
		err = curb_exec(c->host, tx, sql[i], CURB_BINDS(curb_bind_id(waiver), curb_bind_id(person)),
		                NULL);
	return err;
}

int waiver_add(struct credit *c, struct curb_tx *tx, const struct waiver *waiver)
{
	static const char sql[] =
		"INSERT INTO credit_waiver (id, cohort, person, region, share_m, until_ms, document, "
		"sealed_reason, asked_ms, asked_by, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
		"$3)";
	struct curb_str sealed = { NULL, 0 };
	int err = waiver->reason.len ? curb_seal(tx, "credit_waiver", "sealed_reason", &waiver->id,
	                                         waiver->reason, &sealed) :
	                               0;
	return err ? err :
	             curb_exec(c->host, tx, sql,
	                       CURB_BINDS(curb_bind_id(&waiver->id), curb_bind_id(&waiver->cohort),
	                                  curb_bind_id(&waiver->person), curb_text(waiver->region),
	                                  curb_int(waiver->share_m), curb_int(waiver->until_ms),
	                                  curb_text(waiver->document), curb_blob(sealed),
	                                  curb_int(waiver->asked_ms), curb_bind_id(&waiver->by)),
	                       NULL);
}

int waiver_seal_paper(struct curb_tx *tx, const struct curb_id *waiver, const struct waiver_paper *paper,
                      struct curb_str *ret_sealed)
{
	return curb_seal(tx, "credit_waiver_paper", "sealed_bytes", waiver, paper->bytes, ret_sealed);
}

int waiver_add_paper(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver,
                     const struct waiver_paper *paper, struct curb_str sealed)
{
	static const char sql[] = "INSERT INTO credit_waiver_paper (waiver, name, type, sealed_bytes) VALUES "
				  "($1, $2, $3, $4)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(waiver), curb_text(paper->name), curb_cstring(paper->type),
	                            curb_blob(sealed)),
	                 NULL);
}

int waiver_paper_of(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver,
                    struct waiver_paper *ret_paper)
{
	static const char sql[] =
		"SELECT name, type, sealed_bytes FROM credit_waiver_paper WHERE waiver = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct waiver_paper paper;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(waiver)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "The document itself was not attached");
	paper.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
	paper.type = curb_cstr(curb_tx_arena(tx), curb_col_text(stmt, 1));
	err = curb_unseal(tx, "credit_waiver_paper", "sealed_bytes", waiver, curb_col_blob(stmt, 2),
	                  &paper.bytes);
	if (!err)
		*ret_paper = paper;
	return err;
}

int waiver_add_decision(struct credit *c, struct curb_tx *tx, const struct waiver *waiver, bool granted)
{
	static const char sql[] =
		"INSERT INTO credit_waiver_decision (waiver, cohort, person, granted, share_m, from_ms, "
		"until_ms, sealed_words, decided_by, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $3)";
	struct curb_str sealed;
	int err = curb_seal(tx, "credit_waiver_decision", "sealed_words", &waiver->id, waiver->words,
	                    &sealed);
	return err ? err :
	             curb_exec(c->host, tx, sql,
	                       CURB_BINDS(curb_bind_id(&waiver->id), curb_bind_id(&waiver->cohort),
	                                  curb_bind_id(&waiver->person), curb_int(granted),
	                                  curb_int(waiver->share_m), curb_int(waiver->from_ms),
	                                  curb_int(waiver->until_ms), curb_blob(sealed),
	                                  curb_bind_id(&waiver->decided_by)),
	                       NULL);
}

int waiver_add_end(struct credit *c, struct curb_tx *tx, const struct curb_id *waiver)
{
	return curb_exec(c->host, tx, "INSERT INTO credit_waiver_end (waiver) VALUES ($1)",
	                 CURB_BINDS(curb_bind_id(waiver)), NULL);
}
