/* A witness of ledgers: says of checkpoints that it saw them, in an order in which nothing was ever taken back. C2SP tlog-witness
 * and tlog-cosignature (cosignature/v1).
 * The rule: what it signs is durable in its database before anybody sees the signature, and so it never signs two trees of one
 * size, nor a smaller one behind a larger.
 */
#ifndef CURB_WITNESS_H
#define CURB_WITNESS_H

#include "curb/plugin.h"
#include "store.h"
#include "trust.h"

struct witness {
	struct note_signer signer; /* of type NOTE_COSIGNATURE */
	struct trust trust;        /* its logs are those that are witnessed */
};

extern struct curb_host witness_host; /* owns every table witness_… */
extern const struct curb_migration witness_migrations[];

/* POST /add-checkpoint and GET /:origin/checkpoint; their state is the struct witness. */
extern const struct curb_route witness_routes[];

#endif
