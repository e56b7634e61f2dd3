#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"
#include "token.h"

enum { MOST = 10 };
static const int64_t known_ms = 180LL * 24 * 3600 * 1000;

int people_device_known(struct curb_tx *tx, struct curb_str token, const struct curb_id *person,
                        int64_t now_ms, struct curb_str *ret_device)
{
	static const char sql[] =
		"SELECT used_ms FROM core_device WHERE token_hash = $1 AND person = $2 AND used_ms > $3";
	char hash[2 * PEOPLE_TOKEN_HASH + 1];
	*ret_device = curb_str(NULL);
	if (!token.ptr || !curb_id_some(person))
		return 0;
	people_token_hex(token, hash);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_cstring(hash), curb_bind_id(person), curb_int(now_ms - known_ms)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	*ret_device = curb_str(curb_printf(curb_tx_arena(tx), "device %.32s", hash));
	return 0;
}

static int keep(struct curb_tx *tx, const char *hash, const struct curb_id *person, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO core_device (token_hash, person, used_ms) VALUES ($1, $2, $3) "
				  "ON CONFLICT (token_hash, person) DO UPDATE SET used_ms = $3";
	static const char old[] = "DELETE FROM core_device WHERE person = $1 AND token_hash NOT IN "
				  "(SELECT token_hash FROM core_device WHERE person = $1 "
				  "ORDER BY used_ms DESC, token_hash LIMIT $2)";
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_cstring(hash), curb_bind_id(person), curb_int(now_ms)), NULL);
	return err ? err :
	             curb_exec(&curb_core_host, tx, old, CURB_BINDS(curb_bind_id(person), curb_int(MOST)),
	                       NULL);
}

int people_device_keep(struct curb_tx *tx, struct curb_str token, const struct curb_id *person,
                       int64_t now_ms, char *ret_token)
{
	/* A token that somebody else put into this browser must not become one of hers: it is changed, and so are the
	 * rows of the others who use this browser. */
	static const char move[] = "UPDATE core_device SET token_hash = $2 WHERE token_hash = $1";
	char before[2 * PEOPLE_TOKEN_HASH + 1], hash[2 * PEOPLE_TOKEN_HASH + 1], fresh[PEOPLE_TOKEN_SIZE];
	struct curb_str known;
	int err = people_device_known(tx, token, person, now_ms, &known);
	if (err)
		return err;
	if (known.ptr) {
		(void)snprintf(fresh, sizeof fresh, "%.*s", (int)token.len, token.ptr);
		people_token_hex(token, hash);
	} else {
		people_token_random(fresh);
		people_token_hex(curb_str(fresh), hash);
		if (token.ptr) {
			people_token_hex(token, before);
			err = curb_exec(&curb_core_host, tx, move,
			                CURB_BINDS(curb_cstring(before), curb_cstring(hash)), NULL);
		}
	}
	if (!err)
		err = keep(tx, hash, person, now_ms);
	if (!err)
		memcpy(ret_token, fresh, sizeof fresh);
	return err;
}

int people_device_forget(struct curb_tx *tx, const struct curb_id *person, struct curb_str but_token)
{
	static const char sql[] = "DELETE FROM core_device WHERE person = $1 AND token_hash <> $2";
	char hash[2 * PEOPLE_TOKEN_HASH + 1] = "";
	if (but_token.ptr)
		people_token_hex(but_token, hash);
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_cstring(hash)),
	                 NULL);
}
