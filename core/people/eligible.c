#include "eligible.h"

#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/json.h"
#include "number.h"
#include "store.h"

enum { SEALED_MOST = 1024 };

static const char *const kinds[ELIGIBLE_KINDS] = {
	[ELIGIBLE_DISABILITY] = "disability",
	[ELIGIBLE_SOLDIER] = "soldier",
	[ELIGIBLE_RELATIVE] = "relative",
	[ELIGIBLE_EMPLOYEE] = "employee",
};

bool eligible_kind_named(struct curb_str word, enum eligible_kind *ret_kind)
{
	for (int i = 0; i < ELIGIBLE_KINDS; i++)
		if (curb_str_is(word, kinds[i])) {
			*ret_kind = (enum eligible_kind)i;
			return true;
		}
	return false;
}

const char *eligible_kind_word(enum eligible_kind kind)
{
	return kinds[kind];
}

/* ---- reading ---- */

#define COLUMNS                                                                                          \
	"SELECT id, person, place, kind, sealed, state, recorded_ms, recorded_by, coalesce(decided_ms, " \
	"0), coalesce(decided_by, '') FROM core_eligible "

static int unseal(struct curb_tx *tx, struct curb_str sealed, struct eligible *row)
{
	struct curb_value *said = NULL;
	struct curb_str text;
	int err = curb_unseal(tx, "core_eligible", "sealed", &row->id, sealed, &text);
	if (!err)
		err = curb_json_parse(curb_tx_arena(tx), text, &said);
	if (err)
		return err;
	row->number = curb_get_str(said, "number");
	row->whose = curb_get_str(said, "whose");
	row->category = (int)curb_get_int(said, "category", 0);
	row->grade = (int)curb_get_int(said, "grade", 0);
	return 0;
}

static int read_row(struct curb_tx *tx, struct curb_stmt *stmt, struct eligible *ret_row)
{
	struct eligible row = { .kind = ELIGIBLE_DISABILITY };
	row.id = curb_col_id(stmt, 0);
	row.person = curb_col_id(stmt, 1);
	row.place = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2));
	(void)eligible_kind_named(curb_col_text(stmt, 3), &row.kind);
	row.state = (enum eligible_state)curb_col_int(stmt, 5);
	row.recorded_ms = curb_col_int(stmt, 6);
	row.recorded_by = curb_col_id(stmt, 7);
	row.decided_ms = curb_col_int(stmt, 8);
	row.decided_by = curb_col_id(stmt, 9);
	int err = unseal(tx, curb_col_blob(stmt, 4), &row);
	if (!err)
		*ret_row = row;
	return err;
}

int people_eligible(struct curb_tx *tx, const struct curb_id *person, struct eligible *ret_holds,
                    struct eligible *ret_waits)
{
	static const char sql[] = COLUMNS "WHERE person = $1 AND state < 2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	*ret_holds = *ret_waits = (struct eligible){ .kind = ELIGIBLE_DISABILITY };
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0)
		err = read_row(tx, stmt, curb_col_int(stmt, 5) == ELIGIBLE_HOLDS ? ret_holds : ret_waits);
	return err;
}

int people_eligible_waiting(struct curb_tx *tx, const struct curb_id *place, const struct curb_id *but,
                            int64_t now_ms, size_t most, struct curb_id **ret_persons, size_t *ret_n)
{
	static const char sql[] =
		"SELECT e.person FROM core_eligible e WHERE e.state = 0 AND e.recorded_by <> $2 AND e.person "
		"<> $2 AND EXISTS (SELECT 1 FROM core_grant g WHERE g.person = e.person AND g.institution = "
		"$1 AND (g.role & $3) <> 0 AND g.from_ms <= $4 AND (g.until_ms IS NULL OR g.until_ms > $4)) "
		"ORDER BY e.recorded_ms, e.id LIMIT $5";
	struct curb_id *persons = curb_alloc_n(curb_tx_arena(tx), most, sizeof *persons);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(place), curb_bind_id(but), curb_int(CURB_LEARNER),
	                                curb_int(now_ms), curb_int((int64_t)most)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		persons[n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	if (err)
		return err;
	*ret_persons = persons;
	*ret_n = n;
	return 0;
}

/* ---- recording ---- */

static int check_texts(struct curb_tx *tx, struct eligible *record)
{
	struct people_number number;
	bool has_number = record->kind == ELIGIBLE_DISABILITY || record->kind == ELIGIBLE_SOLDIER;
	if (!has_number && record->number.len)
		return curb_fail(CURB_EINVAL, "Only certificates have a number here; leave it empty");
	if (record->kind == ELIGIBLE_DISABILITY && record->number.len) {
		int err = people_number_read(curb_tx_arena(tx), record->number, &number);
		if (err)
			return err;
		record->number = number.plain;
		record->category = number.category;
		record->grade = number.grade;
	}
	int grades = record->kind == ELIGIBLE_SOLDIER ? NUMBER_SOLDIER_GRADES : NUMBER_GRADES;
	if (record->grade < 0 || record->grade > grades || record->category < 0 ||
	    record->category > NUMBER_CATEGORIES)
		return curb_fail(CURB_EINVAL, "Choose a category and a grade of those that are offered");
	return 0;
}

static bool same(const struct eligible *a, const struct eligible *b)
{
	return a->kind == b->kind && curb_str_eq(a->number, b->number) && curb_str_eq(a->whose, b->whose) &&
	       a->category == b->category && a->grade == b->grade;
}

static struct curb_str index_of(struct curb_tx *tx, const struct eligible *row)
{
	return row->number.len ? curb_blind_index(tx, "core_eligible", "number", row->number) :
	                         curb_str(NULL);
}

static int check_number(struct curb_tx *tx, const struct eligible *row)
{
	static const char sql[] =
		"SELECT 1 FROM core_eligible WHERE number_index = $1 AND state = 1 AND person <> $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_str index = index_of(tx, row);
	if (!index.ptr)
		return 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(index), curb_bind_id(&row->person)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	return curb_fail(CURB_EUNFIT,
	                 "Another person has this number already. Compare both with their certificates: one "
	                 "of the two was mistyped, or it is one person with two accounts");
}

static struct curb_str seal(struct curb_tx *tx, const struct eligible *row, int *ret_err)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(SEALED_MOST);
	struct curb_json j = curb_json(&out);
	struct curb_str sealed = curb_str(NULL);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "number", row->number);
	curb_json_kstr(&j, "whose", row->whose);
	curb_json_kint(&j, "category", row->category);
	curb_json_kint(&j, "grade", row->grade);
	curb_json_end(&j, '}');
	*ret_err = curb_buf_check(&out);
	if (!*ret_err)
		*ret_err = curb_seal(tx, "core_eligible", "sealed", &row->id, curb_buf_view(&out), &sealed);
	return sealed;
}

static int insert(struct curb_tx *tx, const struct eligible *row)
{
	static const char sql[] =
		"INSERT INTO core_eligible (id, person, place, kind, sealed, number_index, "
		"recorded_ms, recorded_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	int err = 0;
	struct curb_str sealed = seal(tx, row, &err);
	if (err)
		return err;
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&row->id), curb_bind_id(&row->person), curb_text(row->place),
	                            curb_cstring(kinds[row->kind]), curb_blob(sealed),
	                            curb_text(index_of(tx, row)), curb_int(row->recorded_ms),
	                            curb_bind_id(&row->recorded_by), curb_int(row->state)),
	                 NULL);
}

int people_eligible_record(struct curb_tx *tx, struct eligible *record)
{
	struct eligible holds, waits;
	int err = strcmp(record->recorded_by.text, record->person.text) == 0 ?
	                  curb_fail(CURB_EDENIED,
	                            "This is about yourself, so another person must record it") :
	                  check_texts(tx, record);
	if (!err)
		err = check_number(tx, record);
	if (!err)
		err = people_eligible(tx, &record->person, &holds, &waits);
	if (err)
		return err;
	if (curb_id_some(&waits.id))
		return curb_fail(CURB_ECONFLICT,
		                 "A change waits to be countersigned already; it comes first");
	if (curb_id_some(&holds.id) && same(&holds, record))
		return curb_fail(CURB_ECONFLICT, "This is what is recorded already");
	record->state = curb_id_some(&holds.id) ? ELIGIBLE_WAITS : ELIGIBLE_HOLDS;
	return insert(tx, record);
}

/* ---- deciding ---- */

static int set_state(struct curb_tx *tx, const struct curb_id *id, enum eligible_state state,
                     const struct curb_id *by, int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_eligible SET state = $2, decided_ms = $3, decided_by = $4 WHERE id = $1";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(id), curb_int(state), curb_int(now_ms), curb_bind_id(by)),
	                 NULL);
}

int people_eligible_decide(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *id,
                           const struct curb_id *by, bool agree, int64_t now_ms)
{
	struct eligible holds, waits;
	int err = people_eligible(tx, person, &holds, &waits);
	if (err)
		return err;
	if (!curb_id_some(&waits.id) || strcmp(waits.id.text, id->text) != 0)
		return curb_fail(CURB_ENOTFOUND,
		                 "This change does not wait any more; look at what is recorded now");
	if (strcmp(waits.recorded_by.text, by->text) == 0 || strcmp(person->text, by->text) == 0)
		return curb_fail(CURB_EDENIED,
		                 "Somebody else must countersign this: not who recorded it, nor whom it is "
		                 "about");
	if (!agree)
		return set_state(tx, id, ELIGIBLE_REFUSED, by, now_ms);
	err = check_number(tx, &waits);
	if (!err && curb_id_some(&holds.id))
		err = set_state(tx, &holds.id, ELIGIBLE_REPLACED, by, now_ms);
	return err ? err : set_state(tx, id, ELIGIBLE_HOLDS, by, now_ms);
}
