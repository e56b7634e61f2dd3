#include "audit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/words.h"

bool audit_is_looking(struct curb_req *req, const struct curb_id *institution)
{
	return !curb_may(req, CURB_STAFF | CURB_TEACHER | CURB_REVIEWER, institution);
}

struct curb_str audit_name(struct curb_req *req, const struct curb_id *institution, struct curb_str shown)
{
	if (shown.len == 0)
		return curb_tr(req, "Somebody whose account is closed", NULL);
	return audit_is_looking(req, institution) ? curb_words_masked(curb_req_arena(req), shown) : shown;
}

struct look {
	struct curb_id by, person, cohort;
	int64_t now_ms;
};

static int enter(struct curb_tx *tx, void *arg)
{
	const struct look *look = arg;
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&look->cohort) } };
	const struct curb_entry entry = { .kind = "look",
		                          .at_ms = look->now_ms,
		                          .person = look->person,
		                          .by = look->by,
		                          .role = "auditor",
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, NULL);
}

int audit_note_look(struct curb_req *req, const struct curb_id *person, const struct credit_cohort *cohort)
{
	struct look look = { curb_req_user(req)->id, { "" }, cohort->id, curb_wall_ms() };
	if (person)
		look.person = *person;
	if (!audit_is_looking(req, &cohort->institution) || strcmp(look.by.text, look.person.text) == 0)
		return 0;
	int err = curb_write(req, curb_id_str(&look.by), enter, &look);
	return err == CURB_EBUSY ? 0 : err;
}
