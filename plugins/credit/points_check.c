/* Whether learning points are what the entries of the ledger say: the doctor's question to them. */
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "points.h"

enum { FIRST = 256, TEXT_SIZE = 200 };

struct sum {
	struct curb_id person;
	int64_t granted_s, points;
};

struct checking {
	struct credit *c;
	struct curb_tx *tx;
	const struct curb_doctor_call *call;
	struct sum *sums; /* of the entries; yours: free */
	size_t n, room;
};

static int by_person(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->person.text, ((const struct sum *)b)->person.text);
}

static int64_t number_of(const struct curb_recorded *entry, const char *name)
{
	const struct curb_fact *fact = curb_fact_find(entry->facts, entry->fact_count, name);
	return fact ? fact->number : 0;
}

static int add_entry(void *arg, const struct curb_recorded *entry)
{
	struct checking *checking = arg;
	const struct curb_fact *kind = curb_fact_find(entry->facts, entry->fact_count, "kind");
	if (entry->index % 4096 == 0 && checking->call->cancelled(checking->call->arg))
		return curb_fail(CURB_EBUSY, "it was cancelled");
	if (!kind || !curb_str_is(kind->text, "self_study"))
		return 0;
	if (checking->n == checking->room) {
		checking->room = checking->room ? 2 * checking->room : FIRST;
		checking->sums = realloc(checking->sums, checking->room * sizeof *checking->sums);
		CURB_ASSERT(checking->sums);
	}
	checking->sums[checking->n++] = (struct sum){ entry->person, number_of(entry, "granted"),
		                                      number_of(entry, "points") };
	return 0;
}

static void add_up(struct checking *checking)
{
	size_t n = 0;
	if (checking->n == 0)
		return;
	qsort(checking->sums, checking->n, sizeof *checking->sums, by_person);
	for (size_t i = 1; i < checking->n; i++)
		if (by_person(&checking->sums[n], &checking->sums[i]) == 0) {
			checking->sums[n].granted_s += checking->sums[i].granted_s;
			checking->sums[n].points += checking->sums[i].points;
		} else {
			checking->sums[++n] = checking->sums[i];
		}
	checking->n = n + 1;
}

static void found(const struct checking *checking, const char *what, const struct curb_id *person)
{
	char text[TEXT_SIZE];
	(void)snprintf(text, sizeof text, "%s: person %s", what, person->text);
	checking->call->found(checking->call->arg, text);
}

/* `sql` gives person, seconds and points (of coverage there are none to compare: -1), by person. */
static int compare(const struct checking *checking, const char *sql, const char *what)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t at = 0;
	int err = curb_query(checking->c->host, checking->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		const struct sum row = { curb_col_id(stmt, 0), curb_col_int(stmt, 1), curb_col_int(stmt, 2) };
		for (; at < checking->n && by_person(&checking->sums[at], &row) < 0; at++)
			found(checking, what, &checking->sums[at].person);
		const struct sum *sum = at < checking->n && by_person(&checking->sums[at], &row) == 0 ?
		                                &checking->sums[at++] :
		                                NULL;
		if (!sum || sum->granted_s != row.granted_s || (row.points >= 0 && sum->points != row.points))
			found(checking, what, &row.person);
		err = 0;
	}
	for (; !err && at < checking->n; at++)
		found(checking, what, &checking->sums[at].person);
	return err;
}

static int run(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	struct checking checking = { .c = self, .tx = tx, .call = call };
	int err = curb_ledger_each(tx, add_entry, &checking);
	add_up(&checking);
	if (!err)
		err = compare(&checking,
		              "SELECT person, granted_s, points FROM credit_points ORDER BY person",
		              "the learning points of a person are not those of the entries");
	if (!err)
		err = compare(
			&checking,
			"SELECT person, sum(granted_s), sum(points) FROM credit_self_day GROUP BY person "
			"ORDER BY person",
			"the days of learning points are not those of the entries");
	if (!err)
		err = compare(&checking,
		              "SELECT person, sum(credited_s), -1 FROM credit_self_coverage GROUP BY person "
		              "ORDER BY person",
		              "the seconds that counted for points are not those of the entries");
	free(checking.sums);
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
