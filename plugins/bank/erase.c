/* What the bank keeps by person, and destroying it. */
#include "bank.h"
#include "curb/err.h"

/* What came from a record that was merged into hers goes with her, who holds it. */
#define HERS "(SELECT id FROM bank_deposit WHERE holder = $1)"

/* In an order in which no row refers to one that is gone. */
static const char *const goes[] = {
	"INSERT INTO bank_erasing (person) VALUES ($1)",
	"DELETE FROM bank_line WHERE deposit IN " HERS,
	"DELETE FROM bank_transfer_end WHERE transfer IN (SELECT id FROM bank_transfer WHERE deposit IN " HERS
	")",
	"DELETE FROM bank_transfer WHERE deposit IN " HERS,
	"DELETE FROM bank_deposit WHERE holder = $1",
	"DELETE FROM bank_account WHERE person = $1",
	"DELETE FROM bank_erasing WHERE person = $1",
};

static int erase(void *self, struct curb_tx *tx, const struct curb_id *person)
{
	struct bank *b = self;
	int err = 0;
	for (size_t i = 0; !err && i < sizeof goes / sizeof *goes; i++)
		err = curb_exec(b->host, tx, goes[i], CURB_BINDS(curb_bind_id(person)), NULL);
	return err;
}

struct curb_erasure_part bank_erasure_part(struct bank *b)
{
	return (struct curb_erasure_part){ .self = b, .name = "bank", .erase = erase, .merge = bank_merge };
}
