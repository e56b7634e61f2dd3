/* Deposits: what certificates bring, by rule. An event about a certificate settles it; a walk over all certificates, some in each
 * event, settles those that a new rule reaches, and those whose event was lost. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/job.h"
#include "curb/ledger.h"
#include "transfer.h"

/* With {"place": of the first certificate that is not settled yet} as payload. */
#define WALKED "bank.walked.v1"
enum { WALK_STEP = 40 };

int64_t deposit_credits_c(int64_t hours_c, int64_t credits_t)
{
	return hours_c * credits_t / 10000;
}

/* ---- lines ---- */

static int append_deposit(struct curb_tx *tx, struct line *line, int64_t certificate)
{
	const struct deposit *deposit = &line->deposit;
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&deposit->cohort) },
		{ "certificate", certificate, { NULL, 0 } },
		{ "hours_c", deposit->hours_c, { NULL, 0 } },
		{ "credits_t", deposit->credits_t, { NULL, 0 } },
		{ "credits_c", line->credits_c, { NULL, 0 } },
		{ "policy", 0, curb_id_str(&deposit->rule) },
		{ "document", 0, deposit->number },
	};
	const struct curb_entry entry = { .kind = "credit_deposit",
		                          .at_ms = line->at_ms,
		                          .person = deposit->person,
		                          .key = curb_id_str(&line->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &line->entry);
}

static int append_return(struct curb_tx *tx, struct line *line, int64_t taken_back)
{
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&line->deposit.cohort) },
		                           { "credits_c", line->credits_c, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = "credit_deposit_return",
		                          .at_ms = line->at_ms,
		                          .person = line->deposit.person,
		                          .corrects = taken_back + 1,
		                          .key = curb_id_str(&line->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &line->entry);
}

static int take_back(struct bank *b, struct curb_tx *tx, const struct line *standing, int64_t now_ms)
{
	struct line line = *standing;
	line.id = curb_id_new(now_ms);
	line.kind = LINE_DEPOSIT_RETURN;
	line.credits_c = -standing->credits_c;
	line.corrects = standing->id;
	line.at_ms = now_ms;
	int err = append_return(tx, &line, standing->entry);
	return err ? err : line_add(b, tx, &line);
}

/* The rule that held when it was issued; *ret_rule has value 0 when none gives credits. */
static int rule_of(struct bank *b, struct curb_tx *tx, const struct certificate_held *held,
                   struct credit_rule *ret_rule)
{
	struct credit_class class;
	*ret_rule = (struct credit_rule){ .value = 0 };
	int err = b->credit->class_by_id(b->credit, tx, curb_id_str(&held->cohort), &class);
	if (!err)
		err = b->credit->rule(b->credit, tx, &held->institution, class.kind, held->issued_ms,
		                      "credits", ret_rule);
	return err == CURB_ENOTFOUND ? 0 : err;
}

/* What it brings; credits_c 0: nothing. */
static int reckon(struct bank *b, struct curb_tx *tx, const struct certificate_held *held, int64_t now_ms,
                  struct line *ret_line)
{
	struct credit_rule rule;
	int err = rule_of(b, tx, held, &rule);
	if (err)
		return err;
	const struct curb_id id = curb_id_new(now_ms);
	*ret_line = (struct line){ .id = id,
		                   .deposit = { .id = id,
		                                .person = held->person,
		                                .cohort = held->cohort,
		                                .institution = held->institution,
		                                .certificate = held->id,
		                                .programme = held->programme,
		                                .hours_c = held->hours_c,
		                                .credits_t = rule.value,
		                                .rule = rule.id,
		                                .title = rule.title,
		                                .number = rule.number },
		                   .kind = LINE_DEPOSIT,
		                   .credits_c = deposit_credits_c(held->hours_c, rule.value),
		                   .at_ms = now_ms };
	return 0;
}

static int bring(struct bank *b, struct curb_tx *tx, struct line *line, int64_t certificate)
{
	int err = append_deposit(tx, line, certificate);
	if (!err)
		err = deposit_add(b, tx, &line->deposit);
	return err ? err : line_add(b, tx, line);
}

/* ---- settling ---- */

/* A certificate with another name in the place of one that is withdrawn says the same hours: what it brought stays. */
int deposit_settle(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *person, int64_t now_ms)
{
	struct certificate_held held = { .hours_c = 0 };
	struct line standing = { .credits_c = 0 }, line = { .credits_c = 0 };
	int err = b->certificate->in_force(b->certificate, tx, cohort, person, &held);
	if (err && err != CURB_ENOTFOUND)
		return err;
	bool holds = !err;
	err = line_standing(b, tx, cohort, person, &standing);
	if (err && err != CURB_ENOTFOUND)
		return err;
	bool stands = !err, same = holds && standing.deposit.hours_c == held.hours_c;
	if ((stands && same) || (!stands && !holds))
		return 0;
	err = holds ? reckon(b, tx, &held, now_ms, &line) : 0;
	bool brings = line.credits_c > 0;
	if (!err && stands && !brings)
		err = transfers_take_back(b, tx, &standing.deposit, now_ms);
	if (!err && stands)
		err = take_back(b, tx, &standing, now_ms);
	if (!err && brings)
		err = bring(b, tx, &line, held.entry);
	return err || !brings ? err : transfers_stand_again(b, tx, &line.deposit, now_ms);
}

/* ---- events ---- */

struct settling {
	struct bank *b;
	const struct certificate_held *held;
	size_t n;
	int64_t next; /* where the walk goes on; -1: nowhere */
	int64_t now_ms;
};

static int tell_reached(struct bank *b, struct curb_tx *tx, int64_t place)
{
	return curb_emit(b->host, tx, WALKED,
	                 curb_str(curb_printf(curb_tx_arena(tx), "{\"place\":%lld}", (long long)place)));
}

static int settle_fn(struct curb_tx *tx, void *arg)
{
	const struct settling *settling = arg;
	int err = 0;
	for (size_t i = 0; !err && i < settling->n; i++)
		err = deposit_settle(settling->b, tx, &settling->held[i].cohort, &settling->held[i].person,
		                     settling->now_ms);
	return err || settling->next < 0 ? err : tell_reached(settling->b, tx, settling->next);
}

int deposit_begin_walk(struct curb_tx *tx, void *bank)
{
	return tell_reached(bank, tx, 0);
}

static int on_certificate(struct curb_job *job, void *state, struct curb_str event_id,
                          struct curb_str payload)
{
	(void)event_id;
	struct bank *b = state;
	struct curb_value *said = NULL;
	struct certificate_held held;
	if (!b->certificate) /* it was told before the plugin that issues was taken away */
		return 0;
	int err = curb_json_parse(curb_job_arena(job), payload, &said);
	if (!err)
		err = b->certificate->by_id(b->certificate, curb_job_tx(job), curb_get_str(said, "id"),
		                            &held);
	if (err)
		return err;
	struct settling settling = { b, &held, 1, -1, curb_wall_ms() };
	return curb_job_write(job, curb_id_str(&held.person), settle_fn, &settling);
}

static int walk_from(struct curb_job *job, struct bank *b, int64_t place)
{
	struct certificate_held *held = NULL;
	size_t n = 0;
	if (!b->certificate)
		return 0;
	int err = b->certificate->from(b->certificate, curb_job_tx(job), place, WALK_STEP, &held, &n);
	if (err || n == 0)
		return err;
	struct settling settling = { b, held, n, held[n - 1].place + 1, curb_wall_ms() };
	return curb_job_write(job, curb_str(NULL), settle_fn, &settling);
}

static int on_walk(struct curb_job *job, void *state, struct curb_str event_id, struct curb_str payload)
{
	(void)event_id;
	struct curb_value *said = NULL;
	int err = curb_json_parse(curb_job_arena(job), payload, &said);
	return err ? err : walk_from(job, state, curb_get_int(said, "place", 0));
}

static int on_rule(struct curb_job *job, void *state, struct curb_str event_id, struct curb_str payload)
{
	(void)event_id;
	(void)payload;
	return walk_from(job, state, 0);
}

const struct curb_hook deposit_hooks[] = {
	{ CERTIFICATE_ISSUED, on_certificate },
	{ CERTIFICATE_WITHDRAWN, on_certificate },
	{ CREDIT_RULE_ENTERED, on_rule },
	{ WALKED, on_walk },
	{ 0 },
};
