/* What goes into a bundle: who differs from what was told, nobody whose account is closed, and only what the other side takes. */
#include <stddef.h>

#include "curb/err.h"
#include "curb/person.h"
#include "exchange.h"
#include "exchange_embedded.h"
#include "helper.h"

enum { MEMBERS_MOST = 4000 };

static struct curb_host exchange_host = { .magic = CURB_HOST_MAGIC, .owner = "exchange" };
static const struct curb_id institution = { "01900000-0000-7000-8000-000000000009" };

/* ---- a server with one class ---- */

static struct {
	size_t members;
	size_t waste; /* bytes that each look at somebody's hours leaves in the arena */
	const char *programme;
	struct curb_str shown[MEMBERS_MOST];
	int64_t counted_s;
} school;

static struct curb_id id_of(size_t i)
{
	struct curb_id id;
	(void)snprintf(id.text, sizeof id.text, "01900000-0000-7000-8000-%012zu", i);
	return id;
}

static int classes_at(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *at,
                      int64_t skip, int64_t most, struct credit_class **ret_classes, size_t *ret_n)
{
	(void)self;
	(void)most;
	*ret_n = skip == 0;
	*ret_classes = curb_alloc(curb_tx_arena(tx), sizeof **ret_classes);
	**ret_classes = (struct credit_class){ .id = id_of(MEMBERS_MOST),
		                               .institution = *at,
		                               .programme = curb_str(school.programme),
		                               .hour_s = 2700,
		                               .starts_ms = 1,
		                               .ends_ms = 2 };
	return 0;
}

static int roster(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *class_id,
                  int64_t skip, int64_t most, struct credit_member **ret_members, size_t *ret_n,
                  int64_t *ret_total)
{
	struct credit_member *members = curb_alloc_n(curb_tx_arena(tx), (size_t)most, sizeof *members);
	size_t n = 0;
	(void)self;
	(void)class_id;
	for (size_t i = (size_t)skip; i < school.members && n < (size_t)most; i++)
		members[n++] = (struct credit_member){ id_of(i), school.shown[i] };
	*ret_members = members;
	*ret_n = n;
	*ret_total = (int64_t)school.members;
	return 0;
}

static int earned(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person, struct credit_earned *ret_earned)
{
	(void)self;
	(void)cohort;
	(void)person;
	(void)curb_alloc(curb_tx_arena(tx), school.waste + 1);
	*ret_earned = (struct credit_earned){ .total_s = 108000, .counted_s = school.counted_s };
	return 0;
}

static const struct credit_api credit = { .classes_at = classes_at, .roster = roster, .earned = earned };

/* Nobody has a number. */
int curb_person_number(struct curb_tx *tx, const struct curb_id *person,
                       const unsigned char key[CURB_NUMBER_KEY], struct curb_person_number *ret_number)
{
	(void)tx;
	(void)person;
	(void)key;
	*ret_number = (struct curb_person_number){ .mark = curb_str(NULL) };
	return 0;
}

int curb_institution_name(struct curb_tx *tx, const struct curb_id *at, struct curb_str *ret_name)
{
	(void)tx;
	(void)at;
	*ret_name = curb_str("Base");
	return 0;
}

/* ---- its rows ---- */

struct office {
	struct fixture f;
	struct exchange x;
	struct bundle_keys receiver;
	struct server server;
	struct collected collected;
};

static int put_server(struct curb_tx *tx, void *arg)
{
	struct office *office = arg;
	return server_put(&office->x, tx, &office->server);
}

static int open_office(void **state)
{
	static struct office office;
	static const unsigned char seeds[2][BUNDLE_KEY] = { { 3 }, { 4 } };
	office = (struct office){ .x = { .host = &exchange_host, .credit = &credit } };
	fixture_open(&office.f);
	assert_int_equal(store_migrate(office.f.store, &exchange_host, exchange_migrations), 0);
	bundle_keys_of(seeds[0], seeds[1], &office.receiver);
	office.server = (struct server){ .id = curb_id_new(1),
		                         .name = curb_str("Province"),
		                         .region = curb_str("r"),
		                         .card = { .ledger_key = curb_str("k") } };
	memcpy(office.server.card.sign_public, office.receiver.sign_public, BUNDLE_KEY);
	memcpy(office.server.card.box_public, office.receiver.box_public, BUNDLE_KEY);
	(void)store_begin(office.f.reader, office.f.arena);
	assert_int_equal(write_fn(&office.f, put_server, &office), 0);
	school.members = 3;
	school.waste = 0;
	school.programme = "Massage";
	school.counted_s = 60;
	for (size_t i = 0; i < MEMBERS_MOST; i++)
		school.shown[i] = curb_str("Li");
	*state = &office;
	return 0;
}

static int close_office(void **state)
{
	struct office *office = *state;
	store_end(office->f.reader);
	fixture_close(&office->f);
	return 0;
}

static int gather(struct office *office)
{
	store_end(office->f.reader);
	curb_arena_reset(office->f.arena);
	return collect(&office->x, store_begin(office->f.reader, office->f.arena), &office->server,
	               &institution, 1, &office->collected);
}

static int tell_fn(struct curb_tx *tx, void *arg)
{
	struct office *office = arg;
	int err = 0;
	for (size_t i = 0; !err && i < office->collected.n; i++)
		err = sent_put(&office->x, tx, &office->server.id, curb_str(office->collected.told[i].key),
		               curb_str(office->collected.told[i].hash));
	return err;
}

/* Tells what differs; how many records that were. */
static size_t tell(struct office *office)
{
	assert_int_equal(gather(office), 0);
	assert_int_equal(write_fn(&office->f, tell_fn, office), 0);
	return office->collected.n;
}

/* As the other side opens it. */
static size_t read_back(struct office *office, struct record **ret_records)
{
	struct curb_str plain;
	size_t n = 0;
	assert_int_equal(bundle_open(office->f.arena, office->collected.sealed, &office->receiver, &plain),
	                 0);
	assert_int_equal(records_read(office->f.arena, plain, ret_records, &n), 0);
	return n;
}

/* ---- who is in it ---- */

static void collect__what_differs(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	assert_int_equal(tell(office), 3);
	assert_int_equal(read_back(office, &records), 3);
	assert_int_equal(records[2].counted_s, 60);
	assert_int_equal(tell(office), 0);
	assert_null(office->collected.sealed.ptr);
	school.counted_s = 61;
	assert_int_equal(tell(office), 3);
}

/* A roster keeps her without a name; the other side refuses a bundle with a record that has none, and what stood in it was told. */
static void bug_closed_account__does_not_spoil_the_bundle(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	assert_int_equal(tell(office), 3);
	school.shown[1] = curb_str("");
	school.counted_s = 61;
	assert_int_equal(tell(office), 2);
	assert_int_equal(read_back(office, &records), 2);
}

/* What the other side would refuse is not sealed. */
static void bug_refused_there__is_not_made_here(void **state)
{
	struct office *office = *state;
	school.programme = "";
	assert_int_equal(gather(office), CURB_EINTERNAL);
}

/* Each look at somebody leaves a thousand bytes: of 4,000 four times what the arena holds. What was told is looked at each time. */
static void bug_many__are_looked_at_in_bounded_memory(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	school.members = MEMBERS_MOST;
	school.waste = 1000;
	for (size_t told = 0; told < MEMBERS_MOST; told += BUNDLE_RECORDS) {
		assert_int_equal(tell(office), BUNDLE_RECORDS);
		assert_int_equal(read_back(office, &records), BUNDLE_RECORDS);
		assert_int_equal(office->collected.more, told + BUNDLE_RECORDS < MEMBERS_MOST);
	}
	assert_int_equal(tell(office), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_office, close_office)
	const struct CMUnitTest tests[] = {
		TEST(collect__what_differs),
		TEST(bug_closed_account__does_not_spoil_the_bundle),
		TEST(bug_refused_there__is_not_made_here),
		TEST(bug_many__are_looked_at_in_bounded_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
