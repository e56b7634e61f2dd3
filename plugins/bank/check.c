/* Whether accounts are what the entries of the ledger say: the doctor's question to bank. */
#include <stdlib.h>

#include "bank.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { FIRST = 256, TEXT_SIZE = 200 };

struct sum {
	struct curb_id person;
	int64_t credits_c;
};

struct checking {
	struct bank *b;
	struct curb_tx *tx;
	const struct curb_doctor_call *call;
	struct sum *sums; /* of the entries; yours: free */
	size_t n, room;
};

static int by_person(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->person.text, ((const struct sum *)b)->person.text);
}

/* Entries that move an account say by how much. */
static int add_entry(void *arg, const struct curb_recorded *entry)
{
	struct checking *checking = arg;
	const struct curb_fact *credits = curb_fact_find(entry->facts, entry->fact_count, "credits_c");
	if (entry->index % 4096 == 0 && checking->call->cancelled(checking->call->arg))
		return curb_fail(CURB_EBUSY, "it was cancelled");
	if (!credits)
		return 0;
	if (checking->n == checking->room) {
		checking->room = checking->room ? 2 * checking->room : FIRST;
		checking->sums = realloc(checking->sums, checking->room * sizeof *checking->sums);
		CURB_ASSERT(checking->sums);
	}
	checking->sums[checking->n++] = (struct sum){ entry->person, credits->number };
	return 0;
}

static void add_up(struct checking *checking)
{
	size_t n = 0;
	if (checking->n == 0)
		return;
	qsort(checking->sums, checking->n, sizeof *checking->sums, by_person);
	for (size_t i = 1; i < checking->n; i++)
		if (by_person(&checking->sums[n], &checking->sums[i]) == 0)
			checking->sums[n].credits_c += checking->sums[i].credits_c;
		else
			checking->sums[++n] = checking->sums[i];
	checking->n = n + 1;
}

static void found(const struct checking *checking, const char *what, const struct curb_id *person)
{
	char text[TEXT_SIZE];
	(void)snprintf(text, sizeof text, "%s: person %s", what, person->text);
	checking->call->found(checking->call->arg, text);
}

/* `sql` gives person and credits, by person. */
static int compare(const struct checking *checking, const char *sql, const char *what)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t at = 0;
	int err = curb_query(checking->b->host, checking->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		const struct sum row = { curb_col_id(stmt, 0), curb_col_int(stmt, 1) };
		for (; at < checking->n && by_person(&checking->sums[at], &row) < 0; at++)
			found(checking, what, &checking->sums[at].person);
		bool there = at < checking->n && by_person(&checking->sums[at], &row) == 0;
		if (!there || checking->sums[at].credits_c != row.credits_c)
			found(checking, what, &row.person);
		at += there;
		err = 0;
	}
	for (; !err && at < checking->n; at++)
		found(checking, what, &checking->sums[at].person);
	return err;
}

static int run(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	struct checking checking = { .b = self, .tx = tx, .call = call };
	int err = curb_ledger_each(tx, add_entry, &checking);
	add_up(&checking);
	if (!err)
		err = compare(&checking, "SELECT person, credits_c FROM bank_account ORDER BY person",
		              "the credits of an account are not those of the entries");
	if (!err)
		err = compare(&checking,
		              "SELECT d.person, sum(l.credits_c) FROM bank_line l "
		              "JOIN bank_deposit d ON d.id = l.deposit GROUP BY d.person ORDER BY d.person",
		              "the lines of an account are not those of the entries");
	free(checking.sums);
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
