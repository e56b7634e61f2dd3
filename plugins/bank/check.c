/* Whether accounts are what the entries of the ledger say: the doctor's question to bank. */
#include "bank.h"
#include "entry_sums.h"

/* Entries that move an account say by how much. */
static bool add(const struct curb_recorded *entry, int64_t of[static SUMS_MOST])
{
	const struct curb_fact *credits = curb_fact_find(entry->facts, entry->fact_count, "credits_c");
	of[0] = credits ? credits->number : 0;
	return credits != NULL;
}

static int run(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	struct sums sums = { .host = ((struct bank *)self)->host, .tx = tx, .call = call, .add = add };
	int err = sums_read(&sums);
	if (!err)
		err = sums_compare(&sums, "SELECT person, credits_c, NULL FROM bank_account ORDER BY person",
		                   "the credits of an account are not those of the entries");
	if (!err)
		err = sums_compare(
			&sums,
			"SELECT person, sum(credits_c), NULL FROM (SELECT d.holder AS person, l.credits_c "
			"FROM bank_line l JOIN bank_deposit d ON d.id = l.deposit UNION ALL SELECT "
			"person, 0 FROM bank_deposit) AS lines GROUP BY person ORDER BY person",
			"the lines of an account are not those of the entries");
	sums_free(&sums);
	return err;
}

struct curb_doctor_check bank_doctor_check(struct bank *b)
{
	return (struct curb_doctor_check){
		.self = b,
		.name = "bank",
		.sound = "The credits of each account are those of the entries",
		.remedy = "The entries are what counts. Stop the server and restore the newest backup into a "
			  "new "
			  "folder: curbcut restore; an auditor compares it with the entries of this one.",
		.run = run,
	};
}
