/* Grants: who may what where, from when to when. */
#include "roles.h"

#include "curb/cleanup.h"
#include "curb/err.h"

/* What lies around a place, up to its province: $4, and the regions above it. */
#define UP                                                                                              \
	"WITH RECURSIVE up (id) AS (SELECT $4 UNION SELECT region FROM core_institution WHERE id = $4 " \
	"UNION SELECT r.parent FROM core_region r JOIN up u ON r.id = u.id WHERE r.parent IS NOT NULL) "

/* What lies around each place where the person $4 has a role; had one too, when `when` does not say more. */
#define AROUND(when)                                                                                 \
	"WITH RECURSIVE up (id) AS (SELECT g.institution FROM core_grant g WHERE g.person = $4 AND " \
	"g.institution IS NOT NULL " when                                                            \
	" UNION SELECT i.region FROM core_institution i JOIN core_grant g "                          \
	"ON g.institution = i.id WHERE g.person = $4 " when                                          \
	" UNION SELECT g.region FROM core_grant g WHERE "                                            \
	"g.person = $4 AND g.region IS NOT NULL " when                                               \
	" UNION SELECT r.parent FROM core_region r JOIN up u "                                       \
	"ON r.id = u.id WHERE r.parent IS NOT NULL) "
#define NOT_ENDED "AND (g.until_ms IS NULL OR g.until_ms > $3)"

/* A grant of the actor $1 with one of the roles $2, in force at $3, that covers something of `up`. */
#define COVERS                                                                                       \
	"SELECT 1 FROM core_grant g WHERE g.person = $1 AND (g.role & $2) <> 0 AND g.from_ms <= $3 " \
	"AND (g.until_ms IS NULL OR g.until_ms > $3) AND "                                           \
	"((g.region IS NULL AND g.institution IS NULL) OR g.region IN (SELECT id FROM up) "          \
	"OR g.institution IN (SELECT id FROM up)) LIMIT 1"

static int is_there(struct curb_tx *tx, const char *sql, const struct curb_bind *binds, bool *ret_there)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_there = err > 0;
	return 0;
}

int people_reaches(struct curb_tx *tx, const struct people_actor *actor, struct curb_str place,
                   bool *ret_reaches)
{
	return is_there(tx, UP COVERS,
	                CURB_BINDS(curb_bind_id(&actor->person), curb_int(actor->roles),
	                           curb_int(actor->now_ms), curb_text(place.ptr ? place : curb_str(""))),
	                ret_reaches);
}

int people_sees(struct curb_tx *tx, const struct people_actor *actor, const struct curb_id *person,
                bool *ret_sees)
{
	return is_there(tx, AROUND("") COVERS,
	                CURB_BINDS(curb_bind_id(&actor->person), curb_int(actor->roles),
	                           curb_int(actor->now_ms), curb_bind_id(person)),
	                ret_sees);
}

int people_looks_after(struct curb_tx *tx, const struct people_actor *actor, const struct curb_id *person,
                       bool *ret_looks)
{
	return is_there(tx, AROUND(NOT_ENDED) COVERS,
	                CURB_BINDS(curb_bind_id(&actor->person), curb_int(actor->roles),
	                           curb_int(actor->now_ms), curb_bind_id(person)),
	                ret_looks);
}

int curb_person_place(struct curb_tx *tx, const struct curb_id *person, uint32_t roles, int64_t now_ms,
                      struct curb_str *ret_place)
{
	static const char sql[] =
		"SELECT coalesce(institution, region, '') FROM core_grant WHERE person = $1 "
		"AND (role & $2) <> 0 AND from_ms <= $3 AND (until_ms IS NULL OR "
		"until_ms > $3) ORDER BY from_ms, id LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_int(roles), curb_int(now_ms)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "this person has no such role now");
	*ret_place = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
	return 0;
}

/* ---- reading ---- */

#define GRANT                                                                                              \
	"SELECT g.id, g.person, g.role, coalesce(g.institution, g.region, ''), coalesce(i.name, r.name), " \
	"g.from_ms, g.until_ms FROM core_grant g LEFT JOIN core_institution i ON i.id = g.institution "    \
	"LEFT JOIN core_region r ON r.id = g.region "

static struct people_grant_row grant_of(struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	return (struct people_grant_row){ .id = curb_col_id(stmt, 0),
		                          .person = curb_col_id(stmt, 1),
		                          .role = (uint32_t)curb_col_int(stmt, 2),
		                          .place = curb_dup(arena, curb_col_text(stmt, 3)),
		                          .place_name = curb_dup(arena, curb_col_text(stmt, 4)),
		                          .from_ms = curb_col_int(stmt, 5),
		                          .until_ms = curb_col_int(stmt, 6) };
}

int people_grants(struct curb_tx *tx, const struct curb_id *person, struct people_grant_row **ret_grants,
                  size_t *ret_n)
{
	enum { MOST = 200 };
	static const char sql[] = GRANT "WHERE g.person = $1 ORDER BY g.from_ms DESC, g.id DESC LIMIT $2";
	struct people_grant_row *grants = curb_alloc_n(curb_tx_arena(tx), MOST, sizeof *grants);
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_int(MOST)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		grants[n++] = grant_of(tx, stmt);
		err = 0;
	}
	if (err)
		return err;
	*ret_grants = grants;
	*ret_n = n;
	return 0;
}

int people_grant_by_id(struct curb_tx *tx, struct curb_str id, struct people_grant_row *ret_grant)
{
	static const char sql[] = GRANT "WHERE g.id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such role of this person");
	*ret_grant = grant_of(tx, stmt);
	return 0;
}

/* ---- handing out codes ---- */

enum {
	/* Whom a code of the staff of an institution may let in: nobody who moves or checks hours. */
	OF_STAFF = CURB_LEARNER | CURB_HELPER | CURB_CAPTIONER | CURB_AUTHOR
};

/* Each role but a learner's must lie where whoever asks may hand out codes for such a role. */
static int check_grant(struct curb_tx *tx, const struct people_actor *actor,
                       const struct people_grant_row *grant)
{
	bool of_staff = (grant->role & OF_STAFF) != 0, reaches = false;
	struct people_actor here = *actor;
	here.roles &= of_staff ? CURB_STAFF | CURB_ADMIN : CURB_ADMIN;
	if (!here.roles)
		return curb_fail(
			CURB_EDENIED,
			"Codes for teachers, staff and reviewers are handed out by an administrator");
	int err = people_reaches(tx, &here, grant->place, &reaches);
	if (err || reaches)
		return err;
	return curb_fail(
		CURB_EDENIED,
		"This person also has a role outside the places you look after. Ask an administrator "
		"who looks after those too for the sign-in code");
}

int people_hands_out(struct curb_tx *tx, const struct people_actor *actor, const struct curb_id *person)
{
	struct people_actor here = *actor;
	struct people_grant_row *grants = NULL;
	size_t n = 0;
	bool looks = false;
	here.roles &= CURB_STAFF | CURB_ADMIN;
	int err = people_looks_after(tx, &here, person, &looks);
	if (!err && !looks)
		return curb_fail(CURB_ENOTFOUND,
		                 "there is nobody with this number where you look after people");
	if (!err)
		err = people_grants(tx, person, &grants, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (grants[i].role != CURB_LEARNER &&
		    (!grants[i].until_ms || grants[i].until_ms > actor->now_ms))
			err = check_grant(tx, actor, &grants[i]);
	return err;
}

/* ---- giving ---- */

/* The admin runs the machine and cannot hold a role that moves hours, nor one that checks them. */
static int check_apart(struct curb_tx *tx, const struct people_grant_row *grant, int64_t now_ms)
{
	static const char sql[] = "SELECT role, coalesce(institution, region, '') FROM core_grant "
				  "WHERE person = $1 AND (until_ms IS NULL OR until_ms > $2)";
	static const uint32_t of_hours = CURB_TEACHER | CURB_STAFF | CURB_REVIEWER | CURB_AUDITOR;
	struct curb_str place = grant->place.ptr ? grant->place : curb_str("");
	uint32_t roles = grant->role;
	bool twice = false;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(&grant->person), curb_int(now_ms)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		uint32_t role = (uint32_t)curb_col_int(stmt, 0);
		twice = twice || (role == grant->role && curb_str_eq(curb_col_text(stmt, 1), place));
		roles |= role;
		err = 0;
	}
	if (!err && (roles & CURB_ADMIN) && (roles & of_hours))
		return curb_fail(CURB_ECONFLICT,
		                 "an administrator cannot also hold a role that moves or checks hours; "
		                 "another person must have it");
	if (!err && twice)
		return curb_fail(CURB_ECONFLICT, "This person has this role there already; end it first");
	return err;
}

static int check_place(struct curb_tx *tx, struct curb_str id, int64_t now_ms, struct people_place *ret_place)
{
	struct people_place place = { .id = curb_str(NULL) };
	if (id.len && people_place(tx, id, &place))
		return curb_fail(CURB_ENOTFOUND, "there is no such person, region or institution");
	if (place.until_ms && place.until_ms <= now_ms)
		return curb_fail(CURB_EUNFIT, "%.*s is closed; choose another place, or open it again",
		                 (int)place.name.len, place.name.ptr);
	*ret_place = place;
	return 0;
}

int people_grant_add(struct curb_tx *tx, const struct people_grant_row *grant, int64_t now_ms,
                     struct curb_id *ret_id)
{
	static const char sql[] = "INSERT INTO core_grant (id, person, role, region, institution, from_ms, "
				  "until_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)";
	struct people_place place = { .id = curb_str(NULL) };
	int64_t from_ms = grant->from_ms ? grant->from_ms : now_ms;
	struct curb_bind until = grant->until_ms ? curb_int(grant->until_ms) : curb_null();
	if (grant->until_ms && grant->until_ms <= from_ms)
		return curb_fail(CURB_EUNFIT, "The last day lies before the first; change one of them");
	int err = check_apart(tx, grant, now_ms);
	if (!err)
		err = check_place(tx, grant->place, now_ms, &place);
	if (err)
		return err;
	struct curb_id id = curb_id_new(now_ms);
	err = curb_exec(&curb_core_host, tx, sql,
	                CURB_BINDS(curb_bind_id(&id), curb_bind_id(&grant->person), curb_int(grant->role),
	                           place.institution ? curb_null() : curb_text(place.id),
	                           place.institution ? curb_text(place.id) : curb_null(), curb_int(from_ms),
	                           until),
	                NULL);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_ENOTFOUND, "there is no such person, region or institution");
	if (!err)
		*ret_id = id;
	return err;
}

int people_grant(struct curb_tx *tx, const struct curb_id *person, uint32_t role, struct curb_str region,
                 struct curb_str institution, int64_t now_ms)
{
	const struct people_grant_row grant = { .person = *person,
		                                .role = role,
		                                .place = institution.ptr ? institution : region };
	struct curb_id id;
	return people_grant_add(tx, &grant, now_ms, &id);
}

/* ---- ending ---- */

/* Somebody else who runs all of the machine, now and without an end. */
static int check_last(struct curb_tx *tx, const struct people_grant_row *grant, int64_t now_ms)
{
	static const char sql[] =
		"SELECT 1 FROM core_grant g JOIN core_person p ON p.id = g.person WHERE g.role = $1 AND "
		"g.id <> $2 AND g.from_ms <= $3 AND g.until_ms IS NULL AND g.region IS NULL AND "
		"g.institution IS NULL AND p.closed_ms IS NULL LIMIT 1";
	bool others = false;
	int err = is_there(tx, sql,
	                   CURB_BINDS(curb_int(CURB_ADMIN), curb_bind_id(&grant->id), curb_int(now_ms)),
	                   &others);
	if (!err && !others)
		return curb_fail(CURB_ECONFLICT, "Nobody would be left who runs this machine; make somebody "
		                                 "else an administrator first");
	return err;
}

int people_grant_end(struct curb_tx *tx, const struct curb_id *id, int64_t now_ms)
{
	static const char sql[] = "UPDATE core_grant SET until_ms = $2 WHERE id = $1";
	struct people_grant_row grant;
	int err = people_grant_by_id(tx, curb_id_str(id), &grant);
	if (!err && grant.until_ms && grant.until_ms <= now_ms)
		return curb_fail(CURB_ECONFLICT, "This role has ended already");
	if (!err && grant.role == CURB_ADMIN)
		err = check_last(tx, &grant, now_ms);
	return err ? err :
	             curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(id), curb_int(now_ms)),
	                       NULL);
}
