/* Moves in words: of a list, of the roster, of a trainee's own record. */
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
	return curb_tr(req, "Withdrawn since {day}", values);
}

int move_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                    const struct curb_id *person, struct curb_value *facts)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	int64_t left_ms = 0;
	int err = move_left_ms(c, curb_req_tx(req), &cohort->id, person, &left_ms);
	if (err || !left_ms)
		return err;
	curb_put_str(values, "day", curb_words_date(req, left_ms));
	curb_push(facts,
	          curb_string(arena,
	                      curb_tr(req, "Withdrawn from this class since {day}. What was earned is kept.",
	                              values)));
	return 0;
}
