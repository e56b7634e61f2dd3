/* Leaving a class, coming back, and going to another one. */
#include "curb/err.h"
#include "curb/person.h"
#include "gate.h"
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
	struct move left = { .kind = MOVE_LEAVE };
	if (!err)
		err = move_by_which_left(c, tx, &move->cohort, &move->person, &left);
	if (!err && left.kind == MOVE_TRANSFER)
		return curb_fail(CURB_EUNFIT,
		                 "This trainee moved to another class with what she learned. Move the "
		                 "trainee back from there");
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

/* Hours that something was decided on stay where they are: nobody is paid for them twice. */
static int check_free(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	struct gate_decision *list = NULL;
	size_t n = 0;
	bool complete = false;
	int err = gate_decisions(c, tx, &move->cohort, &list, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (list[i].gate == GATE_COMPLETION)
			complete = list[i].passed;
	if (!err && complete)
		return curb_fail(CURB_EUNFIT,
		                 "The completion of this class is reviewed, and its hours stay with it");
	return err ? err : credit_may_go(c, tx, &move->cohort, &move->person);
}

/* To a class where she never was, or which she left for the one that she comes from. */
static int check_target(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	struct move left = { .kind = MOVE_LEAVE };
	int64_t left_ms = 0;
	int err = move_left_ms(c, tx, &move->target, &move->person, &left_ms);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	if (!left_ms)
		return curb_fail(CURB_EUNFIT,
		                 "This trainee is in that class already. Withdraw the trainee from this one");
	err = move_by_which_left(c, tx, &move->target, &move->person, &left);
	if (!err && left.kind != MOVE_TRANSFER)
		return curb_fail(CURB_EUNFIT,
		                 "This trainee has left that class before. Take the trainee back there, and "
		                 "withdraw her here");
	return err;
}

/* What waits cannot go, and behind what goes it would take hours away from nothing. */
static int check_sheets(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	int64_t waiting = 0;
	int err = move_sheets_wait_in(c, tx, &move->cohort, &move->person, &waiting);
	if (!err && waiting)
		return curb_fail(CURB_EUNFIT, "Attendance of this trainee still waits. Have those sheets "
		                              "countersigned first");
	return err;
}

int move_check_transfer(struct credit *c, struct curb_tx *tx, const struct move *move)
{
	struct credit_cohort target;
	int64_t at_ms = move->decided_ms ? move->decided_ms : move->asked_ms;
	int err = move_check_here(c, tx, move);
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&move->target), &target);
	if (err == CURB_ENOTFOUND || (!err && strcmp(target.id.text, move->cohort.text) == 0))
		return curb_fail(CURB_EUNFIT, "Choose the class that the trainee moves to");
	if (!err && at_ms >= target.ends_ms)
		return curb_fail(CURB_EUNFIT,
		                 "That class has ended; choose one that is under way or to come");
	if (!err)
		err = check_free(c, tx, move);
	if (!err)
		err = check_sheets(c, tx, move);
	return err ? err : check_target(c, tx, move);
}

/* Onto the roster there, or back onto it. */
static int come_there(const struct move_doing *doing, const struct credit_cohort *to)
{
	const struct move *move = doing->move;
	struct curb_user trainee;
	int64_t left_ms = 0;
	int err = move_left_ms(doing->c, doing->tx, &to->id, &move->person, &left_ms);
	if (err != CURB_ENOTFOUND)
		return err ? err : move_set_left(doing->c, doing->tx, move, &to->id, 0);
	err = curb_person_find(doing->tx, curb_id_str(&move->person), move->decided_ms, &trainee);
	return err ? err :
	             credit_trainee_add(doing->c, doing->tx, &to->id, &trainee, &move->decided_by,
	                                move->decided_ms);
}

int move_transfer(const struct move_doing *doing)
{
	const struct move *move = doing->move;
	struct credit_cohort from, to;
	int err = credit_cohort_by_id(doing->c, doing->tx, curb_id_str(&move->cohort), &from);
	if (!err)
		err = credit_cohort_by_id(doing->c, doing->tx, curb_id_str(&move->target), &to);
	if (!err)
		err = come_there(doing, &to);
	if (!err)
		err = move_set_left(doing->c, doing->tx, move, &from.id, move->decided_ms);
	const struct uniting uniting = {
		doing->c,  doing->tx,       { move->person, &from }, { move->person, &to },
		doing->by, move->decided_ms
	};
	if (!err)
		err = move_unite(&uniting);
	return err ? err : move_attended_over(doing, &from, &to);
}
