/* Moves in words: of a list, of the roster, of a trainee's own record. */
#include "curb/err.h"
#include "curb/words.h"
#include "move.h"

struct curb_str move_state_words(struct curb_req *req, enum move_state state)
{
	switch (state) {
	case MOVE_ASKED: return curb_tr(req, "waits for a second person", NULL);
	case MOVE_DONE: return curb_tr(req, "done", NULL);
	case MOVE_REFUSED: break;
	}
	return curb_tr(req, "refused", NULL);
}

struct curb_str move_standing_words(struct curb_req *req, const struct credit_trainee *trainee)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	if (!trainee->left_ms)
		return curb_tr(req, "In the class", NULL);
	curb_put_str(values, "day", curb_words_date(req, trainee->left_ms));
	if (curb_str_is(trainee->left_word, move_word(MOVE_TRANSFER)))
		return curb_tr(req, "Moved to another class on {day}", values);
	if (curb_str_is(trainee->left_word, move_word(MOVE_MERGE)))
		return curb_tr(req, "Merged with another record on {day}", values);
	if (curb_str_is(trainee->left_word, move_word(MOVE_ERASE)))
		return curb_tr(req, "Account closed on {day}", values);
	return curb_tr(req, "Withdrawn since {day}", values);
}

int move_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    const struct curb_id *person, struct curb_value *facts)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	struct credit_cohort target;
	struct curb_str text;
	struct move move;
	int err = move_by_which_left(c, curb_req_tx(req), &cohort->id, person, &move);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	curb_put_str(values, "day", curb_words_date(req, move.decided_ms));
	if (move.kind == MOVE_TRANSFER) {
		err = credit_cohort_by_id(c, curb_req_tx(req), curb_id_str(&move.target), &target);
		curb_put_str(values, "programme", err ? curb_str(NULL) : target.programme);
		text = curb_tr(req,
		               "Moved to {programme} on {day}. What was learned in lessons that both classes "
		               "have, and attended in offline units that both have, counts there now as far "
		               "as there is room; all else is kept here.",
		               values);
	} else if (move.kind == MOVE_MERGE) {
		text = curb_tr(
			req,
			"Merged with another record of the same person on {day}. All hours count there "
			"now.",
			values);
	} else {
		text = curb_tr(req, "Withdrawn from this class since {day}. What was earned is kept.",
		               values);
	}
	curb_push(facts, curb_string(arena, text));
	return err;
}
