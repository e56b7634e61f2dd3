/* Who is meant by what was typed, and what she signs in with. */
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"
#include "token.h"

enum { PHONE_LEAST = 5, PHONE_MOST = 15 };

/* One digit of `text` at *offset, ASCII or full-width; -1: something else, which is moved past too. */
static int digit_at(struct curb_str text, size_t *offset, uint32_t *ret_sign)
{
	uint32_t c = curb_utf8_next(text, offset);
	*ret_sign = c;
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	return c >= 0xff10 && c <= 0xff19 ? (int)(c - 0xff10) : -1;
}

size_t people_digits(struct curb_str text, const char *between, char *ret_digits, size_t most)
{
	size_t n = 0;
	text = curb_str_trim(text);
	for (size_t offset = 0; offset < text.len;) {
		uint32_t sign = 0;
		int digit = digit_at(text, &offset, &sign);
		if (digit < 0 && sign != 0x3000 && !(sign < 0x80 && strchr(between, (int)sign)))
			return 0;
		if (digit < 0)
			continue;
		if (n == most)
			return 0;
		ret_digits[n++] = (char)('0' + digit);
	}
	ret_digits[n] = '\0';
	return n;
}

struct curb_str people_phone_plain(struct curb_tx *tx, struct curb_str phone)
{
	char digits[PHONE_MOST + 5];
	struct curb_str typed = curb_str_trim(phone);
	bool abroad = curb_str_starts(typed, "+");
	size_t n = typed.len ? people_digits(typed, " +-.()", digits, PHONE_MOST + 4) : 0;
	const char *plain = digits;
	if (n > 4 && memcmp(plain, "0086", 4) == 0)
		plain += 4;
	else if (abroad && n > 2 && memcmp(plain, "86", 2) == 0)
		plain += 2;
	n -= (size_t)(plain - digits);
	if (n < PHONE_LEAST || n > PHONE_MOST)
		return curb_str(NULL);
	return curb_dup(curb_tx_arena(tx), curb_str_n(plain, n));
}

static struct curb_str phone_index(struct curb_tx *tx, struct curb_str plain)
{
	return plain.ptr ? curb_blind_index(tx, "core_person", "phone", plain) : plain;
}

static int read_account(struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                        struct people_account *ret_account)
{
	struct people_account account = { .pin = false };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err > 0) {
		account.id = curb_col_id(stmt, 0);
		struct curb_str text = curb_col_text(stmt, 1);
		(void)snprintf(account.hash, sizeof account.hash, "%.*s", (int)text.len, text.ptr);
		account.pin = curb_col_int(stmt, 2) != 0;
	}
	*ret_account = account;
	return 0;
}

int people_account_find(struct curb_tx *tx, struct curb_str name, struct people_account *ret_account)
{
	/* A sign-in name that looks like somebody's phone number is the name. */
	static const char sql[] =
		"SELECT id, password_hash, pin FROM core_person WHERE (sign_in = $1 OR phone_index = $2) "
		"AND closed_ms IS NULL ORDER BY CASE WHEN sign_in = $1 THEN 0 ELSE 1 END LIMIT 1";
	struct curb_str phone = phone_index(tx, people_phone_plain(tx, name));
	return read_account(tx, sql, CURB_BINDS(curb_text(people_folded(tx, name)), curb_text(phone)),
	                    ret_account);
}

int people_account_of(struct curb_tx *tx, const struct curb_id *person, struct people_account *ret_account)
{
	static const char sql[] =
		"SELECT id, password_hash, pin FROM core_person WHERE id = $1 AND closed_ms IS NULL";
	return read_account(tx, sql, CURB_BINDS(curb_bind_id(person)), ret_account);
}

int people_set_phone(struct curb_tx *tx, const struct curb_id *person, struct curb_str phone)
{
	static const char sql[] = "UPDATE core_person SET phone = $2, phone_index = $3 WHERE id = $1";
	struct curb_str plain = curb_str(NULL), sealed = curb_str(NULL);
	int err = 0;
	if (phone.ptr && phone.len) {
		plain = people_phone_plain(tx, phone);
		if (!plain.ptr)
			return curb_fail(CURB_EINVAL,
			                 "This is no phone number. Type its digits, 5 to 15 of them");
		err = curb_seal(tx, "core_person", "phone", person, plain, &sealed);
	}
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql,
		                CURB_BINDS(curb_bind_id(person), curb_blob(sealed),
		                           curb_text(phone_index(tx, plain))),
		                NULL);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_ECONFLICT,
		                 "This phone number belongs to another account. Sign in with your number "
		                 "instead, or ask your teacher");
	return err;
}

int people_phone(struct curb_tx *tx, const struct curb_id *person, struct curb_str *ret_phone)
{
	static const char sql[] = "SELECT phone FROM core_person WHERE id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err || curb_col_null(stmt, 0)) {
		*ret_phone = curb_str(NULL);
		return 0;
	}
	return curb_unseal(tx, "core_person", "phone", person, curb_col_blob(stmt, 0), ret_phone);
}

int people_set_password(struct curb_tx *tx, const struct curb_id *person, const char *hash, bool pin)
{
	static const char sql[] = "UPDATE core_person SET password_hash = $2, pin = $3 WHERE id = $1";
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(person), curb_cstring(hash), curb_int(pin)), NULL);
	if (!err)
		err = people_steps_end(tx, person);
	return err ? err : people_forget_tries(tx, person);
}
