#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"
#include "token.h"

enum { MOST = 5 };

/* A change of the password is behind a proof: it holds as long as any other. */
static int64_t lives_ms(enum people_step_kind kind)
{
	return kind == PEOPLE_STEP_CHANGE ? PEOPLE_PROVED_MS : 24LL * 3600 * 1000;
}

int people_step_open(struct curb_tx *tx, const struct curb_id *person, enum people_step_kind kind,
                     struct curb_str data, int64_t now_ms, char *ret_token)
{
	static const char old[] =
		"DELETE FROM core_step WHERE ends_ms <= $1 OR (person = $2 AND id NOT IN (SELECT id FROM "
		"core_step WHERE person = $2 ORDER BY made_ms DESC, id DESC LIMIT $3))";
	static const char sql[] =
		"INSERT INTO core_step (id, token_hash, person, kind, data, made_ms, ends_ms) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7)";
	char token[PEOPLE_TOKEN_SIZE], hash[2 * PEOPLE_TOKEN_HASH + 1];
	struct curb_id id = curb_id_new(now_ms);
	struct curb_str sealed = curb_str(NULL);
	people_token_random(token);
	people_token_hex(curb_str(token), hash);
	int err = data.ptr ? curb_seal(tx, "core_step", "data", &id, data, &sealed) : 0;
	if (!err)
		err = curb_exec(&curb_core_host, tx, old,
		                CURB_BINDS(curb_int(now_ms), curb_bind_id(person), curb_int(MOST - 1)), NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql,
		                CURB_BINDS(curb_bind_id(&id), curb_cstring(hash), curb_bind_id(person),
		                           curb_int(kind), curb_blob(sealed), curb_int(now_ms),
		                           curb_int(now_ms + lives_ms(kind))),
		                NULL);
	if (!err)
		memcpy(ret_token, token, sizeof token);
	return err;
}

static int read_step(struct curb_tx *tx, struct curb_stmt *stmt, struct people_step *ret_step)
{
	struct people_step step = { .id = curb_col_id(stmt, 0),
		                    .person = curb_col_id(stmt, 1),
		                    .kind = (enum people_step_kind)curb_col_int(stmt, 2) };
	int err = curb_col_null(stmt, 3) ?
	                  0 :
	                  curb_unseal(tx, "core_step", "data", &step.id, curb_col_blob(stmt, 3), &step.data);
	if (!err)
		*ret_step = step;
	return err;
}

static int gone(void)
{
	return curb_fail(CURB_EAUTH, "This page is a day old. Sign in once more; nothing is lost");
}

int people_step_find(struct curb_tx *tx, struct curb_str token, int64_t now_ms, struct people_step *ret_step)
{
	static const char sql[] = "SELECT s.id, s.person, s.kind, s.data FROM core_step s JOIN core_person p "
				  "ON p.id = s.person WHERE s.token_hash = $1 AND s.ends_ms > $2 "
				  "AND p.closed_ms IS NULL";
	char hash[2 * PEOPLE_TOKEN_HASH + 1];
	people_token_hex(token, hash);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(hash), curb_int(now_ms)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	return err ? read_step(tx, stmt, ret_step) : gone();
}

int people_step_of(struct curb_tx *tx, const struct curb_id *person, enum people_step_kind kind,
                   struct curb_str data, int64_t now_ms, struct people_step *ret_step)
{
	static const char sql[] =
		"SELECT id, person, kind, data FROM core_step WHERE person = $1 AND kind = $2 "
		"AND ends_ms > $3 ORDER BY made_ms DESC, id DESC";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_int(kind), curb_int(now_ms)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct people_step step;
		err = read_step(tx, stmt, &step);
		if (!err && curb_str_eq(step.data, data)) {
			*ret_step = step;
			return 0;
		}
	}
	return err ? err : gone();
}

int people_step_end(struct curb_tx *tx, const struct curb_id *step)
{
	static const char sql[] = "DELETE FROM core_step WHERE id = $1";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(step)), &changed);
	if (!err && !changed)
		return curb_fail(CURB_ECONFLICT,
		                 "This step was taken already. Sign in once more; nothing is lost");
	return err;
}

int people_steps_end(struct curb_tx *tx, const struct curb_id *person)
{
	static const char sql[] = "DELETE FROM core_step WHERE person = $1";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), NULL);
}
