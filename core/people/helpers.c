#include "helpers.h"

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "signing.h"
#include "token.h"

static int list(struct curb_tx *tx, const char *sql, const struct curb_id *whose,
                struct people_help **ret_helps, size_t *ret_n)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct people_help *helps = curb_alloc_n(arena, PEOPLE_HELPS_MOST, sizeof *helps);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(whose), curb_int(PEOPLE_HELPS_MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		helps[n++] = (struct people_help){ .id = curb_col_id(stmt, 0),
			                           .person = curb_col_id(stmt, 1),
			                           .helper = curb_col_id(stmt, 2),
			                           .name = curb_dup(arena, curb_col_text(stmt, 3)),
			                           .from_ms = curb_col_int(stmt, 4) };
		err = 0;
	}
	if (err)
		return err;
	*ret_helps = helps;
	*ret_n = n;
	return 0;
}

int people_helpers_of(struct curb_tx *tx, const struct curb_id *person, struct people_help **ret_helps,
                      size_t *ret_n)
{
	static const char sql[] =
		"SELECT h.id, h.person, h.helper, p.shown, h.from_ms FROM core_help h JOIN core_person p ON "
		"p.id = h.helper "
		"WHERE h.person = $1 AND h.until_ms IS NULL ORDER BY p.shown, h.id LIMIT $2";
	return list(tx, sql, person, ret_helps, ret_n);
}

int people_helped_by(struct curb_tx *tx, const struct curb_id *helper, struct people_help **ret_helps,
                     size_t *ret_n)
{
	static const char sql[] = "SELECT h.id, h.person, h.helper, p.shown, h.from_ms FROM core_help h JOIN "
				  "core_person p ON p.id = h.person "
				  "WHERE h.helper = $1 AND h.until_ms IS NULL AND p.closed_ms IS NULL ORDER "
				  "BY p.shown, h.id LIMIT $2";
	return list(tx, sql, helper, ret_helps, ret_n);
}

static int helps_already(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *helper,
                         bool *ret_already)
{
	struct people_help *helps = NULL;
	size_t n = 0;
	int err = people_helpers_of(tx, person, &helps, &n);
	*ret_already = false;
	for (size_t i = 0; !err && i < n; i++)
		*ret_already = *ret_already || strcmp(helps[i].helper.text, helper->text) == 0;
	if (!err && !*ret_already && n == PEOPLE_HELPS_MOST)
		return curb_fail(CURB_ECONFLICT, "%d people may help you. End one of them first",
		                 PEOPLE_HELPS_MOST);
	return err;
}

int people_help_allow(struct curb_tx *tx, const struct curb_id *person, struct curb_str name, int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO core_help (id, person, helper, from_ms) VALUES ($1, $2, $3, $4)";
	struct people_account account;
	struct curb_user user = { .roles = 0 };
	int err = people_account_find(tx, name, &account);
	if (!err && curb_id_some(&account.id))
		err = curb_person_find(tx, curb_id_str(&account.id), now_ms, &user);
	if (!err && !(user.roles & CURB_HELPER))
		return curb_fail(
			CURB_ENOTFOUND,
			"There is no helper with this number. Ask for the number, or ask your teacher to add "
			"the helper");
	if (!err && strcmp(account.id.text, person->text) == 0)
		return curb_fail(CURB_ECONFLICT, "This is your own number");
	bool already = false;
	if (!err)
		err = helps_already(tx, person, &account.id, &already);
	struct curb_id id = curb_id_new(now_ms);
	return err || already ? err :
	                        curb_exec(&curb_core_host, tx, sql,
	                                  CURB_BINDS(curb_bind_id(&id), curb_bind_id(person),
	                                             curb_bind_id(&account.id), curb_int(now_ms)),
	                                  NULL);
}

int people_help_end(struct curb_tx *tx, struct curb_str help, const struct curb_id *one_of_them,
                    int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_help SET until_ms = $3 WHERE id = $1 AND (person = $2 OR helper = $2) "
		"AND until_ms IS NULL";
	static const char sessions[] =
		"UPDATE core_session SET ends_ms = $2 WHERE ends_ms > $2 AND helper = (SELECT helper FROM "
		"core_help "
		"WHERE id = $1) AND person = (SELECT person FROM core_help WHERE id = $1)";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_text(help), curb_bind_id(one_of_them), curb_int(now_ms)),
	                    &changed);
	if (!err && !changed)
		return curb_fail(CURB_ENOTFOUND, "This help has ended already");
	return err ? err :
	             curb_exec(&curb_core_host, tx, sessions, CURB_BINDS(curb_text(help), curb_int(now_ms)),
	                       NULL);
}

int people_help_begin(struct curb_tx *tx, struct curb_str help, const struct curb_id *helper, int64_t now_ms,
                      char *ret_token)
{
	static const char mark[] = "UPDATE core_session SET helper = $2, proved_ms = 0 WHERE token_hash = $1";
	struct people_help *helps = NULL;
	char hash[2 * PEOPLE_TOKEN_HASH + 1];
	size_t n = 0, i = 0;
	int err = people_helped_by(tx, helper, &helps, &n);
	while (!err && i < n && !curb_str_is(help, helps[i].id.text))
		i++;
	if (!err && i == n)
		return curb_fail(CURB_ENOTFOUND, "This person does not ask for your help any more");
	if (!err)
		err = people_session_open(tx, &helps[i].person, true, now_ms, ret_token);
	if (err)
		return err;
	people_token_hex(curb_str(ret_token), hash);
	return curb_exec(&curb_core_host, tx, mark, CURB_BINDS(curb_cstring(hash), curb_bind_id(helper)),
	                 NULL);
}
