#include <sodium.h>
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"
#include "token.h"
#include "visits.h"

enum { REACH_MOST = 4096, REMOVED_AT_ONCE = 200 };
static const int64_t kept_ms = 30LL * 24 * 3600 * 1000; /* after it ended */

void people_token_hex(struct curb_str token, char *ret_hex)
{
	unsigned char hash[PEOPLE_TOKEN_HASH];
	people_token_hash(token, hash);
	curb_hex(hash, sizeof hash, ret_hex);
}

void people_token_hash(struct curb_str token, unsigned char *ret_hash)
{
	(void)crypto_generichash(ret_hash, PEOPLE_TOKEN_HASH, (const unsigned char *)token.ptr, token.len,
	                         NULL, 0);
}

void people_token_random(char *ret_token)
{
	unsigned char random[32];
	randombytes_buf(random, sizeof random);
	(void)sodium_bin2base64(ret_token, PEOPLE_TOKEN_SIZE, random, sizeof random,
	                        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

struct gathering {
	struct people_reach *rows;
	size_t count, cap;
};

static void add_reach(struct curb_arena *arena, struct gathering *g, struct curb_id institution,
                      uint32_t role)
{
	if (g->count == g->cap) {
		size_t cap = g->cap ? g->cap * 2 : 8;
		struct people_reach *rows = curb_alloc_n(arena, cap, sizeof *rows);
		if (g->count)
			memcpy(rows, g->rows, g->count * sizeof *rows);
		g->rows = rows;
		g->cap = cap;
	}
	g->rows[g->count++] = (struct people_reach){ institution, role };
}

/* Every institution of a region and of the regions below it. */
static int add_region(struct curb_tx *tx, struct gathering *g, struct curb_str region, uint32_t role)
{
	static const char sql[] =
		"WITH RECURSIVE below (id) AS (SELECT $1 UNION SELECT r.id FROM core_region r "
		"JOIN below b ON r.parent = b.id) "
		"SELECT i.id FROM core_institution i JOIN below b ON i.region = b.id LIMIT $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(region), curb_int(REACH_MOST)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		add_reach(curb_tx_arena(tx), g, curb_col_id(stmt, 0), role);
		err = 0;
	}
	return err;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int add_grant(struct curb_tx *tx, struct curb_stmt *stmt, struct gathering *g, int64_t now_ms,
                     struct people_session *session)
{
	if (curb_col_null(stmt, 5))
		return 0;
	int64_t from_ms = curb_col_int(stmt, 9);
	if (from_ms > now_ms) {
		session->until_ms = sooner(session->until_ms, from_ms);
		return 0;
	}
	if (!curb_col_null(stmt, 10))
		session->until_ms = sooner(session->until_ms, curb_col_int(stmt, 10));
	uint32_t role = (uint32_t)curb_col_int(stmt, 5);
	if (curb_id_some(&session->helper) && role != CURB_LEARNER)
		return 0; /* whoever helps does so with learning, not with what else the person may */
	session->user.roles |= role;
	if (!curb_col_null(stmt, 6))
		return add_region(tx, g, curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 6)), role);
	add_reach(curb_tx_arena(tx), g, curb_col_id(stmt, 7), role);
	return 0;
}

static void read_person(struct curb_tx *tx, struct curb_stmt *stmt, struct people_session *session)
{
	session->id = curb_col_id(stmt, 0);
	session->until_ms = session->ends_ms = curb_col_int(stmt, 8);
	session->seen_ms = curb_col_int(stmt, 11);
	session->shared = curb_col_int(stmt, 12) != 0;
	session->helper = curb_col_id(stmt, 13);
	session->helper_name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 14));
	session->proved_ms = curb_col_int(stmt, 15);
	struct curb_str csrf = curb_col_text(stmt, 1);
	(void)snprintf(session->csrf, sizeof session->csrf, "%.*s", (int)csrf.len, csrf.ptr);
	session->lang = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2));
	session->user.id = curb_col_id(stmt, 3);
	session->user.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 4));
}

int people_session_find(struct curb_tx *tx, struct curb_str token, int64_t now_ms,
                        struct people_session *ret_session)
{
	static const char sql[] =
		"SELECT s.id, s.csrf, coalesce(s.lang, p.lang), p.id, p.shown, g.role, "
		"g.region, g.institution, s.ends_ms, g.from_ms, g.until_ms, s.seen_ms, "
		"s.shared, s.helper, h.shown, s.proved_ms "
		"FROM core_session s JOIN core_person p ON p.id = s.person "
		"LEFT JOIN core_person h ON h.id = s.helper "
		"LEFT JOIN core_grant g ON g.person = p.id "
		"AND (g.until_ms IS NULL OR g.until_ms > $2) "
		"WHERE s.token_hash = $1 AND s.ends_ms > $2 AND p.closed_ms IS NULL "
		"AND (s.helper IS NULL OR (h.closed_ms IS NULL AND EXISTS (SELECT 1 FROM "
		"core_grant r WHERE r.person = h.id AND r.role = $3 AND r.from_ms <= $2 AND "
		"(r.until_ms IS NULL OR r.until_ms > $2))))";
	char hash[2 * PEOPLE_TOKEN_HASH + 1];
	people_token_hex(token, hash);
	struct people_session session = { 0 };
	struct gathering g = { 0 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_cstring(hash), curb_int(now_ms), curb_int(CURB_HELPER)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		if (!curb_id_some(&session.id))
			read_person(tx, stmt, &session);
		err = add_grant(tx, stmt, &g, now_ms, &session);
	}
	if (err)
		return err;
	if (!curb_id_some(&session.id))
		return curb_fail(CURB_EAUTH, "You are signed out. Sign in again; nothing is lost");
	session.reach = g.rows;
	session.reach_count = g.count;
	*ret_session = session;
	return 0;
}

int people_session_open(struct curb_tx *tx, const struct curb_id *person, bool shared_device, int64_t now_ms,
                        char *ret_token)
{
	static const char sql[] =
		"INSERT INTO core_session (id, token_hash, person, csrf, shared, made_ms, ends_ms, seen_ms, "
		"proved_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $6)";
	static const char old[] = "DELETE FROM core_session WHERE id IN (SELECT id FROM core_session WHERE "
				  "ends_ms < $1 ORDER BY ends_ms LIMIT $2)";
	char token[PEOPLE_TOKEN_SIZE], csrf[PEOPLE_TOKEN_SIZE], hash[2 * PEOPLE_TOKEN_HASH + 1];
	people_token_random(token);
	people_token_random(csrf);
	people_token_hex(curb_str(token), hash);
	struct curb_id id = curb_id_new(now_ms);
	int64_t ends_ms = now_ms +
	                  (shared_device ? PEOPLE_SESSION_SHARED_S : PEOPLE_SESSION_OWN_S) * INT64_C(1000);
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(&id), curb_cstring(hash), curb_bind_id(person),
	                               curb_cstring(csrf), curb_int(shared_device), curb_int(now_ms),
	                               curb_int(ends_ms)),
	                    NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx, old,
		                CURB_BINDS(curb_int(now_ms - kept_ms), curb_int(REMOVED_AT_ONCE)), NULL);
	if (!err)
		memcpy(ret_token, token, sizeof token);
	return err;
}

int people_session_describe(struct curb_tx *tx, struct curb_str token, struct curb_str user_agent)
{
	static const char sql[] = "UPDATE core_session SET agent = $2 WHERE token_hash = $1";
	char hash[2 * PEOPLE_TOKEN_HASH + 1];
	people_token_hex(token, hash);
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_cstring(hash), curb_text(people_agent(tx, user_agent))), NULL);
}

int people_session_end(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms)
{
	static const char sql[] = "UPDATE core_session SET ends_ms = $2 WHERE id = $1 AND ends_ms > $2";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(session), curb_int(now_ms)), NULL);
}

int people_session_prove(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_session SET proved_ms = $2 WHERE id = $1 AND ends_ms > $2 AND helper IS NULL";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(session), curb_int(now_ms)), NULL);
}

bool people_session_proved(const struct people_session *session, int64_t now_ms)
{
	int64_t since_ms = now_ms - session->proved_ms;
	return !curb_id_some(&session->helper) && since_ms >= 0 && since_ms < PEOPLE_PROVED_MS;
}

int people_set_lang(struct curb_tx *tx, const struct curb_id *session, struct curb_str lang)
{
	static const char sql[] = "UPDATE core_session SET lang = $2 WHERE id = $1";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(session), curb_text(lang)), NULL);
}
