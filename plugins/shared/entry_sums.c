#include "entry_sums.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"

enum { FIRST = 256, TEXT_SIZE = 200 };

static int by_person(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->person.text, ((const struct sum *)b)->person.text);
}

static int add_entry(void *arg, const struct curb_recorded *entry)
{
	struct sums *sums = arg;
	struct sum sum = { .person = entry->person };
	if (entry->index % 4096 == 0 && sums->call->cancelled(sums->call->arg))
		return curb_fail(CURB_EBUSY, "it was cancelled");
	if (!sums->add(entry, sum.of))
		return 0;
	if (sums->n == sums->room) {
		sums->room = sums->room ? 2 * sums->room : FIRST;
		sums->list = realloc(sums->list, sums->room * sizeof *sums->list);
		CURB_ASSERT(sums->list);
	}
	sums->list[sums->n++] = sum;
	return 0;
}

/* One of each person. */
static void add_up(struct sums *sums)
{
	size_t n = 0;
	if (sums->n == 0)
		return;
	qsort(sums->list, sums->n, sizeof *sums->list, by_person);
	for (size_t i = 1; i < sums->n; i++) {
		if (by_person(&sums->list[n], &sums->list[i]) != 0) {
			sums->list[++n] = sums->list[i];
			continue;
		}
		for (size_t k = 0; k < SUMS_MOST; k++)
			sums->list[n].of[k] += sums->list[i].of[k];
	}
	sums->n = n + 1;
}

int sums_read(struct sums *sums)
{
	int err = curb_ledger_each(sums->tx, add_entry, sums);
	add_up(sums);
	return err;
}

static void found(const struct sums *sums, const char *what, const struct curb_id *person)
{
	char text[TEXT_SIZE];
	(void)snprintf(text, sizeof text, "%s: person %s", what, person->text);
	sums->call->found(sums->call->arg, text);
}

static bool differs(struct curb_stmt *stmt, const struct sum *sum)
{
	bool same = true;
	for (size_t k = 0; same && k < SUMS_MOST; k++)
		same = curb_col_null(stmt, (int)k + 1) || curb_col_int(stmt, (int)k + 1) == sum->of[k];
	return !same;
}

int sums_compare(const struct sums *sums, const char *sql, const char *what)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t at = 0;
	int err = curb_query(sums->host, sums->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		const struct sum row = { .person = curb_col_id(stmt, 0) };
		for (; at < sums->n && by_person(&sums->list[at], &row) < 0; at++)
			found(sums, what, &sums->list[at].person);
		bool there = at < sums->n && by_person(&sums->list[at], &row) == 0;
		if (!there || differs(stmt, &sums->list[at]))
			found(sums, what, &row.person);
		at += there;
		err = 0;
	}
	for (; !err && at < sums->n; at++)
		found(sums, what, &sums->list[at].person);
	return err;
}

void sums_free(struct sums *sums)
{
	free(sums->list);
	sums->list = NULL;
}
