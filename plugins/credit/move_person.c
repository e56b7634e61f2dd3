/* A name that was wrong, and two records of one person. */
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/person.h"
#include "move.h"
#include "presence.h"
#include "waiver.h"

/* ---- the name ---- */

int move_check_name(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	enum { NAME_LONGEST = 90 };
	int64_t at_ms = move->decided_ms ? move->decided_ms : move->asked_ms;
	struct curb_user user;
	(void)c;
	int err = curb_person_find(tx, curb_id_str(&move->person), at_ms, &user);
	if (!err && (move->name.len == 0 || move->name.len > NAME_LONGEST))
		return curb_fail(CURB_EINVAL, "Write the name as it stands on the certificate, in at most 30 "
		                              "characters");
	if (!err && curb_str_eq(move->name, user.name))
		return curb_fail(CURB_EUNFIT, "The person is called so already");
	if (!err && !(user.roles & CURB_LEARNER))
		return curb_fail(CURB_EUNFIT, "Only a trainee's name is mended here");
	return err;
}

/* Rosters show it as well. */
int move_name(const struct move_doing *doing)
{
	static const char sql[] = "UPDATE credit_trainee SET shown = $2 WHERE person = $1";
	const struct move *move = doing->move;
	int err = curb_person_rename(doing->tx, &move->person, move->name);
	return err ? err :
	             curb_exec(doing->c->host, doing->tx, sql,
	                       CURB_BINDS(curb_bind_id(&move->person), curb_text(move->name)), NULL);
}

/* ---- two records of one person ---- */

int move_check_merge(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	int64_t waiting = 0, at_ms = move->decided_ms ? move->decided_ms : move->asked_ms;
	if (!curb_id_some(&move->target))
		return curb_fail(CURB_EUNFIT,
		                 "Nobody has this number; give the learner number of the record that "
		                 "stays");
	const struct curb_merging merging = { .from = move->person, .into = move->target, .at_ms = at_ms };
	int err = curb_person_may_merge(tx, &move->person, &move->target, at_ms);
	if (!err)
		err = c->erasure->may_merge(c->erasure, tx, &merging);
	if (!err)
		err = move_sheets_wait(c, tx, &move->person, &waiting);
	if (!err && waiting)
		return curb_fail(CURB_EUNFIT, "Attendance of this trainee still waits. Have those sheets "
		                              "countersigned first");
	return err ? err : presence_check_free(c, tx, &move->person, curb_str(""));
}

/* Puts the one who stays on the roster, as the other stood there. */
static int join(const struct move_doing *doing, const struct credit_cohort *cohort)
{
	static const char sql[] =
		"UPDATE credit_trainee SET left_ms = (SELECT o.left_ms FROM credit_trainee o WHERE o.cohort "
		"= $1 "
		"AND o.person = $3), left_by = (SELECT o.left_by FROM credit_trainee o WHERE o.cohort = $1 "
		"AND "
		"o.person = $3), added_ms = (SELECT o.added_ms FROM credit_trainee o WHERE o.cohort = $1 AND "
		"o.person = $3) WHERE cohort = $1 AND person = $2";
	const struct move *move = doing->move;
	struct curb_user stays;
	int64_t left_ms = 0;
	int err = move_left_ms(doing->c, doing->tx, &cohort->id, &move->target, &left_ms);
	if (err != CURB_ENOTFOUND)
		return err;
	err = curb_person_find(doing->tx, curb_id_str(&move->target), move->decided_ms, &stays);
	if (!err)
		err = credit_trainee_add(doing->c, doing->tx, &cohort->id, &stays, &move->decided_by,
		                         move->decided_ms);
	return err ? err :
	             curb_exec(doing->c->host, doing->tx, sql,
	                       CURB_BINDS(curb_bind_id(&cohort->id), curb_bind_id(&move->target),
	                                  curb_bind_id(&move->person)),
	                       NULL);
}

static int merge_class(const struct move_doing *doing, const struct credit_cohort *cohort)
{
	const struct move *move = doing->move;
	const struct uniting uniting = {
		doing->c,  doing->tx,       { move->person, cohort }, { move->target, cohort },
		doing->by, move->decided_ms
	};
	int err = join(doing, cohort);
	if (!err)
		err = move_unite(&uniting);
	if (!err)
		err = move_attended(doing, cohort);
	return err ? err : move_set_left(doing->c, doing->tx, move, &cohort->id, move->decided_ms);
}

/* What the server sent to either was sent to her. */
static int unite_delivered(const struct move_doing *doing)
{
	static const char sql[] = "SELECT unit FROM credit_delivered WHERE person = $1";
	const struct curb_id *from = &doing->move->person, *into = &doing->move->target;
	struct curb_arena *arena = curb_tx_arena(doing->tx);
	struct curb_id *units = NULL;
	size_t n = 0;
	int err = credit_gather(doing->c, doing->tx, sql, CURB_BINDS(curb_bind_id(from)),
	                        (struct credit_rows){ sizeof *units, credit_read_id }, &units, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct ranges theirs, hers;
		err = credit_delivered_of(doing->c, doing->tx, from, &units[i], &theirs);
		if (!err)
			err = credit_delivered_of(doing->c, doing->tx, into, &units[i], &hers);
		if (err)
			return err;
		hers = ranges_union(arena, &hers, &theirs);
		err = credit_delivered_save(doing->c, doing->tx, into, &units[i], &hers);
	}
	return err;
}

/* Her questions and receipts, and where she was in lessons outside any class. */
static int follow(const struct move_doing *doing)
{
	static const char *const steps[] = {
		"UPDATE credit_question SET person = $2 WHERE person = $1",
		"UPDATE credit_statement SET person = $2 WHERE person = $1",
		"INSERT INTO credit_place (person, unit, position_s, at_ms) SELECT $2, unit, position_s, "
		"at_ms "
		"FROM credit_place WHERE person = $1 ON CONFLICT (person, unit) DO NOTHING",
	};
	int err = unite_delivered(doing);
	for (size_t i = 0; !err && i < sizeof steps / sizeof *steps; i++)
		err = curb_exec(
			doing->c->host, doing->tx, steps[i],
			CURB_BINDS(curb_bind_id(&doing->move->person), curb_bind_id(&doing->move->target)),
			NULL);
	return err;
}

/* The ledger knows people by pseudonyms alone: an entry about the one who stays names that of the one who goes. */
static int note_stays(const struct move_doing *doing)
{
	const struct curb_fact facts[] = { { "move", 0, curb_id_str(&doing->move->id) },
		                           { "entry", doing->by.entry, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = "merged",
		                          .at_ms = doing->move->decided_ms,
		                          .person = doing->move->target,
		                          .by = doing->by.actor.id,
		                          .role = doing->by.actor.role,
		                          .key = curb_id_str(&doing->move->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(doing->tx, &entry, NULL);
}

int move_merge(const struct move_doing *doing)
{
	struct credit *c = doing->c;
	const struct move *move = doing->move;
	struct credit_cohort *cohorts = NULL;
	size_t n = 0;
	const struct curb_merging merging = { .from = move->person,
		                              .into = move->target,
		                              .by = doing->by.actor.id,
		                              .role = doing->by.actor.role,
		                              .key = move->id,
		                              .entry = doing->by.entry,
		                              .at_ms = move->decided_ms };
	int err = note_stays(doing);
	if (!err)
		err = c->erasure->merge(c->erasure, doing->tx, &merging);
	if (!err)
		err = move_points(doing);
	if (!err)
		err = credit_cohorts_of_person(c, doing->tx, &move->person, &cohorts, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = merge_class(doing, &cohorts[i]);
	if (!err)
		err = follow(doing);
	if (!err)
		err = waivers_merge(c, doing->tx, &move->person, &move->target, &doing->by.actor,
		                    move->decided_ms);
	return err ? err : curb_person_merge(doing->tx, &move->person, &move->target, move->decided_ms);
}
