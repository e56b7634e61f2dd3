/* Certificates, as other plugins know them, and how these are told of new and withdrawn ones. */
#include "certificate.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/job.h"

static struct certificate *certificate_of(const struct certificate_api *self)
{
	return CURB_CONTAINER_OF(self, struct certificate, api);
}

#define HELD                                                                                      \
	"SELECT i.id, i.cohort, i.institution, i.holder, i.programme, i.online_c + i.offline_c, " \
	"i.issued_ms, (SELECT max(s.at_ms) FROM certificate_withdrawal w "                        \
	"JOIN certificate_withdrawal_sign s ON s.withdrawal = w.id WHERE w.certificate = i.id), " \
	"i.place, i.entry, i.code FROM certificate_issued i "

static void read_held(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct certificate_held *)row = (struct certificate_held){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.institution = curb_col_id(stmt, 2),
		.person = curb_col_id(stmt, 3),
		.programme = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 4)),
		.hours_c = curb_col_int(stmt, 5),
		.issued_ms = curb_col_int(stmt, 6),
		.withdrawn_ms = curb_col_int(stmt, 7),
		.place = curb_col_int(stmt, 8),
		.entry = curb_col_int(stmt, 9),
		.code = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 10)),
	};
}

static int find(const struct certificate_api *self, struct curb_tx *tx, const char *sql,
                const struct curb_bind *binds, struct certificate_held **ret, size_t *ret_n)
{
	return rows_gather(certificate_of(self)->host, tx, sql, binds, sizeof **ret, read_held, ret, ret_n);
}

static int by_id(const struct certificate_api *self, struct curb_tx *tx, struct curb_str id,
                 struct certificate_held *ret)
{
	struct certificate_held *found = NULL;
	size_t n = 0;
	int err = find(self, tx, HELD "WHERE i.id = $1", CURB_BINDS(curb_text(id)), &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such certificate");
	if (!err)
		*ret = found[0];
	return err;
}

static int in_force(const struct certificate_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *person, struct certificate_held *ret)
{
	static const char sql[] = HELD "WHERE i.cohort = $1 AND i.holder = $2";
	struct certificate_held *found = NULL;
	size_t n = 0;
	int err = find(self, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), &found, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (!found[i].withdrawn_ms) {
			*ret = found[i];
			return 0;
		}
	return err ? err :
	             curb_fail(CURB_ENOTFOUND, "This trainee has no certificate of this class in force");
}

static int from(const struct certificate_api *self, struct curb_tx *tx, int64_t place, int64_t most,
                struct certificate_held **ret, size_t *ret_n)
{
	static const char sql[] = HELD "WHERE i.place >= $1 ORDER BY i.place LIMIT $2";
	return find(self, tx, sql, CURB_BINDS(curb_int(place), curb_int(most)), ret, ret_n);
}

static enum certificate_result result_of(enum standing standing)
{
	if (standing == STANDING_PASSED)
		return CERTIFICATE_PASSED;
	return standing == STANDING_FAILED ? CERTIFICATE_FAILED : CERTIFICATE_NO_RESULT;
}

static int results(const struct certificate_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *person, enum certificate_result *ret_theory,
                   enum certificate_result *ret_practice)
{
	struct sitting *sittings = NULL;
	size_t n = 0;
	int err = sittings_of(certificate_of(self), tx, cohort, person, &sittings, &n);
	if (err)
		return err;
	const struct assessed assessed = assessed_of(sittings, n);
	*ret_theory = result_of(assessed.theory);
	*ret_practice = result_of(assessed.practice);
	return 0;
}

void certificate_held_api(struct certificate_api *api)
{
	api->by_id = by_id;
	api->in_force = in_force;
	api->from = from;
	api->results = results;
}

int certificate_tell(struct certificate *c, struct curb_tx *tx, const char *event, const struct curb_id *id)
{
	return curb_emit(c->host, tx, event,
	                 curb_str(curb_printf(curb_tx_arena(tx), "{\"id\":\"%s\"}", id->text)));
}
