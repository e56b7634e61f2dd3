/* Certificates and results of two records that turned out to be one person's: they are hers from then on, with code, place and token as
 * they were. Rows stay as their entries say; whose they are now is an entry each. Results of a class count as her own do (who passed
 * once has passed), and no class has two certificates in force. */
#include "certificate.h"
#include "curb/err.h"
#include "curb/ledger.h"

/* What goes over: a certificate or a result. */
struct moving {
	struct curb_id id, cohort;
	int64_t entry;
};

static void read_moving(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct moving *)row = (struct moving){ curb_col_id(stmt, 0), curb_col_id(stmt, 1),
		                                 curb_col_int(stmt, 2) };
}

/* ---- whether it can be ---- */

#define IN_FORCE                                                                                    \
	"NOT EXISTS (SELECT 1 FROM certificate_withdrawal w JOIN certificate_withdrawal_sign s ON " \
	"s.withdrawal = w.id WHERE w.certificate = "

static int may_merge(void *self, struct curb_tx *tx, const struct curb_merging *merging)
{
	static const char sql[] =
		"SELECT count(*) FROM certificate_issued a JOIN certificate_issued b ON b.cohort = a.cohort "
		"WHERE a.holder = $1 AND b.holder = $2 AND " IN_FORCE "a.id) AND " IN_FORCE "b.id)";
	struct certificate *c = self;
	int64_t both = 0;
	int err = rows_number(c->host, tx, sql,
	                      CURB_BINDS(curb_bind_id(&merging->from), curb_bind_id(&merging->into)), 0,
	                      &both);
	if (!err && both)
		return curb_fail(CURB_EUNFIT,
		                 "Both records have a certificate of the same class, and one person has one. "
		                 "Have one of the two withdrawn first, on its page");
	return err;
}

/* ---- handing over ---- */

static int note(struct curb_tx *tx, const struct curb_merging *merging, const char *kind,
                const struct moving *moving, int64_t *ret_entry)
{
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&moving->cohort) },
		                           { "entry", moving->entry, { NULL, 0 } } };
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%s", merging->key.text, moving->id.text);
	const struct curb_entry entry = { .kind = kind,
		                          .at_ms = merging->at_ms,
		                          .person = merging->into,
		                          .by = merging->by,
		                          .role = merging->role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, ret_entry);
}

/* Rows of one table: which they are, the kind of their entries, and giving one to another holder. */
struct hers {
	const char *kind, *moved, *find, *give;
};

static int hand_over(struct certificate *c, struct curb_tx *tx, const struct curb_merging *merging,
                     const struct hers *hers)
{
	static const char add[] =
		"INSERT INTO certificate_moved (entry, kind, what, holder, moved_by, moved_ms) VALUES ($1, "
		"$2, $3, $4, $5, $6)";
	struct moving *moving = NULL;
	size_t n = 0;
	int err = rows_gather(c->host, tx, hers->find, CURB_BINDS(curb_bind_id(&merging->from)),
	                      sizeof *moving, read_moving, &moving, &n);
	for (size_t i = 0; !err && i < n; i++) {
		int64_t entry = 0;
		err = note(tx, merging, hers->moved, &moving[i], &entry);
		if (!err)
			err = curb_exec(c->host, tx, hers->give,
			                CURB_BINDS(curb_bind_id(&moving[i].id), curb_bind_id(&merging->into)),
			                NULL);
		if (!err)
			err = curb_exec(c->host, tx, add,
			                CURB_BINDS(curb_int(entry), curb_cstring(hers->kind),
			                           curb_bind_id(&moving[i].id), curb_bind_id(&merging->into),
			                           curb_bind_id(&merging->by), curb_int(merging->at_ms)),
			                NULL);
	}
	return err;
}

static int merge(void *self, struct curb_tx *tx, const struct curb_merging *merging)
{
	static const struct hers tables[] = {
		{ "assessment", "assessment_moved",
		  "SELECT id, cohort, entry FROM certificate_assessment WHERE holder = $1 ORDER BY entry",
		  "UPDATE certificate_assessment SET holder = $2 WHERE id = $1" },
		{ "certificate", "certificate_moved",
		  "SELECT id, cohort, entry FROM certificate_issued WHERE holder = $1 ORDER BY entry",
		  "UPDATE certificate_issued SET holder = $2 WHERE id = $1" },
	};
	int err = 0;
	for (size_t i = 0; !err && i < sizeof tables / sizeof *tables; i++)
		err = hand_over(self, tx, merging, &tables[i]);
	return err;
}

void certificate_merging(struct curb_erasure_part *part)
{
	part->may_merge = may_merge;
	part->merge = merge;
}
