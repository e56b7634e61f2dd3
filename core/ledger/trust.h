/* Which ledgers and which witnesses are trusted, and how many of these must have signed: a file in the format C2SP tlog-policy.
 * Pure: the text comes from the caller.
 * The rule: what is read is refused with its line unless the format allows it.
 *
 *     log KEY [URL]                    a ledger, by its public key; one that changes its key may stand there with both
 *     witness NAME KEY [URL]           a witness; the URL is its submission prefix
 *     group NAME all|any|K MEMBER...   K of its members, witnesses or groups of lines before
 *     quorum NAME|none                 what a checkpoint must have; once
 *
 * Thread rules: no state.
 */
#ifndef CURB_LEDGER_TRUST_H
#define CURB_LEDGER_TRUST_H

#include "note.h"

enum { TRUST_LOGS = 32, TRUST_WITNESSES = 32, TRUST_GROUPS = 32, TRUST_URL = 512, TRUST_MOST = 256 << 10 };

struct trust_party {
	struct note_key key;
	char url[TRUST_URL]; /* "": none */
};

/* A name of the file: of a witness, or of `least` of its members, which stand before it. */
struct trust_node {
	char name[NOTE_NAME];
	bool is_group, is_member;
	size_t witness;
	size_t least, count;
	unsigned char members[TRUST_WITNESSES + TRUST_GROUPS];
};

struct trust {
	size_t log_count, witness_count, node_count;
	struct trust_party logs[TRUST_LOGS], witnesses[TRUST_WITNESSES];
	struct trust_node nodes[TRUST_WITNESSES + TRUST_GROUPS];
	bool has_quorum, wants_some; /* wants_some false: "quorum none" */
	size_t quorum;               /* a node */
};

/* CURB_EINVAL with the line and what is wrong there. */
int trust_read(struct curb_str text, struct trust *ret_trust);

/* Whether these witnesses, each once by its place, make the quorum. */
bool trust_met(const struct trust *trust, const bool signed_by[static TRUST_WITNESSES]);

#endif
