/* The job that erases, over rows and a list of its own; the ledger and the job's threads are the test's. */
#include <string.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/ledger.h"
#include "curb/person.h"
#include "erase.h"
#include "helper.h"
#include "inside.h" /* of erasing */
#include "people.h"
#include "roles.h"
#include "work.h"

/* ---- what the job calls ---- */

struct curb_job {
	struct fixture *f;
	struct curb_tx *tx;
};

static int64_t again_ms; /* when the job is to run again; 0: never */

struct curb_tx *curb_job_tx(struct curb_job *job)
{
	return job->tx;
}

struct curb_arena *curb_job_arena(struct curb_job *job)
{
	return job->f->arena;
}

bool curb_job_cancelled(const struct curb_job *job)
{
	(void)job;
	return false;
}

int curb_job_write(struct curb_job *job, struct curb_str key, curb_write_fn fn, void *arg)
{
	const struct store_write write = { .key = key, .fn = fn, .arg = arg };
	store_end(job->f->reader);
	int err = store_write(job->f->store, &write);
	job->tx = store_begin(job->f->reader, job->f->arena);
	return err;
}

int work_at(struct curb_tx *tx, const char *kind, int64_t at_ms)
{
	(void)tx;
	assert_string_equal(kind, "erase");
	again_ms = at_ms;
	return 0;
}

int ledger_forget(struct curb_tx *tx, const struct curb_id *person)
{
	(void)tx;
	(void)person;
	return 0;
}

int ledger_find_forgotten(struct curb_tx *tx, int64_t from, struct ledger_found *ret_found)
{
	(void)tx;
	*ret_found = (struct ledger_found){ .next = from, .end = true };
	return 0;
}

int ledger_erase(struct curb_tx *tx, const struct ledger_found *found)
{
	(void)tx;
	(void)found;
	return 0;
}

int ledger_forget_end(struct curb_tx *tx)
{
	(void)tx;
	return 0;
}

int ledger_tell_erased(struct curb_tx *tx, bool *ret_more)
{
	(void)tx;
	*ret_more = false;
	return 0;
}

int ledger_untold(struct curb_tx *tx, bool *ret_untold)
{
	(void)tx;
	*ret_untold = false;
	return 0;
}

int curb_ledger_takes(struct curb_tx *tx)
{
	(void)tx;
	return 0;
}

int rows_erase(struct curb_tx *tx, const struct curb_id *person)
{
	return curb_exec(&curb_core_host, tx, "DELETE FROM core_person WHERE id = $1",
	                 CURB_BINDS(curb_bind_id(person)), NULL);
}

/* ---- a part whose retention has run, and that cannot erase one of them ---- */

static struct curb_id stubborn;

static int until(void *self, struct curb_tx *tx, const struct curb_id *person, int64_t closed_ms,
                 int64_t *ret_until_ms)
{
	(void)self;
	(void)tx;
	(void)person;
	*ret_until_ms = closed_ms;
	return 0;
}

static int erase(void *self, struct curb_tx *tx, const struct curb_id *person)
{
	(void)self;
	(void)tx;
	return strcmp(person->text, stubborn.text) == 0 ? curb_fail(CURB_EUNFIT, "her rows stay") : 0;
}

static void offer(struct erasure *erasure, const char *name)
{
	const struct curb_erasure_api *api = erasure_service(erasure);
	const struct curb_erasure_part part = { .name = name, .erase = erase, .until = until };
	assert_int_equal(api->offer(api, &part), 0);
}

/* ---- a house ---- */

struct house {
	struct fixture f;
	struct erasure *erasure;
	struct curb_id first, second;
};

static struct curb_id add_closed(struct house *house, const char *name, int64_t closed_ms)
{
	static const char person[] = "INSERT INTO core_person (id, sign_in, shown, password_hash, made_ms) "
				     "VALUES ($1, $2, $2, '', 1)";
	static const char closed[] = "INSERT INTO core_erasure (person, closed_ms) VALUES ($1, $2)";
	struct curb_id id = curb_id_new(closed_ms);
	assert_int_equal(write_sql(&house->f, &curb_core_host, person,
	                           CURB_BINDS(curb_bind_id(&id), curb_cstring(name))),
	                 0);
	assert_int_equal(write_sql(&house->f, &curb_core_host, closed,
	                           CURB_BINDS(curb_bind_id(&id), curb_int(closed_ms))),
	                 0);
	return id;
}

static int open_house(void **state)
{
	static struct house house;
	fixture_open(&house.f);
	assert_int_equal(store_migrate_part(house.f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(house.f.store, &curb_core_host, "roles", roles_migrations), 0);
	house.erasure = erasure_new(house.f.store, house.f.folder.path);
	house.first = add_closed(&house, "first", 1000);
	house.second = add_closed(&house, "second", 2000);
	stubborn = (struct curb_id){ "" };
	again_ms = 0;
	*state = &house;
	return 0;
}

static int close_house(void **state)
{
	struct house *house = *state;
	erasure_free(house->erasure);
	fixture_close(&house->f);
	return 0;
}

static int run(struct house *house)
{
	struct curb_job job = { &house->f, store_begin(house->f.reader, house->f.arena) };
	int err = erasure_jobs[0].run(&job, house->erasure);
	store_end(house->f.reader);
	return err;
}

static int64_t count(struct house *house, const char *sql)
{
	return read_int(&house->f, &curb_core_host, sql, NULL);
}

/* ---- one in the way of others ---- */

static void bug_one__who_cannot_be_erased_holds_up_nobody_behind_her(void **state)
{
	struct house *house = *state;
	offer(house->erasure, "rows");
	assert_int_equal(erasure_begin(house->erasure), 0);
	stubborn = house->first;
	again_ms = 0;
	int64_t now_ms = curb_wall_ms();
	assert_int_equal(run(house), CURB_EUNFIT);
	assert_string_equal(curb_error_text(), "her rows stay");
	assert_int_equal(count(house, "SELECT count(*) FROM core_person WHERE sign_in = 'second'"), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_erasure"), 1);
	assert_true(again_ms > now_ms); /* however many tries this one has */
	stubborn = (struct curb_id){ "" };
	assert_int_equal(run(house), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_person"), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_erasure"), 0);
}

static void bug_part__that_was_removed_is_waited_for_until_it_is_forgotten(void **state)
{
	struct house *house = *state;
	const struct curb_erasure_api *api = erasure_service(house->erasure);
	offer(house->erasure, "rows");
	offer(house->erasure, "removed");
	assert_int_equal(erasure_begin(house->erasure), 0);
	assert_int_equal(erasure_forget_part(house->erasure, curb_str("removed")), CURB_ECONFLICT);
	api->withdraw(api, "removed");
	again_ms = 0;
	assert_int_equal(run(house), CURB_EBUSY);
	assert_int_equal(count(house, "SELECT count(*) FROM core_person"), 2);
	assert_int_not_equal(again_ms, 0);
	assert_int_equal(erasure_forget_part(house->erasure, curb_str("another")), CURB_ENOTFOUND);
	again_ms = 0;
	assert_int_equal(erasure_forget_part(house->erasure, curb_str("removed")), 0);
	assert_int_not_equal(again_ms, 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_change WHERE about = 'removed'"), 1);
	assert_int_equal(run(house), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_person"), 0);
}

/* ---- the list ---- */

static void found(void *arg, const char *text)
{
	assert_non_null(strstr(text, "1 of 2"));
	++*(int *)arg;
}

static int findings(struct house *house)
{
	int n = 0;
	const struct curb_doctor_call call = { .found = found, .arg = &n };
	const struct curb_doctor_check check = erasure_check(house->erasure);
	assert_int_equal(check.run(check.self, store_begin(house->f.reader, house->f.arena), &call), 0);
	store_end(house->f.reader);
	return n;
}

static void bug_list__one_that_is_shorter_than_what_is_known_is_told(void **state)
{
	enum { LINE = ERASURE_MARK + 1 };
	static const char lines[] = "SELECT lines FROM core_erased";
	struct house *house = *state;
	char path[512];
	temp_path(&house->f.folder, "keys/erased", path);
	offer(house->erasure, "rows");
	assert_int_equal(erasure_begin(house->erasure), 0);
	assert_int_equal(run(house), 0);
	assert_int_equal(count(house, lines), 2);
	assert_int_equal(findings(house), 0);
	assert_int_equal(truncate(path, LINE), 0); /* an older copy of the keys was put back */
	assert_int_equal(erasure_begin(house->erasure), 0);
	assert_int_equal(count(house, lines), 2);
	assert_int_equal(findings(house), 1);
	(void)add_closed(house, "third", 3000);
	assert_int_equal(run(house), 0);
	assert_int_equal(count(house, lines), 2);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)
int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(bug_one__who_cannot_be_erased_holds_up_nobody_behind_her),
		CASE(bug_part__that_was_removed_is_waited_for_until_it_is_forgotten),
		CASE(bug_list__one_that_is_shorter_than_what_is_known_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
