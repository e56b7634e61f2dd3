/* Sums of persons as the entries of the ledger have them, beside those that a plugin keeps: for its answer to the doctor. Built into
 * each plugin that asks for it.
 * The rule: which entries count, and what of them, is the plugin's own to say.
 */
#ifndef PLUGINS_ENTRY_SUMS_H
#define PLUGINS_ENTRY_SUMS_H

#include "curb/doctor.h"
#include "curb/ledger.h"

enum { SUMS_MOST = 2 }; /* of one person */

struct sum {
	struct curb_id person;
	int64_t of[SUMS_MOST];
};

struct sums {
	struct curb_host *host;
	struct curb_tx *tx;
	const struct curb_doctor_call *call;
	/* What an entry adds; of[] begins with 0. False: nothing. */
	bool (*add)(const struct curb_recorded *entry, int64_t of[static SUMS_MOST]);
	struct sum *list; /* yours: sums_free */
	size_t n, room;
};

/* Reads all entries. CURB_EBUSY: it was cancelled; else the errors of curb_ledger_each. */
int sums_read(struct sums *sums);
/* Tells of each person for whom `sql` (person, then SUMS_MOST numbers; by person) gives another sum than the entries, or who is on
 * one side alone. NULL for a number: it is not compared. */
int sums_compare(const struct sums *sums, const char *sql, const char *what);
void sums_free(struct sums *sums);

#endif
