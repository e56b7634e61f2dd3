/* When a certificate is issued, and how it takes another name: the rules with the rows and the ledger, without pages. */
#include <sodium.h>

#include "certificate.h"
#include "certificate_embedded.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/job.h"
#include "curb/words.h"
#include "helper.h"
#include "ledger.h"
#include "people.h"
#include "roles.h"

static struct curb_host certificate_host = { .magic = CURB_HOST_MAGIC, .owner = "certificate" };

struct house {
	struct fixture f;
	struct note_signer signer;
	struct ledger *ledger;
	struct certificate c;
	struct credit_api credit;
	struct credit_earned earned; /* what the service of hours says of everybody */
	struct curb_id staff, colleague, trainee;
	int64_t now_ms;
};

/* What others are told, one event behind the other; the queue of the core is not here. */
static char told[512];
int curb_emit(struct curb_host *host, struct curb_tx *tx, const char *name, struct curb_str payload)
{
	(void)tx;
	size_t at = strlen(told);
	assert_ptr_equal(host, &certificate_host);
	(void)snprintf(told + at, sizeof told - at, "%s %.*s\n", name, (int)payload.len, payload.ptr);
	return 0;
}

static int tell_earned(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct credit_earned *ret)
{
	(void)tx;
	(void)cohort;
	(void)person;
	*ret = CURB_CONTAINER_OF(self, struct house, credit)->earned;
	return 0;
}

static int tell_member(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person)
{
	(void)self;
	(void)tx;
	(void)cohort;
	(void)person;
	return 0;
}

static struct curb_id add_person(struct house *house, const char *name)
{
	static const char sql[] = "INSERT INTO core_person (id, sign_in, shown, password_hash, made_ms) "
				  "VALUES ($1, $2, $2, '', 1)";
	struct curb_id id = curb_id_new(house->now_ms);
	assert_int_equal(
		write_sql(&house->f, &curb_core_host, sql, CURB_BINDS(curb_bind_id(&id), curb_cstring(name))),
		0);
	return id;
}

static void add_institution(struct house *house)
{
	static const char *const rows[] = {
		"INSERT INTO core_region (id, name) VALUES ('r', 'R')",
		"INSERT INTO core_institution (id, region, name, made_ms) VALUES ('i', 'r', 'Base', 1)",
	};
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(write_sql(&house->f, &curb_core_host, rows[i], CURB_NO_BINDS), 0);
}

/* Of the pages' words, which are not here. */
int64_t curb_day_of(int64_t ms)
{
	return ms / (24 * 3600 * 1000);
}

static struct credit_class class_of_ten(void)
{
	return (struct credit_class){ .id = curb_id_of(curb_str("01a00000-0000-7000-8000-00000000000c")),
		                      .institution = { "i" },
		                      .programme = curb_str("Massage"),
		                      .total_c = 1000,
		                      .offline_c = 600,
		                      .hour_s = 2700,
		                      .starts_ms = 1,
		                      .ends_ms = INT64_C(1835398800000),
		                      .closes_ms = INT64_C(1835398800000) };
}

static int tell_class(const struct credit_api *self, struct curb_tx *tx, struct curb_str id,
                      struct credit_class *ret_class)
{
	(void)self;
	(void)tx;
	(void)id;
	*ret_class = class_of_ten();
	return 0;
}

static int open_house(void **state)
{
	static struct house house;
	const unsigned char seed[32] = { 3 };
	char folder[128];
	told[0] = '\0';
	house = (struct house){ .now_ms = INT64_C(1803862800000) };
	fixture_open(&house.f);
	(void)snprintf(folder, sizeof folder, "%s/ledger", house.f.folder);
	assert_int_equal(note_signer_of("school.example", NOTE_ED25519, seed, &house.signer), 0);
	const struct ledger_options options = {
		.store = house.f.store, .signer = &house.signer, .folder = folder, .every_ms = 60000
	};
	assert_int_equal(store_migrate_part(house.f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(house.f.store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_migrate(house.f.store, &ledger_host, ledger_migrations), 0);
	assert_int_equal(ledger_open(&options, &house.ledger), 0);
	assert_int_equal(store_migrate(house.f.store, &certificate_host, certificate_migrations), 0);
	house.credit = (struct credit_api){ .head = { sizeof house.credit },
		                            .earned = tell_earned,
		                            .member = tell_member,
		                            .class_by_id = tell_class };
	house.c = (struct certificate){ .host = &certificate_host,
		                        .credit = &house.credit,
		                        .key = sign_key_new(seed) };
	certificate_held_api(&house.c.api);
	house.earned = (struct credit_earned){ .total_s = 27000, .counted_s = 27000, .offline_s = 16200 };
	add_institution(&house);
	house.staff = add_person(&house, "staff");
	house.colleague = add_person(&house, "colleague");
	house.trainee = add_person(&house, "Wang");
	*state = &house;
	return 0;
}

static int close_house(void **state)
{
	struct house *house = *state;
	ledger_close(house->ledger);
	sign_key_free(house->c.key);
	fixture_close(&house->f);
	return 0;
}

/* ---- ten class hours, six of them offline ---- */

struct doing {
	struct house *house;
	struct issuing issuing;
	struct withdrawing withdrawing;
	struct sitting sitting;
	struct issued issued;
	struct curb_id made;
};

static int do_issue(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return certificate_issue(&doing->house->c, tx, &doing->issuing, &doing->issued);
}

static int issue_as(struct house *house, uint32_t roles, struct issued *ret)
{
	struct doing doing = { .house = house,
		               .issuing = { .class = class_of_ten(),
		                            .person = house->trainee,
		                            .by = house->staff,
		                            .origin = curb_str("https://school.example"),
		                            .roles = roles,
		                            .role = "staff",
		                            .now_ms = house->now_ms } };
	int err = write_fn(&house->f, do_issue, &doing);
	if (!err && ret)
		*ret = doing.issued;
	return err;
}

static int issue(struct house *house, struct issued *ret)
{
	return issue_as(house, CERTIFICATE_MAKERS, ret);
}

static int do_assess(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	struct house *house = doing->house;
	int err = assess_enter(&house->c, tx, &doing->sitting, "staff");
	return err ? err :
	             assess_sign(&house->c, tx, curb_id_str(&doing->sitting.id), &house->colleague, "staff",
	                         house->now_ms);
}

static void assess(struct house *house, enum outcome theory, enum outcome practice)
{
	struct doing doing = { .house = house,
		               .sitting = { .cohort = class_of_ten().id,
		                            .person = house->trainee,
		                            .theory = theory,
		                            .practice = practice,
		                            .theory_points = -1,
		                            .practice_points = -1,
		                            .examiner = curb_str("Q"),
		                            .adjustments = curb_str("reader"),
		                            .other = curb_str(""),
		                            .reason = curb_str(""),
		                            .entered_by = house->staff,
		                            .entered_ms = house->now_ms++ } };
	assert_int_equal(write_fn(&house->f, do_assess, &doing), 0);
}

static int64_t count(struct house *house, const char *sql)
{
	return read_int(&house->f, &certificate_host, sql, NULL);
}

static void issue__wants_hours_offline_hours_and_both_parts(void **state)
{
	struct house *house = *state;
	const struct credit_earned enough = house->earned;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	assess(house, OUTCOME_PASSED, OUTCOME_FAILED);
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	assess(house, OUTCOME_NONE, OUTCOME_PASSED);
	house->earned.counted_s = enough.total_s - 1;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	house->earned = enough;
	house->earned.offline_s = 16199;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_issued"), 0);
	house->earned = enough;
	assert_int_equal(issue_as(house, CURB_REVIEWER, NULL), CURB_EDENIED);
	assert_int_equal(issue(house, NULL), 0);
	assert_int_equal(issue(house, NULL), CURB_ECONFLICT);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_issued"), 1);
	assert_int_equal(count(house, "SELECT online_c FROM certificate_issued"), 400);
	assert_int_equal(count(house, "SELECT offline_c FROM certificate_issued"), 600);
}

static void issue__a_row_is_never_changed(void **state)
{
	struct house *house = *state;
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, NULL), 0);
	static const char *const changes[] = { "UPDATE certificate_issued SET name = 'x'",
		                               "DELETE FROM certificate_issued",
		                               "UPDATE certificate_assessment SET theory = 'failed'",
		                               "DELETE FROM certificate_assessment" };
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		assert_int_not_equal(write_sql(&house->f, &certificate_host, changes[i], CURB_NO_BINDS), 0);
}

/* ---- what others know ---- */

static void held__tells_of_those_in_force_and_of_all_in_their_order(void **state)
{
	struct house *house = *state;
	struct issued issued;
	struct certificate_held held, *all = NULL;
	size_t n = 0;
	const struct certificate_api *api = &house->c.api;
	const struct curb_id class = class_of_ten().id;
	char expected[128];
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &issued), 0);
	(void)snprintf(expected, sizeof expected, "certificate.issued.v1 {\"id\":\"%s\"}\n", issued.id.text);
	assert_string_equal(told, expected);
	struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
	assert_int_equal(api->in_force(api, tx, &class, &house->trainee, &held), 0);
	assert_string_equal(held.id.text, issued.id.text);
	assert_int_equal(held.hours_c, 1000);
	assert_int_equal(held.withdrawn_ms, 0);
	assert_int_equal(api->in_force(api, tx, &class, &house->staff, &held), CURB_ENOTFOUND);
	assert_int_equal(api->from(api, tx, 0, 10, &all, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(api->from(api, tx, 1, 10, &all, &n), 0);
	assert_int_equal(n, 0);
}

/* ---- another name ---- */

static int do_withdraw(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return certificate_withdraw(&doing->house->c, tx, &doing->withdrawing, &doing->made);
}

static int do_sign(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return certificate_withdraw_sign(&doing->house->c, tx, &doing->withdrawing, &doing->made);
}

static int withdraw(struct house *house, const struct issued *issued, curb_write_fn fn,
                    const struct curb_id *by, bool renew, struct curb_id *ret_made)
{
	struct issued now;
	assert_int_equal(issued_by_id(&house->c, store_begin(house->f.reader, house->f.arena),
	                              curb_id_str(&issued->id), &now),
	                 0);
	store_end(house->f.reader);
	struct doing doing = { .house = house,
		               .withdrawing = { .id = issued->id,
		                                .by = *by,
		                                .shown = now.withdrawal,
		                                .reason = curb_str("the name is wrong"),
		                                .origin = curb_str("https://school.example"),
		                                .role = "staff",
		                                .renew = renew,
		                                .now_ms = house->now_ms++ } };
	int err = write_fn(&house->f, fn, &doing);
	*ret_made = doing.made;
	return err;
}

static void renewal__takes_the_place_of_the_one_with_the_wrong_name(void **state)
{
	struct house *house = *state;
	struct issued issued, renewed;
	struct curb_id made;
	char expected[256];
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &issued), 0);
	assert_int_equal(withdraw(house, &issued, do_withdraw, &house->staff, true, &made), CURB_EUNFIT);
	assert_int_equal(write_sql(&house->f, &curb_core_host,
	                           "UPDATE core_person SET shown = 'Wang Xin' WHERE id = $1",
	                           CURB_BINDS(curb_bind_id(&house->trainee))),
	                 0);
	assert_int_equal(withdraw(house, &issued, do_withdraw, &house->staff, true, &made), 0);
	assert_false(curb_id_some(&made));
	assert_int_equal(withdraw(house, &issued, do_sign, &house->staff, true, &made), CURB_EDENIED);
	house->earned.counted_s = 26999; /* a correction: what is gone is not certified again */
	assert_int_equal(withdraw(house, &issued, do_sign, &house->colleague, true, &made), CURB_EUNFIT);
	assert_int_equal(withdraw(house, &issued, do_withdraw, &house->staff, true, &made), CURB_EUNFIT);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_withdrawal_sign"), 0);
	house->earned.counted_s = 27270;
	assert_int_equal(withdraw(house, &issued, do_sign, &house->colleague, true, &made), 0);
	assert_true(curb_id_some(&made));
	(void)snprintf(expected, sizeof expected,
	               "certificate.issued.v1 {\"id\":\"%s\"}\ncertificate.withdrawn.v1 {\"id\":\"%s\"}\n"
	               "certificate.issued.v1 {\"id\":\"%s\"}\n",
	               issued.id.text, issued.id.text, made.text);
	assert_string_equal(told, expected);
	struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
	assert_int_equal(issued_by_id(&house->c, tx, curb_id_str(&made), &renewed), 0);
	assert_true(curb_str_is(renewed.name, "Wang Xin"));
	assert_string_equal(renewed.replaces.text, issued.id.text);
	assert_int_equal(renewed.online_c * 10 + renewed.place, 4101);
	assert_int_equal(renewed.withdrawn_ms, 0);
	assert_int_equal(issued_by_id(&house->c, tx, curb_id_str(&issued.id), &renewed), 0);
	assert_true(renewed.withdrawn_ms > 0);
	assert_true(curb_str_is(renewed.name, "Wang"));
	assert_int_equal(withdraw(house, &issued, do_sign, &house->colleague, true, &made), CURB_ECONFLICT);
}

static void issue__behind_a_withdrawn_one_is_for_the_federation_and_names_it(void **state)
{
	struct house *house = *state;
	struct issued first, second;
	struct curb_id made;
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &first), 0);
	assert_int_equal(withdraw(house, &first, do_withdraw, &house->staff, false, &made), 0);
	assert_int_equal(withdraw(house, &first, do_sign, &house->colleague, false, &made), 0);
	assert_int_equal(issue(house, NULL), CURB_EDENIED);
	assert_int_equal(issue_as(house, CURB_REVIEWER, &second), 0);
	assert_string_equal(second.replaces.text, first.id.text);
	assert_int_equal(issue_as(house, CURB_REVIEWER, NULL), CURB_ECONFLICT);
}

static void did__of_an_origin_is_that_of_its_host(void **state)
{
	struct house *house = *state;
	assert_true(curb_str_is(credential_did(house->f.arena, curb_str("https://learn.example.org")),
	                        "did:web:learn.example.org"));
	assert_true(curb_str_is(credential_did(house->f.arena, curb_str("http://127.0.0.1:8080")),
	                        "did:web:127.0.0.1%3A8080"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(issue__wants_hours_offline_hours_and_both_parts),
		TEST(issue__a_row_is_never_changed),
		TEST(held__tells_of_those_in_force_and_of_all_in_their_order),
		TEST(renewal__takes_the_place_of_the_one_with_the_wrong_name),
		TEST(issue__behind_a_withdrawn_one_is_for_the_federation_and_names_it),
		TEST(did__of_an_origin_is_that_of_its_host),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
