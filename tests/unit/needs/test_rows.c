/* What is kept: sealed, undone, used by others only with consent, and every use written down. */
#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "needs.h"
#include "people.h"
#include "roles.h"
#include "store.h"
#include "temp.h"

static const int64_t now = 1800000000000, hour = 3600000;
enum { LEARNER, FAMILY, STAFF_HERE, STAFF_ELSEWHERE, OTHER, PEOPLE };

static struct fixture {
	struct temp_folder folder;
	struct curb_store *store;
	struct store_reader *reader;
	struct curb_arena *arena;
	struct curb_id people[PEOPLE], here, elsewhere;
} f;

struct work {
	int (*fn)(struct curb_tx *tx, const struct work *work);
	const struct curb_id *person, *actor;
	const char *helper;
	struct needs needs;
	struct curb_id consent;
	int64_t at, until;
};

static int run(struct curb_tx *tx, void *arg)
{
	const struct work *work = arg;
	return work->fn(tx, work);
}

static int do_write(const struct work *work)
{
	struct work copy = *work;
	const struct store_write write = { .fn = run, .arg = &copy };
	return store_write(f.store, &write);
}

static int add(struct curb_tx *tx, const char *name, uint32_t role, const struct curb_id *where,
               struct curb_id *ret_id)
{
	const struct people_new person = {
		.name = curb_str(name), .password_hash = "x", .role = role, .institution = curb_id_str(where)
	};
	return people_add(tx, &person, now - hour, ret_id);
}

static int add_people(struct curb_tx *tx, const struct work *work)
{
	(void)work;
	int err = people_region_add(tx, curb_str("62"), curb_str(NULL), curb_str("Gansu"));
	if (!err)
		err = people_institution_add(tx, curb_str("62"), curb_str("here"), now, &f.here);
	if (!err)
		err = people_institution_add(tx, curb_str("62"), curb_str("elsewhere"), now, &f.elsewhere);
	if (!err)
		err = add(tx, "li", CURB_LEARNER, &f.here, &f.people[LEARNER]);
	if (!err)
		err = add(tx, "mother", CURB_HELPER, &f.elsewhere, &f.people[FAMILY]);
	if (!err)
		err = add(tx, "wang", CURB_STAFF, &f.here, &f.people[STAFF_HERE]);
	if (!err)
		err = add(tx, "zhao", CURB_STAFF, &f.elsewhere, &f.people[STAFF_ELSEWHERE]);
	return err ? err : add(tx, "sun", CURB_LEARNER, &f.here, &f.people[OTHER]);
}

static int set_up(void **state)
{
	static const unsigned char key[32] = "a key of the tests, nothing more";
	char path[512];
	(void)state;
	f = (struct fixture){ .folder = temp_folder() };
	temp_path(&f.folder, "a.db", path);
	const struct store_options options = { .path = path, .key = key, .key_id = 1, .fresh_ok = true };
	assert_int_equal(store_open(&options, &f.store), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "needs", needs_migrations), 0);
	assert_int_equal(store_reader_open(f.store, &f.reader), 0);
	f.arena = curb_arena_new(4 << 20);
	const struct work work = { .fn = add_people };
	if (do_write(&work))
		fail_msg("%s", curb_error_text());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_reader_close(f.reader);
	store_close(f.store);
	curb_arena_free(f.arena);
	temp_remove(&f.folder);
	return 0;
}

static int keep(struct curb_tx *tx, const struct work *work)
{
	return needs_keep(tx, work->person, work->actor, &work->needs, work->at);
}

static int undo(struct curb_tx *tx, const struct work *work)
{
	return needs_undo(tx, work->person, work->actor, work->at);
}

static int forget(struct curb_tx *tx, const struct work *work)
{
	return needs_forget(tx, work->person, work->actor, work->at);
}

static int look(struct curb_tx *tx, const struct work *work)
{
	return needs_note(tx, work->person, work->actor, NEEDS_SEEN, work->at);
}

static int consent(struct curb_tx *tx, const struct work *work)
{
	return needs_consent(tx, work->person, curb_str(work->helper), work->until, work->at);
}

static int end_consent(struct curb_tx *tx, const struct work *work)
{
	return needs_consent_end(tx, work->person, &work->consent, work->at);
}

static int end_grants(struct curb_tx *tx, const struct work *work)
{
	return curb_exec(&curb_core_host, tx, "UPDATE core_grant SET until_ms = $2 WHERE person = $1",
	                 CURB_BINDS(curb_bind_id(work->person), curb_int(work->at)), NULL);
}

/* As the learner herself, with these helps. */
static struct work own(int (*fn)(struct curb_tx *tx, const struct work *work), uint32_t helps)
{
	return (struct work){ .fn = fn,
		              .person = &f.people[LEARNER],
		              .actor = &f.people[LEARNER],
		              .needs = { .helps = helps },
		              .at = now };
}

static void must(const struct work work)
{
	if (do_write(&work))
		fail_msg("%s", curb_error_text());
}

static struct needs_kept kept(int who)
{
	struct needs_kept row;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(needs_find(tx, &f.people[who], &row), 0);
	store_end(f.reader);
	return row;
}

static int may(int helper, int64_t at)
{
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	int err = needs_may_help(tx, &f.people[LEARNER], &f.people[helper], at);
	store_end(f.reader);
	return err;
}

static size_t uses(struct needs_use **ret_uses)
{
	size_t n = 0;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(needs_uses(tx, &f.people[LEARNER], 50, ret_uses, &n), 0);
	store_end(f.reader);
	return n;
}

static size_t agreements(int who, bool helped, int64_t at, struct needs_agreement **ret_rows)
{
	size_t n = 0;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(needs_agreements(tx, &f.people[who], helped, at, ret_rows, &n), 0);
	store_end(f.reader);
	return n;
}

static void rows__kept_changed_and_as_before(void **state)
{
	(void)state;
	assert_false(kept(LEARNER).there);
	must(own(keep, 1));
	must(own(keep, 6));
	must(own(keep, 6)); /* the same form twice */
	struct needs_kept row = kept(LEARNER);
	assert_true(row.there && row.changed && row.now.helps == 6 && row.before.helps == 1);
	must(own(undo, 0));
	row = kept(LEARNER);
	assert_true(row.now.helps == 1 && row.before.helps == 6);
	must(own(undo, 0));
	assert_int_equal(kept(LEARNER).now.helps, 6);
	assert_false(kept(OTHER).there);
	must(own(forget, 0));
	assert_false(kept(LEARNER).there);
	const struct work work = own(undo, 0);
	assert_int_equal(do_write(&work), CURB_ENOTFOUND);
}

/* Every file of the folder: the database and what lies beside it. */
static bool on_disk(const char *text)
{
	static const char *const names[] = { "a.db", "a.db-wal", "a.db-shm" };
	bool found = false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t size = 0;
		char *bytes = temp_read(&f.folder, names[i], &size);
		found = found || (bytes && memmem(bytes, size, text, strlen(text)));
		free(bytes);
	}
	return found;
}

static void rows__sealed_at_rest(void **state)
{
	(void)state;
	struct work work = own(keep, 0);
	for (uint32_t i = 0; needs_preset(i); i++)
		work.needs.helps |= 1u << i;
	memset(work.needs.detail, 2, sizeof work.needs.detail);
	must(work);
	assert_true(on_disk("core_needs")); /* the schema is there to read, so the file was looked at */
	assert_true(on_disk(f.people[LEARNER].text));
	const struct needs_preset *row;
	for (size_t i = 0; (row = needs_preset(i)); i++)
		assert_false(on_disk(row->name));
	for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++)
		assert_false(on_disk(needs_term(d)->name));
	assert_false(on_disk("AccessForAll"));
}

static int64_t sealed_length(void)
{
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_query(&curb_core_host, tx,
	                            "SELECT length(needs), length(before) FROM core_needs", CURB_NO_BINDS,
	                            &stmt),
	                 0);
	assert_int_equal(curb_step(stmt), 1);
	int64_t n = curb_col_int(stmt, 0);
	assert_int_equal(n, curb_col_int(stmt, 1));
	curb_reset(stmt);
	store_end(f.reader);
	return n;
}

static void rows__one_length_whatever_was_chosen(void **state)
{
	(void)state;
	must(own(keep, 1));
	int64_t little = sealed_length();
	must(own(keep, 511));
	assert_int_equal(sealed_length(), little);
}

static int move_to_other(struct curb_tx *tx, const struct work *work)
{
	return curb_exec(&curb_core_host, tx, "UPDATE core_needs SET id = $1",
	                 CURB_BINDS(curb_bind_id(work->person)), NULL);
}

static void rows__sealed_for_one_person(void **state)
{
	(void)state;
	struct needs_kept row;
	must(own(keep, 1));
	struct work work = own(move_to_other, 0);
	work.person = &f.people[OTHER];
	must(work);
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(needs_find(tx, &f.people[OTHER], &row), CURB_EINTERNAL);
	store_end(f.reader);
}

static struct work asking(const char *helper)
{
	struct work work = own(consent, 0);
	work.helper = helper;
	work.until = now + 2 * hour;
	return work;
}

static void rows__consent_for_family_and_own_staff_alone(void **state)
{
	(void)state;
	static const char *const refused[] = { "zhao", "sun", "li", "nobody", "" };
	char text[512] = "";
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const struct work work = asking(refused[i]);
		assert_int_equal(do_write(&work), CURB_ENOTFOUND);
		/* who is there and is no helper is told like who is not there */
		if (*text)
			assert_string_equal(text, curb_error_text());
		(void)snprintf(text, sizeof text, "%s", curb_error_text());
	}
	for (int who = FAMILY; who < PEOPLE; who++)
		assert_int_equal(may(who, now), CURB_ENOTFOUND);
	must(asking("mother"));
	must(asking(" WANG "));
	assert_int_equal(may(FAMILY, now), 0);
	assert_int_equal(may(STAFF_HERE, now), 0);
	assert_int_equal(may(STAFF_ELSEWHERE, now), CURB_ENOTFOUND);
	assert_int_equal(may(OTHER, now), CURB_ENOTFOUND);
}

static void rows__consent_ends_by_itself_at_once_and_with_the_role(void **state)
{
	(void)state;
	struct needs_agreement *rows = NULL;
	must(asking("mother"));
	must(asking("wang"));
	must(asking("wang")); /* said again it has the new end, and is one */
	assert_int_equal(may(FAMILY, now + 2 * hour - 1), 0);
	assert_int_equal(may(FAMILY, now + 2 * hour), CURB_ENOTFOUND);
	assert_int_equal(agreements(LEARNER, false, now, &rows), 2);
	assert_true(curb_str_is(rows[0].name, "mother"));
	assert_int_equal(rows[0].until_ms, now + 2 * hour);
	assert_int_equal(agreements(LEARNER, false, now + 2 * hour, &rows), 0);
	assert_int_equal(agreements(FAMILY, true, now, &rows), 1);
	assert_true(curb_str_is(rows[0].name, "li"));
	struct work work = own(end_consent, 0);
	work.consent = rows[0].id;
	work.person = &f.people[OTHER]; /* somebody else cannot take it back */
	assert_int_equal(do_write(&work), CURB_ENOTFOUND);
	work.person = &f.people[LEARNER];
	must(work);
	assert_int_equal(may(FAMILY, now), CURB_ENOTFOUND);
	assert_int_equal(may(STAFF_HERE, now), 0);
	struct work leaving = own(end_grants, 0);
	leaving.person = &f.people[STAFF_HERE];
	must(leaving);
	assert_int_equal(may(STAFF_HERE, now), CURB_ENOTFOUND);
}

static void rows__every_use_is_written_down(void **state)
{
	(void)state;
	struct needs_use *list = NULL;
	struct work first = own(keep, 1);
	first.at = now - 1;
	must(first);
	must(own(keep, 1)); /* no change */
	must(asking("mother"));
	struct work other = own(keep, 2);
	other.actor = &f.people[FAMILY];
	other.at = now + 1;
	must(other);
	other.fn = look;
	other.at = now + 2;
	must(other);
	other.at = now + hour; /* within the hour: once */
	must(other);
	assert_int_equal(uses(&list), 4);
	assert_int_equal(list[0].deed, NEEDS_SEEN);
	assert_int_equal(list[1].deed, NEEDS_SET);
	assert_true(curb_str_is(list[1].actor, "mother") && !list[1].own);
	assert_int_equal(list[2].deed, NEEDS_CONSENT);
	assert_int_equal(list[3].deed, NEEDS_SET);
	assert_true(list[3].own && list[3].at_ms == now - 1);
	other.at = now + 2 + hour;
	must(other);
	assert_int_equal(uses(&list), 5);
	must(own(forget, 0)); /* what is forgotten was used all the same */
	assert_int_equal(uses(&list), 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows__kept_changed_and_as_before),
		TEST(rows__sealed_at_rest),
		TEST(rows__one_length_whatever_was_chosen),
		TEST(rows__sealed_for_one_person),
		TEST(rows__consent_for_family_and_own_staff_alone),
		TEST(rows__consent_ends_by_itself_at_once_and_with_the_role),
		TEST(rows__every_use_is_written_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
