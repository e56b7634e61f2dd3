#include "factor.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"
#include "token.h"

enum { SECRET = 20, STEP_S = 30, DIGITS = 6, RECOVERY_DIGITS = 10 };

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* ---- TOTP ---- */

void people_totp_secret(char ret_text[PEOPLE_SECRET_TEXT])
{
	/* 32 characters of five bits are the 20 bytes. */
	for (int i = 0; i < PEOPLE_SECRET_TEXT - 1; i++)
		ret_text[i] = base32[randombytes_uniform(32)];
	ret_text[PEOPLE_SECRET_TEXT - 1] = '\0';
}

static bool secret_bytes(struct curb_str text, unsigned char ret_bytes[SECRET])
{
	uint32_t bits = 0;
	int count = 0;
	size_t n = 0;
	if (text.len != PEOPLE_SECRET_TEXT - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *at = memchr(base32, text.ptr[i], sizeof base32 - 1);
		if (!at)
			return false;
		bits = (bits << 5 | (uint32_t)(at - base32)) & 0xfff;
		count += 5;
		if (count >= 8) {
			count -= 8;
			ret_bytes[n++] = (unsigned char)(bits >> count);
		}
	}
	return true;
}

int32_t people_totp_at(struct curb_str secret, int64_t step)
{
	unsigned char key[SECRET], counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	if (!secret_bytes(secret, key))
		return -1;
	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	bool made = HMAC(EVP_sha1(), key, sizeof key, counter, sizeof counter, mac, &size) != NULL;
	explicit_bzero(key, sizeof key);
	if (!made || size != 20)
		return -1;
	unsigned at = mac[19] & 15u;
	uint32_t number = (uint32_t)(mac[at] & 127u) << 24 | (uint32_t)mac[at + 1] << 16 |
	                  (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	return (int32_t)(number % 1000000);
}

int64_t people_totp_match(struct curb_str secret, struct curb_str typed, int64_t now_ms)
{
	char digits[DIGITS + 1];
	if (!typed.ptr || people_digits(typed, " ", digits, DIGITS) != DIGITS)
		return 0;
	int64_t number = 0, found = 0, now = now_ms / 1000 / STEP_S;
	(void)curb_str_int(curb_str(digits), &number);
	for (int64_t step = now - 1; step <= now + 1; step++)
		if (people_totp_at(secret, step) == number)
			found = step;
	return found;
}

bool people_is_recovery(struct curb_str typed)
{
	char digits[RECOVERY_DIGITS + 1];
	return typed.ptr && people_digits(typed, " -", digits, RECOVERY_DIGITS) == RECOVERY_DIGITS;
}

/* ---- what is kept ---- */

static int read_factor(struct curb_tx *tx, const struct curb_id *person, struct curb_str *ret_secret,
                       int64_t *ret_last)
{
	static const char sql[] = "SELECT secret, last_step FROM core_factor WHERE person = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	*ret_secret = curb_str(NULL);
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	*ret_last = curb_col_int(stmt, 1);
	return curb_unseal(tx, "core_factor", "secret", person, curb_col_blob(stmt, 0), ret_secret);
}

int people_factor_has(struct curb_tx *tx, const struct curb_id *person, bool *ret_has)
{
	struct curb_str secret;
	int64_t last = 0;
	int err = read_factor(tx, person, &secret, &last);
	if (!err)
		*ret_has = secret.ptr != NULL;
	return err;
}

static struct curb_str recovery_index(struct curb_tx *tx, const struct curb_id *person, const char *digits)
{
	return curb_blind_index(tx, "core_recovery", "code",
	                        curb_str(curb_printf(curb_tx_arena(tx), "%s %s", person->text, digits)));
}

static int find_recovery(struct curb_tx *tx, const struct curb_id *person, struct curb_str typed,
                         struct people_factor_good *good)
{
	static const char sql[] =
		"SELECT 1 FROM core_recovery WHERE person = $1 AND code_index = $2 AND used_ms IS NULL";
	char digits[RECOVERY_DIGITS + 1];
	if (!typed.ptr || people_digits(typed, " -", digits, RECOVERY_DIGITS) != RECOVERY_DIGITS)
		return 0;
	struct curb_str index = recovery_index(tx, person, digits);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_text(index)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	good->recovery = index;
	return 0;
}

int people_factor_check(struct curb_tx *tx, const struct curb_id *person, struct curb_str typed,
                        int64_t now_ms, struct people_factor_good *ret_good)
{
	struct people_factor_good good = { .step = 0 };
	struct curb_str secret;
	int64_t last = 0;
	int err = read_factor(tx, person, &secret, &last);
	if (!err && secret.ptr)
		good.step = people_totp_match(secret, typed, now_ms);
	if (!err && good.step && good.step <= last)
		return curb_fail(CURB_EAUTH,
		                 "This number was used already. Wait until your app shows the next one");
	if (!err && !good.step)
		err = find_recovery(tx, person, typed, &good);
	if (!err && !good.step && !good.recovery.ptr)
		return curb_fail(
			CURB_EAUTH,
			"This number did not match. Type the six digits that your app shows now, or a "
			"recovery code");
	if (!err)
		*ret_good = good;
	return err;
}

int people_factor_use(struct curb_tx *tx, const struct curb_id *person, const struct people_factor_good *good,
                      int64_t now_ms)
{
	static const char number[] =
		"UPDATE core_factor SET last_step = $2 WHERE person = $1 AND last_step < $2";
	static const char recovery[] = "UPDATE core_recovery SET used_ms = $3 WHERE person = $1 AND "
				       "code_index = $2 AND used_ms IS NULL";
	int64_t changed = 0;
	int err = good->step ? curb_exec(&curb_core_host, tx, number,
	                                 CURB_BINDS(curb_bind_id(person), curb_int(good->step)), &changed) :
	                       curb_exec(&curb_core_host, tx, recovery,
	                                 CURB_BINDS(curb_bind_id(person), curb_text(good->recovery),
	                                            curb_int(now_ms)),
	                                 &changed);
	if (!err && !changed)
		return curb_fail(CURB_EAUTH,
		                 "This number was used already. Wait until your app shows the next one");
	return err;
}

static int add_recovery(struct curb_tx *tx, const struct curb_id *person, char ret_code[PEOPLE_RECOVERY_TEXT])
{
	static const char sql[] = "INSERT INTO core_recovery (person, code_index) VALUES ($1, $2)";
	char digits[RECOVERY_DIGITS + 1];
	for (int i = 0; i < RECOVERY_DIGITS; i++)
		digits[i] = (char)('0' + randombytes_uniform(10));
	digits[RECOVERY_DIGITS] = '\0';
	(void)snprintf(ret_code, PEOPLE_RECOVERY_TEXT, "%.5s %.5s", digits, digits + 5);
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_text(recovery_index(tx, person, digits))),
	                 NULL);
}

int people_factor_set(struct curb_tx *tx, const struct curb_id *person, struct curb_str secret, int64_t step,
                      int64_t now_ms, char ret_codes[PEOPLE_RECOVERIES][PEOPLE_RECOVERY_TEXT])
{
	static const char sql[] =
		"INSERT INTO core_factor (person, secret, last_step, made_ms) VALUES ($1, $2, $3, $4)";
	struct curb_str sealed;
	int err = people_factor_remove(tx, person);
	if (!err)
		err = curb_seal(tx, "core_factor", "secret", person, secret, &sealed);
	if (!err)
		err = curb_exec(
			&curb_core_host, tx, sql,
			CURB_BINDS(curb_bind_id(person), curb_blob(sealed), curb_int(step), curb_int(now_ms)),
			NULL);
	for (int i = 0; !err && i < PEOPLE_RECOVERIES; i++)
		err = add_recovery(tx, person, ret_codes[i]);
	return err;
}

int people_factor_remove(struct curb_tx *tx, const struct curb_id *person)
{
	static const char factor[] = "DELETE FROM core_factor WHERE person = $1";
	static const char recoveries[] = "DELETE FROM core_recovery WHERE person = $1";
	int err = curb_exec(&curb_core_host, tx, factor, CURB_BINDS(curb_bind_id(person)), NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx, recoveries, CURB_BINDS(curb_bind_id(person)), NULL);
	return err ? err : people_steps_end(tx, person);
}

int people_recoveries_left(struct curb_tx *tx, const struct curb_id *person, int64_t *ret_n)
{
	static const char sql[] = "SELECT count(*) FROM core_recovery WHERE person = $1 AND used_ms IS NULL";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_n = curb_col_int(stmt, 0);
	return 0;
}
