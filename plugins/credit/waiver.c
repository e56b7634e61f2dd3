/* Exceptions to the share: the rules, and their entries in the ledger. */
#include "waiver.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"

static int note(struct curb_tx *tx, const struct waiver *waiver, const char *kind, int64_t at_ms,
                const struct credit_actor *by)
{
	const struct curb_fact facts[] = {
		{ "waiver", 0, curb_id_str(&waiver->id) },
		{ "cohort", 0, curb_id_str(&waiver->cohort) },
		{ "share", waiver->share_m, { NULL, 0 } },
		{ "until", waiver->until_ms, { NULL, 0 } },
	};
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%s", waiver->id.text, kind);
	const struct curb_entry entry = { .kind = kind,
		                          .at_ms = at_ms,
		                          .person = waiver->person,
		                          .by = by->id,
		                          .role = by->role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, NULL);
}

/* ---- asking ---- */

static int wrong(struct waiver_asking *asking, const char *field, int err)
{
	asking->field = field;
	return err;
}

static int check(struct credit *c, struct curb_tx *tx, struct waiver_asking *asking,
                 const struct credit_cohort *cohort)
{
	enum { DOCUMENT_LONGEST = 300, REASON_LONGEST = 3000 };
	const struct waiver *waiver = &asking->waiver;
	int64_t online_s = 0;
	if (waiver->share_m <= cohort->share_m || waiver->share_m > 1000)
		return wrong(asking, "share",
		             curb_fail(CURB_EUNFIT,
		                       "The share must be larger than that of the class, and at most 100 of "
		                       "every hundred"));
	if (waiver->until_ms <= waiver->asked_ms || waiver->until_ms > cohort->ends_ms)
		return wrong(asking, "until",
		             curb_fail(CURB_EUNFIT,
		                       "The last day must lie between today and the last day of the class"));
	if (waiver->document.len == 0 || waiver->document.len > DOCUMENT_LONGEST)
		return wrong(asking, "document",
		             curb_fail(CURB_EINVAL,
		                       "Give the title and the number of the document, in at most "
		                       "100 characters"));
	if (waiver->reason.len > REASON_LONGEST)
		return wrong(asking, "reason",
		             curb_fail(CURB_EINVAL, "Give the reason in at most 1000 characters"));
	if (!curb_id_some(&waiver->person))
		return 0;
	return wrong(asking, "trainee", credit_online_s(c, tx, &cohort->id, &waiver->person, &online_s));
}

static int note_change(struct curb_tx *tx, const struct waiver *waiver, const struct credit_cohort *cohort,
                       const struct curb_id *by, const char *act, int64_t now_ms)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", cohort->programme);
	const struct curb_change change = { *by, curb_id_str(&waiver->id), curb_id_str(&cohort->institution),
		                            act, detail };
	return curb_note_change(tx, &change, now_ms);
}

int waiver_ask(struct credit *c, struct curb_tx *tx, struct waiver_asking *asking)
{
	struct waiver *waiver = &asking->waiver;
	struct credit_cohort cohort;
	struct policy_place place;
	const struct credit_actor by = { waiver->by, asking->role };
	int err = credit_cohort_by_id(c, tx, curb_id_str(&waiver->cohort), &cohort);
	if (!err)
		err = check(c, tx, asking, &cohort);
	if (!err)
		err = policy_place(c, tx, curb_id_str(&cohort.institution), &place);
	if (err)
		return err;
	waiver->region = policy_tier_region(&place, cohort.decides);
	err = waiver_add(c, tx, waiver);
	if (!err)
		err = note(tx, waiver, "waiver_asked", waiver->asked_ms, &by);
	if (!err)
		err = note_change(tx, waiver, &cohort, &by.id,
		                  CURB_TEXT("asked for an exception to the share of {name}"),
		                  waiver->asked_ms);
	return err ? err : waivers_end(c, tx, waiver->asked_ms);
}

/* ---- deciding ---- */

int waiver_decide(struct credit *c, struct curb_tx *tx, const struct waiver_deciding *deciding)
{
	struct waiver waiver;
	struct credit_cohort cohort;
	const struct credit_actor by = { deciding->by, "reviewer" };
	int err = waiver_by_id(c, tx, deciding->id, deciding->now_ms, &waiver);
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&waiver.cohort), &cohort);
	if (err)
		return err;
	if (waiver.state != WAIVER_ASKED)
		return curb_fail(CURB_ECONFLICT, "This was decided already; what was decided stays");
	if (strcmp(waiver.by.text, deciding->by.text) == 0)
		return curb_fail(CURB_EDENIED,
		                 "You asked for this yourself, so somebody else must decide it");
	if (deciding->grant && waiver.until_ms <= deciding->now_ms)
		return curb_fail(CURB_EUNFIT,
		                 "The last day that was asked for is past; it can only be refused");
	waiver.decided_by = deciding->by;
	waiver.words = deciding->words;
	waiver.from_ms = deciding->now_ms;
	err = waiver_add_decision(c, tx, &waiver, deciding->grant);
	if (!err)
		err = note(tx, &waiver, deciding->grant ? "waiver_granted" : "waiver_refused",
		           deciding->now_ms, &by);
	if (!err)
		err = note_change(tx, &waiver, &cohort, &by.id,
		                  deciding->grant ? CURB_TEXT("granted an exception to the share of {name}") :
		                                    CURB_TEXT("refused an exception to the share of {name}"),
		                  deciding->now_ms);
	return err ? err : waivers_end(c, tx, deciding->now_ms);
}

int waivers_merge(struct credit *c, struct curb_tx *tx, const struct curb_id *from,
                  const struct curb_id *into, const struct credit_actor *by, int64_t now_ms)
{
	struct waiver *hers = NULL;
	size_t n = 0;
	int err = waivers_hers(c, tx, from, now_ms, &hers, &n);
	for (size_t i = 0; !err && i < n; i++) {
		hers[i].person = *into;
		err = note(tx, &hers[i], "waiver_moved", now_ms, by);
		if (!err)
			err = waiver_give(c, tx, &hers[i].id, into);
	}
	return err;
}

int waivers_end(struct credit *c, struct curb_tx *tx, int64_t now_ms)
{
	static const struct credit_actor server = { { "" }, NULL };
	struct waiver *past = NULL;
	size_t n = 0;
	int err = waivers_past(c, tx, now_ms, &past, &n);
	for (size_t i = 0; !err && i < n; i++) {
		err = note(tx, &past[i], "waiver_ended", past[i].until_ms, &server);
		if (!err)
			err = waiver_add_end(c, tx, &past[i].id);
	}
	return err;
}
