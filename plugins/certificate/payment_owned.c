/* What was of another record of the same person, as the entries say: its own entry still names that one. */
#include <stdlib.h>

#include "curb/err.h"
#include "curb/ledger.h"
#include "payment.h"

struct owned {
	int64_t entry;
	struct curb_id person;
};

/* The last word counts. */
void owned_add(struct payment_owned *owned, const struct curb_recorded *entry)
{
	enum { FIRST = 64 };
	const struct owned one = { payment_fact(entry, "entry")->number, entry->person };
	size_t i = 0;
	while (i < owned->n && owned->list[i].entry != one.entry)
		i++;
	if (i == owned->room) {
		owned->room = owned->room ? 2 * owned->room : FIRST;
		owned->list = realloc(owned->list, owned->room * sizeof *owned->list);
		CURB_ASSERT(owned->list);
	}
	owned->list[i] = one;
	owned->n += i == owned->n;
}

static int by_entry(const void *left, const void *right)
{
	const struct owned *a = left, *b = right;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

void owned_sort(struct payment_owned *owned)
{
	if (owned->n)
		qsort(owned->list, owned->n, sizeof *owned->list, by_entry);
}

const struct curb_id *owned_at(const struct payment_owned *owned, int64_t entry,
                               const struct curb_id *otherwise)
{
	const struct owned sought = { .entry = entry };
	const struct owned *found = owned->n ?
	                                    bsearch(&sought, owned->list, owned->n, sizeof sought, by_entry) :
	                                    NULL;
	return found ? &found->person : otherwise;
}

const struct curb_id *owned_about(const struct payment_owned *owned, const struct curb_recorded *entry)
{
	return owned_at(owned, entry->index,
	                owned_at(owned, payment_fact(entry, "entry")->number, &entry->person));
}
