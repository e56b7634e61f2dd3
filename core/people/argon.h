/* Checking a password against a hash in memory that stays: libsodium maps its 46 MiB anew for each hash and fills them under
 * the lock of the whole address space, and every thread that needs a page of memory then waits up to 20 ms.
 * The rule: one thread alone calls these.
 */
#ifndef CURB_PEOPLE_ARGON_H
#define CURB_PEOPLE_ARGON_H

#include "curb/str.h"

/* True when `hash`, as libsodium writes argon2id hashes, is the password's. The memory is wiped and kept. */
bool argon_matches(const char *hash, struct curb_str password);
/* True while memory is kept. */
bool argon_keeps(void);
/* Gives the kept memory back. */
void argon_give_back(void);

#endif
