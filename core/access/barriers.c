#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "people.h"
#include "store.h"
#include "token.h"

enum { LIST_MOST = 200 };

#define COLUMNS \
	"id, code, page, sealed_text, sealed_contact, person, made_ms, answer_by_ms, seen_ms, answered_ms"
static const int64_t day_ms = 24 * 3600 * 1000;

/* Twelve signs in three groups, without those that are taken for each other when read or heard. Bytes at the top would make
 * some signs likelier than others: they are passed over. */
static void make_code(char ret_code[static ACCESS_CODE_SIZE])
{
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	enum { SIGNS = sizeof signs - 1, FAIR = 256 - 256 % SIGNS };
	char token[PEOPLE_TOKEN_SIZE];
	unsigned char random[PEOPLE_TOKEN_HASH];
	size_t n = 0;
	while (n < ACCESS_CODE_SIZE - 1) {
		people_token_random(token);
		people_token_hash(curb_str(token), random);
		for (size_t i = 0; i < sizeof random && n < ACCESS_CODE_SIZE - 1; i++) {
			if (random[i] >= FAIR)
				continue;
			if (n % 5 == 4)
				ret_code[n++] = '-';
			ret_code[n++] = signs[random[i] % SIGNS];
		}
	}
	ret_code[n] = '\0';
}

static int seal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
                struct curb_str plain, struct curb_str *ret_sealed)
{
	*ret_sealed = (struct curb_str){ NULL, 0 };
	return plain.len ? curb_seal(tx, table, column, id, plain, ret_sealed) : 0;
}

int barrier_add(struct curb_tx *tx, struct barrier *barrier, int64_t now_ms)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	char *code = curb_alloc(arena, ACCESS_CODE_SIZE);
	make_code(code);
	barrier->id = curb_id_new(now_ms);
	barrier->code = curb_str(code);
	barrier->made_ms = now_ms;
	barrier->answer_by_ms = now_ms + ACCESS_ANSWER_DAYS * day_ms;
	struct curb_str text, contact;
	int err = seal(tx, "core_barrier", "sealed_text", &barrier->id, barrier->text, &text);
	if (!err)
		err = seal(tx, "core_barrier", "sealed_contact", &barrier->id, barrier->contact, &contact);
	if (err)
		return err;
	return curb_exec(
		&curb_core_host, tx,
		"INSERT INTO core_barrier (id, code, page, sealed_text, sealed_contact, person, "
		"made_ms, answer_by_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		CURB_BINDS(curb_bind_id(&barrier->id), curb_text(barrier->code), curb_text(barrier->page),
	                   curb_blob(text), curb_blob(contact),
	                   curb_id_some(&barrier->person) ? curb_bind_id(&barrier->person) : curb_null(),
	                   curb_int(now_ms), curb_int(barrier->answer_by_ms)),
		NULL);
}

/* ---- reading ---- */

static int unseal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
                  struct curb_str sealed, struct curb_str *ret_plain)
{
	*ret_plain = (struct curb_str){ NULL, 0 };
	return sealed.ptr ? curb_unseal(tx, table, column, id, sealed, ret_plain) : 0;
}

static int read_row(struct curb_tx *tx, struct curb_stmt *stmt, struct barrier *ret_barrier)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct barrier *b = ret_barrier;
	*b = (struct barrier){ .id = curb_col_id(stmt, 0),
		               .code = curb_dup(arena, curb_col_text(stmt, 1)),
		               .page = curb_dup(arena, curb_col_text(stmt, 2)),
		               .made_ms = curb_col_int(stmt, 6),
		               .answer_by_ms = curb_col_int(stmt, 7),
		               .seen_ms = curb_col_int(stmt, 8),
		               .answered_ms = curb_col_int(stmt, 9) };
	if (!curb_col_null(stmt, 5))
		b->person = curb_col_id(stmt, 5);
	int err = unseal(tx, "core_barrier", "sealed_text", &b->id, curb_col_blob(stmt, 3), &b->text);
	return err ? err :
	             unseal(tx, "core_barrier", "sealed_contact", &b->id, curb_col_blob(stmt, 4),
	                    &b->contact);
}

static int read_one(struct curb_tx *tx, const char *sql, struct curb_str key, struct barrier *ret_barrier)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(key)), &stmt);
	if (err)
		return err;
	int step = curb_step(stmt);
	if (step == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no report of that number. Check it, sign by sign");
	return step < 0 ? step : read_row(tx, stmt, ret_barrier);
}

int barrier_by_code(struct curb_tx *tx, struct curb_str code, struct barrier *ret_barrier)
{
	return read_one(tx, "SELECT " COLUMNS " FROM core_barrier WHERE code = $1", code, ret_barrier);
}

int barrier_by_id(struct curb_tx *tx, struct curb_str id, struct barrier *ret_barrier)
{
	return read_one(tx, "SELECT " COLUMNS " FROM core_barrier WHERE id = $1", id, ret_barrier);
}

int barrier_count(struct curb_tx *tx, const struct curb_id *person, int64_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx,
	                     "SELECT count(*) FROM core_barrier WHERE $1 IS NULL OR person = $1",
	                     CURB_BINDS(person ? curb_bind_id(person) : curb_null()), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_n = curb_col_int(stmt, 0);
	return 0;
}

int barrier_list(struct curb_tx *tx, const struct curb_id *person, int64_t past, int64_t most,
                 struct barrier **ret_list, size_t *ret_n)
{
	static const char all[] =
		"SELECT " COLUMNS
		" FROM core_barrier WHERE $1 IS NULL OR person = $1 ORDER BY answered_ms IS NOT "
		"NULL, CASE WHEN answered_ms IS NULL THEN answer_by_ms ELSE -answered_ms END, id LIMIT $2 "
		"OFFSET $3";
	struct barrier *list = curb_alloc_n(curb_tx_arena(tx), (size_t)most, sizeof *list);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx, all,
		CURB_BINDS(person ? curb_bind_id(person) : curb_null(), curb_int(most), curb_int(past)),
		&stmt);
	size_t n = 0;
	int step = 0;
	while (!err && (step = curb_step(stmt)) > 0)
		err = read_row(tx, stmt, &list[n++]);
	if (err || step < 0)
		return err ? err : step;
	*ret_list = list;
	*ret_n = n;
	return 0;
}

int barrier_answers(struct curb_tx *tx, const struct curb_id *barrier, struct barrier_answer **ret_list,
                    size_t *ret_n)
{
	struct barrier_answer *list = curb_alloc_n(curb_tx_arena(tx), LIST_MOST, sizeof *list);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx,
	                     "SELECT id, sealed_text, made_ms FROM core_barrier_answer WHERE barrier = $1 "
	                     "ORDER BY made_ms, id LIMIT $2",
	                     CURB_BINDS(curb_bind_id(barrier), curb_int(LIST_MOST)), &stmt);
	size_t n = 0;
	int step = 0;
	while (!err && (step = curb_step(stmt)) > 0) {
		struct curb_id id = curb_col_id(stmt, 0);
		list[n].made_ms = curb_col_int(stmt, 2);
		err = unseal(tx, "core_barrier_answer", "sealed_text", &id, curb_col_blob(stmt, 1),
		             &list[n++].text);
	}
	if (err || step < 0)
		return err ? err : step;
	*ret_list = list;
	*ret_n = n;
	return 0;
}

/* ---- answering ---- */

int barrier_seen(struct curb_tx *tx, const struct curb_id *id, int64_t now_ms)
{
	return curb_exec(&curb_core_host, tx,
	                 "UPDATE core_barrier SET seen_ms = $2 WHERE id = $1 AND seen_ms IS NULL",
	                 CURB_BINDS(curb_bind_id(id), curb_int(now_ms)), NULL);
}

int barrier_answer(struct curb_tx *tx, const struct curb_id *id, const struct curb_id *by,
                   struct curb_str text, int64_t now_ms)
{
	struct curb_id answer = curb_id_new(now_ms);
	struct curb_str sealed;
	int err = seal(tx, "core_barrier_answer", "sealed_text", &answer, text, &sealed);
	if (!err)
		err = curb_exec(&curb_core_host, tx,
		                "INSERT INTO core_barrier_answer (id, barrier, sealed_text, person, made_ms) "
		                "VALUES ($1, $2, $3, $4, $5)",
		                CURB_BINDS(curb_bind_id(&answer), curb_bind_id(id), curb_blob(sealed),
		                           curb_bind_id(by), curb_int(now_ms)),
		                NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx,
		                "UPDATE core_barrier SET answered_ms = $2, seen_ms = coalesce(seen_ms, $2) "
		                "WHERE id = $1",
		                CURB_BINDS(curb_bind_id(id), curb_int(now_ms)), NULL);
	return err;
}

int access_waiting(struct curb_tx *tx, int64_t now_ms, int64_t *ret_waiting, int64_t *ret_late)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx,
		"SELECT count(*), coalesce(sum(CASE WHEN answer_by_ms < $1 THEN 1 ELSE 0 END), 0) "
		"FROM core_barrier WHERE answered_ms IS NULL",
		CURB_BINDS(curb_int(now_ms)), &stmt);
	if (err)
		return err;
	int step = curb_step(stmt);
	if (step < 0)
		return step;
	*ret_waiting = curb_col_int(stmt, 0);
	*ret_late = curb_col_int(stmt, 1);
	return 0;
}
