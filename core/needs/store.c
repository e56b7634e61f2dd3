/* The rows of needs. What is chosen is JSON filled up with blanks to one length, so that the sealed bytes do not tell how
 * much was chosen.
 */
#include <string.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "needs.h"
#include "store.h"

static const int64_t hour_ms = 3600 * 1000;

static int seal(struct curb_tx *tx, const struct curb_id *person, const char *column,
                const struct needs *needs, struct curb_str *ret_sealed)
{
	struct curb_buf out = curb_buf(NEEDS_JSON_MOST);
	struct curb_json j = curb_json(&out);
	needs_write(needs, &j);
	while (out.len < NEEDS_JSON_MOST && !curb_buf_check(&out))
		curb_buf_char(&out, ' ');
	int err = curb_buf_check(&out);
	if (!err)
		err = curb_seal(tx, "core_needs", column, person, curb_buf_view(&out), ret_sealed);
	curb_buf_free(&out);
	return err;
}

static int unseal(struct curb_tx *tx, const struct curb_id *person, const char *column,
                  struct curb_str sealed, struct needs *ret_needs)
{
	struct curb_str plain;
	int err = curb_unseal(tx, "core_needs", column, person, sealed, &plain);
	return err ? err : needs_parse(curb_tx_arena(tx), plain, ret_needs);
}

int needs_find(struct curb_tx *tx, const struct curb_id *person, struct needs_kept *ret_kept)
{
	static const char sql[] = "SELECT needs, before FROM core_needs WHERE id = $1";
	struct needs_kept kept = { 0 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (!err)
		err = curb_step(stmt);
	if (err > 0) {
		kept.there = true;
		kept.changed = !curb_col_null(stmt, 1);
		err = unseal(tx, person, "needs", curb_col_blob(stmt, 0), &kept.now);
		if (!err && kept.changed)
			err = unseal(tx, person, "before", curb_col_blob(stmt, 1), &kept.before);
	}
	if (!err)
		*ret_kept = kept;
	return err;
}

static int put(struct curb_tx *tx, const struct curb_id *person, const struct needs *now,
               const struct needs *before)
{
	static const char sql[] = "INSERT INTO core_needs (id, needs, before) VALUES ($1, $2, $3) "
				  "ON CONFLICT (id) DO UPDATE SET needs = $2, before = $3";
	struct curb_str sealed, sealed_before;
	int err = seal(tx, person, "needs", now, &sealed);
	if (!err)
		err = seal(tx, person, "before", before, &sealed_before);
	return err ? err :
	             curb_exec(&curb_core_host, tx, sql,
	                       CURB_BINDS(curb_bind_id(person), curb_blob(sealed), curb_blob(sealed_before)),
	                       NULL);
}

int needs_keep(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
               const struct needs *needs, int64_t now_ms)
{
	struct needs_kept kept;
	int err = needs_find(tx, person, &kept);
	/* A form that is sent twice leaves what was before as it is. */
	if (err || (kept.there && needs_same(&kept.now, needs)))
		return err;
	err = put(tx, person, needs, &kept.now);
	return err ? err : needs_note(tx, person, actor, NEEDS_SET, now_ms);
}

int needs_undo(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor, int64_t now_ms)
{
	struct needs_kept kept;
	int err = needs_find(tx, person, &kept);
	if (!err && !kept.changed)
		return curb_fail(CURB_ENOTFOUND, "Nothing was changed that could be as before");
	if (!err)
		err = put(tx, person, &kept.before, &kept.now);
	return err ? err : needs_note(tx, person, actor, NEEDS_UNDONE, now_ms);
}

int needs_forget(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
                 int64_t now_ms)
{
	static const char sql[] = "DELETE FROM core_needs WHERE id = $1";
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), NULL);
	return err ? err : needs_note(tx, person, actor, NEEDS_FORGOTTEN, now_ms);
}

/* ---- who used it ---- */

static int seen_lately(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
                       enum needs_deed deed, int64_t now_ms)
{
	static const char sql[] = "SELECT 1 FROM core_needs_use WHERE person = $1 AND actor = $2 AND "
				  "deed = $3 AND at_ms > $4 AND at_ms <= $5";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_bind_id(actor), curb_int(deed),
	                                curb_int(now_ms - hour_ms), curb_int(now_ms)),
	                     &stmt);
	return err ? err : curb_step(stmt);
}

int needs_note(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *actor,
               enum needs_deed deed, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO core_needs_use (id, person, actor, deed, at_ms) "
				  "VALUES ($1, $2, $3, $4, $5)";
	int err = deed == NEEDS_SEEN || deed == NEEDS_COPIED ? seen_lately(tx, person, actor, deed, now_ms) :
	                                                       0;
	if (err)
		return err < 0 ? err : 0;
	struct curb_id id = curb_id_new(now_ms);
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&id), curb_bind_id(person), curb_bind_id(actor),
	                            curb_int(deed), curb_int(now_ms)),
	                 NULL);
}

int needs_uses(struct curb_tx *tx, const struct curb_id *person, size_t most, struct needs_use **ret_uses,
               size_t *ret_n)
{
	static const char sql[] = "SELECT p.shown, u.actor, u.deed, u.at_ms FROM core_needs_use u "
				  "JOIN core_person p ON p.id = u.actor WHERE u.person = $1 ORDER BY u.at_ms "
				  "DESC, u.id DESC LIMIT $2";
	struct needs_use *uses = curb_alloc_n(curb_tx_arena(tx), most + 1, sizeof *uses);
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_int((int64_t)most)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		int64_t deed = curb_col_int(stmt, 2);
		uses[n++] = (struct needs_use){
			.actor = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)),
			.own = curb_str_is(curb_col_text(stmt, 1), person->text),
			.deed = deed >= 0 && deed < NEEDS_DEEDS ? (enum needs_deed)deed : NEEDS_SEEN,
			.at_ms = curb_col_int(stmt, 3),
		};
		err = 0;
	}
	if (err)
		return err;
	*ret_uses = uses;
	*ret_n = n;
	return 0;
}
