#include <stdlib.h>

#include "credit.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "places.h"

/* A stored set; a broken one is our fault and must not become an empty one: that would count seconds twice. */
static int unpack(struct curb_tx *tx, struct curb_str bytes, struct ranges *ret_set)
{
	if (ranges_unpack(curb_tx_arena(tx), bytes.ptr ? bytes : curb_str(""), ret_set))
		return 0;
	return curb_fail(CURB_EINTERNAL, "a stored set of seconds cannot be read");
}

static int play_row(struct curb_tx *tx, struct curb_stmt *stmt, struct credit_play *ret)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct credit_play play = {
		.id = curb_col_id(stmt, 0),
		.person = curb_col_id(stmt, 1),
		.cohort = curb_col_id(stmt, 2),
		.unit = curb_col_id(stmt, 3),
		.version = curb_col_id(stmt, 4),
		.unit_s = curb_col_int(stmt, 5),
		.media_s = curb_col_int(stmt, 6),
		.live = curb_col_int(stmt, 7) != 0,
		.budget_ms = curb_col_int(stmt, 8),
		.spent_s = curb_col_int(stmt, 9),
		.last = { curb_dup(arena, curb_col_text(stmt, 11)), curb_col_int(stmt, 12),
		          curb_col_int(stmt, 13) },
		.doubted = curb_col_int(stmt, 14) != 0,
		.rate_m = curb_col_int(stmt, 15),
		.cap_s = count_cap_s(count_hours_s(curb_col_int(stmt, 16), curb_col_int(stmt, 17)),
		                     credit_larger(curb_col_int(stmt, 18), curb_col_int(stmt, 29)),
		                     (enum count_basis)curb_col_int(stmt, 26)),
		.online_s = curb_col_int(stmt, 19),
		.position_s = curb_col_int(stmt, 22),
		.ends_ms = curb_col_int(stmt, 24),
		.places = curb_dup(arena, curb_col_blob(stmt, 25)),
		.daily_s = curb_col_int(stmt, 27),
		.entry = curb_col_int(stmt, 28),
		.left_ms = curb_col_int(stmt, 30),
		.presence_s = curb_col_int(stmt, 31),
	};
	int err = unpack(tx, curb_col_blob(stmt, 10), &play.seqs);
	if (!err)
		err = unpack(tx, curb_col_blob(stmt, 20), &play.seen);
	if (!err)
		err = unpack(tx, curb_col_blob(stmt, 21), &play.credited);
	if (!err)
		err = unpack(tx, curb_col_blob(stmt, 23), &play.delivered);
	if (!err)
		*ret = play;
	return err;
}

int credit_play_in_class(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                         struct credit_play *ret)
{
	static const char sql[] =
		"SELECT p.id, p.person, p.cohort, p.unit, p.version, p.unit_s, p.media_s, p.live, "
		"p.budget_ms, "
		"p.spent_s, p.seqs, p.boot, p.boot_ms, p.wall_ms, p.doubted, k.rate_m, k.total_c, k.hour_s, "
		"k.share_m, t.online_s + t.live_s, v.seen, v.credited, coalesce(v.position_s, 0), d.ranges, "
		"k.ends_ms, p.places, k.basis, k.daily_s, k.entry, (SELECT max(w.share_m) FROM "
		"credit_waiver_decision w WHERE w.cohort = p.cohort AND w.holder IN ('', p.person) AND "
		"w.granted = 1 AND w.from_ms <= $2 AND w.until_ms > $2), t.left_ms, k.presence_s "
		"FROM credit_play p JOIN credit_cohort k ON k.id = p.cohort "
		"JOIN credit_trainee t ON t.cohort = p.cohort AND t.person = p.person "
		"LEFT JOIN credit_coverage v ON v.person = p.person AND v.cohort = p.cohort AND v.unit = "
		"p.unit "
		"LEFT JOIN credit_delivered d ON d.person = p.person AND d.unit = p.unit WHERE p.id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(id), curb_int(now_ms)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This play is not known here; open the lesson again");
	return play_row(tx, stmt, ret);
}

int credit_play_live(struct credit *c, struct curb_tx *tx, const struct curb_id *person, struct curb_id *ret)
{
	static const char sql[] = "SELECT id FROM credit_play WHERE person = $1 AND live = 1 "
				  "UNION ALL SELECT id FROM credit_self_play WHERE person = $1 AND live = 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	*ret = curb_col_id(stmt, 0);
	return 0;
}

int credit_play_end(struct credit *c, struct curb_tx *tx, const struct curb_id *play)
{
	return curb_exec(c->host, tx, "UPDATE credit_play SET live = 0 WHERE id = $1",
	                 CURB_BINDS(curb_bind_id(play)), NULL);
}

int credit_play_add(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO credit_play (id, person, cohort, unit, version, unit_s, "
				  "media_s, live, budget_ms, spent_s, "
				  "seqs, boot, boot_ms, wall_ms, opened_ms) VALUES ($1, $2, $3, $4, $5, $6, "
				  "$7, 1, 0, 0, $8, $9, $10, "
				  "$11, $12)";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&play->id), curb_bind_id(&play->person), curb_bind_id(&play->cohort),
	                   curb_bind_id(&play->unit), curb_bind_id(&play->version), curb_int(play->unit_s),
	                   curb_int(play->media_s), curb_blob(ranges_pack(curb_tx_arena(tx), &play->seqs)),
	                   curb_text(play->last.boot), curb_int(play->last.boot_ms),
	                   curb_int(play->last.wall_ms), curb_int(now_ms)),
		NULL);
}

int credit_play_save_in_class(struct credit *c, struct curb_tx *tx, const struct credit_play *play)
{
	/* not `live`: it is a part of an index, whose pages each beat would change */
	static const char sql[] = "UPDATE credit_play SET budget_ms = $2, spent_s = $3, seqs = $4, "
				  "boot = $5, boot_ms = $6, wall_ms = $7, doubted = $8, places = $9 "
				  "WHERE id = $1";
	int err = curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&play->id), curb_int(play->budget_ms), curb_int(play->spent_s),
	                   curb_blob(ranges_pack(curb_tx_arena(tx), &play->seqs)), curb_text(play->last.boot),
	                   curb_int(play->last.boot_ms), curb_int(play->last.wall_ms),
	                   curb_int(play->doubted), curb_blob(play->places)),
		NULL);
	return err || play->live ? err : credit_play_end(c, tx, &play->id);
}

/* ---- places of entries in the ledger ---- */

static void read_packed(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct curb_str *)row = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0));
}

static int unreadable(void)
{
	return curb_fail(CURB_EINTERNAL, "a stored list of places in the ledger cannot be read");
}

int credit_play_place(struct credit *c, struct curb_tx *tx, const struct curb_id *play, int64_t place)
{
	struct curb_str *rows = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, "SELECT places FROM credit_play WHERE id = $1",
	                        CURB_BINDS(curb_bind_id(play)),
	                        (struct credit_rows){ sizeof *rows, read_packed }, &rows, &n);
	if (err || n == 0)
		return err;
	struct curb_str places = places_add(curb_tx_arena(tx), rows[0], place);
	return !places.ptr ? unreadable() :
	                     curb_exec(c->host, tx, "UPDATE credit_play SET places = $2 WHERE id = $1",
	                               CURB_BINDS(curb_bind_id(play), curb_blob(places)), NULL);
}

int credit_moved_place(struct credit *c, struct curb_tx *tx, const struct credit_entry *entry, int64_t place)
{
	static const char read[] = "SELECT places FROM credit_moved WHERE person = $1 AND cohort = $2";
	static const char write[] = "INSERT INTO credit_moved (person, cohort, places) VALUES ($1, $2, $3) "
				    "ON CONFLICT (person, cohort) DO UPDATE SET places = $3";
	struct curb_str *rows = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, read,
	                        CURB_BINDS(curb_bind_id(&entry->person), curb_bind_id(&entry->cohort)),
	                        (struct credit_rows){ sizeof *rows, read_packed }, &rows, &n);
	if (err)
		return err;
	struct curb_str places = places_add(curb_tx_arena(tx), n ? rows[0] : curb_str(""), place);
	return !places.ptr ? unreadable() :
	                     curb_exec(c->host, tx, write,
	                               CURB_BINDS(curb_bind_id(&entry->person), curb_bind_id(&entry->cohort),
	                                          curb_blob(places)),
	                               NULL);
}

static int latest_first(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return a < b ? 1 : a > b ? -1 : 0;
}

int credit_places_in_ledger(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                            const struct curb_id *cohort, int64_t **ret_places, size_t *ret_n)
{
	static const char sql[] =
		"SELECT places FROM credit_play WHERE person = $1 AND cohort = $2 AND "
		"places IS NOT NULL UNION ALL SELECT places FROM credit_moved WHERE person = $1 "
		"AND cohort = $2";
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_str *rows = NULL;
	size_t n = 0, all = 0, most = 1;
	int err = credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)),
	                        (struct credit_rows){ sizeof *rows, read_packed }, &rows, &n);
	for (size_t i = 0; i < n; i++)
		most += rows[i].len;
	int64_t *places = curb_alloc_n(arena, most, sizeof *places);
	for (size_t i = 0; !err && i < n; i++) {
		int64_t *some;
		size_t count = 0;
		if (!places_read(arena, rows[i], &some, &count))
			return unreadable();
		memcpy(places + all, some, count * sizeof *some);
		all += count;
	}
	if (err)
		return err;
	qsort(places, all, sizeof *places, latest_first);
	*ret_places = places;
	*ret_n = all;
	return 0;
}

int credit_coverage_of(struct credit *c, struct curb_tx *tx, const struct credit_line_key *key,
                       struct ranges *ret_seen, struct ranges *ret_credited, int64_t *ret_position_s)
{
	static const char sql[] = "SELECT seen, credited, position_s FROM credit_coverage WHERE person = $1 "
				  "AND cohort = $2 AND unit = $3";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&key->person), curb_bind_id(&key->cohort), curb_bind_id(&key->unit)),
		&stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	bool there = err > 0;
	*ret_position_s = there ? curb_col_int(stmt, 2) : 0;
	err = unpack(tx, there ? curb_col_blob(stmt, 0) : curb_str(""), ret_seen);
	return err ? err : unpack(tx, there ? curb_col_blob(stmt, 1) : curb_str(""), ret_credited);
}

int credit_coverage_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO credit_coverage (person, cohort, unit, seen, credited, seen_s, credited_s, "
		"position_s, at_ms) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (person, cohort, unit) DO UPDATE "
		"SET "
		"seen = $4, credited = $5, seen_s = $6, credited_s = $7, position_s = $8, at_ms = $9";
	struct curb_arena *arena = curb_tx_arena(tx);
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&play->person), curb_bind_id(&play->cohort),
	                            curb_bind_id(&play->unit), curb_blob(ranges_pack(arena, &play->seen)),
	                            curb_blob(ranges_pack(arena, &play->credited)),
	                            curb_int(ranges_total(&play->seen)),
	                            curb_int(ranges_total(&play->credited)), curb_int(play->position_s),
	                            curb_int(now_ms)),
	                 NULL);
}

int credit_trainee_grant(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                         int64_t granted_s)
{
	static const char sql[] = "UPDATE credit_trainee SET online_s = online_s + $3 "
				  "WHERE cohort = $1 AND person = $2";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&play->cohort), curb_bind_id(&play->person), curb_int(granted_s)),
		NULL);
}

int credit_day_add(struct credit *c, struct curb_tx *tx, const struct credit_entry *entry)
{
	static const char sql[] =
		"INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, "
		"hours_s, clock_s, undelivered_s, day_s, held_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
		"$10, $11, $12, $13) "
		"ON CONFLICT (person, cohort, day, unit) DO UPDATE SET played_s = played_s + $5, "
		"granted_s = granted_s + $6, again_s = again_s + $7, share_s = share_s + $8, "
		"hours_s = hours_s + $9, clock_s = clock_s + $10, undelivered_s = undelivered_s + $11, "
		"day_s = day_s + $12, held_s = held_s + $13";
	const struct count_after *sums = &entry->sums;
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&entry->person), curb_bind_id(&entry->cohort),
	                            curb_int(entry->day), curb_bind_id(&entry->unit),
	                            curb_int(sums->played_s), curb_int(sums->granted_s),
	                            curb_int(sums->again_s), curb_int(sums->share_s), curb_int(sums->hours_s),
	                            curb_int(sums->clock_s), curb_int(sums->undelivered_s),
	                            curb_int(sums->day_s), curb_int(sums->held_s)),
	                 NULL);
}

int credit_online_on(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t day,
                     int64_t *ret_s)
{
	static const char sql[] =
		"SELECT (SELECT coalesce(sum(granted_s), 0) FROM credit_day WHERE person = $1 AND day = $2) "
		"+ (SELECT coalesce(sum(a.seconds), 0) FROM credit_attended a JOIN credit_sheet s ON s.id = "
		"a.sheet WHERE a.person = $1 AND s.mode = 'live' AND s.from_ms >= $3 AND s.from_ms < $4)";
	return credit_one_number(c, tx, sql,
	                         CURB_BINDS(curb_bind_id(person), curb_int(day),
	                                    curb_int(count_day_begins_ms(day, c->utc_offset_ms)),
	                                    curb_int(count_day_begins_ms(day + 1, c->utc_offset_ms))),
	                         ret_s);
}

int credit_delivered_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        const struct curb_id *unit, struct ranges *ret_ranges)
{
	static const char sql[] = "SELECT ranges FROM credit_delivered WHERE person = $1 AND unit = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(unit)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	return unpack(tx, err ? curb_col_blob(stmt, 0) : curb_str(""), ret_ranges);
}

int credit_delivered_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                          const struct curb_id *unit, const struct ranges *ranges)
{
	static const char sql[] = "INSERT INTO credit_delivered (person, unit, ranges) VALUES ($1, $2, $3) "
				  "ON CONFLICT (person, unit) DO UPDATE SET ranges = $3";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_bind_id(unit),
	                            curb_blob(ranges_pack(curb_tx_arena(tx), ranges))),
	                 NULL);
}
