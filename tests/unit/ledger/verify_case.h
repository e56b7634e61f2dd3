/* A ledger made by the formats alone, to be verified whole or spoiled.
 * The rule: each test begins with a new one (world_setup).
 */
#ifndef CURB_TESTS_VERIFY_CASE_H
#define CURB_TESTS_VERIFY_CASE_H

#include "cm.h"
#include "curb/err.h"
#include "entry.h"
#include "verify.h"

enum { LEVELS = 3, FULL = 65536, MOST = FULL + 300, SMALL = 600, NOWHERE = -1 };

/* A ledger of entries {"n": index}, and what somebody has done to it. */
struct world {
	uint64_t size, shown; /* shown: what the checkpoint says */
	unsigned char *hashes[LEVELS];
	size_t counts[LEVELS];
	struct merkle_tree tree;
	struct note_signer signer;
	struct curb_buf checkpoint;
	int64_t odd;              /* the entry with another body: */
	struct curb_str body;     /* hashed as it is there */
	struct curb_str first[2]; /* bodies of the first entries, where they have others */
	int64_t swapped;          /* the entry whose body is that of the next one, though its hash is not */
	int (*spoil)(const struct tile *tile, struct curb_buf *out);
};

extern struct world world;

int world_setup(void **state);
int world_teardown(void **state);
/* Makes it anew with so many entries, and signs it. */
void world_fill(struct world *w, uint64_t size);
void world_sign(struct world *w, struct curb_str origin);
void world_body(const struct world *w, int64_t n, struct curb_buf *out);
int world_tile(void *w, const struct tile *tile, struct curb_buf *out); /* for a verify_source */

/* ---- its files ---- */

extern char folder[64]; /* of the test */
void folder_make(void);
void folder_remove(void);
void folder_path(const char *name, char path[static 256]);
void folder_put(const char *name, struct curb_str bytes);
/* The tiles of a level as they are shown now; or the entries. */
void folder_put_tiles(unsigned level, bool entries);

#endif
