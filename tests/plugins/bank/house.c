#include "house.h"

#include "bank_embedded.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/job.h"

struct curb_host bank_host = { .magic = CURB_HOST_MAGIC, .owner = "bank" };

/* ---- what the others say ---- */

static int tell_in_force(const struct certificate_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                         const struct curb_id *person, struct certificate_held *ret)
{
	const struct house *house = CURB_CONTAINER_OF(self, struct house, certificate);
	(void)tx;
	(void)cohort;
	(void)person;
	if (house->held.hours_c == 0)
		return curb_fail(CURB_ENOTFOUND, "none");
	*ret = house->held;
	return 0;
}

static int tell_class(const struct credit_api *self, struct curb_tx *tx, struct curb_str id,
                      struct credit_class *ret_class)
{
	const struct house *house = CURB_CONTAINER_OF(self, struct house, credit);
	(void)tx;
	assert_true(curb_str_is(id, house->cohort.text));
	*ret_class = (struct credit_class){ .id = house->cohort, .kind = curb_str("skill") };
	return 0;
}

/* The rule of the day it was issued, of its kind of training, is asked for. */
static int tell_rule(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *institution,
                     struct curb_str kind, int64_t at_ms, const char *word, struct credit_rule *ret_rule)
{
	const struct house *house = CURB_CONTAINER_OF(self, struct house, credit);
	(void)tx;
	assert_string_equal(institution->text, "i");
	assert_true(curb_str_is(kind, "skill"));
	assert_int_equal(at_ms, house->held.issued_ms);
	assert_string_equal(word, "credits");
	if (house->rule.value == POLICY_LESS)
		return curb_fail(CURB_ENOTFOUND, "none");
	*ret_rule = house->rule;
	return 0;
}

/* The queue of the core is not here; nothing that is tried emits. */
int curb_emit(struct curb_host *host, struct curb_tx *tx, const char *name, struct curb_str payload)
{
	(void)host;
	(void)tx;
	(void)name;
	(void)payload;
	return 0;
}

struct curb_str curb_job_payload(const struct curb_job *job)
{
	(void)job;
	return curb_str(NULL);
}

struct curb_arena *curb_job_arena(struct curb_job *job)
{
	(void)job;
	return NULL;
}

struct curb_tx *curb_job_tx(struct curb_job *job)
{
	(void)job;
	return NULL;
}

int curb_job_write(struct curb_job *job, struct curb_str key, curb_write_fn fn, void *arg)
{
	(void)job;
	(void)key;
	(void)fn;
	(void)arg;
	return 0;
}

/* ---- the house ---- */

int open_house(void **state)
{
	static struct house house;
	const unsigned char seed[32] = { 3 };
	char folder[128];
	house = (struct house){ .now_ms = INT64_C(1803862800000),
		                .rule = { .value = 625,
		                          .id = { "rule" },
		                          .title = curb_str("Notice"),
		                          .number = curb_str("No. 7") },
		                .cohort = curb_id_of(curb_str("class")),
		                .person = curb_id_of(curb_str("person")) };
	fixture_open(&house.f);
	(void)snprintf(folder, sizeof folder, "%s/ledger", house.f.folder.path);
	assert_int_equal(note_signer_of("school.example", NOTE_ED25519, seed, &house.signer), 0);
	const struct ledger_options options = {
		.store = house.f.store, .signer = &house.signer, .folder = folder, .every_ms = 60000
	};
	assert_int_equal(store_migrate(house.f.store, &ledger_host, ledger_migrations), 0);
	assert_int_equal(ledger_open(&options, &house.ledger), 0);
	assert_int_equal(store_migrate(house.f.store, &bank_host, bank_migrations), 0);
	house.credit = (struct credit_api){ .head = { sizeof house.credit },
		                            .class_by_id = tell_class,
		                            .rule = tell_rule };
	house.certificate = (struct certificate_api){ .head = { sizeof house.certificate },
		                                      .in_force = tell_in_force };
	house.b = (struct bank){ .host = &bank_host,
		                 .credit = &house.credit,
		                 .certificate = &house.certificate };
	*state = &house;
	return 0;
}

int close_house(void **state)
{
	struct house *house = *state;
	ledger_close(house->ledger);
	fixture_close(&house->f);
	return 0;
}

static int do_settle(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return deposit_settle(&house->b, tx, &house->cohort, &house->person, house->now_ms);
}

/* What the account has then, in hundredths. */
int64_t settle(struct house *house)
{
	house->now_ms += 1000;
	assert_int_equal(write_fn(&house->f, do_settle, house), 0);
	return read_int(&house->f, &bank_host, "SELECT coalesce(sum(credits_c), 0) FROM bank_account", NULL);
}

int64_t lines(struct house *house)
{
	return read_int(&house->f, &bank_host, "SELECT count(*) FROM bank_line", NULL);
}

void hold(struct house *house, const char *id, int64_t hours_c)
{
	house->held = (struct certificate_held){ .id = curb_id_of(curb_str(id)),
		                                 .cohort = house->cohort,
		                                 .institution = { "i" },
		                                 .person = house->person,
		                                 .programme = curb_str("Massage"),
		                                 .hours_c = hours_c,
		                                 .issued_ms = house->now_ms };
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void note_found(void *arg, const char *text)
{
	(void)text;
	++*(int *)arg;
}

int findings(struct house *house)
{
	int n = 0;
	const struct curb_doctor_call call = { .found = note_found, .cancelled = never, .arg = &n };
	const struct curb_doctor_check check = bank_doctor_check(&house->b);
	assert_int_equal(check.run(check.self, store_begin(house->f.reader, house->f.arena), &call), 0);
	store_end(house->f.reader);
	return n;
}
