#include "people.h"

#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"

enum { NAME_LONGEST = PEOPLE_NAME_LONGEST };

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
