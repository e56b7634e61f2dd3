/* The bytes of checked zip entries, through libarchive.
 * The rule: archive.c alone includes libarchive's header, and libarchive sees one entry under a header of our own making.
 */
#ifndef CONTENT_UNPACK_H
#define CONTENT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "zip.h"

/* Takes the next bytes of an entry; false ends the reading. */
typedef bool (*unpack_take_fn)(void *arg, const void *bytes, size_t n);

/* Unpacks an entry, or only checks it when `take` is NULL. NULL when all bytes came and size and checksum are right,
 * else the code of the finding ("" when `take` ended it). Marks the entry checked. */
const char *unpack(const struct zip *zip, struct zip_entry *entry, unpack_take_fn take, void *arg);

#endif
