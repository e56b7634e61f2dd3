/* Entries about a person who is erased lose their bodies; which ones, an entry says (kind "erase": entries "7 12-40", count).
 * The rule: a place and its hash stay for good. From ledger_forget on, in whatever state the rest is, entries about her are read
 * back by nobody (curb_ledger_each leaves them out).
 *
 * All of it may be broken off anywhere and gone on with: forget; find and erase until the end; forget_end; tell until there is no
 * more. A held ledger lets itself be erased and is told of it later.
 */
#ifndef CURB_LEDGER_ERASE_H
#define CURB_LEDGER_ERASE_H

#include "ledger.h"

struct entry_fact;

/* In a write function: nobody can tell from now on whose entries they are. */
int ledger_forget(struct curb_tx *tx, const struct curb_id *person);

enum { LEDGER_ERASED_AT_ONCE = 400 };
struct ledger_found {
	int64_t list[LEDGER_ERASED_AT_ONCE]; /* places */
	size_t n;
	int64_t next; /* where the search goes on */
	bool end;     /* there is no more */
};
/* Entries about forgotten persons that have their bodies, from a place on. Arena of tx. */
int ledger_find_forgotten(struct curb_tx *tx, int64_t from, struct ledger_found *ret_found);
/* In a write function: their bodies are destroyed. */
int ledger_erase(struct curb_tx *tx, const struct ledger_found *found);
/* In a write function, once none is left: the pseudonyms are destroyed. */
int ledger_forget_end(struct curb_tx *tx);
/* In a write function: an entry tells of places that lost their bodies. *ret_more: there may be more of them. CURB_EBUSY while the
 * ledger takes no entries. */
int ledger_tell_erased(struct curb_tx *tx, bool *ret_more);
/* Whether there are places that no entry tells of. In any transaction. */
int ledger_untold(struct curb_tx *tx, bool *ret_untold);

/* Between the files of the ledger: the pseudonyms of those who are being erased (arena of tx), and whether an entry is about one. */
int erase_read(struct curb_tx *tx, struct curb_str **ret_pseudonyms, size_t *ret_n);
bool erase_is_about(const struct entry_fact *facts, size_t n, const struct curb_str *pseudonyms,
                    size_t count);

#endif
