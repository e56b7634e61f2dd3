/* What is kept here by person, and destroying it: that a record of hers was sent. What was sent is sealed for its receiver, who is told
 * by whoever asked. */
#include "curb/erasure.h"
#include "curb/err.h"
#include "exchange.h"

static int erase(void *self, struct curb_tx *tx, const struct curb_id *person)
{
	static const char sql[] =
		"DELETE FROM exchange_sent WHERE substr(record, 38) = $1"; /* "CLASS PERSON" */
	const struct curb_str mark = curb_blind_index(tx, "exchange_sent", "person", curb_id_str(person));
	struct exchange *x = self;
	return curb_exec(x->host, tx, sql, CURB_BINDS(curb_text(mark)), NULL);
}

struct curb_erasure_part exchange_erasure_part(struct exchange *x)
{
	return (struct curb_erasure_part){ .self = x, .name = "exchange", .erase = erase };
}
