/* A folder of this machine as one zip stream, so that the worker knows zips and single files only.
 * The rule: for the people who run the server (`curbcut import FOLDER`); follows no links.
 */
#ifndef CONTENT_PACK_H
#define CONTENT_PACK_H

#include "blobs.h"

/* Packs an open folder without compression into a file without a name; the new descriptor is yours. Files whose names begin with
 * a dot are left out. CURB_ENOTFOUND: no folder; CURB_EINVAL: a link or a special file in it; CURB_ETOOBIG: more
 * than 10,000 files or 16 folders deep; CURB_EFULL, CURB_EINTERNAL. */
int pack_folder(struct blobs *blobs, int folder, int *ret_fd);

#endif
