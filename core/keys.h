/* The master key: what sealed columns are encrypted with and blind indexes are keyed by.
 * The rule: it is never in the database, in a backup or in a log.
 *
 * It is one line of text, "ID HEX": a number and 32 bytes in hex. It is read from the systemd credential
 * "curbcut-master" ($CREDENTIALS_DIRECTORY) when there is one, else from keys/master in the data folder (folder 0700,
 * file 0600), which a fresh data folder gets with random bytes and the id 1.
 *
 * Loss: without the key, sealed values (certificate numbers, contact data) are gone for good; names, hours and the
 * ledger are not sealed and stay. (The ledger's own key, keys/ledger, signs: a ledger that lost it goes on under a new one, when
 * somebody decides so.) So the key is copied once, at set-up, to a place that backups do not reach. A server
 * whose database is there and whose key is not refuses to start rather than make another one: put the file back, or, to
 * give the sealed values up, move keys/master away and write a new one with the next id.
 * The key of another server is told by a keyed hash in the database (core/backup), and refused as well.
 *
 * Rotation: each sealed value carries the id of its key, and one with another id is refused by name of the id. A new
 * key takes a higher id; the values of the old one have to be sealed again while both are at hand, which no command does yet.
 */
#ifndef CURB_KEYS_H
#define CURB_KEYS_H

#include <stdbool.h>
#include <stdint.h>

enum { KEYS_BYTES = 32 };

struct master_key {
	uint32_t id;
	int64_t made_ms; /* when its file was written; 0 for a credential */
	unsigned char bytes[KEYS_BYTES];
};

enum { KEYS_LINE = 512 };
/* The one line of another key, keys/NAME in the data folder, without its end; it is kept as the master key is. Wipe it.
 * CURB_ENOTFOUND: there is none; CURB_EDENIED: others can read it. */
int keys_line_read(const char *data, const char *name, char ret_line[static KEYS_LINE]);
/* Writes it, whole or not at all, over what is there. */
int keys_line_write(const char *data, const char *name, const char *line);
/* Gives it another name, over what is there; durable when it returns. */
int keys_line_rename(const char *data, const char *from, const char *to);

/* Reads the key; makes one when there is none and `fresh_ok`. CURB_ENOTFOUND: none and not fresh; CURB_EDENIED: the file
 * or its folder can be read by others; CURB_EINVAL: it is not a key. Wipe it with keys_wipe. */
int keys_read(const char *data, bool fresh_ok, struct master_key *ret_key);
void keys_wipe(struct master_key *key);

#endif
