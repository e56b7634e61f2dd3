/* An answer: entered, and what waited for it counts, on the day on which it was seen. */
#include "curb/err.h"
#include "curb/ledger.h"
#include "move.h"
#include "presence.h"

/* A number of a check alone would tell nothing to who may see it in the ledger: the class and the lesson stand beside it. */
static int append(struct curb_tx *tx, const struct presence_answer *answer, const struct curb_id *cohort,
                  const struct presence *presence, int64_t *ret_place)
{
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%s/%lld", cohort->text, answer->person.text,
	                              (long long)answer->check);
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(cohort) },          { "unit", 0, curb_id_str(&presence->unit) },
		{ "check", answer->check, { NULL, 0 } },       { "modality", 0, curb_str(answer->modality) },
		{ "counted", presence->since_s, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "presence",
		                          .at_ms = answer->now_ms,
		                          .person = answer->person,
		                          .by = answer->by.id,
		                          .role = answer->by.role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, ret_place);
}

/* ---- what waited ---- */

static struct count_after count_held(struct curb_arena *arena, const struct credit_play *play,
                                     const struct presence_held *held, int64_t day_s)
{
	const struct count_before before = {
		.seen = play->seen,
		.credited = play->credited,
		.delivered = held->ranges,
		.media_s = play->media_s,
		.unit_s = play->unit_s,
		.online_s = play->online_s,
		.cap_s = play->cap_s,
		.day_s = day_s,
		.clock_s = ranges_total(&held->ranges), /* taken from the play's clock when it was seen */
	};
	struct count_after sums = count_beat(arena, &before, &held->ranges);
	sums.held_s = -sums.played_s;
	sums.played_s = 0;
	return sums;
}

static int write_released(struct curb_tx *tx, const struct presence_answer *answer, int64_t place,
                          const struct presence_held *held, struct credit_play *play,
                          const struct count_after *sums)
{
	struct credit *c = answer->c;
	const struct credit_entry entry = {
		.person = play->person,
		.cohort = play->cohort,
		.unit = play->unit,
		.version = play->version,
		.play = play->id,
		.at_ms = answer->now_ms,
		.day = held->day,
		.seq = answer->check,
		.policy = play->entry,
		.answer = place + 1,
		.by = answer->by,
		.sums = *sums,
	};
	int64_t own = 0;
	play->seen = sums->seen;
	play->credited = sums->credited;
	int err = credit_entry_add(tx, &entry, &own);
	if (!err)
		err = credit_play_place(c, tx, &play->id, own);
	if (!err)
		err = credit_coverage_save(c, tx, play, answer->now_ms);
	if (!err && sums->granted_s)
		err = credit_trainee_grant(c, tx, play, sums->granted_s);
	return err ? err : credit_day_add(c, tx, &entry);
}

static int release(struct curb_tx *tx, struct presence_answer *answer, int64_t place,
                   const struct presence_held *held)
{
	struct credit_play play;
	int64_t day_s = 0;
	int err = credit_play_in_class(answer->c, tx, curb_id_str(&held->play), answer->now_ms, &play);
	if (!err)
		err = credit_day_left(answer->c, tx, &play, held->day, &day_s);
	if (err)
		return err;
	struct count_after sums = count_held(curb_tx_arena(tx), &play, held, day_s);
	answer->held_s -= sums.held_s;
	answer->granted_s += sums.granted_s;
	return write_released(tx, answer, place, held, &play, &sums);
}

static int release_all(struct curb_tx *tx, struct presence_answer *answer, const struct curb_id *cohort,
                       int64_t place)
{
	struct presence_held *held = NULL;
	size_t n = 0;
	int err = presence_held_of(answer->c, tx, &answer->person, cohort, &held, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = release(tx, answer, place, &held[i]);
	return err ? err : presence_held_forget(answer->c, tx, &answer->person, cohort);
}

/* ---- the answer ---- */

/* Whether it is the one that is waited for. */
static int check_due(struct presence_answer *answer, const struct presence *presence)
{
	if (answer->check >= 1 && answer->check <= presence->answered) {
		answer->repeated = true;
		return 0;
	}
	if (answer->check != presence->answered + 1)
		return curb_fail(CURB_EINVAL, "There is no such presence check; open the lesson again");
	if (!presence->due_ms)
		return curb_fail(CURB_ECONFLICT,
		                 "No presence check waits now: it comes at the end of this chapter at the "
		                 "earliest");
	return 0;
}

/* A wrong answer changes nothing, and is kept nowhere. */
static int check_right(struct curb_tx *tx, const struct presence_answer *answer,
                       const struct presence *presence)
{
	struct content_question question;
	if (strcmp(answer->modality, PRESENCE_QUESTION) != 0)
		return 0;
	int err = presence_question(answer->c, tx, presence, &question);
	if (err == CURB_ENOTFOUND)
		return curb_fail(CURB_EINVAL, "This chapter has no question; press Go on instead");
	if (err)
		return err;
	return answer->chosen == question.right ?
	               0 :
	               curb_fail(CURB_EUNFIT,
	                         "It is another one. Try once more, or press Go on: your hours stay as they "
	                         "are, and wrong answers are not kept");
}

static int take(struct curb_tx *tx, struct presence_answer *answer, const struct credit_cohort *cohort,
                struct presence *presence)
{
	int64_t place = 0;
	int err = append(tx, answer, &cohort->id, presence, &place);
	if (!err)
		err = release_all(tx, answer, &cohort->id, place);
	const struct presence_said said = { .number = answer->check,
		                            .unit = presence->unit,
		                            .due_ms = presence->due_ms,
		                            .at_ms = answer->now_ms,
		                            .modality = curb_str(answer->modality),
		                            .by = answer->by.id,
		                            .held_s = answer->held_s,
		                            .granted_s = answer->granted_s };
	*presence = (struct presence){ .answered = answer->check };
	if (!err)
		err = presence_save(answer->c, tx, &answer->person, &cohort->id, presence);
	return err ? err : presence_said_add(answer->c, tx, &answer->person, &cohort->id, &said);
}

int presence_answer(struct curb_tx *tx, struct presence_answer *answer)
{
	struct credit_cohort cohort;
	struct presence presence;
	int64_t left_ms = 0;
	answer->repeated = false;
	answer->held_s = answer->granted_s = 0; /* a write function may run again */
	int err = credit_cohort_by_id(answer->c, tx, answer->cohort, &cohort);
	if (!err)
		err = move_left_ms(answer->c, tx, &cohort.id, &answer->person, &left_ms);
	if (!err && left_ms)
		return curb_fail(CURB_ECONFLICT, "The trainee is not in this class any more");
	if (!err)
		err = presence_of(answer->c, tx, &answer->person, &cohort.id, &presence);
	if (!err)
		err = check_due(answer, &presence);
	if (!err && !answer->repeated)
		err = check_right(tx, answer, &presence);
	if (!err && !answer->repeated)
		err = take(tx, answer, &cohort, &presence);
	return err ? err :
	             presence_tell(answer->c, tx, cohort.presence_s, &presence, &presence.unit,
	                           &answer->next);
}
