/* What the core keeps by person. */
#include "curb/err.h"
#include "inside.h"
#include "signing.h"

/* In an order in which no row refers to one that is gone. Answers to a report go before the report. */
static const char *const goes[] = {
	"DELETE FROM core_session WHERE person = $1 OR helper = $1",
	"DELETE FROM core_device WHERE person = $1",
	"DELETE FROM core_code WHERE person = $1",
	"DELETE FROM core_step WHERE person = $1",
	"DELETE FROM core_factor WHERE person = $1",
	"DELETE FROM core_recovery WHERE person = $1",
	"DELETE FROM core_passkey WHERE person = $1",
	"DELETE FROM core_help WHERE person = $1 OR helper = $1",
	"DELETE FROM core_needs WHERE id = $1",
	"DELETE FROM core_needs_consent WHERE person = $1 OR helper = $1",
	"DELETE FROM core_needs_use WHERE person = $1 OR actor = $1",
	"DELETE FROM core_barrier_answer WHERE barrier IN (SELECT id FROM core_barrier WHERE person = $1)",
	"DELETE FROM core_barrier WHERE person = $1",
	"DELETE FROM core_eligible WHERE person = $1",
	"DELETE FROM core_grant WHERE person = $1",
	"DELETE FROM core_listed WHERE id = $1",
	"DELETE FROM core_to_list WHERE id = $1",
	"DELETE FROM core_idempotency WHERE person = $1",
	"DELETE FROM core_job WHERE person = $1 AND state IN ('done', 'failed', 'cancelled')",
	"DELETE FROM core_change WHERE about = $1",
	"DELETE FROM core_person WHERE id = $1",
};

int rows_erase(struct curb_tx *tx, const struct curb_id *person)
{
	int err = people_forget_tries(tx, person);
	for (size_t i = 0; !err && i < sizeof goes / sizeof *goes; i++)
		err = curb_exec(&curb_core_host, tx, goes[i], CURB_BINDS(curb_bind_id(person)), NULL);
	return err;
}
