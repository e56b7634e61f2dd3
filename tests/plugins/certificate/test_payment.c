/* The list by which subsidies are paid: what the entries say, and that there is none where they and the rows differ. */
#include <sodium.h>
#include <sqlite3.h>

#include "curb/ledger.h"
#include "curb/words.h"
#include "house.h"
#include "payment.h"

enum { ONLINE_S = 10800, OFFLINE_S = 16200, DAY_MS = 24 * 3600 * 1000 };

struct written {
	struct house *house;
	const char *kind, *mode;
	int64_t from_ms, seconds, of; /* of: the entry that is countersigned */
	int64_t entry;
};

static int append_fn(struct curb_tx *tx, void *arg)
{
	struct written *w = arg;
	const struct curb_id class = class_of_ten().id;
	bool online = strcmp(w->kind, "online") == 0 || strcmp(w->kind, "moved") == 0;
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&class) },
		                           { online ? "granted" : "seconds", w->seconds, { NULL, 0 } },
		                           { "mode", 0, curb_str(w->mode) },
		                           { "from", w->from_ms, { NULL, 0 } },
		                           { "entry", w->of, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = w->kind,
		                          .at_ms = w->house->now_ms,
		                          .person = w->house->trainee,
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &w->entry);
}

static int64_t append(struct house *house, const char *kind, const char *mode, int64_t day, int64_t seconds,
                      int64_t of)
{
	struct written w = { house, kind, mode, day * DAY_MS, seconds, of, 0 };
	assert_int_equal(write_fn(&house->f, append_fn, &w), 0);
	return w.entry;
}

static void attend(struct house *house, const char *mode, int64_t day, int64_t seconds)
{
	int64_t entry = append(house, seconds < 0 ? "correction" : "sheet", mode, day, seconds, 0);
	(void)append(house, "countersign", mode, 0, seconds, entry);
}

static struct payment_reckoned reckon(struct house *house, const struct payment_wanted *wanted)
{
	const struct payment_wanted all = { .cohort = class_of_ten().id, .institution = { "i" } };
	struct payment_reckoned reckoned = { .size = 0 };
	store_end(house->f.reader);
	assert_int_equal(payment_reckon(&house->c, store_begin(house->f.reader, house->f.arena),
	                                wanted ? wanted : &all, &reckoned),
	                 0);
	return reckoned;
}

/* All of it as it should be. */
static struct issued earn(struct house *house)
{
	struct issued issued;
	house->earned.online_s = ONLINE_S;
	(void)append(house, "online", "", 0, ONLINE_S / 2, 0);
	(void)append(house, "online", "", 0, ONLINE_S / 2, 0);
	attend(house, "onsite", 20000, OFFLINE_S / 2);
	attend(house, "onsite", 20000, OFFLINE_S / 2);
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &issued), 0);
	return issued;
}

static void payment__is_what_the_entries_say(void **state)
{
	struct house *house = *state;
	const struct issued issued = earn(house);
	const struct payment_reckoned reckoned = reckon(house, NULL);
	assert_int_equal(reckoned.fault_count + reckoned.left_count, 0);
	assert_int_equal(reckoned.n, 1);
	assert_int_equal(reckoned.size, issued.entry + 1);
	const struct payment_line *line = &reckoned.lines[0];
	assert_int_equal(line->online_s, ONLINE_S);
	assert_int_equal(line->offline_s, OFFLINE_S);
	assert_int_equal(line->days, 1);
	assert_int_equal(line->first, issued.entry);
	assert_true(curb_str_eq(line->code, issued.code));
	assert_true(curb_str_is(line->name, "W"));
	assert_true(curb_str_is(line->entries, "0-8"));
	assert_int_equal(line->entry_count, 9);
	assert_int_equal(line->before_ms, 0);
}

static void payment__of_days_has_the_certificates_of_these_days(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	int64_t day = curb_day_of(house->now_ms);
	struct payment_wanted wanted = { .institution = { "i" }, .first_day = day, .last_day = day };
	assert_int_equal(reckon(house, &wanted).n, 1);
	wanted.first_day = wanted.last_day = day + 1;
	assert_int_equal(reckon(house, &wanted).n, 0);
	wanted.first_day = wanted.last_day = day - 1;
	assert_int_equal(reckon(house, &wanted).n, 0);
	wanted = (struct payment_wanted){ .institution = { "j" }, .first_day = day, .last_day = day };
	assert_int_equal(reckon(house, &wanted).n, 0);
	wanted.cohort = curb_id_of(curb_str("another"));
	assert_int_equal(reckon(house, &wanted).n, 0);
}

/* Withdrawn by two; with `renew` the same certificate under another name. */
static void withdraw_it(struct house *house, const struct issued *issued, bool renew)
{
	struct curb_id made;
	if (renew)
		assert_int_equal(write_sql(&house->f, &curb_core_host,
		                           "UPDATE core_person SET shown = 'Wang Xin' WHERE id = $1",
		                           CURB_BINDS(curb_bind_id(&house->trainee))),
		                 0);
	store_end(house->f.reader);
	assert_int_equal(withdraw(house, issued, do_withdraw, &house->staff, renew, &made), 0);
	assert_int_equal(withdraw(house, issued, do_sign, &house->colleague, renew, &made), 0);
}

static size_t lines_of_day(struct house *house, int64_t day)
{
	const struct payment_wanted wanted = { .institution = { "i" }, .first_day = day, .last_day = day };
	const struct payment_reckoned reckoned = reckon(house, &wanted);
	assert_int_equal(reckoned.fault_count, 0);
	return reckoned.n;
}

static void payment__of_another_name_keeps_its_day(void **state)
{
	struct house *house = *state;
	const struct issued issued = earn(house);
	int64_t day = curb_day_of(house->now_ms);
	house->now_ms += 40 * (int64_t)DAY_MS;
	withdraw_it(house, &issued, true);
	assert_int_equal(lines_of_day(house, day), 1);
	assert_int_equal(lines_of_day(house, day + 40), 0);
}

static void payment__behind_a_withdrawal_is_of_the_new_day(void **state)
{
	struct house *house = *state;
	const struct issued first = earn(house);
	int64_t day = curb_day_of(house->now_ms);
	withdraw_it(house, &first, false);
	assert_int_equal(lines_of_day(house, day), 0);
	house->now_ms += 40 * (int64_t)DAY_MS;
	assert_int_equal(issue_as(house, CURB_REVIEWER, NULL), 0);
	assert_int_equal(lines_of_day(house, day), 0);
	assert_int_equal(lines_of_day(house, day + 40), 1);
	const struct payment_line *line = reckon(house, NULL).lines;
	assert_int_equal(curb_day_of(line->issued_ms), day + 40);
	assert_int_equal(line->first, first.entry); /* a list that had the first one is told all the same */
}

/* ---- written down ---- */

static struct payment_making making_of(struct house *house)
{
	const struct curb_id id = curb_id_new(house->now_ms);
	struct payment_making making = { .c = &house->c, .reckoned = reckon(house, NULL) };
	making.payment = (struct payment){ .id = id,
		                           .by = house->staff,
		                           .wanted = { .cohort = class_of_ten().id, .institution = { "i" } },
		                           .place = curb_str("Base"),
		                           .programme = curb_str("Massage"),
		                           .checkpoint = curb_str("c"),
		                           .hash = curb_str("h"),
		                           .role = curb_str("auditor"),
		                           .made_ms = ++house->now_ms,
		                           .size = making.reckoned.size };
	making.file = curb_str("file");
	store_end(house->f.reader);
	return making;
}

static void making__of_two_reckoned_at_once_writes_one(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	struct payment_making one = making_of(house), late = making_of(house);
	assert_int_equal(write_fn(&house->f, payment_make, &one), 0);
	assert_int_equal(write_fn(&house->f, payment_make, &late), CURB_ECONFLICT);
	assert_int_equal(late.changed_count, 1);
	assert_string_equal(late.changed[0].text, "It was put into another list meanwhile");
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_payment_line"), 1);
	struct payment_making again = making_of(house);
	assert_int_equal(again.reckoned.lines[0].before_ms, one.payment.made_ms);
	assert_int_equal(write_fn(&house->f, payment_make, &again), 0);
}

static void making__of_a_certificate_withdrawn_meanwhile_writes_none(void **state)
{
	struct house *house = *state;
	const struct issued issued = earn(house);
	struct payment_making making = making_of(house);
	withdraw_it(house, &issued, false);
	assert_int_equal(write_fn(&house->f, payment_make, &making), CURB_ECONFLICT);
	assert_int_equal(making.changed_count, 1);
	assert_string_equal(making.changed[0].text, "The certificate was withdrawn meanwhile");
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_payment"), 0);
}

static void is_refused(struct house *house, const char *why)
{
	const struct payment_reckoned reckoned = reckon(house, NULL);
	for (size_t i = 0; i < reckoned.fault_count; i++)
		if (strstr(reckoned.faults[i].text, why))
			return;
	fail_msg("not refused: %s", why);
}

static void payment__is_refused_when_the_totals_are_others(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	const struct credit_earned right = house->earned;
	assert_int_equal(reckon(house, NULL).fault_count, 0);
	house->earned.online_s++;
	is_refused(house, "The online hours are not those of the entries");
	house->earned = right;
	house->earned.over_s = 1;
	is_refused(house, "The live online hours");
	house->earned = right;
	house->earned.offline_s--;
	is_refused(house, "The offline hours");
	house->earned = right;
	house->earned.pending_s = 60;
	is_refused(house, "The hours that wait");
}

/* One statement, as somebody runs it who has the file. */
static void change(struct house *house, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	store_end(house->f.reader);
	assert_int_equal(sqlite3_open(house->f.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void payment__is_refused_when_results_or_certificates_are_others(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	change(house, "DROP TRIGGER certificate_issued_stays");
	change(house, "UPDATE certificate_issued SET online_c = online_c + 1");
	is_refused(house, "The certificate is not that of the entries");
	change(house, "UPDATE certificate_issued SET online_c = online_c - 1, token = 'x' || token");
	is_refused(house, "The certificate is not that of the entries");
	change(house, "UPDATE certificate_issued SET token = substr(token, 2), entry = entry + 100");
	is_refused(house, "A certificate of the entries is not kept");
	is_refused(house, "A certificate that is kept has no entry");
	change(house, "UPDATE certificate_issued SET entry = entry - 100");
	assert_int_equal(reckon(house, NULL).fault_count, 0);
	change(house, "DELETE FROM certificate_assessment_sign");
	is_refused(house, "The final assessment is not that of the entries");
}

static void payment__leaves_out_whose_hours_were_corrected_since(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	attend(house, "onsite", 20000, -60);
	house->earned.offline_s -= 60;
	house->earned.counted_s -= 60;
	const struct payment_reckoned reckoned = reckon(house, NULL);
	assert_int_equal(reckoned.fault_count, 0);
	assert_int_equal(reckoned.n, 0);
	assert_int_equal(reckoned.left_count, 1);
	assert_non_null(strstr(reckoned.left[0].text, "Hours were corrected since"));
}

static int erase_fn(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	const struct curb_erasure_part part = certificate_erasure_part(&house->c);
	return part.erase(part.self, tx, &house->trainee);
}

static void bug_left__who_was_left_out_and_is_erased_loses_her_name(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	attend(house, "onsite", 20000, -60);
	house->earned.offline_s -= 60;
	house->earned.counted_s -= 60;
	struct payment_making making = making_of(house);
	assert_int_equal(write_fn(&house->f, payment_make, &making), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_payment_left WHERE name <> ''"), 1);
	assert_int_equal(write_fn(&house->f, erase_fn, house), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_payment_left WHERE name <> ''"), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_payment_left"), 1);
}

static void payment__follows_hours_that_moved(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	(void)append(house, "moved", "", 0, 900, 0);
	(void)append(house, "moved", "", 0, -300, 0);
	(void)append(house, "present", "onsite", 20000, 0, 0);
	house->earned.online_s += 600;
	const struct payment_reckoned reckoned = reckon(house, NULL);
	assert_int_equal(reckoned.fault_count, 0);
	assert_int_equal(reckoned.lines[0].online_s, ONLINE_S + 600);
	assert_int_equal(reckoned.lines[0].entry_count, 12);
}

static void payment__counts_days_in_person_that_were_countersigned(void **state)
{
	struct house *house = *state;
	(void)earn(house);
	attend(house, "onsite", 20001, 600);
	attend(house, "onsite", 20001, -600); /* she was not there after all */
	attend(house, "visit", 20002, 600);
	attend(house, "live", 20003, 600);
	(void)append(house, "sheet", "onsite", 20004, 600, 0);
	attend(house, "onsite", 20005, 600);
	house->earned.offline_s += 1200;
	house->earned.live_s = 600;
	house->earned.pending_s = 600;
	const struct payment_reckoned reckoned = reckon(house, NULL);
	assert_int_equal(reckoned.fault_count, 0);
	assert_int_equal(reckoned.lines[0].days, 2);
	assert_int_equal(reckoned.lines[0].online_s, ONLINE_S + 600);
}

static void places__are_cut_into_runs(void **state)
{
	struct curb_str rest = curb_str("7 12-40 41");
	int64_t from = 0, to = 0;
	(void)state;
	assert_true(payment_places_cut(&rest, &from, &to) && from == 7 && to == 7);
	assert_true(payment_places_cut(&rest, &from, &to) && from == 12 && to == 40);
	assert_true(payment_places_cut(&rest, &from, &to) && from == 41 && to == 41);
	assert_false(payment_places_cut(&rest, &from, &to));
	static const char *const wrong[] = { "", "x", "-1", "4-3", "4-x" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		rest = curb_str(wrong[i]);
		assert_false(payment_places_cut(&rest, &from, &to));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(payment__is_what_the_entries_say),
		TEST(payment__of_days_has_the_certificates_of_these_days),
		TEST(payment__of_another_name_keeps_its_day),
		TEST(payment__behind_a_withdrawal_is_of_the_new_day),
		TEST(making__of_two_reckoned_at_once_writes_one),
		TEST(making__of_a_certificate_withdrawn_meanwhile_writes_none),
		TEST(payment__is_refused_when_the_totals_are_others),
		TEST(payment__is_refused_when_results_or_certificates_are_others),
		TEST(payment__leaves_out_whose_hours_were_corrected_since),
		TEST(bug_left__who_was_left_out_and_is_erased_loses_her_name),
		TEST(payment__follows_hours_that_moved),
		TEST(payment__counts_days_in_person_that_were_countersigned),
		TEST(places__are_cut_into_runs),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("payment", tests, NULL, NULL);
}
