/* Leaving a class, coming back, and going to another one. */
#include "curb/err.h"
#include "curb/person.h"
#include "move.h"

int move_check_here(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	int64_t left_ms = 0;
	int err = move_left_ms(c, tx, &move->cohort, &move->person, &left_ms);
	if (!err && left_ms)
		return curb_fail(CURB_EUNFIT, "This trainee has left the class already");
	return err;
}

int move_check_away(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	int64_t left_ms = 0;
	int err = move_left_ms(c, tx, &move->cohort, &move->person, &left_ms);
	if (!err && !left_ms)
		return curb_fail(CURB_EUNFIT, "This trainee is in the class; there is nothing to take back");
	return err;
}

int move_leave(const struct move_doing *doing)
{
	return move_set_left(doing->c, doing->tx, doing->move, &doing->move->cohort, doing->move->decided_ms);
}

int move_return(const struct move_doing *doing)
{
	return move_set_left(doing->c, doing->tx, doing->move, &doing->move->cohort, 0);
}

/* ---- to another class ---- */

int move_check_transfer(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	struct credit_cohort target;
	int64_t left_ms = 0, at_ms = move->decided_ms ? move->decided_ms : move->asked_ms;
	int err = move_check_here(c, tx, move);
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&move->target), &target);
	if (err == CURB_ENOTFOUND || (!err && strcmp(target.id.text, move->cohort.text) == 0))
		return curb_fail(CURB_EUNFIT, "Choose the class that the trainee moves to");
	if (!err && at_ms >= target.ends_ms)
		return curb_fail(CURB_EUNFIT,
		                 "That class has ended; choose one that is under way or to come");
	if (err)
		return err;
	err = move_left_ms(c, tx, &target.id, &move->person, &left_ms);
	if (err == CURB_ENOTFOUND)
		return 0;
	if (!err && left_ms)
		return curb_fail(CURB_EUNFIT,
		                 "This trainee has left that class before. Take the trainee back there, and "
		                 "withdraw her here");
	return err ? err :
	             curb_fail(CURB_EUNFIT,
	                       "This trainee is in that class already. Withdraw the trainee from this one");
}

int move_transfer(const struct move_doing *doing)
{
	const struct move *move = doing->move;
	struct credit_cohort from, to;
	struct curb_user trainee;
	int err = credit_cohort_by_id(doing->c, doing->tx, curb_id_str(&move->cohort), &from);
	if (!err)
		err = credit_cohort_by_id(doing->c, doing->tx, curb_id_str(&move->target), &to);
	if (!err)
		err = curb_person_find(doing->tx, curb_id_str(&move->person), move->decided_ms, &trainee);
	if (!err)
		err = credit_trainee_add(doing->c, doing->tx, &to.id, &trainee, &move->decided_by,
		                         move->decided_ms);
	if (!err)
		err = move_set_left(doing->c, doing->tx, move, &from.id, move->decided_ms);
	const struct uniting uniting = {
		doing->c,  doing->tx,       { move->person, &from }, { move->person, &to },
		doing->by, move->decided_ms
	};
	return err ? err : move_unite(&uniting);
}
