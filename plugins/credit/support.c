/* Entering, countersigning and correcting what support a class was given. */
#include "support.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/ledger.h"

static const struct {
	const char *word, *text;
} kinds[SUPPORT_KINDS] = {
	[SUPPORT_INTERPRETER] = { "interpreter", CURB_TEXT("Sign language interpreter") },
	[SUPPORT_CAPTIONER] = { "captioner", CURB_TEXT("Live captioner") },
	[SUPPORT_ASSISTANT] = { "assistant", CURB_TEXT("Assistant in the lesson") },
	[SUPPORT_DEVICES] = { "devices", CURB_TEXT("Assistive devices") },
	[SUPPORT_CARERS] = { "carers", CURB_TEXT("Carers") },
};

const char *support_kind_word(enum support_kind kind)
{
	return kinds[kind].word;
}

const char *support_kind_text(enum support_kind kind)
{
	return kinds[kind].text;
}

bool support_kind_named(struct curb_str word, enum support_kind *ret_kind)
{
	for (int i = 0; i < SUPPORT_KINDS; i++)
		if (curb_str_is(word, kinds[i].word)) {
			*ret_kind = (enum support_kind)i;
			return true;
		}
	return false;
}

/* The words are no fact of the ledger, but no others can take their place later. */
static struct curb_str key_of(struct curb_tx *tx, const struct support *support, const char *what)
{
	return curb_str(curb_printf(curb_tx_arena(tx), "%s/%s/%.*s", support->id.text, what,
	                            (int)support->words.len, support->words.ptr));
}

/* ---- entering ---- */

static int check(const struct credit_cohort *cohort, struct supporting *supporting)
{
	const struct support *support = &supporting->support;
	const struct credit *c = supporting->c;
	if (support->until_day < support->from_day)
		return sheet_fault(&supporting->field, "until",
		                   curb_fail(CURB_EUNFIT, "The last day lies before the first"));
	if (support->from_day < count_day(cohort->starts_ms, c->utc_offset_ms) ||
	    support->until_day > count_day(cohort->ends_ms - 1, c->utc_offset_ms))
		return sheet_fault(&supporting->field, "from",
		                   curb_fail(CURB_EUNFIT, "These days lie outside of the days of the class"));
	if (support->until_day > count_day(support->entered_ms, c->utc_offset_ms))
		return sheet_fault(
			&supporting->field, "until",
			curb_fail(CURB_EUNFIT, "Enter what was given, when its last day has come"));
	return 0;
}

/* What is corrected: its facts are those of the correction. */
static int take_over(struct curb_tx *tx, struct supporting *supporting, struct support *ret_wrong)
{
	struct support *support = &supporting->support;
	int err = support_by_id(supporting->c, tx, curb_id_str(&support->corrects), ret_wrong);
	if (err)
		return err;
	if (curb_id_some(&ret_wrong->corrects) || curb_id_some(&ret_wrong->corrected))
		return curb_fail(CURB_ECONFLICT, "This line is corrected already");
	support->cohort = ret_wrong->cohort;
	support->kind = ret_wrong->kind;
	support->from_day = ret_wrong->from_day;
	support->until_day = ret_wrong->until_day;
	support->number = ret_wrong->number;
	return 0;
}

static int append(struct curb_tx *tx, struct supporting *supporting, int64_t corrects)
{
	struct support *support = &supporting->support;
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&support->cohort) },
		{ "support", 0, curb_id_str(&support->id) },
		{ "what", 0, curb_str(support_kind_word(support->kind)) },
		{ "from", support->from_day, { NULL, 0 } },
		{ "until", support->until_day, { NULL, 0 } },
		{ "number", support->number, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = curb_id_some(&support->corrects) ? "support_not" :
		                                                                     "support",
		                          .at_ms = support->entered_ms,
		                          .by = support->entered_by,
		                          .role = supporting->role,
		                          .corrects = corrects + 1,
		                          .key = key_of(tx, support, "entered"),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &support->entry);
}

int support_enter(struct curb_tx *tx, void *arg)
{
	struct supporting *supporting = arg;
	struct support *support = &supporting->support, wrong = { .entry = -1 };
	struct credit_cohort cohort;
	int err = curb_id_some(&support->corrects) ? take_over(tx, supporting, &wrong) : 0;
	if (!err)
		err = credit_cohort_by_id(supporting->c, tx, curb_id_str(&support->cohort), &cohort);
	if (!err && wrong.entry < 0)
		err = check(&cohort, supporting);
	if (err)
		return err;
	support->id = curb_id_new(support->entered_ms);
	err = append(tx, supporting, wrong.entry);
	return err ? err : support_add(supporting->c, tx, support);
}

/* ---- countersigning ---- */

int support_sign(struct curb_tx *tx, void *arg)
{
	struct supporting *supporting = arg;
	const struct support *signing = &supporting->support;
	struct support there;
	int64_t index = 0;
	int err = support_by_id(supporting->c, tx, curb_id_str(&signing->id), &there);
	if (err)
		return err;
	if (there.signed_ms)
		return curb_fail(CURB_ECONFLICT, "This line was countersigned already");
	if (strcmp(there.entered_by.text, signing->signed_by.text) == 0)
		return curb_fail(CURB_ECONFLICT,
		                 "You entered this line, so another person must countersign it");
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&there.cohort) },
		{ "support", 0, curb_id_str(&there.id) },
		{ "entry", there.entry, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "support_countersign",
		                          .at_ms = signing->signed_ms,
		                          .by = signing->signed_by,
		                          .role = supporting->role,
		                          .key = key_of(tx, &there, "signed"),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	err = curb_ledger_append(tx, &entry, &index);
	return err ? err : support_add_sign(supporting->c, tx, signing, index);
}
