/* What credit keeps by person, until when, and destroying it. */
#include "erase.h"

#include <time.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"

/* ---- until when ---- */

/* So many years later, on the same day; of 29 February it is 1 March. */
static int64_t years_behind(int64_t at_ms, int64_t years)
{
	enum { SECOND_MS = 1000 };
	time_t at_s = (time_t)(at_ms / SECOND_MS);
	struct tm date;
	CURB_ASSERT(gmtime_r(&at_s, &date));
	date.tm_year += (int)years;
	return (int64_t)timegm(&date) * SECOND_MS + at_ms % SECOND_MS;
}

/* A record: of a class from its end on, of somebody without one from when her account was closed. */
struct kept {
	struct curb_id institution;
	struct curb_str kind;
	int64_t from_ms;
};

static void read_kept(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct kept *)row = (struct kept){ curb_col_id(stmt, 0),
		                             curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 1)),
		                             curb_col_int(stmt, 2) };
}

static int kept_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t closed_ms,
                   struct kept **ret_kept, size_t *ret_n)
{
	static const char classes[] = "SELECT c.institution, c.kind, c.ends_ms FROM credit_trainee t "
				      "JOIN credit_cohort c ON c.id = t.cohort WHERE t.person = $1";
	static const char asked[] =
		"SELECT institution, '', $2 FROM credit_move WHERE person = $1 AND kind = 'erase' "
		"ORDER BY asked_ms DESC LIMIT 1";
	const struct credit_rows rows = { sizeof **ret_kept, read_kept };
	int err = credit_gather(c, tx, classes, CURB_BINDS(curb_bind_id(person)), rows, ret_kept, ret_n);
	return err || *ret_n ?
	               err :
	               credit_gather(c, tx, asked, CURB_BINDS(curb_bind_id(person), curb_int(closed_ms)),
	                             rows, ret_kept, ret_n);
}

static int until(void *self, struct curb_tx *tx, const struct curb_id *person, int64_t closed_ms,
                 int64_t *ret_until_ms)
{
	struct credit *c = self;
	struct kept *kept = NULL;
	size_t n = 0;
	int64_t latest_ms = 0, day = count_day(curb_wall_ms(), c->utc_offset_ms);
	int err = kept_of(c, tx, person, closed_ms, &kept, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct policy policy;
		err = policy_at(c, tx, curb_id_str(&kept[i].institution), kept[i].kind, day, &policy);
		int64_t years = err ? 0 : policy.value[POLICY_KEEP];
		int64_t until_ms = years == POLICY_NONE ? CURB_ERASURE_NEVER :
		                                          years_behind(kept[i].from_ms, years);
		latest_ms = credit_larger(latest_ms, until_ms);
	}
	if (!err)
		*ret_until_ms = n ? latest_ms : CURB_ERASURE_NEVER;
	return err;
}

/* ---- destroying it ---- */

/* Photos of attendance on paper show who was there: those of sheets that she is on, and of papers of her classes that were never
 * entered. What the sheets say of the others stays. */
#define PAPERS                                                                                               \
	"SELECT p.code FROM credit_paper p WHERE EXISTS (SELECT 1 FROM credit_sheet s JOIN credit_attended " \
	"a ON a.sheet = s.id WHERE s.paper = p.code AND a.person = $1) OR (NOT EXISTS (SELECT 1 FROM "       \
	"credit_sheet s WHERE s.paper = p.code) AND p.cohort IN (SELECT cohort FROM credit_trainee WHERE "   \
	"person = $1))"
/* Whoever is taught at home has her address on the sheet. The others who were there lose it as well: their hours say how, when and by
 * whom. A lesson that was announced, and that nobody has signed in to, may have been hers. */
#define VISITS                                                                                             \
	"mode = 'visit' AND (id IN (SELECT roll FROM credit_rolled WHERE person = $1) OR (NOT EXISTS "     \
	"(SELECT 1 FROM credit_rolled r WHERE r.roll = credit_roll.id) AND cohort IN (SELECT cohort FROM " \
	"credit_trainee WHERE person = $1)))"
#define QUESTIONS "SELECT id FROM credit_question WHERE person = $1"
#define WAIVERS "SELECT id FROM credit_waiver WHERE holder = $1"
#define MOVES "SELECT id FROM credit_move WHERE person = $1 OR target = $1"

/* In an order in which no row refers to one that is gone. */
static const char *const goes[] = {
	"INSERT INTO credit_erasing (person) VALUES ($1)",
	"INSERT INTO credit_gone (cohort, people, online_s, live_s, offline_s) SELECT cohort, 1, online_s, "
	"live_s, offline_s FROM credit_trainee WHERE person = $1 AND online_s + live_s + offline_s > 0 ON "
	"CONFLICT (cohort) DO UPDATE SET people = credit_gone.people + 1, online_s = credit_gone.online_s + "
	"excluded.online_s, live_s = credit_gone.live_s + excluded.live_s, offline_s = credit_gone.offline_s "
	"+ excluded.offline_s",
	"DELETE FROM credit_paper_words WHERE photo IN (SELECT id FROM credit_paper_photo WHERE code IN "
	"(" PAPERS "))",
	"DELETE FROM credit_paper_photo WHERE code IN (" PAPERS ")",
	"DELETE FROM credit_message WHERE question IN (" QUESTIONS ")",
	"DELETE FROM credit_question WHERE person = $1",
	"DELETE FROM credit_waiver_end WHERE waiver IN (" WAIVERS ")",
	"DELETE FROM credit_waiver_decision WHERE waiver IN (" WAIVERS ")",
	"DELETE FROM credit_waiver_paper WHERE waiver IN (" WAIVERS ")",
	"DELETE FROM credit_waiver WHERE holder = $1",
	"DELETE FROM credit_move_decision WHERE move IN (" MOVES ")",
	"DELETE FROM credit_move_waiting WHERE move IN (" MOVES ")",
	"DELETE FROM credit_move WHERE person = $1 OR target = $1",
	"UPDATE credit_sheet SET place = '' WHERE mode = 'visit' AND id IN (SELECT sheet FROM "
	"credit_attended "
	"WHERE person = $1)",
	"UPDATE credit_roll SET place = '' WHERE " VISITS,
	"DELETE FROM credit_attended WHERE person = $1",
	"DELETE FROM credit_rolled WHERE person = $1",
	"DELETE FROM credit_statement WHERE person = $1",
	"DELETE FROM credit_entry WHERE person = $1",
	"DELETE FROM credit_day WHERE person = $1",
	"DELETE FROM credit_moved WHERE person = $1",
	"DELETE FROM credit_coverage WHERE person = $1",
	"DELETE FROM credit_delivered WHERE person = $1",
	"DELETE FROM credit_place WHERE person = $1",
	"DELETE FROM credit_held WHERE person = $1",
	"DELETE FROM credit_answer WHERE person = $1",
	"DELETE FROM credit_presence WHERE person = $1",
	"DELETE FROM credit_play WHERE person = $1",
	"DELETE FROM credit_self_play WHERE person = $1",
	"DELETE FROM credit_self_coverage WHERE person = $1",
	"DELETE FROM credit_self_day WHERE person = $1",
	"DELETE FROM credit_points WHERE person = $1",
	"DELETE FROM credit_trainee WHERE person = $1",
	"DELETE FROM credit_erasing WHERE person = $1",
};

static int erase(void *self, struct curb_tx *tx, const struct curb_id *person)
{
	struct credit *c = self;
	int err = 0;
	for (size_t i = 0; !err && i < sizeof goes / sizeof *goes; i++)
		err = curb_exec(c->host, tx, goes[i], CURB_BINDS(curb_bind_id(person)), NULL);
	return err;
}

struct curb_erasure_part erase_part(struct credit *c)
{
	return (struct curb_erasure_part){ .self = c, .name = "credit", .erase = erase, .until = until };
}

/* ---- what is left of it ---- */

int erase_gone(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct erase_gone *ret)
{
	static const char sql[] =
		"SELECT people, online_s + live_s, offline_s FROM credit_gone WHERE cohort = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret = (struct erase_gone){ .people = 0 };
	if (err)
		*ret = (struct erase_gone){ curb_col_int(stmt, 0), curb_col_int(stmt, 1),
			                    curb_col_int(stmt, 2) };
	return 0;
}

int erase_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct curb_value *facts)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct erase_gone gone;
	int err = erase_gone(c, curb_req_tx(req), &cohort->id, &gone);
	if (err || gone.people == 0)
		return err;
	curb_put_int(values, "people", gone.people);
	curb_put_str(values, "online", credit_words_hours(req, cohort, gone.online_s));
	curb_put_str(values, "offline", credit_words_hours(req, cohort, gone.offline_s));
	credit_push_fact(
		req, facts, CURB_TEXT("Trainees who were erased"),
		curb_tr(req, "{people}, who had {online} online and {offline} offline class hours together",
	                values));
	return 0;
}
