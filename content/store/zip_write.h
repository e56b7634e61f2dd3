/* A zip without compression, written to a file from its start: the same entries in the same order give the same bytes.
 * The rule: names are the caller's, in UTF-8, relative and each given once.
 *
 * Thread rules: one thread.
 */
#ifndef CONTENT_ZIP_WRITE_H
#define CONTENT_ZIP_WRITE_H

#include "curb/str.h"

struct zip_write;

enum { ZIP_WRITE_NAME = 1000, ZIP_WRITE_FILES = 10000 };

/* `out` is written at offsets and stays the caller's. Yours: zip_write_free. */
struct zip_write *zip_write_new(int out);
void zip_write_free(struct zip_write *zip); /* NULL is fine */

/* An entry: all that can be read from `from`. A name has fewer than ZIP_WRITE_NAME bytes. CURB_ETOOBIG: more than
 * ZIP_WRITE_FILES of them; CURB_EFULL, CURB_EINTERNAL. */
int zip_write_file(struct zip_write *zip, const char *name, int from);
/* The same of bytes, less than 4 GiB of them. CURB_EFULL, CURB_EINTERNAL. */
int zip_write_bytes(struct zip_write *zip, const char *name, struct curb_str bytes);
/* The list of entries; nothing is added behind it. CURB_ETOOBIG, CURB_EFULL, CURB_EINTERNAL. */
int zip_write_end(struct zip_write *zip);

#endif
