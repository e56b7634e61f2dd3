/* The rules of the final assessment: who may enter and sign a result, and which results count. issue.c has those of certificates. */
#include "certificate.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"

static const struct sitting *by_id(const struct sitting *sittings, size_t n, const struct curb_id *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(sittings[i].id.text, id->text) == 0)
			return &sittings[i];
	return NULL;
}

/* A correction counts once it is signed; until then what it corrects goes on to count. */
static bool is_superseded(const struct sitting *sittings, size_t n, const struct sitting *sitting)
{
	while (curb_id_some(&sitting->corrected)) {
		sitting = by_id(sittings, n, &sitting->corrected);
		if (!sitting)
			return false;
		if (curb_id_some(&sitting->signed_by))
			return true;
	}
	return false;
}

/* The better of two: who passed once has passed. */
static void better(enum standing *standing, enum standing other)
{
	if (other > *standing)
		*standing = other;
}

static enum standing standing_of(const struct sitting *sitting, enum outcome outcome)
{
	if (outcome == OUTCOME_NONE)
		return STANDING_NONE;
	if (!curb_id_some(&sitting->signed_by))
		return STANDING_WAITS;
	return outcome == OUTCOME_PASSED ? STANDING_PASSED : STANDING_FAILED;
}

struct assessed assessed_of(const struct sitting *sittings, size_t n)
{
	struct assessed assessed = { .theory = STANDING_NONE };
	for (size_t i = 0; i < n; i++) {
		const struct sitting *sitting = &sittings[i];
		bool waits = !curb_id_some(&sitting->signed_by);
		if (waits ? curb_id_some(&sitting->corrected) : is_superseded(sittings, n, sitting))
			continue;
		assessed.waits = assessed.waits || waits;
		better(&assessed.theory, standing_of(sitting, sitting->theory));
		better(&assessed.practice, standing_of(sitting, sitting->practice));
	}
	return assessed;
}

int sign_check(const struct curb_id *by, const struct curb_id *first, const struct curb_id *person)
{
	if (strcmp(by->text, first->text) == 0)
		return curb_fail(CURB_EDENIED,
		                 "You entered this yourself, so another person must countersign it.");
	if (strcmp(by->text, person->text) == 0)
		return curb_fail(CURB_EDENIED,
		                 "This is about yourself, so another person must countersign it.");
	return 0;
}

/* ---- entering ---- */

static int check_correction(struct certificate *c, struct curb_tx *tx, const struct sitting *sitting,
                            struct sitting *ret_old)
{
	int err = sitting_by_id(c, tx, curb_id_str(&sitting->corrects), ret_old);
	if (err)
		return err;
	if (strcmp(ret_old->cohort.text, sitting->cohort.text) != 0 ||
	    strcmp(ret_old->person.text, sitting->person.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such result");
	if (curb_id_some(&ret_old->corrected))
		return curb_fail(CURB_ECONFLICT, "This result was corrected meanwhile. Look at the newest "
		                                 "one, and correct that when it is wrong too.");
	return 0;
}

/* `class` as it is in this transaction. */
static int check_time(const struct credit_class *class, const struct sitting *sitting)
{
	if (sitting->day < curb_day_of(class->starts_ms))
		return curb_fail(CURB_EUNFIT, "This day lies before the first day of the class");
	if (sitting->entered_ms >= class->closes_ms)
		return curb_fail(CURB_EUNFIT, "This class is closed; no more results can be entered for it");
	return 0;
}

static const char *outcome_fact(enum outcome outcome)
{
	return outcome == OUTCOME_PASSED ? "passed" : outcome == OUTCOME_FAILED ? "failed" : "none";
}

/* Adjustments and the examiner's name say something of a person: they stay out of the ledger. */
static int append(struct curb_tx *tx, struct sitting *sitting, int64_t corrects, const char *role)
{
	struct curb_fact facts[7] = {
		{ "cohort", 0, curb_id_str(&sitting->cohort) },
		{ "theory", 0, curb_str(outcome_fact(sitting->theory)) },
		{ "practice", 0, curb_str(outcome_fact(sitting->practice)) },
		{ "resit", sitting->resit, { NULL, 0 } },
		{ "day", sitting->day, { NULL, 0 } },
	};
	size_t n = 5;
	if (sitting->theory_points >= 0)
		facts[n++] = (struct curb_fact){ "theory_points", sitting->theory_points, { NULL, 0 } };
	if (sitting->practice_points >= 0)
		facts[n++] = (struct curb_fact){ "practice_points", sitting->practice_points, { NULL, 0 } };
	const struct curb_entry entry = { .kind = "assessment",
		                          .at_ms = sitting->entered_ms,
		                          .person = sitting->person,
		                          .by = sitting->entered_by,
		                          .role = role,
		                          .corrects = corrects,
		                          .key = curb_id_str(&sitting->id),
		                          .facts = facts,
		                          .fact_count = n };
	return curb_ledger_append(tx, &entry, &sitting->entry);
}

int assess_enter(struct certificate *c, struct curb_tx *tx, struct sitting *sitting, const char *role)
{
	struct sitting old = { .entry = 0 }, *before = NULL;
	size_t n = 0;
	bool corrects = curb_id_some(&sitting->corrects);
	struct credit_class class;
	int err = c->credit->class_by_id(c->credit, tx, curb_id_str(&sitting->cohort), &class);
	if (!err)
		err = check_time(&class, sitting);
	if (!err)
		err = c->credit->member(c->credit, tx, &sitting->cohort, &sitting->person);
	if (!err && strcmp(sitting->entered_by.text, sitting->person.text) == 0)
		return curb_fail(CURB_EDENIED, "Nobody enters a result of her or his own");
	if (!err && corrects)
		err = check_correction(c, tx, sitting, &old);
	if (!err)
		err = sittings_of(c, tx, &sitting->cohort, &sitting->person, &before, &n);
	if (err)
		return err;
	sitting->id = curb_id_new(sitting->entered_ms);
	sitting->resit = corrects ? old.resit : n > 0;
	err = append(tx, sitting, corrects ? old.entry + 1 : 0, role);
	return err ? err : sitting_add(c, tx, sitting);
}

/* ---- signing ---- */

int assess_sign(struct certificate *c, struct curb_tx *tx, struct curb_str id, const struct curb_id *by,
                const char *role, int64_t now_ms)
{
	struct sitting sitting;
	int64_t index = 0;
	int err = sitting_by_id(c, tx, id, &sitting);
	if (err)
		return err;
	if (curb_id_some(&sitting.signed_by))
		return curb_fail(CURB_ECONFLICT, "This result was countersigned meanwhile.");
	if (curb_id_some(&sitting.corrected))
		return curb_fail(CURB_ECONFLICT,
		                 "This result was corrected meanwhile. Look at the newest one.");
	err = sign_check(by, &sitting.entered_by, &sitting.person);
	if (err)
		return err;
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&sitting.cohort) },
		                           { "entry", sitting.entry, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = "assessment_countersign",
		                          .at_ms = now_ms,
		                          .person = sitting.subject,
		                          .by = *by,
		                          .role = role,
		                          .key = curb_id_str(&sitting.id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	err = curb_ledger_append(tx, &entry, &index);
	return err ? err : sitting_sign(c, tx, &sitting.id, by, now_ms, index);
}
