/* Keys that sign, of the ledger and of a witness: keys/FILE in the data folder, one line "NAME HEX" of its name and 32 secret
 * bytes; and the file that says whose signatures count. */
#ifndef CURB_SIGNERS_H
#define CURB_SIGNERS_H

#include "trust.h"

/* CURB_ENOTFOUND: there is none; CURB_EINVAL: it is not a key. Wipe it: note_signer_wipe. */
int signer_read(const char *data, const char *file, enum note_type type, struct note_signer *ret_signer);
/* Makes one of random bytes, over what is there. */
int signer_make(const char *data, const char *file, const char *name, enum note_type type,
                struct note_signer *ret_signer);

/* The policy in a file. CURB_EINVAL names file and line; CURB_ENOTFOUND: there is no such file. */
int signer_trust(const char *path, struct trust *ret_trust);

#endif
