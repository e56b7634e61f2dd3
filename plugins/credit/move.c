/* Trainees who move: what can be asked for, who decides, and the entries in the ledger. */
#include "move.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "erase.h"

/* acts: of the list of changes, when it is asked for, done, refused. field: where the fault is when `check` says so, which must be
 * good when it is asked for and when it is done. */
static const struct {
	const char *word, *text, *acts[3], *field;
	int (*check)(struct credit *c, struct curb_tx *tx, const struct move *move);
	int (*carry_out)(const struct move_doing *doing);
} kinds[MOVE_KINDS] = {
	[MOVE_LEAVE] = { "leave",
	                 CURB_TEXT("Withdraw from the class"),
	                 { CURB_TEXT("asked that this person is withdrawn from {name}"),
	                   CURB_TEXT("withdrew this person from {name}"),
	                   CURB_TEXT("refused to withdraw this person from {name}") },
	                 "reason",
	                 move_check_here,
	                 move_leave },
	[MOVE_RETURN] = { "return",
	                  CURB_TEXT("Take back into the class"),
	                  { CURB_TEXT("asked that this person is taken back into {name}"),
	                    CURB_TEXT("took this person back into {name}"),
	                    CURB_TEXT("refused to take this person back into {name}") },
	                  "reason",
	                  move_check_away,
	                  move_return },
	[MOVE_TRANSFER] = { "transfer",
	                    CURB_TEXT("Move to another class"),
	                    { CURB_TEXT("asked that this person moves from {name} to another class"),
	                      CURB_TEXT("moved this person from {name} to another class"),
	                      CURB_TEXT("refused to move this person from {name} to another class") },
	                    "to",
	                    move_check_transfer,
	                    move_transfer },
	[MOVE_NAME] = { "name",
	                CURB_TEXT("Mend the name"),
	                { CURB_TEXT("asked that the name of this person is mended"),
	                  CURB_TEXT("mended the name of this person"),
	                  CURB_TEXT("refused to mend the name of this person") },
	                "name",
	                move_check_name,
	                move_name },
	[MOVE_MERGE] = { "merge",
	                 CURB_TEXT("Merge with another record"),
	                 { CURB_TEXT("asked that this person is merged with another record"),
	                   CURB_TEXT("merged this person with another record"),
	                   CURB_TEXT("refused to merge this person with another record") },
	                 "into",
	                 move_check_merge,
	                 move_merge },
	[MOVE_ERASE] = { "erase",
	                 CURB_TEXT("Erase all records of the person"),
	                 { CURB_TEXT("asked that all records of this person are erased"),
	                   CURB_TEXT("closed the account of this person, whose records are to be erased"),
	                   CURB_TEXT("refused to erase the records of this person") },
	                 "reason",
	                 move_check_erase,
	                 move_erase },
	[MOVE_KEEP] = { "keep",
	                CURB_TEXT("Keep the records after all"),
	                { CURB_TEXT("asked that the records of this person are kept after all"),
	                  CURB_TEXT("opened the account of this person again"),
	                  CURB_TEXT("refused to open the account of this person again") },
	                "reason",
	                move_check_keep,
	                move_keep },
};

const char *move_word(enum move_kind kind)
{
	return kinds[kind].word;
}

const char *move_text(enum move_kind kind)
{
	return kinds[kind].text;
}

bool move_of_class(enum move_kind kind)
{
	return kind <= MOVE_TRANSFER;
}

bool move_named(struct curb_str word, enum move_kind *ret_kind)
{
	for (int i = 0; i < MOVE_KINDS; i++)
		if (curb_str_is(word, kinds[i].word)) {
			*ret_kind = (enum move_kind)i;
			return true;
		}
	return false;
}

/* ---- entries ---- */

/* `words` are in the key alone: the ledger shows them to nobody, and still nobody can put others in their place later. `entry`: of
 * what is decided; -1: it is asked for. */
static int note(struct curb_tx *tx, const struct move *move, const char *kind, struct curb_str words,
                const struct credit_actor *by, int64_t at_ms, int64_t entry, int64_t *ret_entry)
{
	const struct curb_fact facts[] = {
		{ "move", 0, curb_id_str(&move->id) },
		{ "what", 0, curb_str(move_word(move->kind)) },
		{ "cohort", 0, curb_id_str(&move->cohort) },
		{ "to", 0, move_of_class(move->kind) ? curb_id_str(&move->target) : curb_str("") },
		{ "entry", entry, { NULL, 0 } },
	};
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%s/%.*s", move->id.text, kind, (int)words.len,
	                              words.ptr ? words.ptr : "");
	const struct curb_entry whole = { .kind = kind,
		                          .at_ms = at_ms,
		                          .person = move->person,
		                          .by = by->id,
		                          .role = by->role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts - (entry < 0) };
	return curb_ledger_append(tx, &whole, ret_entry);
}

static int note_change(struct credit *c, struct curb_tx *tx, const struct move *move, enum move_state state,
                       const struct curb_id *by, int64_t now_ms)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	struct credit_cohort cohort = { .programme = curb_str("") };
	int err = move_of_class(move->kind) ?
	                  credit_cohort_by_id(c, tx, curb_id_str(&move->cohort), &cohort) :
	                  0;
	if (err)
		return err;
	curb_put_str(detail, "name", cohort.programme);
	const struct curb_change change = { *by, curb_id_str(&move->person), curb_id_str(&move->institution),
		                            kinds[move->kind].acts[state], detail };
	return curb_note_change(tx, &change, now_ms);
}

/* ---- asking ---- */

int move_ask(struct curb_tx *tx, void *arg)
{
	enum { REASON_LONGEST = 3000 };
	struct move_asking *asking = arg;
	struct move *move = &asking->move;
	const struct credit_actor by = { move->asked_by, asking->role };
	bool waits = false;
	asking->field = "reason";
	if (move->reason.len == 0 || move->reason.len > REASON_LONGEST)
		return curb_fail(CURB_EINVAL, "Say why, in at most 1000 characters");
	if (move->kind != MOVE_ERASE && strcmp(move->asked_by.text, move->person.text) == 0)
		return curb_fail(CURB_EDENIED, "This is about yourself, so another person must ask for it");
	asking->field = kinds[move->kind].field;
	int err = kinds[move->kind].check(asking->c, tx, move);
	if (!err)
		err = move_waits(asking->c, tx, move, &waits);
	if (!err && waits)
		return curb_fail(CURB_ECONFLICT, "This was asked for already and waits for a second person");
	if (!err)
		err = note(tx, move, "move", move->reason, &by, move->asked_ms, -1, &move->entry);
	if (!err)
		err = move_add(asking->c, tx, move);
	return err ? err : note_change(asking->c, tx, move, MOVE_ASKED, &by.id, move->asked_ms);
}

/* ---- deciding ---- */

int move_may_decide(const struct move *move, const struct curb_id *by)
{
	if (strcmp(by->text, move->asked_by.text) == 0)
		return curb_fail(CURB_EDENIED,
		                 "You asked for this yourself, so another person must countersign it");
	if (strcmp(by->text, move->person.text) == 0)
		return curb_fail(CURB_EDENIED, "This is about yourself, so another person must decide it");
	return 0;
}

int move_decide(struct curb_tx *tx, void *arg)
{
	enum { WORDS_LONGEST = 3000 };
	const struct move_deciding *deciding = arg;
	const struct credit_actor by = { deciding->by, deciding->role };
	struct credit *c = deciding->c;
	struct move move;
	int64_t entry = 0;
	int err = move_by_id(c, tx, deciding->id, &move);
	if (!err && move.state != MOVE_ASKED)
		return curb_fail(CURB_ECONFLICT, "This was decided already; what was decided stays");
	if (!err)
		err = move_may_decide(&move, &by.id);
	if (!err && (deciding->words.len > WORDS_LONGEST || (!deciding->agree && deciding->words.len == 0)))
		return curb_fail(CURB_EINVAL, "Say why it is refused, in at most 1000 characters");
	if (!err && deciding->agree)
		err = kinds[move.kind].check(c, tx, &move);
	if (err)
		return err;
	move.state = deciding->agree ? MOVE_DONE : MOVE_REFUSED;
	move.decided_by = by.id;
	move.decided_ms = deciding->now_ms;
	move.words = deciding->agree ? curb_str(NULL) : deciding->words;
	err = note(tx, &move, deciding->agree ? "move_countersign" : "move_refused", move.words, &by,
	           move.decided_ms, move.entry, &entry);
	if (!err)
		err = move_add_decision(c, tx, &move, entry);
	const struct move_doing doing = { c, tx, &move, { move.id, by, entry } };
	if (!err && deciding->agree)
		err = kinds[move.kind].carry_out(&doing);
	return err ? err : note_change(c, tx, &move, move.state, &by.id, move.decided_ms);
}
