/* Checksums of the database's pages, in the eight bytes that SQLite leaves free at the end of each: what a disk changes by itself
 * is found, which no check of SQLite's own does (it misses every third flipped bit).
 * The rule: a page is written with its sum and never read without: what is damaged is an error, not an answer.
 *
 * It is a layer on the system's files, for database files alone; the log beside them has sums of SQLite's own. A file of the time
 * before the sums has none and is read and written as it is.
 */
#ifndef CURB_STORE_SUMS_H
#define CURB_STORE_SUMS_H

#include <sqlite3.h>

enum { SUMS_PAGE = 4096, SUMS_BYTES = 8 };

/* Once a process, before the first connection; what is opened from then on has the layer. */
void sums_register(void);
/* On a new database, before anything is written to it: its pages get room for the sums. */
int sums_begin(sqlite3 *db);
/* On a new database that becomes a copy of `from`: its pages get sums when that one's have them, whichever is written first. */
void sums_like(sqlite3 *db, sqlite3 *from);

#endif
