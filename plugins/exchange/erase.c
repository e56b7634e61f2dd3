/* What is kept here by person, and destroying it: what was said in a record of hers that was sent, and what comparisons found about her.
 * That there was a record, under a mark that leads to nobody any more, stays: its receiver is told to forget it in the next bundle, and
 * again whenever all is told anew. */
#include "curb/erasure.h"
#include "curb/err.h"
#include "curb/person.h"
#include "lists.h"

static int erase(void *self, struct curb_tx *tx, const struct curb_id *person)
{
	static const char sql[] =
		"UPDATE exchange_sent SET hash = '' WHERE substr(record, 38) = $1 " /* "CLASS PERSON" */
		"AND hash <> '" SENT_GONE "'";
	const struct curb_str mark = curb_blind_index(tx, "exchange_sent", "person", curb_id_str(person));
	struct curb_person_number number;
	struct exchange *x = self;
	int err = curb_exec(x->host, tx, sql, CURB_BINDS(curb_text(mark)), NULL);
	if (!err)
		err = curb_person_number(tx, person, NULL, &number);
	return err ? err : differences_forget(x, tx, mark, number.mark);
}

struct curb_erasure_part exchange_erasure_part(struct exchange *x)
{
	return (struct curb_erasure_part){ .self = x, .name = "exchange", .erase = erase };
}
