#include <sodium.h>
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"
#include "token.h"

static const int64_t lives_ms = (int64_t)PEOPLE_CODE_DAYS * 24 * 3600 * 1000;

/* The code of one person is not that of another, so it is looked up with the person. */
static struct curb_str index_of(struct curb_tx *tx, const struct curb_id *person, const char *digits)
{
	return curb_blind_index(tx, "core_code", "code",
	                        curb_str(curb_printf(curb_tx_arena(tx), "%s %s", person->text, digits)));
}

bool people_is_code(struct curb_str text)
{
	char digits[PEOPLE_CODE_DIGITS + 1];
	return text.ptr && curb_utf8_valid(text) &&
	       people_digits(text, " -", digits, PEOPLE_CODE_DIGITS) == PEOPLE_CODE_DIGITS;
}

int people_code_make(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *by,
                     int64_t now_ms, char ret_text[PEOPLE_CODE_TEXT])
{
	static const char end[] =
		"UPDATE core_code SET ends_ms = $2 WHERE person = $1 AND used_ms IS NULL AND ends_ms > $2";
	static const char sql[] = "INSERT INTO core_code (id, person, code_index, made_by, made_ms, ends_ms) "
				  "VALUES ($1, $2, $3, $4, $5, $6)";
	char digits[PEOPLE_CODE_DIGITS + 1];
	for (size_t i = 0; i < PEOPLE_CODE_DIGITS; i++)
		digits[i] = (char)('0' + randombytes_uniform(10));
	digits[PEOPLE_CODE_DIGITS] = '\0';
	struct curb_str index = index_of(tx, person, digits);
	if (!index.ptr)
		return curb_fail(CURB_EINTERNAL, "there is no key for sign-in codes");
	struct curb_id id = curb_id_new(now_ms);
	int err = curb_exec(&curb_core_host, tx, end, CURB_BINDS(curb_bind_id(person), curb_int(now_ms)),
	                    NULL);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql,
		                CURB_BINDS(curb_bind_id(&id), curb_bind_id(person), curb_text(index),
		                           curb_bind_id(by), curb_int(now_ms), curb_int(now_ms + lives_ms)),
		                NULL);
	if (!err)
		(void)snprintf(ret_text, PEOPLE_CODE_TEXT, "%.3s %.3s %.3s %.3s", digits, digits + 3,
		               digits + 6, digits + 9);
	return err;
}

int people_code_find(struct curb_tx *tx, const struct curb_id *person, struct curb_str text, int64_t now_ms,
                     struct curb_id *ret_code)
{
	static const char sql[] = "SELECT id FROM core_code WHERE person = $1 AND code_index = $2 AND "
				  "used_ms IS NULL AND ends_ms > $3";
	char digits[PEOPLE_CODE_DIGITS + 1];
	*ret_code = (struct curb_id){ "" };
	if (!curb_id_some(person) || !people_is_code(text))
		return 0;
	(void)people_digits(text, " -", digits, PEOPLE_CODE_DIGITS);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_bind_id(person), curb_text(index_of(tx, person, digits)), curb_int(now_ms)),
		&stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	*ret_code = curb_col_id(stmt, 0);
	return 0;
}

int people_code_use(struct curb_tx *tx, const struct curb_id *code, int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_code SET used_ms = $2 WHERE id = $1 AND used_ms IS NULL AND ends_ms > $2";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(code), curb_int(now_ms)),
	                    &changed);
	if (!err && !changed)
		return curb_fail(
			CURB_ECONFLICT,
			"This sign-in code was used already or has ended. Ask your teacher for a new one");
	return err;
}

int people_code_open(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                     struct people_code *ret_code)
{
	static const char sql[] = "SELECT p.shown, c.made_ms, c.ends_ms FROM core_code c "
				  "LEFT JOIN core_person p ON p.id = c.made_by "
				  "WHERE c.person = $1 AND c.used_ms IS NULL AND c.ends_ms > $2 LIMIT 1";
	struct people_code code = { .made_ms = 0 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_int(now_ms)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err > 0) {
		code.made_by = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
		code.made_ms = curb_col_int(stmt, 1);
		code.ends_ms = curb_col_int(stmt, 2);
	}
	*ret_code = code;
	return 0;
}
