/* Whether learning points are what the entries of the ledger say: the doctor's question to them. */
#include "entry_sums.h"
#include "points.h"

static int64_t number_of(const struct curb_recorded *entry, const char *name)
{
	const struct curb_fact *fact = curb_fact_find(entry->facts, entry->fact_count, name);
	return fact ? fact->number : 0;
}

/* Seconds, and points. */
static bool add(const struct curb_recorded *entry, int64_t of[static SUMS_MOST])
{
	const struct curb_fact *kind = curb_fact_find(entry->facts, entry->fact_count, "kind");
	of[0] = number_of(entry, "granted");
	of[1] = number_of(entry, "points");
	return kind && (curb_str_is(kind->text, "self_study") || curb_str_is(kind->text, "self_study_moved"));
}

static int run(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	struct sums sums = { .host = ((struct credit *)self)->host, .tx = tx, .call = call, .add = add };
	int err = sums_read(&sums);
	if (!err)
		err = sums_compare(&sums,
		                   "SELECT person, granted_s, points FROM credit_points ORDER BY person",
		                   "the learning points of a person are not those of the entries");
	if (!err)
		err = sums_compare(
			&sums,
			"SELECT person, sum(granted_s), sum(points) FROM credit_self_day GROUP BY person "
			"ORDER BY person",
			"the days of learning points are not those of the entries");
	if (!err)
		err = sums_compare(&sums,
		                   "SELECT person, sum(credited_s), NULL FROM credit_self_coverage GROUP BY "
		                   "person ORDER BY person",
		                   "the seconds that counted for points are not those of the entries");
	sums_free(&sums);
	return err;
}

struct curb_doctor_check points_doctor_check(struct credit *c)
{
	return (struct curb_doctor_check){
		.self = c,
		.name = "points",
		.sound = "The learning points of each person are those of the entries",
		.remedy = "The entries are what counts. Stop the server and restore the newest backup into a "
			  "new "
			  "folder: curbcut restore; an auditor compares it with the entries of this one.",
		.run = run,
	};
}
