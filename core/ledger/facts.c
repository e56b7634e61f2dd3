/* Entries as plugins read them back. */
#include <string.h>

#include "curb/err.h"
#include "entry.h"
#include "inside.h"

size_t facts_of(struct curb_arena *arena, const struct entry_fact *read, size_t n,
                const struct curb_fact **ret_facts)
{
	struct curb_fact *facts = curb_alloc_n(arena, n + 1, sizeof *facts);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (read[i].kind == ENTRY_BYTES)
			continue;
		facts[kept++] = (struct curb_fact){
			.name = curb_cstr(arena, read[i].name),
			.number = read[i].number,
			.text = read[i].kind == ENTRY_TEXT ? read[i].bytes : curb_str(NULL),
		};
	}
	*ret_facts = facts;
	return kept;
}

int curb_ledger_takes(struct curb_tx *tx)
{
	const struct ledger *ledger = store_tail(tx);
	CURB_ASSERT(ledger);
	return ledger_held(ledger);
}

int curb_ledger_read(struct curb_tx *tx, int64_t index, const struct curb_fact **ret_facts, size_t *ret_n)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct entry_fact read[ENTRY_FACTS];
	struct curb_str body;
	size_t n = 0;
	int err = ledger_entry(tx, (uint64_t)index, &body);
	if (!err)
		err = entry_read(body, read, &n);
	if (err)
		return err;
	*ret_n = facts_of(arena, read, n, ret_facts);
	return 0;
}

const struct curb_fact *curb_fact_find(const struct curb_fact *facts, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(facts[i].name, name) == 0)
			return &facts[i];
	return NULL;
}
