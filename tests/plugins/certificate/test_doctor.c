/* What the doctor asks certificate: whether its rows are as their entries say. */
#include <sodium.h>

#include "curb/err.h"
#include "curb/ledger.h"
#include "house.h"

struct found {
	char all[4096];
	int n;
};

static void note(void *arg, const char *text)
{
	struct found *found = arg;
	size_t at = strlen(found->all);
	(void)snprintf(found->all + at, sizeof found->all - at, "%s\n", text);
	found->n++;
}

static bool goes_on(void *arg)
{
	(void)arg;
	return false;
}

/* What the doctor is told now. */
static struct found look(struct house *house)
{
	struct found found = { .n = 0 };
	const struct curb_doctor_call call = { note, goes_on, &found };
	const struct curb_doctor_check check = certificate_doctor_check(&house->c);
	assert_int_equal(check.run(check.self, store_begin(house->f.reader, house->f.arena), &call), 0);
	store_end(house->f.reader);
	return found;
}

static void expect(struct house *house, const char *text)
{
	struct found found = look(house);
	if (found.n != 1 || !strstr(found.all, text))
		fail_msg("%d found, not \"%s\": %s", found.n, text, found.all);
}

static void change(struct house *house, const char *sql)
{
	assert_int_equal(write_sql(&house->f, &certificate_host, sql, CURB_NO_BINDS), 0);
}

/* One certificate that was withdrawn, and one behind it. */
static int open_issued(void **state)
{
	struct issued first;
	struct curb_id made;
	int err = open_house(state);
	struct house *house = *state;
	assess(house, OUTCOME_FAILED, OUTCOME_PASSED);
	assess(house, OUTCOME_PASSED, OUTCOME_NONE);
	assert_int_equal(issue(house, &first), 0);
	assert_int_equal(withdraw(house, &first, do_withdraw, &house->staff, false, &made), 0);
	assert_int_equal(withdraw(house, &first, do_sign, &house->colleague, false, &made), 0);
	assert_int_equal(issue_as(house, CURB_REVIEWER, NULL), 0);
	assert_int_equal(look(house).n, 0);
	return err;
}

static void doctor__finds_rows_that_were_changed(void **state)
{
	struct house *house = *state;
	change(house, "UPDATE certificate_withdrawal SET renew = 1");
	struct found found = look(house);
	assert_int_equal(found.n, 2);
	assert_non_null(strstr(found.all, "withdrawal differs (renew)"));
	assert_non_null(strstr(found.all, "withdrawal_countersign differs (renew)"));
	change(house, "UPDATE certificate_withdrawal SET renew = 0");
	change(house, "UPDATE certificate_withdrawal_sign SET person = (SELECT asked_by FROM "
	              "certificate_withdrawal)");
	expect(house, "withdrawal_countersign differs (was done by somebody else)");
}

static void doctor__finds_a_moment_that_was_changed(void **state)
{
	struct house *house = *state;
	change(house, "UPDATE certificate_withdrawal SET asked_ms = asked_ms + 60000");
	expect(house, "withdrawal differs (was made at another time)");
}

static void doctor__finds_rows_that_are_gone_or_were_put_in(void **state)
{
	struct house *house = *state;
	change(house, "DELETE FROM certificate_withdrawal_sign");
	expect(house, "withdrawal_countersign has no row");
	change(house, "INSERT INTO certificate_assessment_sign SELECT id, 'x', 1, 1000 FROM "
	              "certificate_assessment WHERE id NOT IN (SELECT assessment FROM "
	              "certificate_assessment_sign)");
	expect(house, "withdrawal_countersign has no row");
}

#define COPY                                                                                                \
	"INSERT INTO certificate_issued SELECT 'x', 9, 'c', cohort, institution, person, name, programme, " \
	"issuer, "

static void doctor__finds_certificates_that_nobody_issued(void **state)
{
	struct house *house = *state;
	change(house, COPY "online_c, offline_c, starts_ms, ends_ms, NULL, token, issued_by, issued_ms, "
	                   "1000, person FROM certificate_issued WHERE place = 0");
	struct found found = look(house);
	assert_int_equal(found.n, 2); /* its token is that of another place, too */
	assert_non_null(strstr(found.all, "certificate has no entry: entry 1000"));
}

/* Whose it is changes by an entry alone. */
static void doctor__finds_a_certificate_and_a_result_with_another_holder(void **state)
{
	struct house *house = *state;
	change(house, "UPDATE certificate_issued SET holder = 'x' WHERE place = 0");
	expect(house, "certificate is kept for somebody else");
	change(house, "UPDATE certificate_issued SET holder = person");
	change(house, "UPDATE certificate_assessment SET holder = 'x' WHERE entry = 0");
	expect(house, "assessment is kept for somebody else");
	change(house, "UPDATE certificate_assessment SET holder = person");
	change(house, "INSERT INTO certificate_moved SELECT 1000, 'certificate', id, person, person, 1 FROM "
	              "certificate_issued WHERE place = 0");
	expect(house, "certificate_moved has no entry");
}

struct forging {
	struct house *house;
	const char *hash;
	int64_t entry; /* result */
};

static int append(struct curb_tx *tx, void *arg)
{
	struct forging *forging = arg;
	const struct curb_id cohort = class_of_ten().id;
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&cohort) },
		                           { "hash", 0, curb_str(forging->hash) },
		                           { "online_c", 400, { NULL, 0 } },
		                           { "offline_c", 600, { NULL, 0 } } };
	const struct curb_entry entry = { .kind = "certificate",
		                          .at_ms = forging->house->now_ms,
		                          .person = forging->house->trainee,
		                          .by = forging->house->staff,
		                          .role = "staff",
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &forging->entry);
}

static void doctor__finds_a_token_and_a_name_that_were_changed(void **state)
{
	static const char sql[] = COPY "400, 600, starts_ms, ends_ms, NULL, token || 'x', $1, $2, $3, person "
				       "FROM certificate_issued WHERE place = 0";
	struct house *house = *state;
	struct forging forging = { .house = house, .hash = "00" };
	assert_int_equal(write_fn(&house->f, append, &forging), 0);
	assert_int_equal(write_sql(&house->f, &certificate_host, sql,
	                           CURB_BINDS(curb_bind_id(&house->staff), curb_int(house->now_ms),
	                                      curb_int(forging.entry))),
	                 0);
	struct found found = look(house);
	assert_int_equal(found.n, 2);
	assert_non_null(strstr(found.all, "certificate differs (hash)"));
	assert_non_null(strstr(found.all, "is shown with something else than what was signed"));
}

#define ISSUED(name) cmocka_unit_test_setup_teardown(name, open_issued, close_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ISSUED(doctor__finds_rows_that_were_changed),
		ISSUED(doctor__finds_a_moment_that_was_changed),
		ISSUED(doctor__finds_rows_that_are_gone_or_were_put_in),
		ISSUED(doctor__finds_certificates_that_nobody_issued),
		ISSUED(doctor__finds_a_certificate_and_a_result_with_another_holder),
		ISSUED(doctor__finds_a_token_and_a_name_that_were_changed),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
