/* Credits of two records that turned out to be one person's: they come onto one account, each with an entry that takes it off the one
 * and another that brings it onto the other. Those of a certificate count once, for both accounts are settled before. */
#include "bank.h"
#include "curb/err.h"

/* What the lines of a deposit come to, and where the first of them stands in the ledger. */
struct owned {
	struct curb_id deposit, cohort;
	int64_t credits_c, entry;
};

static void read_owned(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct owned *)row = (struct owned){ curb_col_id(stmt, 0), curb_col_id(stmt, 1),
		                               curb_col_int(stmt, 2), curb_col_int(stmt, 3) };
}

static int owned_of(struct bank *b, struct curb_tx *tx, const struct curb_id *person, struct owned **ret,
                    size_t *ret_n)
{
	static const char sql[] =
		"SELECT d.id, d.cohort, sum(l.credits_c), min(l.entry) FROM bank_deposit d JOIN bank_line l "
		"ON l.deposit = d.id WHERE d.holder = $1 GROUP BY d.id, d.cohort ORDER BY min(l.entry)";
	return rows_gather(b->host, tx, sql, CURB_BINDS(curb_bind_id(person)), sizeof **ret, read_owned, ret,
	                   ret_n);
}

/* An event about a certificate may not have come yet. Where nobody issues any there is none. */
static int settle(struct bank *b, struct curb_tx *tx, const struct curb_merging *merging)
{
	struct owned *owned = NULL;
	size_t n = 0;
	int err = b->certificate ? owned_of(b, tx, &merging->from, &owned, &n) : 0;
	for (size_t i = 0; !err && i < n; i++) {
		err = deposit_settle(b, tx, &owned[i].cohort, &merging->from, merging->at_ms);
		if (!err)
			err = deposit_settle(b, tx, &owned[i].cohort, &merging->into, merging->at_ms);
	}
	return err;
}

static int move(struct bank *b, struct curb_tx *tx, const struct curb_merging *merging,
                const struct curb_id *person, const struct owned *owned, int64_t credits_c)
{
	static const char sum[] = "INSERT INTO bank_account (person, credits_c) VALUES ($1, $2) ON CONFLICT "
				  "(person) DO UPDATE SET credits_c = bank_account.credits_c + $2";
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&owned->cohort) },
		                           { "entry", owned->entry, { NULL, 0 } },
		                           { "credits_c", credits_c, { NULL, 0 } } };
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%s/%s", merging->key.text, owned->deposit.text,
	                              credits_c < 0 ? "out" : "in");
	const struct curb_entry entry = { .kind = "credit_moved",
		                          .at_ms = merging->at_ms,
		                          .person = *person,
		                          .by = merging->by,
		                          .role = merging->role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	int err = curb_ledger_append(tx, &entry, NULL);
	return err ? err :
	             curb_exec(b->host, tx, sum, CURB_BINDS(curb_bind_id(person), curb_int(credits_c)), NULL);
}

int bank_merge(void *bank, struct curb_tx *tx, const struct curb_merging *merging)
{
	static const char gives[] = "UPDATE bank_deposit SET holder = $2 WHERE holder = $1";
	struct bank *b = bank;
	struct owned *owned = NULL;
	size_t n = 0;
	int err = settle(b, tx, merging);
	if (!err)
		err = owned_of(b, tx, &merging->from, &owned, &n);
	for (size_t i = 0; !err && i < n; i++) {
		if (owned[i].credits_c ==
		    0) /* taken back, or recognised elsewhere: there is nothing to move */
			continue;
		err = move(b, tx, merging, &merging->from, &owned[i], -owned[i].credits_c);
		if (!err)
			err = move(b, tx, merging, &merging->into, &owned[i], owned[i].credits_c);
	}
	return err ? err :
	             curb_exec(b->host, tx, gives,
	                       CURB_BINDS(curb_bind_id(&merging->from), curb_bind_id(&merging->into)), NULL);
}
