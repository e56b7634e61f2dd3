/* Entries about online seconds, as the ledger has them. */
#include "credit.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"

enum { ONLINE_FACTS = 12, ONLINE_FACTS_MOST = ONLINE_FACTS + 3 };

/* How many they are. */
static size_t put_facts(struct curb_fact *facts, const struct credit_entry *entry)
{
	const struct count_after *sums = &entry->sums;
	const struct curb_fact all[ONLINE_FACTS] = {
		{ "cohort", 0, curb_id_str(&entry->cohort) },
		{ "unit", 0, curb_id_str(&entry->unit) },
		{ "version", 0, curb_id_str(&entry->version) },
		{ "day", entry->day, { NULL, 0 } },
		{ "played", sums->played_s, { NULL, 0 } },
		{ "granted", sums->granted_s, { NULL, 0 } },
		{ "again", sums->again_s, { NULL, 0 } },
		{ "share", sums->share_s, { NULL, 0 } },
		{ "daily", sums->day_s, { NULL, 0 } },
		{ "hours", sums->hours_s, { NULL, 0 } },
		{ "clock", sums->clock_s, { NULL, 0 } },
		{ "undelivered", sums->undelivered_s, { NULL, 0 } },
	};
	size_t n = ONLINE_FACTS;
	memcpy(facts, all, sizeof all);
	if (entry->policy)
		facts[n++] = (struct curb_fact){ "policy", entry->policy - 1, { NULL, 0 } };
	if (sums->held_s)
		facts[n++] = (struct curb_fact){ "held", sums->held_s, { NULL, 0 } };
	if (entry->answer)
		facts[n++] = (struct curb_fact){ "answer", entry->answer - 1, { NULL, 0 } };
	return n;
}

int credit_entry_add(struct curb_tx *tx, const struct credit_entry *entry, int64_t *ret_place)
{
	const char *key = entry->answer ?
	                          curb_printf(curb_tx_arena(tx), "%s/check/%lld/%lld", entry->play.text,
	                                      (long long)entry->seq, (long long)entry->day) :
	                          curb_printf(curb_tx_arena(tx), "%s/%lld", entry->play.text,
	                                      (long long)entry->seq);
	struct curb_fact facts[ONLINE_FACTS_MOST];
	size_t n = put_facts(facts, entry);
	const struct curb_entry whole = { .kind = "online",
		                          .at_ms = entry->at_ms,
		                          .person = entry->person,
		                          .by = entry->answer ? entry->by.id : entry->person,
		                          .role = entry->answer ? entry->by.role : "learner",
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = n };
	return curb_ledger_append(tx, &whole, ret_place);
}

int credit_entry_moved(struct curb_tx *tx, const struct credit_entry *entry, const struct credit_moving *by,
                       int64_t *ret_place)
{
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%s/%s/%s/%lld", by->move.text,
	                              entry->person.text, entry->cohort.text, entry->unit.text,
	                              (long long)entry->day);
	struct curb_fact facts[2 + ONLINE_FACTS_MOST] = { { "move", 0, curb_id_str(&by->move) },
		                                          { "entry", by->entry, { NULL, 0 } } };
	size_t n = 2 + put_facts(facts + 2, entry);
	const struct curb_entry whole = { .kind = "moved",
		                          .at_ms = entry->at_ms,
		                          .person = entry->person,
		                          .by = by->actor.id,
		                          .role = by->actor.role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = n };
	return curb_ledger_append(tx, &whole, ret_place);
}

int credit_entry_class(struct curb_tx *tx, const struct credit_cohort *cohort, const char *role,
                       int64_t *ret_entry)
{
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&cohort->id) },
		{ "institution", 0, curb_id_str(&cohort->institution) },
		{ "type", 0, cohort->kind },
		{ "policy", 0, curb_id_str(&cohort->policy) },
		{ "total", cohort->total_c, { NULL, 0 } },
		{ "share", cohort->share_m, { NULL, 0 } },
		{ "hour", cohort->hour_s, { NULL, 0 } },
		{ "rate", cohort->rate_m, { NULL, 0 } },
		{ "basis", (int64_t)cohort->basis, { NULL, 0 } },
		{ "daily", cohort->daily_s, { NULL, 0 } },
		{ "completion", cohort->completion_m, { NULL, 0 } },
		{ "decides", (int64_t)cohort->decides, { NULL, 0 } },
		{ "presence", cohort->presence_s, { NULL, 0 } },
	};
	const struct curb_entry whole = { .kind = "class",
		                          .at_ms = cohort->opened_ms,
		                          .by = cohort->opened_by,
		                          .role = role,
		                          .key = curb_id_str(&cohort->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts -
		                                        (cohort->presence_s == 0) };
	int64_t index = 0;
	int err = curb_ledger_append(tx, &whole, &index);
	if (!err)
		*ret_entry = index + 1;
	return err;
}

/* ---- entries of the time before the ledger ---- */

enum { CARRIED_AT_ONCE = 300 };

struct carrying {
	struct credit *c;
	int64_t n;
	bool more;
};

static struct credit_entry old_entry(struct curb_stmt *stmt)
{
	return (struct credit_entry){
		.at_ms = curb_col_int(stmt, 1),
		.day = curb_col_int(stmt, 2),
		.person = curb_col_id(stmt, 3),
		.cohort = curb_col_id(stmt, 4),
		.unit = curb_col_id(stmt, 5),
		.version = curb_col_id(stmt, 6),
		.play = curb_col_id(stmt, 7),
		.seq = curb_col_int(stmt, 8),
		.sums = { .played_s = curb_col_int(stmt, 9),
		          .granted_s = curb_col_int(stmt, 10),
		          .again_s = curb_col_int(stmt, 11),
		          .share_s = curb_col_int(stmt, 12),
		          .hours_s = curb_col_int(stmt, 13),
		          .clock_s = curb_col_int(stmt, 14),
		          .undelivered_s = curb_col_int(stmt, 15) },
	};
}

static int carry_rows(struct curb_tx *tx, struct carrying *carrying)
{
	static const char sql[] =
		"SELECT n, at_ms, day, person, cohort, unit, version, play, seq, played_s, granted_s, "
		"again_s, "
		"share_s, hours_s, clock_s, undelivered_s FROM credit_entry WHERE n > $1 ORDER BY n LIMIT $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(carrying->c->host, tx, sql,
	                     CURB_BINDS(curb_int(carrying->n), curb_int(CARRIED_AT_ONCE)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		const struct credit_entry entry = old_entry(stmt);
		int64_t place = 0;
		carrying->n = curb_col_int(stmt, 0);
		carrying->more = true;
		err = credit_entry_add(tx, &entry, &place);
		if (!err)
			err = credit_play_place(carrying->c, tx, &entry.play, place);
	}
	return err;
}

static int carry_fn(struct curb_tx *tx, void *arg)
{
	struct carrying *carrying = arg;
	carrying->more = false;
	int err = credit_one_number(carrying->c, tx, "SELECT n FROM credit_carried WHERE one = 1",
	                            CURB_NO_BINDS, &carrying->n);
	if (!err)
		err = carry_rows(tx, carrying);
	if (err || !carrying->more)
		return err;
	return curb_exec(carrying->c->host, tx, "UPDATE credit_carried SET n = $1 WHERE one = 1",
	                 CURB_BINDS(curb_int(carrying->n)), NULL);
}

int credit_carry(struct credit *c)
{
	struct carrying carrying = { .c = c, .more = true };
	int err = 0;
	while (!err && carrying.more)
		err = curb_host_write(c->host, curb_str(NULL), carry_fn, &carrying);
	return err == CURB_EBUSY ? 0 :
	                           err; /* the ledger takes none now, and says so; the next start goes on */
}
