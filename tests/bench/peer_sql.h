/* The statements of a beat.
 * The rule: they are those of plugins/credit/store_play.c, word for word; the bench compares them before it begins.
 */
#ifndef BENCH_PEER_SQL_H
#define BENCH_PEER_SQL_H

enum {
	PEER_BEGIN,
	PEER_PLAY,
	PEER_SAVE,
	PEER_COVERAGE,
	PEER_GRANT,
	PEER_ENTRY,
	PEER_COMMIT,
	PEER_STATEMENTS
};

static const char *const peer_sql[PEER_STATEMENTS] = {
	[PEER_BEGIN] = "BEGIN IMMEDIATE",
	[PEER_PLAY] =
		"SELECT p.id, p.person, p.cohort, p.unit, p.version, p.unit_s, p.media_s, p.live, "
		"p.budget_ms, p.spent_s, p.seqs, p.boot, p.boot_ms, p.wall_ms, p.doubted, k.rate_m, "
		"k.total_c, k.hour_s, k.share_m, t.online_s, v.seen, v.credited, "
		"coalesce(v.position_s, 0), d.ranges "
		"FROM credit_play p JOIN credit_cohort k ON k.id = p.cohort "
		"JOIN credit_trainee t ON t.cohort = p.cohort AND t.person = p.person "
		"LEFT JOIN credit_coverage v ON v.person = p.person AND v.cohort = p.cohort AND v.unit = "
		"p.unit "
		"LEFT JOIN credit_delivered d ON d.person = p.person AND d.unit = p.unit WHERE p.id = $1",
	[PEER_SAVE] = "UPDATE credit_play SET live = $2, budget_ms = $3, spent_s = $4, seqs = "
		      "$5, boot = $6, boot_ms = $7, wall_ms = $8, doubted = $9 WHERE id = $1",
	[PEER_COVERAGE] =
		"INSERT INTO credit_coverage (person, cohort, unit, seen, credited, seen_s, credited_s, "
		"position_s, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
		"ON CONFLICT (person, cohort, unit) DO UPDATE SET "
		"seen = $4, credited = $5, seen_s = $6, credited_s = $7, position_s = $8, at_ms = $9",
	[PEER_GRANT] = "UPDATE credit_trainee SET online_s = online_s + $3 WHERE cohort = $1 AND person = $2",
	[PEER_ENTRY] =
		"INSERT INTO credit_entry (id, kind, at_ms, day, person, cohort, unit, "
		"version, play, seq, played_s, granted_s, again_s, share_s, hours_s, clock_s, "
		"undelivered_s, actor) VALUES ($1, 'online', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
		"$12, $13, $14, $15, $16, $4)",
	[PEER_COMMIT] = "COMMIT",
};

#endif
