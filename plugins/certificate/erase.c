/* What certificates keep by person, and destroying it. What was paid stays paid: lines of payments keep their sums and lose whose they
 * were. What came from a record that was merged into hers goes with her, who holds it. */
#include "certificate.h"
#include "curb/err.h"

#define HERS "(SELECT id FROM certificate_issued WHERE holder = $1)"

/* In an order in which no row refers to one that is gone. */
static const char *const goes[] = {
	"INSERT INTO certificate_erasing (person) VALUES ($1)",
	"INSERT INTO certificate_gone (place, withdrawn) SELECT i.place, EXISTS (SELECT 1 FROM "
	"certificate_withdrawal w JOIN certificate_withdrawal_sign s ON s.withdrawal = w.id WHERE "
	"w.certificate = i.id) FROM certificate_issued i WHERE i.holder = $1",
	"UPDATE certificate_payment SET file = x'' WHERE id IN (SELECT payment FROM certificate_payment_line "
	"WHERE person = $1)",
	"UPDATE certificate_payment_line SET person = '', certificate = '', code = '', name = '' WHERE "
	"person "
	"= $1",
	"UPDATE certificate_payment_left SET person = '', name = '' WHERE person = $1",
	"DELETE FROM certificate_withdrawal_sign WHERE withdrawal IN (SELECT id FROM certificate_withdrawal "
	"WHERE certificate IN " HERS ")",
	"DELETE FROM certificate_withdrawal WHERE certificate IN " HERS,
	"DELETE FROM certificate_moved WHERE what IN " HERS " OR what IN (SELECT id FROM "
	"certificate_assessment WHERE holder = $1)",
	"DELETE FROM certificate_issued WHERE holder = $1",
	"DELETE FROM certificate_assessment_sign WHERE assessment IN (SELECT id FROM certificate_assessment "
	"WHERE holder = $1)",
	"DELETE FROM certificate_assessment WHERE holder = $1",
	"DELETE FROM certificate_erasing WHERE person = $1",
};

static int erase(void *self, struct curb_tx *tx, const struct curb_id *person)
{
	struct certificate *c = self;
	int err = 0;
	for (size_t i = 0; !err && i < sizeof goes / sizeof *goes; i++)
		err = curb_exec(c->host, tx, goes[i], CURB_BINDS(curb_bind_id(person)), NULL);
	return err;
}

struct curb_erasure_part certificate_erasure_part(struct certificate *c)
{
	struct curb_erasure_part part = { .self = c, .name = "certificate", .erase = erase };
	certificate_merging(&part);
	return part;
}
