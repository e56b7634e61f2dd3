#include "passkeys.h"

#include <sodium.h>
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"

/* ---- challenges: 16 random bytes, the time they end, and a keyed hash of both and of what they are for ---- */

enum { RANDOM = 16, TIME = 8, MAC = 16, CHALLENGE = RANDOM + TIME + MAC };

static void put_mac(struct curb_tx *tx, struct curb_str use, const unsigned char *head,
                    unsigned char *ret_mac)
{
	char hex[2 * (RANDOM + TIME) + 1];
	curb_hex(head, RANDOM + TIME, hex);
	const char *text = curb_printf(curb_tx_arena(tx), "%.*s %s", (int)use.len, use.ptr, hex);
	struct curb_str mac = curb_blind_index(tx, "core_spent", "challenge", curb_str(text));
	CURB_ASSERT(mac.ptr && curb_unhex(curb_str_n(mac.ptr, 2 * MAC), ret_mac, MAC));
}

struct curb_str people_challenge(struct curb_tx *tx, struct curb_str use, int64_t now_ms)
{
	unsigned char bytes[CHALLENGE];
	uint64_t ends_ms = (uint64_t)(now_ms + PEOPLE_CHALLENGE_MS);
	randombytes_buf(bytes, RANDOM);
	for (int i = 0; i < TIME; i++)
		bytes[RANDOM + i] = (unsigned char)(ends_ms >> (56 - 8 * i));
	put_mac(tx, use, bytes, bytes + RANDOM + TIME);
	size_t room = sodium_base64_ENCODED_LEN(CHALLENGE, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = curb_alloc(curb_tx_arena(tx), room);
	(void)sodium_bin2base64(text, room, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return curb_str(text);
}

static int old(void)
{
	return curb_fail(CURB_EAUTH, "This took too long, or was done already. Press the button once more");
}

int people_challenge_check(struct curb_tx *tx, struct curb_str use, struct curb_str challenge, int64_t now_ms)
{
	unsigned char bytes[CHALLENGE], mac[MAC];
	size_t n = 0;
	if (!challenge.ptr ||
	    sodium_base642bin(bytes, sizeof bytes, challenge.ptr, challenge.len, NULL, &n, NULL,
	                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    n != CHALLENGE)
		return old();
	uint64_t ends_ms = 0;
	for (int i = 0; i < TIME; i++)
		ends_ms = ends_ms << 8 | bytes[RANDOM + i];
	put_mac(tx, use, bytes, mac);
	if (sodium_memcmp(mac, bytes + RANDOM + TIME, MAC) != 0 || (uint64_t)now_ms >= ends_ms)
		return old();
	return 0;
}

int people_challenge_spend(struct curb_tx *tx, struct curb_str challenge, int64_t now_ms)
{
	static const char forget[] = "DELETE FROM core_spent WHERE ends_ms <= $1";
	static const char sql[] = "INSERT INTO core_spent (challenge, ends_ms) VALUES ($1, $2)";
	int err = curb_exec(&curb_core_host, tx, forget, CURB_BINDS(curb_int(now_ms)), NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql,
		                CURB_BINDS(curb_text(challenge), curb_int(now_ms + PEOPLE_CHALLENGE_MS)),
		                NULL);
	return err == CURB_ECONFLICT ? old() : err;
}

/* ---- passkeys ---- */

#define COLUMNS \
	"k.id, k.person, k.credential, k.public_key, k.name, k.algorithm, k.counter, k.made_ms, k.used_ms"

static struct people_passkey read_row(struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	return (struct people_passkey){ .id = curb_col_id(stmt, 0),
		                        .person = curb_col_id(stmt, 1),
		                        .credential = curb_dup(arena, curb_col_text(stmt, 2)),
		                        .key = curb_dup(arena, curb_col_blob(stmt, 3)),
		                        .name = curb_dup(arena, curb_col_text(stmt, 4)),
		                        .algorithm = curb_col_int(stmt, 5),
		                        .counter = curb_col_int(stmt, 6),
		                        .made_ms = curb_col_int(stmt, 7),
		                        .used_ms = curb_col_int(stmt, 8) };
}

int people_passkey_find(struct curb_tx *tx, struct curb_str credential, struct people_passkey *ret_passkey)
{
	static const char sql[] = "SELECT " COLUMNS
				  " FROM core_passkey k JOIN core_person p ON p.id = k.person "
				  "WHERE k.credential = $1 AND p.closed_ms IS NULL";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(credential)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(
			CURB_EAUTH,
			"This passkey is not known here. Sign in with your password and add it again");
	*ret_passkey = read_row(tx, stmt);
	return 0;
}

int people_passkeys(struct curb_tx *tx, const struct curb_id *person, struct people_passkey **ret_passkeys,
                    size_t *ret_n)
{
	static const char sql[] = "SELECT " COLUMNS " FROM core_passkey k WHERE k.person = $1 "
				  "ORDER BY k.made_ms, k.id LIMIT $2";
	struct people_passkey *rows = curb_alloc_n(curb_tx_arena(tx), PEOPLE_PASSKEYS_MOST, sizeof *rows);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_int(PEOPLE_PASSKEYS_MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		rows[n++] = read_row(tx, stmt);
		err = 0;
	}
	if (err)
		return err;
	*ret_passkeys = rows;
	*ret_n = n;
	return 0;
}

int people_passkey_add(struct curb_tx *tx, const struct people_passkey *passkey, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO core_passkey (id, person, credential, algorithm, public_key, "
				  "counter, name, made_ms, "
				  "used_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
	struct people_passkey *there = NULL;
	size_t n = 0;
	int err = people_passkeys(tx, &passkey->person, &there, &n);
	if (!err && n == PEOPLE_PASSKEYS_MOST)
		return curb_fail(CURB_ECONFLICT, "You have %d passkeys. Remove one first",
		                 PEOPLE_PASSKEYS_MOST);
	struct curb_id id = curb_id_new(now_ms);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql,
		                CURB_BINDS(curb_bind_id(&id), curb_bind_id(&passkey->person),
		                           curb_text(passkey->credential), curb_int(passkey->algorithm),
		                           curb_blob(passkey->key), curb_int(passkey->counter),
		                           curb_text(passkey->name), curb_int(now_ms)),
		                NULL);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_ECONFLICT, "This passkey was added already");
	return err;
}

int people_passkey_used(struct curb_tx *tx, const struct people_passkey *passkey, int64_t counter,
                        int64_t now_ms)
{
	static const char sql[] = "UPDATE core_passkey SET counter = $2, used_ms = $3 WHERE id = $1 AND "
				  "(counter < $2 OR (counter = 0 AND $2 = 0))";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(&passkey->id), curb_int(counter), curb_int(now_ms)),
	                    &changed);
	if (!err && !changed)
		return curb_fail(
			CURB_EAUTH,
			"Somebody may have copied this passkey, so it is not taken. Sign in with your "
			"password and remove it");
	return err;
}

int people_passkey_remove(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *passkey)
{
	static const char sql[] = "DELETE FROM core_passkey WHERE id = $1 AND person = $2";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(passkey), curb_bind_id(person)),
	                    &changed);
	return err || changed ? err : curb_fail(CURB_ENOTFOUND, "There is no such passkey of yours");
}
