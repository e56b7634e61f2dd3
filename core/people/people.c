#include "people.h"

#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "roles.h"

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
		err = people_list_put(tx, &id, person->shown.ptr ? person->shown : person->name, name);
	struct people_grant_row grant = { .person = id,
		                          .role = person->role,
		                          .place = person->institution.ptr ? person->institution :
		                                                             person->region,
		                          .from_ms = person->from_ms,
		                          .until_ms = person->until_ms };
	if (!err)
		err = people_grant_add(tx, &grant, now_ms, &grant.id);
	if (!err)
		*ret_id = id;
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
