/* Places of entries that were made before plays kept theirs (places.h): found in the ledger, once. */
#ifndef CREDIT_PLACED_H
#define CREDIT_PLACED_H

#include "credit.h"

/* A write function of init; arg: struct credit. Each entry that no play has becomes one of the play of that person, class and lesson
 * which was opened last before it. */
int placed_fill(struct curb_tx *tx, void *arg);

#endif
