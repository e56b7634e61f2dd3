/* Whether results, certificates and withdrawals are as their entries say: the doctor's question to certificate. */
#include "certificate.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "status.h"

enum { TEXT_SIZE = 256, MINUTE_MS = 60000, FIELDS_MOST = 8, FIRST_FIELD = 5, ROOM = 256 << 10 };

/* How a column stands in the entry: as a number (-1: not at all), as a text, or by its hash. */
enum form { NUMBER, TEXT, HASH };

/* Rows that have an entry each. The first columns of `sql`, which is in the order of entries: the entry, whom it is about, who
 * did it, when, the entry that it corrects (-1: none); then the fields. */
struct table {
	const char *kind, *sql;
	struct {
		const char *fact;
		enum form form;
	} fields[FIELDS_MOST];
};

static const struct table tables[] = {
	{ "assessment",
	  "SELECT a.entry, a.person, a.entered_by, a.entered_ms, coalesce(k.entry, -1), a.cohort, a.theory, "
	  "a.practice, a.resit, a.day, coalesce(a.theory_points, -1), coalesce(a.practice_points, -1) "
	  "FROM certificate_assessment a LEFT JOIN certificate_assessment k ON k.id = a.corrects "
	  "ORDER BY a.entry",
	  { { "cohort", TEXT },
	    { "theory", TEXT },
	    { "practice", TEXT },
	    { "resit", NUMBER },
	    { "day", NUMBER },
	    { "theory_points", NUMBER },
	    { "practice_points", NUMBER } } },
	{ "assessment_countersign",
	  "SELECT s.entry, a.person, s.person, s.at_ms, -1, a.cohort, a.entry FROM "
	  "certificate_assessment_sign s JOIN certificate_assessment a ON a.id = s.assessment ORDER BY "
	  "s.entry",
	  { { "cohort", TEXT }, { "entry", NUMBER } } },
	{ "certificate",
	  "SELECT i.entry, i.person, i.issued_by, i.issued_ms, coalesce(b.entry, -1), i.cohort, i.token, "
	  "i.online_c, i.offline_c FROM certificate_issued i LEFT JOIN certificate_issued b "
	  "ON b.id = i.replaces ORDER BY i.entry",
	  { { "cohort", TEXT }, { "hash", HASH }, { "online_c", NUMBER }, { "offline_c", NUMBER } } },
	{ "withdrawal",
	  "SELECT w.entry, i.person, w.asked_by, w.asked_ms, -1, i.cohort, i.entry, w.renew "
	  "FROM certificate_withdrawal w JOIN certificate_issued i ON i.id = w.certificate ORDER BY w.entry",
	  { { "cohort", TEXT }, { "entry", NUMBER }, { "renew", NUMBER } } },
	{ "withdrawal_countersign",
	  "SELECT s.entry, i.person, s.person, s.at_ms, -1, i.cohort, i.entry, w.renew "
	  "FROM certificate_withdrawal_sign s JOIN certificate_withdrawal w ON w.id = s.withdrawal "
	  "JOIN certificate_issued i ON i.id = w.certificate ORDER BY s.entry",
	  { { "cohort", TEXT }, { "entry", NUMBER }, { "renew", NUMBER } } },
	{ "assessment_moved",
	  "SELECT m.entry, m.holder, m.moved_by, m.moved_ms, -1, a.cohort, a.entry FROM certificate_moved m "
	  "JOIN certificate_assessment a ON a.id = m.what WHERE m.kind = 'assessment' ORDER BY m.entry",
	  { { "cohort", TEXT }, { "entry", NUMBER } } },
	{ "certificate_moved",
	  "SELECT m.entry, m.holder, m.moved_by, m.moved_ms, -1, i.cohort, i.entry FROM certificate_moved m "
	  "JOIN certificate_issued i ON i.id = m.what WHERE m.kind = 'certificate' ORDER BY m.entry",
	  { { "cohort", TEXT }, { "entry", NUMBER } } },
};

enum { TABLES = sizeof tables / sizeof *tables };

/* The rows of each table, walked beside the entries. */
struct walk {
	struct certificate *c;
	struct curb_tx *tx;
	const struct curb_doctor_call *call;
	struct curb_arena *arena; /* of one row */
	struct cursor {
		const struct table *table;
		struct curb_stmt *stmt;
		bool there; /* it stands at a row */
	} cursors[TABLES];
};

static void found(const struct walk *walk, const char *kind, int64_t entry, const char *what)
{
	char text[TEXT_SIZE];
	(void)snprintf(text, sizeof text, "%s %s: entry %lld of the ledger", kind, what, (long long)entry);
	walk->call->found(walk->call->arg, text);
}

static int next(struct cursor *cursor)
{
	int err = curb_step(cursor->stmt);
	cursor->there = err > 0;
	return err < 0 ? err : 0;
}

/* ---- one row and its entry ---- */

static bool same_field(const struct walk *walk, const struct curb_fact *fact, struct curb_stmt *stmt,
                       int column, enum form form)
{
	if (form == NUMBER)
		return curb_col_int(stmt, column) == (fact ? fact->number : -1);
	struct curb_str text = curb_col_text(stmt, column);
	if (form == HASH)
		text = sign_hash(walk->arena, text);
	return fact && curb_str_eq(fact->text, text);
}

/* What is wrong, or NULL. An account that was taken away has no pseudonym any more. */
static const char *difference(const struct walk *walk, const struct cursor *cursor,
                              const struct curb_recorded *entry)
{
	const struct curb_id person = curb_col_id(cursor->stmt, 1), by = curb_col_id(cursor->stmt, 2);
	int64_t at_ms = curb_col_int(cursor->stmt, 3);
	const struct curb_fact *at = curb_fact_find(entry->facts, entry->fact_count, "at");
	if (curb_id_some(&entry->person) && strcmp(entry->person.text, person.text) != 0)
		return "is of somebody else";
	if (curb_id_some(&entry->by) && strcmp(entry->by.text, by.text) != 0)
		return "was done by somebody else";
	if (!at || at->number != at_ms - at_ms % MINUTE_MS)
		return "was made at another time";
	if (!same_field(walk, curb_fact_find(entry->facts, entry->fact_count, "ref"), cursor->stmt, 4,
	                NUMBER))
		return "corrects something else";
	for (int i = 0; i < FIELDS_MOST && cursor->table->fields[i].fact; i++)
		if (!same_field(
			    walk,
			    curb_fact_find(entry->facts, entry->fact_count, cursor->table->fields[i].fact),
			    cursor->stmt, FIRST_FIELD + i, cursor->table->fields[i].form))
			return cursor->table->fields[i].fact;
	return NULL;
}

/* Entries that were erased are not told: their rows stand for themselves. */
static int pass(const struct walk *walk, struct cursor *cursor)
{
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	int64_t entry = curb_col_int(cursor->stmt, 0);
	if (curb_ledger_read(walk->tx, entry, &facts, &n) != CURB_EGONE)
		found(walk, cursor->table->kind, entry, "has no entry");
	return next(cursor);
}

static int look(void *arg, const struct curb_recorded *entry)
{
	struct walk *walk = arg;
	struct cursor *cursor = walk->cursors;
	const struct curb_fact *kind = curb_fact_find(entry->facts, entry->fact_count, "kind");
	if (entry->index % 4096 == 0 && walk->call->cancelled(walk->call->arg))
		return curb_fail(CURB_EBUSY, "it was cancelled");
	while (cursor < walk->cursors + TABLES && !(kind && curb_str_is(kind->text, cursor->table->kind)))
		cursor++;
	if (cursor == walk->cursors + TABLES)
		return 0;
	int err = 0;
	while (!err && cursor->there && curb_col_int(cursor->stmt, 0) < entry->index)
		err = pass(walk, cursor);
	if (err)
		return err;
	if (!cursor->there || curb_col_int(cursor->stmt, 0) != entry->index) {
		found(walk, cursor->table->kind, entry->index, "has no row");
		return 0;
	}
	const char *what = difference(walk, cursor, entry);
	if (what)
		found(walk, cursor->table->kind, entry->index,
		      curb_printf(walk->arena, "differs (%s)", what));
	curb_arena_reset(walk->arena);
	return next(cursor);
}

/* ---- what pages show beside the token ---- */

static bool shown_as_certified(struct curb_arena *arena, struct curb_stmt *stmt)
{
	struct jwt jwt;
	struct curb_value *payload = NULL;
	char place[32];
	(void)snprintf(place, sizeof place, "%lld", (long long)(curb_col_int(stmt, 3) % STATUS_PLACES));
	if (jwt_read(arena, curb_col_text(stmt, 1), &jwt) || curb_json_parse(arena, jwt.payload, &payload))
		return false;
	const struct curb_value *subject = curb_value_get(payload, "credentialSubject");
	const struct curb_value *name = curb_value_at(curb_value_get(subject, "identifier"), 0);
	const struct curb_value *achievement = curb_value_get(subject, "achievement");
	const struct curb_value *issuer = curb_value_get(payload, "issuer");
	return curb_str_eq(curb_get_str(name, "identityHash"), curb_col_text(stmt, 2)) &&
	       curb_str_eq(curb_get_str(achievement, "name"), curb_col_text(stmt, 4)) &&
	       curb_str_eq(curb_get_str(issuer, "name"), curb_col_text(stmt, 5)) &&
	       curb_str_is(curb_get_str(curb_value_get(payload, "credentialStatus"), "statusListIndex"),
	                   place);
}

static int look_at_shown(const struct walk *walk)
{
	static const char sql[] =
		"SELECT entry, token, name, place, programme, issuer FROM certificate_issued";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(walk->c->host, walk->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		if (!shown_as_certified(walk->arena, stmt))
			found(walk, "certificate", curb_col_int(stmt, 0),
			      "is shown with something else than what was signed");
		curb_arena_reset(walk->arena);
		err = 0;
	}
	return err;
}

/* ---- whose they are ---- */

/* Of whom the entry says, or whoever it went to last. */
static int look_at_holders(const struct walk *walk)
{
#define LAST " <> coalesce((SELECT m.holder FROM certificate_moved m WHERE m.what = "
#define OF_IT " ORDER BY m.entry DESC LIMIT 1), "
	static const char sql[] =
		"SELECT 'assessment', a.entry FROM certificate_assessment a WHERE a.holder" LAST "a.id" OF_IT
		"a.person) UNION ALL SELECT 'certificate', i.entry FROM certificate_issued i WHERE "
		"i.holder" LAST "i.id" OF_IT "i.person)";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(walk->c->host, walk->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		found(walk, curb_cstr(walk->arena, curb_col_text(stmt, 0)), curb_col_int(stmt, 1),
		      "is kept for somebody else");
		err = 0;
	}
	return err;
}

/* ---- the check ---- */

static int compare(struct walk *walk)
{
	int err = 0;
	for (size_t i = 0; !err && i < TABLES; i++) {
		walk->cursors[i].table = &tables[i];
		err = curb_query(walk->c->host, walk->tx, tables[i].sql, CURB_NO_BINDS,
		                 &walk->cursors[i].stmt);
		if (!err)
			err = next(&walk->cursors[i]);
	}
	if (!err)
		err = curb_ledger_each(walk->tx, look, walk);
	for (size_t i = 0; !err && i < TABLES; i++)
		while (!err && walk->cursors[i].there)
			err = pass(walk, &walk->cursors[i]);
	for (size_t i = 0; i < TABLES; i++)
		curb_reset(walk->cursors[i].stmt);
	if (!err)
		err = look_at_shown(walk);
	return err ? err : look_at_holders(walk);
}

static int run(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ROOM);
	struct walk walk = { .c = self, .tx = tx, .call = call, .arena = arena };
	return compare(&walk);
}

struct curb_doctor_check certificate_doctor_check(struct certificate *c)
{
	return (struct curb_doctor_check){
		.self = c,
		.name = "certificate",
		.sound = "Results, certificates and withdrawals are as their entries say",
		.remedy = "The entries are what counts. Stop the server and restore the newest backup into a "
			  "new folder: curbcut restore; an auditor compares it with the entries of this one.",
		.run = run,
	};
}
