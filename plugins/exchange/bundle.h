/* A bundle: one file that a server hands to another one without a line between them. Pure: keys and bytes come from the caller.
 * The rule: whose it is, for whom and whether it is whole is known before anything in it is opened.
 *
 * A head of lines, an empty line, the receipt of the sender's ledger, the records in a sealed box, 64 bytes of signature (Ed25519,
 * RFC 8032) over all that stands before it:
 *
 *     curbcut-bundle/v1
 *     from PUBLIC KEY OF THE SENDER, hex
 *     to PUBLIC KEY OF THE RECEIVER, hex
 *     id UUID
 *     sequence N
 *     made MILLISECONDS
 *     records N
 *     receipt BYTES
 *     sealed BYTES
 *
 * Thread rules: no state.
 */
#ifndef EXCHANGE_BUNDLE_H
#define EXCHANGE_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/id.h"

enum {
	BUNDLE_KEY = 32,
	BUNDLE_SECRET = 64,
	BUNDLE_SIGNATURE = 64,
	BUNDLE_HASH = 65,          /* SHA-256 in hex, NUL-ended */
	BUNDLE_RECORDS = 500,      /* records in one */
	BUNDLE_RECEIPT = 96 << 10, /* bytes of a receipt */
	BUNDLE_MOST = 1 << 20      /* bytes of a file */
};

/* Keys of a server, made of 32 secret bytes each. Wipe it. */
struct bundle_keys {
	unsigned char sign_public[BUNDLE_KEY], sign_secret[BUNDLE_SECRET];
	unsigned char box_public[BUNDLE_KEY], box_secret[BUNDLE_KEY];
};
void bundle_keys_of(const unsigned char sign_seed[static BUNDLE_KEY],
                    const unsigned char box_seed[static BUNDLE_KEY], struct bundle_keys *ret_keys);

struct bundle {
	unsigned char from[BUNDLE_KEY]; /* who signed it */
	unsigned char to[BUNDLE_KEY];   /* who can open it */
	struct curb_id id;
	int64_t sequence; /* from 1, without gaps, for each receiver */
	int64_t made_ms, records;
	struct curb_str receipt; /* of the entry of the sender's ledger that has the hash of `sealed` */
	struct curb_str sealed;
};

/* Appends the file. `from` is that of the keys. */
void bundle_write(struct curb_buf *out, struct bundle *bundle, const struct bundle_keys *keys);

/* Reads it; views into `bytes`. CURB_EINVAL, with what to do: it is no bundle, cut off, or not in the one form. Nothing is
 * verified. */
int bundle_read(struct curb_str bytes, struct bundle *ret_bundle);
/* True when it was signed by the key in `from`, every byte of it. */
bool bundle_signed(struct curb_str bytes, const struct bundle *bundle);

/* The records in a sealed box (libsodium: X25519, XSalsa20-Poly1305). Arena. */
int bundle_seal(struct curb_arena *arena, struct curb_str plain, const unsigned char to[static BUNDLE_KEY],
                struct curb_str *ret_sealed);
/* CURB_EUNFIT: it was sealed for another one, or changed. Arena. */
int bundle_open(struct curb_arena *arena, struct curb_str sealed, const struct bundle_keys *keys,
                struct curb_str *ret_plain);

void bundle_hash(struct curb_str bytes, char ret_hash[static BUNDLE_HASH]);

/* ---- the card of a server: what another one has to know of it, one line ---- */
struct bundle_card {
	unsigned char sign_public[BUNDLE_KEY], box_public[BUNDLE_KEY];
	struct curb_str ledger_key; /* as curb_ledger_key gives it */
};
enum { CARD_MOST = 1024, CARD_CHECK = 20 };
struct curb_str card_write(struct curb_arena *arena, const struct bundle_card *card);
/* CURB_EINVAL, worded for the field. A view into `text`. */
int card_read(struct curb_str text, struct bundle_card *ret_card);
/* What two people compare by telephone: "1234 5678 9012 3456". */
void card_check(const struct bundle_card *card, char ret_text[static CARD_CHECK]);

#endif
