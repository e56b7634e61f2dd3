/* Base64 as notes and proofs have it: RFC 4648 section 4, with its padding, without blanks. Pure.
 * The rule: what is read is refused unless it is the one text of its bytes.
 */
#ifndef CURB_LEDGER_BASE64_H
#define CURB_LEDGER_BASE64_H

#include <stdbool.h>

#include "curb/buf.h"
#include "curb/str.h"

void base64_write(struct curb_buf *out, const void *bytes, size_t n);
/* True when `text` is the base64 of at most `most` bytes, and of no others. */
bool base64_read(struct curb_str text, void *ret_bytes, size_t most, size_t *ret_n);

#endif
