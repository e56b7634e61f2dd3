/* A ledger over a database in a folder of its own.
 * The rule: each test opens its own (case_setup) and closes it.
 */
#ifndef CURB_TESTS_LEDGER_CASE_H
#define CURB_TESTS_LEDGER_CASE_H

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "helper.h"
#include "inside.h"

struct house {
	struct fixture f;
	char folder[512];
	struct note_signer signer;
	/* its keys, beside `signer`, which the next start reads */
	const struct note_signer *another; /* of a ledger that is renewed; NULL: there is no room for it */
	struct note_signer next, other;    /* that were given and not adopted */
	int adopt_err, adopted;
	struct ledger *ledger;
};

struct job {
	int count, err_at; /* fails behind this many; -1: does not */
	int64_t first, last;
	const char *person;
	int runs;
};

int case_setup(void **state);
int case_teardown(void **state);
void case_start(struct house *house);
/* As a process that starts again on what is there. */
void case_restart(struct house *house);
int append_fn(struct curb_tx *tx, void *job); /* a write function */
int case_append(struct house *house, struct job *job);
void case_append_n(struct house *house, int n);
/* A new snapshot. */
struct curb_tx *case_look(struct house *house);
/* The size and root of the tree of the rows, made anew; it must be what tiles and memory have. */
uint64_t case_tree(struct house *house, struct merkle_hash *ret_root);
/* One statement, as somebody runs it who has the file. */
void case_change(struct house *house, const char *sql);
/* Signs and checks what is shown then. */
struct checkpoint case_signed(struct house *house);

#endif
