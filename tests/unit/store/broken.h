/* Statements that fail, as on a disk that does not read or has no room: the n-th one that is asked for, stepped or run.
 * The rule: a program that has the part test_store_broken has the linker's help for this; between broken_after and broken_end
 * one thread at a time uses statements.
 */
#ifndef CURB_TESTS_STORE_BROKEN_H
#define CURB_TESTS_STORE_BROKEN_H

#include <stdbool.h>

/* `good` calls succeed, the next one fails with CURB_EINTERNAL, and those behind it succeed again. */
void broken_after(int good);
/* All succeed from now on. True when one failed since broken_after. */
bool broken_end(void);

#endif
