#include "people.h"

#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"

enum { FREE_TRIES = 5, LONGEST_WAIT_S = 60, FORGET_MS = 3600 * 1000, NAME_LONGEST = 64 };

static const char *const role_words[] = { "learner",  "helper",  "author",    "teacher", "captioner", "staff",
	                                  "reviewer", "auditor", "evaluator", "admin",   NULL };

uint32_t people_role(struct curb_str word)
{
	for (int i = 0; role_words[i]; i++)
		if (curb_str_is(word, role_words[i]))
			return 1u << i;
	return 0;
}

const char *people_role_word(int i)
{
	return role_words[i];
}

struct curb_str people_folded(struct curb_tx *tx, struct curb_str name)
{
	struct curb_str copy = curb_dup(curb_tx_arena(tx), curb_str_trim(name));
	char *text = (char *)(uintptr_t)copy.ptr;
	for (size_t i = 0; i < copy.len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] + ('a' - 'A'));
	return copy;
}

int people_sign_in_name(struct curb_tx *tx, struct curb_str name, struct curb_id *ret_person, char *ret_hash)
{
	static const char sql[] =
		"SELECT id, password_hash FROM core_person WHERE sign_in = $1 AND closed_ms IS NULL";
	struct curb_id person = { "" };
	char hash[PEOPLE_HASH_SIZE] = "";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(people_folded(tx, name))), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err > 0) {
		person = curb_col_id(stmt, 0);
		struct curb_str text = curb_col_text(stmt, 1);
		(void)snprintf(hash, sizeof hash, "%.*s", (int)text.len, text.ptr);
	}
	*ret_person = person;
	memcpy(ret_hash, hash, sizeof hash);
	return 0;
}

/* The name that tries are counted under: nobody has a longer one. Cut between characters. */
static struct curb_str tried_name(struct curb_tx *tx, struct curb_str name)
{
	struct curb_str who = people_folded(tx, name);
	if (who.len <= NAME_LONGEST)
		return who;
	who.len = NAME_LONGEST;
	while (who.len > 0 && ((unsigned char)who.ptr[who.len] & 0xc0) == 0x80)
		who.len--;
	return who;
}

int people_try_allowed(struct curb_tx *tx, struct curb_str name, struct curb_str address, int64_t now_ms,
                       int64_t *ret_wait_s)
{
	static const char sql[] = "SELECT failed, last_ms FROM core_try WHERE name = $1 AND address = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(tried_name(tx, name)), curb_text(address)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	int64_t failed = curb_col_int(stmt, 0), since_ms = now_ms - curb_col_int(stmt, 1);
	if (failed < FREE_TRIES || since_ms >= FORGET_MS || since_ms < 0)
		return 0;
	int64_t doublings = failed - FREE_TRIES;
	int64_t wait_s = doublings > 5 ? LONGEST_WAIT_S : INT64_C(1) << doublings;
	if (since_ms >= wait_s * 1000)
		return 0;
	*ret_wait_s = wait_s - since_ms / 1000;
	return curb_fail(CURB_ESLOW, "Wait %lld seconds before the next try. Your account is not locked",
	                 (long long)*ret_wait_s);
}

int people_note_try(struct curb_tx *tx, struct curb_str name, struct curb_str address, bool ok,
                    int64_t now_ms)
{
	static const char forget[] =
		"DELETE FROM core_try WHERE (name = $1 AND address = $2) OR last_ms < $3";
	static const char count[] =
		"INSERT INTO core_try (name, address, failed, last_ms) VALUES ($1, $2, 1, $3) "
		"ON CONFLICT (name, address) DO UPDATE SET last_ms = $3, "
		"failed = CASE WHEN core_try.last_ms < $4 THEN 1 ELSE core_try.failed + 1 END";
	struct curb_str who = tried_name(tx, name);
	if (ok)
		return curb_exec(&curb_core_host, tx, forget,
		                 CURB_BINDS(curb_text(who), curb_text(address), curb_int(now_ms - FORGET_MS)),
		                 NULL);
	return curb_exec(&curb_core_host, tx, count,
	                 CURB_BINDS(curb_text(who), curb_text(address), curb_int(now_ms),
	                            curb_int(now_ms - FORGET_MS)),
	                 NULL);
}

static int check_new(const struct people_new *person, struct curb_str name)
{
	if (name.len == 0 || name.len > NAME_LONGEST || !curb_utf8_valid(name))
		return curb_fail(CURB_EINVAL, "the sign-in name must have 1 to %d bytes of UTF-8",
		                 NAME_LONGEST);
	if (person->role == 0 || (person->role & (person->role - 1)) || !(person->role & CURB_SIGNED_IN))
		return curb_fail(CURB_EINVAL,
		                 "the role is not one of those there are; see curbcut user add --help");
	return 0;
}

int people_add(struct curb_tx *tx, const struct people_new *person, int64_t now_ms, struct curb_id *ret_id)
{
	static const char sql[] =
		"INSERT INTO core_person (id, sign_in, shown, password_hash, lang, made_ms) "
		"VALUES ($1, $2, $3, $4, $5, $6)";
	struct curb_str name = people_folded(tx, person->name);
	int err = check_new(person, name);
	if (err)
		return err;
	struct curb_id id = curb_id_new(now_ms);
	err = curb_exec(&curb_core_host, tx, sql,
	                CURB_BINDS(curb_bind_id(&id), curb_text(name),
	                           curb_text(person->shown.ptr ? person->shown : person->name),
	                           curb_cstring(person->password_hash), curb_text(person->lang),
	                           curb_int(now_ms)),
	                NULL);
	if (err == CURB_ECONFLICT)
		return curb_fail(err, "somebody signs in as %.*s already; choose another name", (int)name.len,
		                 name.ptr);
	if (!err)
		err = people_grant(tx, &id, person->role, person->region, person->institution, now_ms);
	if (!err)
		*ret_id = id;
	return err;
}

/* The admin runs the machine and cannot hold a role that moves hours. */
static int check_apart(struct curb_tx *tx, const struct curb_id *person, uint32_t role, int64_t now_ms)
{
	static const char sql[] = "SELECT role FROM core_grant WHERE person = $1 AND "
				  "(until_ms IS NULL OR until_ms > $2)";
	static const uint32_t moves_hours = CURB_TEACHER | CURB_STAFF | CURB_REVIEWER;
	uint32_t roles = role;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_int(now_ms)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		roles |= (uint32_t)curb_col_int(stmt, 0);
		err = 0;
	}
	if (!err && (roles & CURB_ADMIN) && (roles & moves_hours))
		return curb_fail(
			CURB_ECONFLICT,
			"an administrator cannot also hold a role that moves hours; use two accounts");
	return err;
}

int people_grant(struct curb_tx *tx, const struct curb_id *person, uint32_t role, struct curb_str region,
                 struct curb_str institution, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO core_grant (id, person, role, region, institution, from_ms) "
				  "VALUES ($1, $2, $3, $4, $5, $6)";
	int err = check_apart(tx, person, role, now_ms);
	if (err)
		return err;
	struct curb_id id = curb_id_new(now_ms);
	err = curb_exec(&curb_core_host, tx, sql,
	                CURB_BINDS(curb_bind_id(&id), curb_bind_id(person), curb_int(role), curb_text(region),
	                           curb_text(institution), curb_int(now_ms)),
	                NULL);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_ENOTFOUND, "there is no such person, region or institution");
	return err;
}

int people_region_add(struct curb_tx *tx, struct curb_str id, struct curb_str parent, struct curb_str name)
{
	static const char sql[] = "INSERT INTO core_region (id, parent, name) VALUES ($1, $2, $3)";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_text(id), curb_text(parent), curb_text(name)), NULL);
}

int people_institution_add(struct curb_tx *tx, struct curb_str region, struct curb_str name, int64_t now_ms,
                           struct curb_id *ret_id)
{
	static const char sql[] =
		"INSERT INTO core_institution (id, region, name, made_ms) VALUES ($1, $2, $3, $4)";
	struct curb_id id = curb_id_new(now_ms);
	int err = curb_exec(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_bind_id(&id), curb_text(region), curb_text(name), curb_int(now_ms)), NULL);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_ENOTFOUND, "there is no region %.*s", (int)region.len, region.ptr);
	if (!err)
		*ret_id = id;
	return err;
}
