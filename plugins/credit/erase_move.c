/* Leaving for good, and staying after all: what is done when two people have agreed. */
#include "curb/err.h"
#include "curb/person.h"
#include "erase.h"

int move_check_erase(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	(void)c;
	return curb_person_may_leave(tx, &move->person, move->decided_ms ? move->decided_ms : move->asked_ms);
}

int move_check_keep(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	int64_t closed_ms = 0;
	(void)c;
	int err = curb_person_left(tx, &move->person, &closed_ms);
	if (!err && !closed_ms)
		return curb_fail(CURB_EUNFIT, "This account is open, or its records are erased already");
	return err;
}

/* Rosters show her no more by her name, and what she was in the middle of ends. */
int move_erase(const struct move_doing *doing)
{
	static const char *const ends[] = {
		"UPDATE credit_trainee SET shown = '' WHERE person = $1",
		"UPDATE credit_play SET live = 0 WHERE person = $1 AND live = 1",
		"UPDATE credit_self_play SET live = 0 WHERE person = $1 AND live = 1",
	};
	static const char leaves[] =
		"UPDATE credit_trainee SET left_ms = $2, left_by = $3 WHERE person = $1 AND left_ms = 0";
	const struct move *move = doing->move;
	int64_t waiting = 0;
	int err = move_sheets_wait(doing->c, doing->tx, &move->person, &waiting);
	if (!err && waiting) /* whoever asks need not wait for it */
		return curb_fail(CURB_EUNFIT, "Attendance of this trainee still waits. Have those sheets "
		                              "countersigned first");
	if (!err)
		err = curb_exec(doing->c->host, doing->tx, leaves,
		                CURB_BINDS(curb_bind_id(&move->person), curb_int(move->decided_ms),
		                           curb_bind_id(&move->id)),
		                NULL);
	for (size_t i = 0; !err && i < sizeof ends / sizeof *ends; i++)
		err = curb_exec(doing->c->host, doing->tx, ends[i], CURB_BINDS(curb_bind_id(&move->person)),
		                NULL);
	return err ? err : curb_person_leave(doing->tx, &move->person, move->decided_ms);
}

int move_keep(const struct move_doing *doing)
{
	static const char shows[] = "UPDATE credit_trainee SET shown = $2 WHERE person = $1";
	static const char stays[] =
		"UPDATE credit_trainee SET left_ms = 0, left_by = '' WHERE person = $1 AND left_by IN "
		"(SELECT id FROM credit_move WHERE person = $1 AND kind = 'erase')";
	const struct move *move = doing->move;
	struct curb_user user = { .name = curb_str("") };
	int err = curb_person_stay(doing->tx, &move->person);
	if (!err)
		err = curb_person_find(doing->tx, curb_id_str(&move->person), move->decided_ms, &user);
	if (!err)
		err = curb_exec(doing->c->host, doing->tx, shows,
		                CURB_BINDS(curb_bind_id(&move->person), curb_text(user.name)), NULL);
	return err ? err :
	             curb_exec(doing->c->host, doing->tx, stays, CURB_BINDS(curb_bind_id(&move->person)),
	                       NULL);
}
