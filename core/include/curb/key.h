/* Keys of a plugin's own: for signing or sealing what leaves the database.
 * The rule: a key is asked for by name when it is needed, never kept in a table or a file.
 */
#ifndef CURB_KEY_H
#define CURB_KEY_H

#include "curb/db.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CURB_OWN_KEY = 32 };

/* Secret bytes of the owner's own, by a name of its choice: the same ones each time. They are derived from the server's key, so
 * they are kept and lost with it, and are in no database and no backup. Wipe them. CURB_EINTERNAL: that key is not there. */
int curb_own_key(struct curb_host *host, struct curb_tx *tx, const char *name,
                 unsigned char ret_key[CURB_OWN_KEY]);

#ifdef __cplusplus
}
#endif
#endif
