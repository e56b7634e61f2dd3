#include <stdlib.h>

#include "audit.h"
#include "curb/cleanup.h"
#include "curb/err.h"

/* credit_day by its key: the classes of the institution, their rosters, the days of each. */
#define DAYS_OF_SPAN                                                                                     \
	"FROM credit_cohort c JOIN credit_trainee t ON t.cohort = c.id JOIN credit_day d ON d.person = " \
	"t.person AND d.cohort = t.cohort AND d.day BETWEEN $2 AND $3 WHERE c.institution = $1 "

static const struct curb_bind *binds_of(struct curb_tx *tx, const struct audit_span *span)
{
	struct curb_bind *binds = curb_alloc_n(curb_tx_arena(tx), 4, sizeof *binds);
	binds[0] = curb_bind_id(&span->institution);
	binds[1] = curb_int(span->first_day);
	binds[2] = curb_int(span->last_day);
	return binds; /* the fourth is zeroed: the end */
}

/* ---- faster than it can be played ---- */

static void read_fast(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct audit_fast *)row = (struct audit_fast){
		.person = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.unit = curb_col_id(stmt, 2),
		.day = curb_col_int(stmt, 3),
		.clock_s = curb_col_int(stmt, 4),
	};
}

int audit_fast(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
               struct audit_fast **ret_rows, size_t *ret_n)
{
	_Static_assert(AUDIT_FAST_S == 600 && AUDIT_ROWS_MOST == 50, "as the statement has them");
	static const char sql[] = "SELECT d.person, d.cohort, d.unit, d.day, d.clock_s " DAYS_OF_SPAN
				  "AND d.clock_s >= 600 ORDER BY d.clock_s DESC, d.person, d.day LIMIT 50";
	return credit_gather(c, tx, sql, binds_of(tx, span),
	                     (struct credit_rows){ sizeof(struct audit_fast), read_fast }, ret_rows, ret_n);
}

/* ---- equal traces ---- */

/* FNV-1a: traces are grouped by it; whether they are equal is seen on the pages that it leads to. */
static uint64_t marked(uint64_t mark, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < n; i++)
		mark = (mark ^ at[i]) * 0x100000001b3;
	return mark;
}

struct traces {
	struct audit_trace *list;
	size_t n, cap;
};

static struct audit_trace *trace_of(struct curb_tx *tx, struct traces *traces, struct curb_stmt *stmt)
{
	struct curb_id cohort = curb_col_id(stmt, 0), person = curb_col_id(stmt, 1);
	struct audit_trace *last = traces->n ? &traces->list[traces->n - 1] : NULL;
	if (last && strcmp(last->cohort.text, cohort.text) == 0 &&
	    strcmp(last->person.text, person.text) == 0)
		return last;
	if (traces->n == traces->cap) {
		traces->cap = traces->cap ? 2 * traces->cap : 64;
		struct audit_trace *more = curb_alloc_n(curb_tx_arena(tx), traces->cap, sizeof *more);
		if (traces->n)
			memcpy(more, traces->list, traces->n * sizeof *more);
		traces->list = more;
	}
	last = &traces->list[traces->n++];
	*last = (struct audit_trace){ .person = person, .cohort = cohort, .mark = 0xcbf29ce484222325 };
	return last;
}

static int by_mark(const void *left, const void *right)
{
	const struct audit_trace *a = left, *b = right;
	int cohort = strcmp(a->cohort.text, b->cohort.text);
	if (cohort)
		return cohort;
	return a->mark < b->mark ? -1 : a->mark > b->mark ? 1 : strcmp(a->person.text, b->person.text);
}

static bool are_equal(const struct audit_trace *a, const struct audit_trace *b)
{
	return a->mark == b->mark && a->lines == b->lines && strcmp(a->cohort.text, b->cohort.text) == 0;
}

/* Keeps those that have an equal beside them. */
static void keep_equal(struct traces *traces)
{
	size_t kept = 0, n = traces->n;
	struct audit_trace *list = traces->list;
	qsort(list, n, sizeof *list, by_mark);
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n && are_equal(&list[i], &list[next]);)
			next++;
		if (next - i > 1 && list[i].lines >= AUDIT_LINES) {
			memmove(&list[kept], &list[i], (next - i) * sizeof *list);
			kept += next - i;
		}
	}
	traces->n = kept;
}

int audit_equal_traces(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
                       struct audit_trace **ret_traces, size_t *ret_n)
{
	static const char sql[] =
		"SELECT d.cohort, d.person, d.unit, d.day, d.played_s, d.granted_s, d.clock_s " DAYS_OF_SPAN
		"AND d.played_s <> 0 "
		"ORDER BY d.cohort, d.person, d.day, d.unit";
	struct traces traces = { .n = 0 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, binds_of(tx, span), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct audit_trace *trace = trace_of(tx, &traces, stmt);
		struct curb_id unit = curb_col_id(stmt, 2);
		trace->mark = marked(trace->mark, unit.text, strlen(unit.text));
		for (int i = 3; i < 7; i++) {
			int64_t number = curb_col_int(stmt, i);
			trace->mark = marked(trace->mark, &number, sizeof number);
		}
		trace->lines++;
		trace->played_s += curb_col_int(stmt, 4);
		err = 0;
	}
	if (err)
		return err;
	if (traces.n)
		keep_equal(&traces);
	*ret_traces = traces.list;
	*ret_n = traces.n;
	return 0;
}

/* ---- who countersigns whom ---- */

struct signing {
	struct curb_id entered, signer;
	int64_t sheets;
};

static void read_signing(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct signing *)row = (struct signing){ curb_col_id(stmt, 0), curb_col_id(stmt, 1),
		                                   curb_col_int(stmt, 2) };
}

/* The one and only who countersigned what `person` entered; NULL when there are several, or none. */
static const struct signing *only_signer(const struct signing *list, size_t n, const struct curb_id *person)
{
	const struct signing *found = NULL;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].entered.text, person->text) == 0) {
			if (found)
				return NULL;
			found = &list[i];
		}
	return found;
}

static bool is_known(struct curb_id *people, size_t n, const struct curb_id *person)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(people[i].text, person->text) == 0)
			return true;
	return false;
}

static int64_t office_of(struct curb_arena *arena, const struct signing *list, size_t n)
{
	struct curb_id *people = curb_alloc_n(arena, 2 * n + 1, sizeof *people);
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_known(people, count, &list[i].entered))
			people[count++] = list[i].entered;
		if (!is_known(people, count, &list[i].signer))
			people[count++] = list[i].signer;
	}
	return (int64_t)count;
}

int audit_pairs(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
                struct audit_pair **ret_pairs, size_t *ret_n)
{
	enum { TWO = 2 };
	static const char sql[] =
		"SELECT a.entered_by, a.signed_by, count(DISTINCT a.sheet) FROM credit_cohort c "
		"JOIN credit_sheet s ON s.cohort = c.id JOIN credit_attended a ON a.sheet = s.id "
		"WHERE c.institution = $1 AND s.from_ms / 86400000 BETWEEN $2 AND $3 AND a.signed_as IN "
		"('staff', "
		"'teacher') GROUP BY a.entered_by, a.signed_by ORDER BY a.entered_by, a.signed_by";
	struct signing *list = NULL;
	size_t n = 0, count = 0;
	int err = credit_gather(c, tx, sql, binds_of(tx, span),
	                        (struct credit_rows){ sizeof *list, read_signing }, &list, &n);
	if (err)
		return err;
	struct audit_pair *pairs = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *pairs);
	int64_t office = office_of(curb_tx_arena(tx), list, n);
	for (size_t i = 0; i < n && office > TWO; i++) {
		const struct signing *there = only_signer(list, n, &list[i].entered);
		const struct signing *back = there ? only_signer(list, n, &there->signer) : NULL;
		bool each_other = back && strcmp(back->signer.text, list[i].entered.text) == 0;
		if (!each_other || strcmp(there->entered.text, back->entered.text) > 0 ||
		    there->sheets + back->sheets < AUDIT_SHEETS)
			continue;
		pairs[count++] = (struct audit_pair){ there->entered, back->entered, there->sheets,
			                              back->sheets, office };
	}
	*ret_pairs = pairs;
	*ret_n = count;
	return 0;
}

int audit_place(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                const struct curb_id *person, int64_t *ret_place)
{
	static const char sql[] =
		"SELECT count(*) FROM credit_trainee t JOIN credit_trainee her ON her.cohort = t.cohort "
		"WHERE her.cohort = $1 AND her.person = $2 AND (t.shown < her.shown OR (t.shown = her.shown "
		"AND t.person <= her.person))";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)),
	                         ret_place);
}
