/* Credits that others recognise: two persons, no more than there is, and back again. */
#include "curb/err.h"
#include "house.h"

struct doing {
	struct house *house;
	struct transfer transfer;
	struct curb_id id; /* of what is decided or taken back */
	struct curb_str refusal;
	struct transfer_act act;
};

static int do_ask(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return transfer_ask(&doing->house->b, tx, &doing->transfer, &doing->act);
}

static int do_ask_return(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return transfer_ask_return(&doing->house->b, tx, curb_id_str(&doing->id), &doing->transfer,
	                           &doing->act);
}

static int do_end(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return transfer_end(&doing->house->b, tx, curb_id_str(&doing->id), doing->refusal, &doing->act);
}

static struct doing doing_of(struct house *house, const char *by)
{
	return (struct doing){ .house = house,
		               .transfer = { .deposit = { .cohort = house->cohort, .person = house->person },
		                             .programme = curb_str("Nursing"),
		                             .document = curb_str("No. 12"),
		                             .reason = curb_str("") },
		               .refusal = curb_str(NULL),
		               .act = { .by = curb_id_of(curb_str(by)),
		                        .role = "staff",
		                        .roles = strcmp(by, "federation") == 0 ? CURB_REVIEWER : CURB_STAFF,
		                        .now_ms = ++house->now_ms } };
}

static int ask_of(struct house *house, const char *by, const char *recogniser, int64_t credits_c,
                  struct curb_id *ret_id)
{
	struct doing doing = doing_of(house, by);
	doing.transfer.credits_c = credits_c;
	doing.transfer.recogniser = curb_id_of(curb_str(recogniser));
	int err = write_fn(&house->f, do_ask, &doing);
	if (!err)
		*ret_id = doing.transfer.id;
	return err;
}

static int ask(struct house *house, const char *by, int64_t credits_c, struct curb_id *ret_id)
{
	return ask_of(house, by, "college", credits_c, ret_id);
}

static int ask_return(struct house *house, const char *by, const struct curb_id *id, struct curb_id *ret_id)
{
	struct doing doing = doing_of(house, by);
	doing.id = *id;
	doing.transfer.reason = curb_str("the wrong programme");
	int err = write_fn(&house->f, do_ask_return, &doing);
	if (!err)
		*ret_id = doing.transfer.id;
	return err;
}

static int end(struct house *house, const char *by, const struct curb_id *id, const char *refusal)
{
	struct doing doing = doing_of(house, by);
	doing.id = *id;
	doing.refusal = curb_str(refusal);
	return write_fn(&house->f, do_end, &doing);
}

static int64_t account(struct house *house)
{
	return read_int(&house->f, &bank_host, "SELECT credits_c FROM bank_account", NULL);
}

static void transfer__takes_two_and_no_more_than_there_is(void **state)
{
	struct house *house = *state;
	struct curb_id id, second;
	assert_int_equal(ask(house, "staff", 100, &id), CURB_ENOTFOUND);
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(ask(house, "person", 100, &id), CURB_EDENIED);
	assert_int_equal(ask(house, "staff", 251, &id), CURB_EUNFIT);
	assert_int_equal(ask(house, "staff", 100, &id), 0);
	assert_int_equal(account(house), 250);
	assert_int_equal(ask(house, "staff", 151, &second), CURB_EUNFIT); /* what is asked for is not free */
	assert_int_equal(ask(house, "staff", 150, &second), 0);
	assert_int_equal(end(house, "staff", &id, NULL), CURB_EDENIED);
	assert_int_equal(end(house, "person", &id, NULL), CURB_EDENIED);
	assert_int_equal(end(house, "college", &id, NULL), 0);
	assert_int_equal(end(house, "college", &id, NULL), CURB_ECONFLICT);
	assert_int_equal(account(house), 150);
	assert_int_equal(end(house, "college", &second, "not our programme"), 0);
	assert_int_equal(account(house), 150);
	assert_int_equal(end(house, "college", &second, NULL), CURB_ECONFLICT);
	assert_int_equal(ask(house, "staff", 150, &second), 0); /* it is free again */
	assert_int_equal(findings(house), 0);
}

static void transfer__is_taken_back_by_two_and_once(void **state)
{
	struct house *house = *state;
	struct curb_id id, back, again;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(ask(house, "staff", 100, &id), 0);
	assert_int_equal(ask_return(house, "staff", &id, &back), CURB_ECONFLICT); /* not countersigned yet */
	assert_int_equal(end(house, "college", &id, NULL), 0);
	assert_int_equal(ask_return(house, "person", &id, &back), CURB_EDENIED);
	assert_int_equal(ask_return(house, "staff", &id, &back), 0);
	assert_int_equal(ask_return(house, "staff", &id, &again), CURB_ECONFLICT);
	assert_int_equal(account(house), 150);
	assert_int_equal(end(house, "staff", &back, NULL), CURB_EDENIED);
	assert_int_equal(end(house, "college", &back, NULL), 0);
	assert_int_equal(account(house), 250);
	assert_int_equal(ask_return(house, "staff", &id, &again), CURB_ECONFLICT);
	assert_int_equal(ask_return(house, "staff", &back, &again), CURB_ECONFLICT);
	assert_int_equal(lines(house), 3);
	assert_int_equal(findings(house), 0);
}

static void transfer__falls_with_its_certificate(void **state)
{
	struct house *house = *state;
	struct curb_id id, waits, back;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(ask(house, "staff", 100, &id), 0);
	assert_int_equal(end(house, "college", &id, NULL), 0);
	assert_int_equal(ask(house, "staff", 50, &waits), 0);
	assert_int_equal(ask_return(house, "staff", &id, &back), 0);
	hold(house, "", 0);
	assert_int_equal(settle(house), 0);
	assert_int_equal(lines(house), 4);
	assert_int_equal(read_int(&house->f, &bank_host, "SELECT sum(credits_c) FROM bank_line", NULL), 0);
	assert_int_equal(end(house, "college", &waits, NULL), CURB_EUNFIT);
	assert_int_equal(end(house, "college", &back, NULL), CURB_EUNFIT);
	assert_int_equal(end(house, "college", &waits, "withdrawn"), 0);
	assert_int_equal(ask(house, "staff", 1, &id), CURB_ENOTFOUND);
	assert_int_equal(findings(house), 0);
}

static void transfer__stays_when_another_certificate_takes_the_place(void **state)
{
	struct house *house = *state;
	struct curb_id id, waits, back;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(ask(house, "staff", 100, &id), 0);
	assert_int_equal(end(house, "college", &id, NULL), 0);
	assert_int_equal(ask(house, "staff", 50, &waits), 0);
	hold(house, "c2", 3200); /* with another name, and the hours of now */
	assert_int_equal(settle(house), 100);
	assert_int_equal(settle(house), 100);
	assert_int_equal(lines(house), 4);
	assert_int_equal(ask(house, "staff", 51, &back), CURB_EUNFIT);
	assert_int_equal(end(house, "college", &waits, NULL), 0);
	assert_int_equal(account(house), 50);
	assert_int_equal(ask_return(house, "staff", &id, &back), 0);
	assert_int_equal(end(house, "college", &back, NULL), 0);
	assert_int_equal(account(house), 150);
	hold(house, "", 0);
	assert_int_equal(settle(house), 0);
	assert_int_equal(findings(house), 0);
}

static void transfer__stands_again_when_another_certificate_is_issued_later(void **state)
{
	struct house *house = *state;
	struct curb_id id, mistake, back;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(ask(house, "staff", 100, &id), 0);
	assert_int_equal(end(house, "college", &id, NULL), 0);
	assert_int_equal(ask(house, "staff", 20, &mistake), 0);
	assert_int_equal(end(house, "college", &mistake, NULL), 0);
	assert_int_equal(ask_return(house, "staff", &mistake, &back), 0);
	assert_int_equal(end(house, "college", &back, NULL), 0);
	static const char *const later[] = { "c2", "c3" };
	for (size_t i = 0; i < 2; i++) {
		hold(house, "", 0);
		assert_int_equal(settle(house), 0);
		hold(house, later[i], 4000);
		assert_int_equal(settle(house), 150); /* what people took back stays taken back */
		assert_int_equal(settle(house), 150);
	}
	assert_int_equal(ask(house, "staff", 151, &back), CURB_EUNFIT);
	hold(house, "", 0);
	assert_int_equal(settle(house), 0);
	hold(house, "c4", 4000);
	house->rule.value = POLICY_LESS; /* it brings nothing, so nothing of it is recognised */
	assert_int_equal(settle(house), 0);
	assert_int_equal(findings(house), 0);
}

static void transfer__of_the_issuer_is_countersigned_by_the_federation(void **state)
{
	struct house *house = *state;
	struct curb_id id, back;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(ask_of(house, "staff", "i", 100, &id), 0);
	assert_int_equal(end(house, "colleague", &id, NULL), CURB_EDENIED);
	assert_int_equal(account(house), 250);
	assert_int_equal(end(house, "federation", &id, NULL), 0);
	assert_int_equal(account(house), 150);
	assert_int_equal(ask_return(house, "staff", &id, &back), 0);
	assert_int_equal(end(house, "colleague", &back, NULL), CURB_EDENIED);
	assert_int_equal(end(house, "colleague", &back, "it is right"), 0);
	assert_int_equal(account(house), 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(transfer__takes_two_and_no_more_than_there_is),
		TEST(transfer__is_taken_back_by_two_and_once),
		TEST(transfer__falls_with_its_certificate),
		TEST(transfer__stays_when_another_certificate_takes_the_place),
		TEST(transfer__stands_again_when_another_certificate_is_issued_later),
		TEST(transfer__of_the_issuer_is_countersigned_by_the_federation),
	};
	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
