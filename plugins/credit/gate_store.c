#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "gate.h"

static const char *const words[GATES] = { "opening", "process", "funds", "completion" };

const char *gate_word(enum gate gate)
{
	return words[gate];
}

bool gate_named(struct curb_str word, enum gate *ret_gate)
{
	for (int i = 0; i < GATES; i++)
		if (curb_str_is(word, words[i])) {
			*ret_gate = (enum gate)i;
			return true;
		}
	return false;
}

static void read_decision(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct gate_decision decision = {
		.number = curb_col_int(stmt, 1),
		.passed = curb_col_int(stmt, 2) != 0,
		.document = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 3)),
		.note = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 4)),
		.by = curb_col_id(stmt, 5),
		.decided_ms = curb_col_int(stmt, 6),
		.entry = curb_col_int(stmt, 7),
	};
	(void)gate_named(curb_col_text(stmt, 0), &decision.gate);
	*(struct gate_decision *)row = decision;
}

int gate_decisions(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                   struct gate_decision **ret_list, size_t *ret_n)
{
	static const char sql[] =
		"SELECT gate, number, passed, document, note, person, decided_ms, entry FROM credit_gate "
		"WHERE cohort = $1 ORDER BY decided_ms, gate, number";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct gate_decision), read_decision }, ret_list,
	                     ret_n);
}

int gate_open_ends(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort, int64_t now_ms,
                   struct gate_open_ends *ret)
{
	struct gate_open_ends ends = { .under_way = now_ms < cohort->ends_ms };
	int err = credit_one_number(c, tx,
	                            "SELECT count(*) FROM credit_sheet s JOIN credit_attended a ON a.sheet = "
	                            "s.id WHERE s.cohort = $1 AND a.signed_ms IS NULL",
	                            CURB_BINDS(curb_bind_id(&cohort->id)), &ends.sheets);
	if (!err)
		err = credit_one_number(
			c, tx, "SELECT count(*) FROM credit_question WHERE cohort = $1 AND waiting = 1",
			CURB_BINDS(curb_bind_id(&cohort->id)), &ends.questions);
	*ret = ends;
	return err;
}

int gate_waiting(struct credit *c, struct curb_tx *tx, const struct curb_id *institution, int64_t now_ms,
                 int64_t most, struct credit_cohort **ret_cohorts, size_t *ret_n)
{
	static const char sql[] = "SELECT " CREDIT_COHORT_COLUMNS
				  "FROM credit_cohort c WHERE c.institution = $1 AND c.ends_ms <= $2 "
				  "AND NOT EXISTS (SELECT 1 FROM credit_gate g WHERE g.cohort = c.id AND "
				  "g.gate = 'completion') "
				  "ORDER BY c.ends_ms, c.id LIMIT $3";
	return credit_gather(
		c, tx, sql, CURB_BINDS(curb_bind_id(institution), curb_int(now_ms), curb_int(most)),
		(struct credit_rows){ sizeof(struct credit_cohort), credit_read_cohort }, ret_cohorts, ret_n);
}

/* ---- deciding ---- */

static int check_complete(struct curb_tx *tx, const struct gate_deciding *deciding)
{
	struct gate_open_ends ends;
	const struct gate_decision *decision = &deciding->decision;
	if (decision->gate != GATE_COMPLETION || !decision->passed)
		return 0;
	int err = gate_open_ends(deciding->c, tx, &deciding->cohort, decision->decided_ms, &ends);
	if (!err && ends.under_way)
		return curb_fail(CURB_EUNFIT, "The class has not ended yet; review its completion then");
	if (!err && ends.sheets)
		return curb_fail(
			CURB_EUNFIT,
			"Some attendance is not countersigned yet. Have it countersigned or corrected "
			"first");
	if (!err && ends.questions)
		return curb_fail(
			CURB_EUNFIT,
			"Questions of trainees about their hours wait for an answer. They are answered "
			"first");
	return err;
}

static int enter(struct curb_tx *tx, struct gate_deciding *deciding)
{
	struct gate_decision *decision = &deciding->decision;
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&deciding->cohort.id) },
		{ "gate", 0, curb_str(gate_word(decision->gate)) },
		{ "passed", decision->passed, { NULL, 0 } },
		{ "document", 0, decision->document },
	};
	const struct curb_entry entry = { .kind = "gate",
		                          .at_ms = decision->decided_ms,
		                          .by = decision->by,
		                          .role = "reviewer",
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &decision->entry);
}

int gate_decide(struct curb_tx *tx, void *arg)
{
	struct gate_deciding *deciding = arg;
	struct gate_decision *decision = &deciding->decision;
	struct curb_str gate = curb_str(gate_word(decision->gate));
	int err = check_complete(tx, deciding);
	if (!err)
		err = credit_one_number(
			deciding->c, tx,
			"SELECT count(*) + 1 FROM credit_gate WHERE cohort = $1 AND gate = $2",
			CURB_BINDS(curb_bind_id(&deciding->cohort.id), curb_text(gate)), &decision->number);
	if (!err)
		err = enter(tx, deciding);
	if (err)
		return err;
	return curb_exec(deciding->c->host, tx,
	                 "INSERT INTO credit_gate (cohort, gate, number, passed, document, note, person, "
	                 "decided_ms, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	                 CURB_BINDS(curb_bind_id(&deciding->cohort.id), curb_text(gate),
	                            curb_int(decision->number), curb_int(decision->passed),
	                            curb_text(decision->document), curb_text(decision->note),
	                            curb_bind_id(&decision->by), curb_int(decision->decided_ms),
	                            curb_int(decision->entry)),
	                 NULL);
}
