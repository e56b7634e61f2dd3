/* Whether the sums of online and attended seconds are those of the entries: the doctor's question to credit. */
#include <stdlib.h>

#include "credit.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/doctor.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "places.h"

enum { SUMS = 9, ATTENDED = 3, GRANTED = 1, FIRST = 1024, TEXT_SIZE = 256 };

/* In the order of credit_day's columns. */
static const char *const facts[SUMS] = { "played", "granted",     "again", "share", "hours",
	                                 "clock",  "undelivered", "daily", "held" };

struct line {
	struct curb_id person, cohort, unit;
	int64_t day, sums[SUMS];
};

struct lines {
	struct line *list;
	size_t n, room;
};

struct checking {
	struct credit *c;
	struct curb_tx *tx;
	const struct curb_doctor_call *call;
	/* Of the entries, by_place, one a place; attended: offline, live, waiting, of no unit and day. */
	struct lines lines, attended;
	struct lines placed; /* of no unit and day: how many, and two sums of their places */
};

/* ---- the entries, added up ---- */

static int by_place(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	int order = strcmp(a->person.text, b->person.text);
	if (order == 0)
		order = strcmp(a->cohort.text, b->cohort.text);
	if (order == 0)
		order = strcmp(a->unit.text, b->unit.text);
	return order ? order : (a->day > b->day) - (a->day < b->day);
}

static void add_up(struct lines *lines)
{
	size_t n = 0;
	if (lines->n == 0)
		return;
	qsort(lines->list, lines->n, sizeof *lines->list, by_place);
	for (size_t i = 1; i < lines->n; i++) {
		if (by_place(&lines->list[n], &lines->list[i]) != 0) {
			lines->list[++n] = lines->list[i];
			continue;
		}
		for (size_t k = 0; k < SUMS; k++)
			lines->list[n].sums[k] += lines->list[i].sums[k];
	}
	lines->n = n + 1;
}

static struct line *new_line(struct lines *lines)
{
	if (lines->n == lines->room) {
		add_up(lines); /* the days of many entries are few */
		if (lines->n * 2 < lines->room)
			return &lines->list[lines->n++];
		lines->room = lines->room ? 2 * lines->room : FIRST;
		lines->list = realloc(lines->list, lines->room * sizeof *lines->list);
		CURB_ASSERT(lines->list);
	}
	return &lines->list[lines->n++];
}

static const struct curb_fact *fact_of(const struct curb_recorded *entry, const char *name)
{
	static const struct curb_fact none = { "", 0, { NULL, 0 } };
	const struct curb_fact *fact = curb_fact_find(entry->facts, entry->fact_count, name);
	return fact ? fact : &none;
}

static void add_online(struct line *line, const struct curb_recorded *entry)
{
	*line = (struct line){ .person = entry->person,
		               .cohort = curb_id_of(fact_of(entry, "cohort")->text),
		               .unit = curb_id_of(fact_of(entry, "unit")->text),
		               .day = fact_of(entry, "day")->number };
	for (size_t k = 0; k < SUMS; k++)
		line->sums[k] = fact_of(entry, facts[k])->number;
}

/* What is countersigned waits no more. */
static void add_attended(struct line *line, const struct curb_recorded *entry, bool countersigned)
{
	enum { OFFLINE, LIVE, WAITING };
	int64_t seconds = fact_of(entry, "seconds")->number;
	bool live = curb_str_is(fact_of(entry, "mode")->text, "live");
	*line = (struct line){ .person = entry->person,
		               .cohort = curb_id_of(fact_of(entry, "cohort")->text) };
	line->sums[WAITING] = countersigned ? -seconds : seconds;
	if (countersigned)
		line->sums[live ? LIVE : OFFLINE] = seconds;
}

/* Sums that are equal for equal sets of places alone, but for one chance in many. */
static void add_place(struct line *line, const struct curb_id *person, struct curb_id cohort, int64_t place)
{
	uint64_t mixed = (uint64_t)(place + 1) * 0x9e3779b97f4a7c15U;
	*line = (struct line){ .person = *person,
		               .cohort = cohort,
		               .sums = { 1, place, (int64_t)((mixed ^ mixed >> 29) & UINT32_MAX) } };
}

static int add_entry(void *arg, const struct curb_recorded *entry)
{
	struct checking *checking = arg;
	if (entry->index % 4096 == 0 && checking->call->cancelled(checking->call->arg))
		return curb_fail(CURB_EBUSY, "it was cancelled");
	struct curb_str kind = fact_of(entry, "kind")->text;
	if (curb_str_is(kind, "online") || curb_str_is(kind, "moved")) {
		add_online(new_line(&checking->lines), entry);
		add_place(new_line(&checking->placed), &entry->person,
		          curb_id_of(fact_of(entry, "cohort")->text), entry->index);
	} else if (fact_of(entry, "sheet")->text.len > 0)
		add_attended(new_line(&checking->attended), entry, curb_str_is(kind, "countersign"));
	return 0;
}

/* ---- against the rows ---- */

static void found(const struct checking *checking, const char *what, const struct line *line)
{
	char text[TEXT_SIZE];
	(void)snprintf(text, sizeof text, "%s: class %s, person %s, unit %s, day %lld", what,
	               line->cohort.text, line->person.text, line->unit.text, (long long)line->day);
	checking->call->found(checking->call->arg, text);
}

/* Rows of which a list of the entries has the sums, in its order. */
struct comparing {
	const char *sql; /* person, cohort, unit, day, the sums */
	int sums;
	const char *differ, *no_row, *no_entry;
};

static const struct comparing comparings[] = {
	{ .sql = "SELECT person, cohort, unit, day, played_s, granted_s, again_s, share_s, hours_s, clock_s, "
	         "undelivered_s, day_s, held_s FROM credit_day ORDER BY person, cohort, unit, day",
	  .sums = SUMS,
	  .differ = "the sums of a day are not those of the entries",
	  .no_row = "entries without the sums of their day",
	  .no_entry = "sums of a day without entries" },
	{ .sql = "SELECT person, cohort, '', 0, offline_s, live_s, pending_s FROM credit_trainee "
	         "ORDER BY person, cohort",
	  .sums = ATTENDED,
	  .differ = "the attended seconds of a trainee are not those of the entries",
	  .no_row = "attendance of somebody who is not on the roster",
	  .no_entry = "attended seconds without entries" },
	{ .sql = "SELECT a.person, s.cohort, '', 0, "
	         "sum(CASE WHEN a.signed_ms > 0 AND s.mode <> 'live' THEN a.seconds ELSE 0 END), "
	         "sum(CASE WHEN a.signed_ms > 0 AND s.mode = 'live' THEN a.seconds ELSE 0 END), "
	         "sum(CASE WHEN a.signed_ms > 0 THEN 0 ELSE a.seconds END) FROM credit_attended a "
	         "JOIN credit_sheet s ON s.id = a.sheet GROUP BY a.person, s.cohort ORDER BY a.person, "
	         "s.cohort",
	  .sums = ATTENDED,
	  .differ = "the lines of the sheets are not those of the entries",
	  .no_row = "entries of attendance without lines on a sheet",
	  .no_entry = "lines on a sheet without entries" },
};

static int compare(struct checking *checking, const struct comparing *with)
{
	static const int64_t nothing[SUMS];
	const struct lines *lines = with->sums == SUMS ? &checking->lines : &checking->attended;
	const struct line *at = lines->list, *end = at ? at + lines->n : NULL;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(checking->c->host, checking->tx, with->sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct line row = { curb_col_id(stmt, 0),
			            curb_col_id(stmt, 1),
			            curb_col_id(stmt, 2),
			            curb_col_int(stmt, 3),
			            { 0 } };
		for (int k = 0; k < with->sums; k++)
			row.sums[k] = curb_col_int(stmt, 4 + k);
		for (; at < end && by_place(at, &row) < 0; at++)
			found(checking, with->no_row, at);
		bool there = at < end && by_place(at, &row) == 0;
		if (!there && memcmp(nothing, row.sums, sizeof row.sums) != 0)
			found(checking, with->no_entry, &row);
		if (there && memcmp(at++->sums, row.sums, sizeof row.sums) != 0)
			found(checking, with->differ, &row);
		err = 0;
	}
	for (; !err && at < end; at++)
		found(checking, with->no_row, at);
	return err;
}

/* What the entries granted to this person in this class, of one unit or ("") of all. */
static int64_t granted(const struct lines *lines, const struct line *place)
{
	size_t low = 0, high = lines->n;
	int64_t sum = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_place(&lines->list[middle], place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < lines->n; low++) {
		const struct line *line = &lines->list[low];
		if (strcmp(line->person.text, place->person.text) != 0 ||
		    strcmp(line->cohort.text, place->cohort.text) != 0 ||
		    (place->unit.text[0] && strcmp(line->unit.text, place->unit.text) != 0))
			break;
		sum += line->sums[GRANTED];
	}
	return sum;
}

static int compare_totals(struct checking *checking, const char *sql, const char *what)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(checking->c->host, checking->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct line place = {
			curb_col_id(stmt, 0), curb_col_id(stmt, 1), curb_col_id(stmt, 2), INT64_MIN, { 0 }
		};
		int64_t sum = granted(&checking->lines, &place);
		if (sum != curb_col_int(stmt, 3))
			found(checking, what, &place);
		err = 0;
	}
	return err;
}

static int compare_sets(struct checking *checking)
{
	static const char sql[] =
		"SELECT person, cohort, unit, seen, credited, seen_s, credited_s FROM credit_coverage";
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(16 << 20);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(checking->c->host, checking->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct line place = {
			curb_col_id(stmt, 0), curb_col_id(stmt, 1), curb_col_id(stmt, 2), 0, { 0 }
		};
		struct ranges seen, credited;
		if (!ranges_unpack(arena, curb_col_blob(stmt, 3), &seen) ||
		    !ranges_unpack(arena, curb_col_blob(stmt, 4), &credited) ||
		    ranges_total(&seen) != curb_col_int(stmt, 5) ||
		    ranges_total(&credited) != curb_col_int(stmt, 6))
			found(checking, "the seconds of a unit are not as many as were counted", &place);
		curb_arena_reset(arena);
		err = 0;
	}
	return err;
}

static int read_placed(struct checking *checking, struct lines *ret_lines)
{
	static const char sql[] = "SELECT person, cohort, places FROM credit_play WHERE places IS NOT NULL "
				  "UNION ALL SELECT person, cohort, places FROM credit_moved";
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(16 << 20);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(checking->c->host, checking->tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_id person = curb_col_id(stmt, 0), cohort = curb_col_id(stmt, 1);
		int64_t *places = NULL;
		size_t n = 0;
		if (!places_read(arena, curb_col_blob(stmt, 2), &places, &n))
			add_place(new_line(ret_lines), &person, cohort, -1);
		for (size_t i = 0; i < n; i++)
			add_place(new_line(ret_lines), &person, cohort, places[i]);
		curb_arena_reset(arena);
		err = 0;
	}
	add_up(ret_lines);
	return err;
}

/* Without their places entries stand on no page of hers. */
static int compare_places(struct checking *checking)
{
	static const char differ[] = "the places of somebody's entries are not those of the ledger";
	struct lines kept = { .n = 0 };
	const struct lines *due = &checking->placed;
	int err = read_placed(checking, &kept);
	for (size_t i = 0, k = 0; !err && (i < due->n || k < kept.n);) {
		int order = i == due->n ? 1 : k == kept.n ? -1 : by_place(&due->list[i], &kept.list[k]);
		if (order || memcmp(due->list[i].sums, kept.list[k].sums, sizeof kept.list[k].sums) != 0)
			found(checking, differ, order > 0 ? &kept.list[k] : &due->list[i]);
		i += order <= 0;
		k += order >= 0;
	}
	free(kept.list);
	return err;
}

static int run(void *self, struct curb_tx *tx, const struct curb_doctor_call *call)
{
	struct checking checking = { .c = self, .tx = tx, .call = call };
	int err = curb_ledger_each(tx, add_entry, &checking);
	add_up(&checking.lines);
	add_up(&checking.attended);
	add_up(&checking.placed);
	for (size_t i = 0; !err && i < sizeof comparings / sizeof *comparings; i++)
		err = compare(&checking, &comparings[i]);
	if (!err)
		err = compare_totals(&checking, "SELECT person, cohort, '', online_s FROM credit_trainee",
		                     "the online seconds of a trainee are not those of the entries");
	if (!err)
		err = compare_totals(&checking,
		                     "SELECT person, cohort, unit, credited_s FROM credit_coverage",
		                     "the counted seconds of a unit are not those of the entries");
	if (!err)
		err = compare_sets(&checking);
	if (!err)
		err = compare_places(&checking);
	free(checking.placed.list);
	free(checking.lines.list);
	free(checking.attended.list);
	return err;
}

struct curb_doctor_check credit_doctor_check(struct credit *c)
{
	return (struct curb_doctor_check){
		.self = c,
		.name = "credit",
		.sound = "The sums of online and attended hours are those of the entries",
		.remedy = "The entries are what counts. Stop the server and restore the newest backup into a "
			  "new "
			  "folder: curbcut restore; an auditor compares it with the entries of this one.",
		.run = run,
	};
}
