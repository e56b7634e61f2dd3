/* Signed notes and checkpoints: C2SP signed-note, tlog-checkpoint and tlog-cosignature (cosignature/v1), with Ed25519.
 * Pure: keys and texts come from the caller.
 * The rule: what is signed is exactly the bytes of the body; what is read is refused unless it is in its one form.
 *
 * Thread rules: no state.
 */
#ifndef CURB_LEDGER_NOTE_H
#define CURB_LEDGER_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/buf.h"
#include "curb/str.h"
#include "merkle.h"

enum { NOTE_NAME = 256, NOTE_SIGNATURES = 40, NOTE_MOST = 64 << 10 };

/* Signature types of C2SP signed-note. A witness's key signs cosignatures only. */
enum note_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

struct note_key {
	char name[NOTE_NAME];
	enum note_type type;
	uint32_t id; /* SHA-256(name || 0x0A || type || public key), its first four bytes */
	unsigned char public_key[32];
};

struct note_signer {
	struct note_key key;
	unsigned char seed[32]; /* secret: wipe it */
};

/* The signer of a name and 32 secret bytes. CURB_EINVAL when the name is empty, too long, or has a blank, a control
 * character or a plus in it. */
int note_signer_of(const char *name, enum note_type type, const unsigned char seed[static 32],
                   struct note_signer *ret_signer);
void note_signer_wipe(struct note_signer *signer);

/* A key as text: "NAME+ID+KEY", ID in hex, KEY in base64 with its type in front. CURB_EINVAL on anything else, an ID that is
 * not the key's own included. */
void note_key_write(struct curb_buf *out, const struct note_key *key);
int note_key_read(struct curb_str text, struct note_key *ret_key);

/* Appends the line of a signature on `body`, which ends with a newline. A note is body, newline, such lines. */
void note_sign(struct curb_buf *out, const struct note_signer *signer, struct curb_str body);
/* The same of a witness, at time_s seconds since 1970. */
void note_cosign(struct curb_buf *out, const struct note_signer *witness, struct curb_str body,
                 uint64_t time_s);

struct note_signature {
	struct curb_str name;
	uint32_t id;
	unsigned char bytes[72]; /* of an Ed25519 signature 64; a cosignature has its time in front */
	size_t len;              /* 0: of a type that is not known here, and so of no weight */
};

struct note {
	struct curb_str body; /* with its last newline; a view into what was read */
	struct note_signature signatures[NOTE_SIGNATURES];
	size_t count;
};

/* CURB_EINVAL unless `text` is a note. Nothing is verified. */
int note_read(struct curb_str text, struct note *ret_note);
/* True when the note has lines of `key` and all of them verify. *ret_time_s (may be NULL): of a cosignature the time of the
 * first, else 0. */
bool note_signed_by(const struct note *note, const struct note_key *key, uint64_t *ret_time_s);

/* True when the note has a line of this name and id, of whatever worth. */
bool note_has_line(const struct note *note, const struct note_key *key);
/* Appends the first line of `key`, when the note has one that can be of its type. */
void note_copy_signature(struct curb_buf *out, const struct note *note, const struct note_key *key);

/* A size or a place as these formats have it: decimal digits without zeros in front. False on anything else, and from 2^63 on. */
bool note_number(struct curb_str text, uint64_t *ret_number);

/* ---- checkpoints: three lines, origin, size, root ---- */
struct checkpoint {
	struct curb_str origin; /* a view into what was read */
	uint64_t size;
	struct merkle_hash root;
};

void checkpoint_write(struct curb_buf *out, const struct checkpoint *checkpoint);
/* CURB_EINVAL unless `body` is exactly a checkpoint without extension lines, its size below 2^63. */
int checkpoint_read(struct curb_str body, struct checkpoint *ret_checkpoint);

#endif
