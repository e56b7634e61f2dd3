/* The SQL of learning points. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "points.h"

static int unpack(struct curb_tx *tx, struct curb_str bytes, struct ranges *ret_set)
{
	if (ranges_unpack(curb_tx_arena(tx), bytes.ptr ? bytes : curb_str(""), ret_set))
		return 0;
	return curb_fail(CURB_EINTERNAL, "a stored set of seconds cannot be read");
}

static int read_play(struct curb_tx *tx, struct curb_stmt *stmt, struct credit_play *ret)
{
	struct credit_play play = {
		.self = true,
		.id = curb_col_id(stmt, 0),
		.person = curb_col_id(stmt, 1),
		.unit = curb_col_id(stmt, 2),
		.version = curb_col_id(stmt, 3),
		.media_s = curb_col_int(stmt, 4),
		.unit_s = curb_col_int(stmt, 4),
		.live = curb_col_int(stmt, 5) != 0,
		.budget_ms = curb_col_int(stmt, 6),
		.spent_s = curb_col_int(stmt, 7),
		.last = { curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 9)), curb_col_int(stmt, 10),
		          curb_col_int(stmt, 11) },
		.doubted = curb_col_int(stmt, 12) != 0,
		.position_s = curb_col_int(stmt, 16),
		.ends_ms = INT64_MAX,
	};
	int err = unpack(tx, curb_col_blob(stmt, 8), &play.seqs);
	if (!err)
		err = unpack(tx, curb_col_blob(stmt, 13), &play.seen);
	if (!err)
		err = unpack(tx, curb_col_blob(stmt, 14), &play.credited);
	if (!err)
		err = unpack(tx, curb_col_blob(stmt, 15), &play.delivered);
	if (!err)
		*ret = play;
	return err;
}

/* What counted of the lesson in any class. */
static int in_classes(struct credit *c, struct curb_tx *tx, struct credit_play *play)
{
	static const char sql[] = "SELECT credited FROM credit_coverage WHERE person = $1 AND unit = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql,
	                     CURB_BINDS(curb_bind_id(&play->person), curb_bind_id(&play->unit)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct ranges one;
		err = unpack(tx, curb_col_blob(stmt, 0), &one);
		if (!err)
			play->elsewhere = ranges_union(curb_tx_arena(tx), &play->elsewhere, &one);
	}
	return err;
}

static int find_play(struct credit *c, struct curb_tx *tx, struct curb_str id, struct credit_play *ret_play)
{
	static const char sql[] =
		"SELECT p.id, p.person, p.unit, p.version, p.media_s, p.live, p.budget_ms, p.spent_s, "
		"p.seqs, "
		"p.boot, p.boot_ms, p.wall_ms, p.doubted, v.seen, v.credited, d.ranges, "
		"coalesce(l.position_s, 0) FROM credit_self_play p "
		"LEFT JOIN credit_self_coverage v ON v.person = p.person AND v.unit = p.unit "
		"LEFT JOIN credit_delivered d ON d.person = p.person AND d.unit = p.unit "
		"LEFT JOIN credit_place l ON l.person = p.person AND l.unit = p.unit WHERE p.id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This play is not known here; open the lesson again");
	return read_play(tx, stmt, ret_play);
}

int points_play_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                      struct credit_play *ret_play)
{
	struct credit_play play;
	struct points_rule rule;
	struct points_total total = { .points = 0 };
	int err = find_play(c, tx, id, &play);
	if (!err)
		err = in_classes(c, tx, &play);
	if (!err)
		err = points_rule(c, tx, &play.person, now_ms, &rule);
	if (!err)
		err = points_total(c, tx, &play.person, &total);
	if (err)
		return err;
	play.points = total.points;
	play.rate_m = rule.rate_m;
	play.daily_s = rule.daily_s;
	play.point_s = rule.point_s;
	play.rule = rule.id;
	play.online_s = ranges_total(&play.credited);
	play.cap_s = play.media_s;
	*ret_play = play;
	return 0;
}

int points_play_add(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO credit_self_play (id, person, unit, version, media_s, live, budget_ms, spent_s, "
		"seqs, boot, boot_ms, wall_ms, opened_ms) VALUES ($1, $2, $3, $4, $5, 1, 0, 0, $6, $7, $8, "
		"$9, "
		"$10)";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&play->id), curb_bind_id(&play->person), curb_bind_id(&play->unit),
	                   curb_bind_id(&play->version), curb_int(play->media_s),
	                   curb_blob(ranges_pack(curb_tx_arena(tx), &play->seqs)), curb_text(play->last.boot),
	                   curb_int(play->last.boot_ms), curb_int(play->last.wall_ms), curb_int(now_ms)),
		NULL);
}

int points_play_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play)
{
	static const char sql[] =
		"UPDATE credit_self_play SET live = $2, budget_ms = $3, spent_s = $4, seqs = $5, boot = $6, "
		"boot_ms = $7, wall_ms = $8, doubted = $9 WHERE id = $1";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&play->id), curb_int(play->live), curb_int(play->budget_ms),
	                            curb_int(play->spent_s),
	                            curb_blob(ranges_pack(curb_tx_arena(tx), &play->seqs)),
	                            curb_text(play->last.boot), curb_int(play->last.boot_ms),
	                            curb_int(play->last.wall_ms), curb_int(play->doubted)),
	                 NULL);
}

int points_granted_on(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t day,
                      int64_t *ret_s)
{
	static const char sql[] =
		"SELECT coalesce(sum(granted_s), 0) FROM credit_self_day WHERE person = $1 AND day = $2";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_int(day)), ret_s);
}

int points_coverage_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play)
{
	static const char sql[] =
		"INSERT INTO credit_self_coverage (person, unit, seen, credited, credited_s) VALUES ($1, $2, "
		"$3, $4, $5) ON CONFLICT (person, unit) DO UPDATE SET seen = $3, credited = $4, credited_s = "
		"$5";
	struct curb_arena *arena = curb_tx_arena(tx);
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&play->person), curb_bind_id(&play->unit),
	                            curb_blob(ranges_pack(arena, &play->seen)),
	                            curb_blob(ranges_pack(arena, &play->credited)),
	                            curb_int(ranges_total(&play->credited))),
	                 NULL);
}

int points_add(struct credit *c, struct curb_tx *tx, const struct credit_entry *entry, int64_t points,
               const struct points_total *total)
{
	static const char
		day[] = "INSERT INTO credit_self_day (person, day, unit, granted_s, points) VALUES ($1, $2, "
			"$3, $4, $5) "
			"ON CONFLICT (person, day, unit) DO UPDATE SET granted_s = granted_s + $4, points = "
			"points + $5",
		sum[] = "INSERT INTO credit_points (person, granted_s, rest_s, points) VALUES ($1, $2, "
			"$3, $4) ON CONFLICT (person) DO UPDATE SET granted_s = $2, rest_s = $3, points "
			"= $4";
	int err = curb_exec(c->host, tx, day,
	                    CURB_BINDS(curb_bind_id(&entry->person), curb_int(entry->day),
	                               curb_bind_id(&entry->unit), curb_int(entry->sums.granted_s),
	                               curb_int(points)),
	                    NULL);
	return err ? err :
	             curb_exec(c->host, tx, sum,
	                       CURB_BINDS(curb_bind_id(&entry->person), curb_int(total->granted_s),
	                                  curb_int(total->rest_s), curb_int(total->points)),
	                       NULL);
}

int points_total(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                 struct points_total *ret_total)
{
	static const char sql[] = "SELECT points, granted_s, rest_s FROM credit_points WHERE person = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_total = err ? (struct points_total){ curb_col_int(stmt, 0), curb_col_int(stmt, 1),
		                                  curb_col_int(stmt, 2) } :
	                   (struct points_total){ 0 };
	return 0;
}

int points_standing(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                    const struct content_unit *unit, struct credit_standing *standing)
{
	static const char sql[] = "SELECT coalesce(sum(credited_s), 0) FROM credit_self_coverage WHERE "
				  "person = $1 AND unit = $2";
	struct points_rule rule;
	int err = points_rule(c, tx, person, credit_now().wall_ms, &rule);
	if (err || rule.point_s == 0)
		return err;
	standing->point_s = rule.point_s;
	standing->unit_s = unit->duration_ms / 1000;
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(&unit->id)),
	                         &standing->credited_s);
}

static void read_line(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct points_line *)row = (struct points_line){ .unit = curb_col_id(stmt, 0),
		                                           .day = curb_col_int(stmt, 1),
		                                           .granted_s = curb_col_int(stmt, 2),
		                                           .points = curb_col_int(stmt, 3) };
}

int points_lines_by_day(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        struct points_line **ret_lines, size_t *ret_n)
{
	static const char sql[] =
		"SELECT unit, day, granted_s, points FROM credit_self_day WHERE person = $1 "
		"AND granted_s > 0 ORDER BY day, unit";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person)),
	                     (struct credit_rows){ sizeof(struct points_line), read_line }, ret_lines, ret_n);
}

int points_units(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                 struct curb_id **ret_units, size_t *ret_n)
{
	static const char sql[] = "SELECT unit FROM credit_self_coverage WHERE person = $1 ORDER BY unit";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person)),
	                     (struct credit_rows){ sizeof(struct curb_id), credit_read_id }, ret_units,
	                     ret_n);
}

int points_sets(struct credit *c, struct curb_tx *tx, struct credit_play *play)
{
	static const char sql[] =
		"SELECT seen, credited FROM credit_self_coverage WHERE person = $1 AND unit = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql,
	                     CURB_BINDS(curb_bind_id(&play->person), curb_bind_id(&play->unit)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err && (err = unpack(tx, curb_col_blob(stmt, 0), &play->seen)) == 0)
		err = unpack(tx, curb_col_blob(stmt, 1), &play->credited);
	return err ? err : in_classes(c, tx, play);
}

int points_lines(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                 const struct credit_lines_part *part, struct points_line **ret_lines, size_t *ret_n,
                 int64_t *ret_total)
{
	static const char
		all[] = "SELECT count(*) FROM credit_self_day WHERE person = $1 AND granted_s > 0",
		sql[] = "SELECT unit, day, granted_s, points FROM credit_self_day WHERE person = $1 "
			"AND granted_s > 0 ORDER BY day DESC, unit LIMIT $2 OFFSET $3";
	int err = credit_one_number(c, tx, all, CURB_BINDS(curb_bind_id(person)), ret_total);
	return err ? err :
	             credit_gather(
			     c, tx, sql,
			     CURB_BINDS(curb_bind_id(person), curb_int(part->most), curb_int(part->skip)),
			     (struct credit_rows){ sizeof(struct points_line), read_line }, ret_lines, ret_n);
}
