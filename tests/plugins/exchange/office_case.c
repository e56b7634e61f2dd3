#include "office_case.h"

#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/person.h"
#include "exchange_embedded.h"

static struct curb_host exchange_host = { .magic = CURB_HOST_MAGIC, .owner = "exchange" };
const struct curb_id office_institution = { "01900000-0000-7000-8000-000000000009" };

/* ---- a server with one class ---- */

struct school school;

struct curb_id id_of(size_t i)
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

static int class_by_id(const struct credit_api *self, struct curb_tx *tx, struct curb_str id,
                       struct credit_class *ret_class)
{
	(void)self;
	(void)tx;
	(void)id;
	*ret_class = (struct credit_class){ .institution = school.institution };
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
	for (size_t i = (size_t)skip + (school.without <= (size_t)skip);
	     i < school.members && n < (size_t)most; i++)
		if (i != school.without)
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

static const struct credit_api credit = {
	.classes_at = classes_at, .class_by_id = class_by_id, .roster = roster, .earned = earned
};

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

/* ---- what is not of here: the ledger takes all, and no request is served ---- */

int curb_ledger_append(struct curb_tx *tx, const struct curb_entry *entry, int64_t *ret_index)
{
	static int64_t entries;
	*ret_index = ++entries;
	(void)tx;
	(void)entry;
	return 0;
}

int curb_ledger_receipt(struct curb_req *req, int64_t index, struct curb_str *ret_text)
{
	(void)req;
	(void)index;
	(void)ret_text;
	return CURB_EBUSY;
}

int curb_ledger_key(struct curb_tx *tx, struct curb_str *ret_key)
{
	(void)tx;
	(void)ret_key;
	return CURB_EBUSY;
}

int curb_ledger_check(struct curb_arena *arena, struct curb_str receipt, struct curb_str key,
                      const struct curb_fact **ret_facts, size_t *ret_n)
{
	(void)arena;
	(void)receipt;
	(void)key;
	(void)ret_facts;
	(void)ret_n;
	return CURB_EBUSY;
}

int curb_write(struct curb_req *req, struct curb_str key, curb_write_fn fn, void *arg)
{
	(void)req;
	(void)key;
	(void)fn;
	(void)arg;
	return CURB_EBUSY;
}

struct curb_tx *curb_req_tx(struct curb_req *req)
{
	(void)req;
	return NULL;
}

struct curb_arena *curb_req_arena(struct curb_req *req)
{
	(void)req;
	return NULL;
}

int exchange_keys(struct exchange *x, struct curb_tx *tx, struct bundle_keys *ret_keys)
{
	(void)x;
	(void)tx;
	(void)ret_keys;
	return CURB_EBUSY;
}

/* ---- its rows ---- */

int put_server(struct curb_tx *tx, void *arg)
{
	struct office *office = arg;
	struct server server = office->server; /* what comes back is of the arena of the write */
	return server_put(&office->x, tx, &server);
}

int open_office(void **state)
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
	school.without = MEMBERS_MOST;
	school.institution = office_institution;
	school.counted_s = 60;
	for (size_t i = 0; i < MEMBERS_MOST; i++)
		school.shown[i] = curb_str("Li");
	*state = &office;
	return 0;
}

int close_office(void **state)
{
	struct office *office = *state;
	store_end(office->f.reader);
	fixture_close(&office->f);
	return 0;
}

int look(struct office *office, bool anew)
{
	store_end(office->f.reader);
	curb_arena_reset(office->f.arena);
	struct curb_tx *tx = store_begin(office->f.reader, office->f.arena);
	return collect(&office->x, tx, &office->server, &office_institution, 1, anew, &office->collected);
}

int make(struct office *office)
{
	struct making making = { .x = &office->x,
		                 .collected = &office->collected,
		                 .role = "reviewer",
		                 .made = { .id = curb_id_new(1),
		                           .server = office->server.id,
		                           .place = curb_str(""),
		                           .records = (int64_t)office->collected.n,
		                           .sealed = office->collected.sealed } };
	return write_fn(&office->f, make_write, &making);
}

size_t tell(struct office *office)
{
	assert_int_equal(look(office, false), 0);
	if (office->collected.n > 0)
		assert_int_equal(make(office), 0);
	return office->collected.n;
}

size_t read_back(struct office *office, struct record **ret_records)
{
	struct curb_str plain;
	size_t n = 0;
	assert_int_equal(bundle_open(office->f.arena, office->collected.sealed, &office->receiver, &plain),
	                 0);
	assert_int_equal(records_read(office->f.arena, plain, ret_records, &n), 0);
	return n;
}

int64_t sent(struct office *office, const char *sql)
{
	return read_int(&office->f, &exchange_host, sql, NULL);
}
