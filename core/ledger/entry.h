/* An entry of the ledger as bytes: deterministic CBOR, RFC 8949 section 4.2.1, one map of text keys to integers, texts and
 * byte strings. The same facts have one form alone, so their hash is the same wherever it is made. Pure.
 * The rule: what is read is refused unless it is in that form, bit for bit.
 *
 * Thread rules: no state.
 */
#ifndef CURB_LEDGER_ENTRY_H
#define CURB_LEDGER_ENTRY_H

#include <stdint.h>

#include "curb/buf.h"
#include "curb/str.h"

enum {
	ENTRY_FACTS = 23, /* what the head of a small map can tell */
	ENTRY_NAME = 23,  /* bytes of a fact's name, a-z and _ */
	ENTRY_MOST = 16 << 10
};

enum entry_kind { ENTRY_NUMBER, ENTRY_TEXT, ENTRY_BYTES };

struct entry_fact {
	struct curb_str name;
	enum entry_kind kind;
	int64_t number;
	struct curb_str bytes; /* of a text (well-formed UTF-8) or a byte string */
};

/* Appends the entry; `facts` may be in any order and are sorted in place. CURB_EINTERNAL when there are none or too many, when
 * two have one name, a name is not one, or a text is not UTF-8; CURB_ETOOBIG over ENTRY_MOST bytes. */
int entry_write(struct curb_buf *out, struct entry_fact *facts, size_t n);

/* The facts in their order; views into `bytes`. CURB_EINVAL unless `bytes` is exactly one entry. */
int entry_read(struct curb_str bytes, struct entry_fact ret_facts[static ENTRY_FACTS], size_t *ret_n);

/* The fact of a name, or NULL. */
const struct entry_fact *entry_find(const struct entry_fact *facts, size_t n, const char *name);

#endif
