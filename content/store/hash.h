/* SHA-256 of a file, as blobs are named by it. */
#ifndef CONTENT_HASH_H
#define CONTENT_HASH_H

#include "blobs.h"

/* Of the first `size` bytes. CURB_EINTERNAL: they cannot be read. */
int blob_hash_fd(int fd, uint64_t size, char ret_hex[static BLOB_HEX + 1]);

#endif
