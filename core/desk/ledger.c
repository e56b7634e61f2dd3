/* The ledger as those see it who run the machine. */
#include "ledger.h"
#include "curb/err.h"
#include "inside.h"

enum { LATE_MS = 120000 }; /* a checkpoint is due within a minute */

static void say(struct curb_value *list, struct curb_str text)
{
	curb_push(list, curb_string(curb_value_arena(list), text));
}

static void complain_of_witnesses(struct curb_req *req, const struct ledger_state *state,
                                  struct curb_value *list)
{
	for (size_t i = 0; i < state->witness_count; i++)
		if (state->witnesses[i].failing)
			say(list,
			    desk_tr_str(req,
			                CURB_TEXT("The ledger's witness {name} does not sign; see Log for "
			                          "the reason. Hours are counted all the same"),
			                "name", curb_str(state->witnesses[i].name)));
}

void desk_ledger_complaints(struct curb_req *req, const struct desk *desk, struct curb_value *list)
{
	struct ledger_state state;
	ledger_state(desk->o.ledger, &state);
	if (ledger_held(desk->o.ledger))
		say(list, curb_str(curb_error_local()));
	if (state.unsigned_ms > LATE_MS)
		say(list,
		    desk_tr_int(req,
		                CURB_TEXT("The ledger has not been signed for {n} minutes; see Log for the "
		                          "reason"),
		                "n", state.unsigned_ms / 60000));
	complain_of_witnesses(req, &state, list);
}

void desk_ledger_facts(struct curb_req *req, const struct desk *desk, struct curb_value *facts)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct ledger_state state;
	ledger_state(desk->o.ledger, &state);
	desk_fact(facts, curb_tr(req, "Entries in the ledger", NULL),
	          curb_str(curb_printf(arena, "%llu", (unsigned long long)state.entries)), NULL);
	desk_fact(facts, curb_tr(req, "Entries under the last checkpoint", NULL),
	          curb_str(curb_printf(arena, "%llu", (unsigned long long)state.signed_size)), NULL);
	for (size_t i = 0; i < state.witness_count; i++) {
		const struct ledger_witness *one = &state.witnesses[i];
		struct curb_value *values = curb_object(arena);
		curb_put_int(values, "n", (int64_t)one->size);
		if (one->at_ms)
			curb_put_str(values, "moment", desk_moment(req, one->at_ms));
		desk_fact(facts, desk_tr_str(req, CURB_TEXT("Witness {name}"), "name", curb_str(one->name)),
		          one->at_ms ?
		                  curb_tr(req, "Has signed up to entry {n}, the last time {moment}", values) :
		                  curb_tr(req, "Has signed nothing yet", NULL),
		          NULL);
	}
}
