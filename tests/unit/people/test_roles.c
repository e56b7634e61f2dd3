/* Grants with places and dates, who reaches whom, places and their names, the list of people, the list of changes. */
#include "cm.h"
#include "curb/err.h"
#include "people_case.h"
#include "roles.h"

/* ---- a country: 37 with 3701 (House) and 3702 ---- */

static struct curb_id house;

static int add_places(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = people_region_add(tx, curb_str("37"), curb_str(NULL), curb_str("山东"));
	if (!err)
		err = people_region_add(tx, curb_str("3701"), curb_str("37"), curb_str("济南"));
	if (!err)
		err = people_region_add(tx, curb_str("3702"), curb_str("37"), curb_str("青岛"));
	return err ? err : people_institution_add(tx, curb_str("3701"), curb_str("House"), NOW, &house);
}

static int set_up(void **state)
{
	int err = people_set_up(state);
	return err ? err : write_now(add_places, NULL);
}
#define ROLE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, people_tear_down)

static int add_grant(struct curb_tx *tx, void *arg)
{
	struct people_grant_row *grant = arg;
	return people_grant_add(tx, grant, NOW, &grant->id);
}

static int give(const struct curb_id *person, uint32_t role, const char *place, struct curb_id *ret_id)
{
	struct people_grant_row grant = { .person = *person, .role = role, .place = curb_str(place) };
	int err = write_now(add_grant, &grant);
	if (!err && ret_id)
		*ret_id = grant.id;
	return err;
}

struct ending {
	struct curb_id id;
	int64_t now_ms;
};

static int end_grant(struct curb_tx *tx, void *arg)
{
	const struct ending *ending = arg;
	return people_grant_end(tx, &ending->id, ending->now_ms);
}

static int end(const struct curb_id *id, int64_t now_ms)
{
	struct ending ending = { *id, now_ms };
	return write_now(end_grant, &ending);
}

static bool reaches(const struct curb_id *person, uint32_t roles, const char *place, int64_t now_ms)
{
	const struct people_actor actor = { *person, roles, now_ms };
	bool yes = false;
	assert_int_equal(people_reaches(store_begin(f.reader, f.arena), &actor, curb_str(place), &yes), 0);
	store_end(f.reader);
	return yes;
}

static bool looks_after(const struct curb_id *person, uint32_t roles, const struct curb_id *whom)
{
	const struct people_actor actor = { *person, roles, NOW + 1 };
	bool yes = false;
	assert_int_equal(people_looks_after(store_begin(f.reader, f.arena), &actor, whom, &yes), 0);
	store_end(f.reader);
	return yes;
}

static bool sees(const struct curb_id *person, uint32_t roles, const struct curb_id *whom)
{
	const struct people_actor actor = { *person, roles, NOW + 1 };
	bool yes = false;
	assert_int_equal(people_sees(store_begin(f.reader, f.arena), &actor, whom, &yes), 0);
	store_end(f.reader);
	return yes;
}

/* ---- reach ---- */

static void reach__goes_down_the_tree_and_not_up_or_across(void **state)
{
	(void)state;
	assert_int_equal(give(&f.li, CURB_STAFF, "3701", NULL), 0);
	assert_true(reaches(&f.li, CURB_STAFF, "3701", NOW));
	assert_true(reaches(&f.li, CURB_STAFF, house.text, NOW));
	assert_false(reaches(&f.li, CURB_STAFF, "37", NOW));
	assert_false(reaches(&f.li, CURB_STAFF, "3702", NOW));
	assert_false(reaches(&f.li, CURB_STAFF, "", NOW));
	assert_false(reaches(&f.li, CURB_TEACHER, "3701", NOW));
	assert_false(reaches(&f.li, CURB_STAFF, "nowhere", NOW));
	assert_int_equal(give(&f.wang, CURB_ADMIN, "", NULL), 0);
	assert_true(reaches(&f.wang, CURB_ADMIN, "", NOW));
	assert_true(reaches(&f.wang, CURB_ADMIN, house.text, NOW));
}

static void reach__sees_people_of_its_places_and_of_former_times(void **state)
{
	(void)state;
	struct curb_id grant;
	assert_int_equal(give(&f.li, CURB_STAFF, "37", NULL), 0);
	assert_false(sees(&f.li, CURB_STAFF, &f.wang)); /* a trainee of no place */
	assert_int_equal(give(&f.wang, CURB_AUTHOR, house.text, &grant), 0);
	assert_true(sees(&f.li, CURB_STAFF, &f.wang));
	assert_int_equal(end(&grant, NOW + 1), 0);
	assert_true(sees(&f.li, CURB_STAFF, &f.wang));
	assert_false(sees(&f.wang, CURB_AUTHOR, &f.li)); /* hers has ended */
}

static void reach__looks_after_people_of_now_alone(void **state)
{
	(void)state;
	struct curb_id grant;
	assert_int_equal(give(&f.li, CURB_STAFF, "37", NULL), 0);
	assert_int_equal(give(&f.wang, CURB_AUTHOR, house.text, &grant), 0);
	assert_true(looks_after(&f.li, CURB_STAFF, &f.wang));
	assert_false(looks_after(&f.li, CURB_TEACHER, &f.wang));
	assert_int_equal(end(&grant, NOW + 1), 0);
	assert_false(looks_after(&f.li, CURB_STAFF, &f.wang));
	assert_int_equal(give(&f.wang, CURB_AUTHOR, "3702", NULL), 0);
	assert_true(looks_after(&f.li, CURB_STAFF, &f.wang));
}

/* ---- giving and ending ---- */

static void grant__begins_and_ends_in_its_time(void **state)
{
	(void)state;
	struct people_grant_row grant = { .person = f.li,
		                          .role = CURB_STAFF,
		                          .place = curb_str("3701"),
		                          .from_ms = NOW + DAY_MS,
		                          .until_ms = NOW + 2 * DAY_MS };
	assert_int_equal(write_now(add_grant, &grant), 0);
	assert_false(reaches(&f.li, CURB_STAFF, "3701", NOW));
	assert_true(reaches(&f.li, CURB_STAFF, "3701", NOW + DAY_MS));
	assert_false(reaches(&f.li, CURB_STAFF, "3701", NOW + 2 * DAY_MS));
	grant.role = CURB_TEACHER;
	grant.until_ms = grant.from_ms;
	assert_int_equal(write_now(add_grant, &grant), CURB_EUNFIT);
}

static void grant__is_refused_twice_apart_and_nowhere(void **state)
{
	(void)state;
	assert_int_equal(give(&f.li, CURB_LEARNER, "", NULL), CURB_ECONFLICT); /* she is one already */
	assert_int_equal(give(&f.li, CURB_LEARNER, "3701", NULL), 0);
	assert_int_equal(give(&f.li, CURB_TEACHER, "9999", NULL), CURB_ENOTFOUND);
	assert_int_equal(give(&f.li, CURB_TEACHER, "3701", NULL), 0);
	assert_int_equal(give(&f.li, CURB_ADMIN, "", NULL), CURB_ECONFLICT);
}

static void grant__somebody_always_runs_the_machine(void **state)
{
	(void)state;
	struct curb_id first, second, part;
	assert_int_equal(give(&f.li, CURB_ADMIN, "", &first), 0);
	assert_int_equal(give(&f.wang, CURB_ADMIN, "3701", &part), 0);
	assert_int_equal(end(&first, NOW + 1), CURB_ECONFLICT); /* one of a part is not enough */
	assert_int_equal(give(&f.wang, CURB_ADMIN, "", &second), 0);
	assert_int_equal(end(&first, NOW + 1), 0);
	assert_int_equal(end(&first, NOW + 2), CURB_ECONFLICT);
	assert_int_equal(end(&second, NOW + 2), CURB_ECONFLICT);
}

/* ---- places ---- */

struct change_of_place {
	const char *place, *name;
	int64_t at_ms;
};

static int rename_it(struct curb_tx *tx, void *arg)
{
	const struct change_of_place *change = arg;
	return people_place_rename(tx, curb_str(change->place), curb_str(change->name), change->at_ms);
}

static int close_it(struct curb_tx *tx, void *arg)
{
	const struct change_of_place *change = arg;
	return people_place_close(tx, curb_str(change->place), change->at_ms);
}

static void place__keeps_its_former_names(void **state)
{
	(void)state;
	struct change_of_place change = { house.text, "New House", NOW + DAY_MS };
	struct people_old_name *names = NULL;
	struct people_place place;
	size_t n = 0;
	assert_int_equal(write_now(rename_it, &change), 0);
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(people_place(tx, curb_id_str(&house), &place), 0);
	assert_true(curb_str_is(place.name, "New House") && place.institution);
	assert_int_equal(people_old_names(tx, curb_id_str(&house), &names, &n), 0);
	assert_int_equal(n, 1);
	assert_true(curb_str_is(names[0].name, "House") && names[0].until_ms == NOW + DAY_MS);
	assert_int_equal(people_place_named(tx, curb_str("New House"), &place), 0);
	assert_int_equal(people_place_named(tx, curb_str("House"), &place), CURB_ENOTFOUND);
	store_end(f.reader);
	change.name = "";
	assert_int_equal(write_now(rename_it, &change), CURB_EUNFIT);
}

static void place__closed_takes_no_roles(void **state)
{
	(void)state;
	struct change_of_place change = { "3701", NULL, NOW };
	assert_int_equal(write_now(close_it, &change), 0);
	assert_int_equal(give(&f.li, CURB_TEACHER, "3701", NULL), CURB_EUNFIT);
	change.at_ms = 0;
	assert_int_equal(write_now(close_it, &change), 0);
	assert_int_equal(give(&f.li, CURB_TEACHER, "3701", NULL), 0);
	change.place = "nowhere";
	assert_int_equal(write_now(close_it, &change), CURB_ENOTFOUND);
}

static void place__tree_is_told_as_far_as_it_is_reached(void **state)
{
	(void)state;
	struct people_branch *branches = NULL;
	size_t n = 0;
	assert_int_equal(give(&f.li, CURB_STAFF, "37", NULL), 0);
	const struct people_actor actor = { f.li, CURB_STAFF, NOW };
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(people_places_reached(tx, &actor, 10, &branches, &n), 0);
	assert_int_equal(n, 4);
	assert_true(curb_str_is(branches[0].place.id, "37") && branches[0].depth == 0);
	assert_true(curb_str_is(branches[1].place.id, "3701") && branches[1].depth == 1);
	assert_true(branches[2].place.institution && branches[2].depth == 2);
	assert_int_equal(people_places_reached(tx, &actor, 2, &branches, &n), 0);
	assert_int_equal(n, 3); /* more than two */
	store_end(f.reader);
}

/* ---- the list ---- */

static int64_t listed(const struct curb_id *person, uint32_t roles, struct people_filter filter)
{
	const struct people_actor actor = { *person, roles, NOW + 1 };
	struct people_row *rows = NULL;
	size_t n = 0;
	int64_t total = -1;
	filter.page = 1;
	assert_int_equal(people_list(store_begin(f.reader, f.arena), &actor, &filter, &rows, &n, &total), 0);
	store_end(f.reader);
	assert_int_equal(n, total);
	return total;
}

static void place__is_found_with_what_lies_around_it(void **state)
{
	(void)state;
	struct curb_place place, *around = NULL;
	size_t n = 0;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(curb_place_find(tx, curb_str("House"), &place), 0);
	assert_true(place.institution && curb_str_is(place.id, house.text));
	assert_int_equal(curb_place_find(tx, curb_str("3701"), &place), 0);
	assert_true(!place.institution && curb_str_is(place.name, "济南"));
	assert_int_equal(curb_places_around(tx, curb_id_str(&house), &around, &n), 0);
	assert_int_equal(n, 3);
	assert_true(around[0].institution && curb_str_is(around[2].id, "37"));
	assert_int_equal(curb_places_around(tx, curb_str("nowhere"), &around, &n), CURB_ENOTFOUND);
	store_end(f.reader);
}

static void list__by_name_role_place_and_words(void **state)
{
	(void)state;
	assert_int_equal(store_make_searches(f.store, &curb_core_host, roles_searches), 0);
	assert_int_equal(give(&f.wang, CURB_ADMIN, "", NULL), 0);
	assert_int_equal(give(&f.li, CURB_AUTHOR, house.text, NULL), 0);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .role = 0 }), 2);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .role = CURB_AUTHOR }), 1);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .role = CURB_STAFF }), 0);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .place = curb_str("37") }), 1);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .place = curb_str("3702") }), 0);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .q = curb_str("li") }), 1);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .q = curb_str("13800000001") }),
	                 1);
	assert_int_equal(listed(&f.wang, CURB_ADMIN, (struct people_filter){ .q = curb_str("nobody") }), 0);
	assert_int_equal(listed(&f.li, CURB_AUTHOR, (struct people_filter){ .role = 0 }), 1); /* herself */
	assert_int_equal(listed(&f.li, CURB_AUTHOR, (struct people_filter){ .q = curb_str("13800000001") }),
	                 0);
}

static int forget_list(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = curb_exec(&curb_core_host, tx, "DELETE FROM core_listed", CURB_NO_BINDS, NULL);
	return err ? err :
	             curb_exec(&curb_core_host, tx, "INSERT INTO core_to_list SELECT id FROM core_person",
	                       CURB_NO_BINDS, NULL);
}

static int list_rest(struct curb_tx *tx, void *arg)
{
	return people_list_rest(tx, 1, arg);
}

static void list__takes_in_those_from_before(void **state)
{
	(void)state;
	int64_t n = 0;
	assert_int_equal(write_now(forget_list, NULL), 0);
	for (int64_t wanted = 1; wanted >= 0; wanted--) {
		assert_int_equal(write_now(list_rest, &n), 0);
		assert_int_equal(n, 1);
	}
	assert_int_equal(write_now(list_rest, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(count_of("SELECT count(*) FROM core_listed"), 2);
}

/* ---- changes ---- */

static int note(struct curb_tx *tx, void *arg)
{
	const struct curb_change *change = arg;
	return curb_note_change(tx, change, NOW);
}

static int bend(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, arg, CURB_NO_BINDS, NULL);
}

static void changes__stay_as_they_were_written(void **state)
{
	(void)state;
	const struct curb_change change = { .actor = f.wang,
		                            .about = curb_id_str(&f.li),
		                            .act = "did something" };
	assert_int_equal(write_now(note, (void *)(uintptr_t)&change), 0);
	assert_int_not_equal(write_now(bend, (char[]){ "UPDATE core_change SET actor = 'x'" }), 0);
	assert_int_not_equal(write_now(bend, (char[]){ "DELETE FROM core_change" }), 0);
	assert_int_equal(count_of("SELECT count(*) FROM core_change WHERE act = 'did something'"), 1);
}

static void changes__are_read_within_reach(void **state)
{
	(void)state;
	struct curb_change change = { .actor = f.wang, .about = curb_id_str(&f.li), .act = "one" };
	assert_int_equal(give(&f.li, CURB_AUDITOR, "3701", NULL), 0);
	assert_int_equal(give(&f.wang, CURB_ADMIN, "", NULL), 0);
	assert_int_equal(write_now(note, &change), 0); /* of everything */
	change.place = curb_id_str(&house);
	assert_int_equal(write_now(note, &change), 0);
	change.place = curb_str("3702");
	assert_int_equal(write_now(note, &change), 0);
	static const struct {
		uint32_t role;
		int64_t seen;
	} rows[] = { { CURB_AUDITOR, 1 }, { CURB_ADMIN, 3 } };
	for (size_t i = 0; i < 2; i++) {
		const struct people_actor actor = { i ? f.wang : f.li, rows[i].role, NOW + 1 };
		const struct people_changes wanted = { .page = 1 };
		struct people_change *changes = NULL;
		size_t n = 0;
		int64_t total = 0;
		assert_int_equal(
			people_changes(store_begin(f.reader, f.arena), &actor, &wanted, &changes, &n, &total),
			0);
		store_end(f.reader);
		assert_int_equal(total, rows[i].seen);
		assert_true(curb_str_is(changes[0].about, "Li") && curb_str_is(changes[0].detail, "{}"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLE_TEST(reach__goes_down_the_tree_and_not_up_or_across),
		ROLE_TEST(reach__sees_people_of_its_places_and_of_former_times),
		ROLE_TEST(reach__looks_after_people_of_now_alone),
		ROLE_TEST(grant__begins_and_ends_in_its_time),
		ROLE_TEST(grant__is_refused_twice_apart_and_nowhere),
		ROLE_TEST(grant__somebody_always_runs_the_machine),
		ROLE_TEST(place__keeps_its_former_names),
		ROLE_TEST(place__closed_takes_no_roles),
		ROLE_TEST(place__tree_is_told_as_far_as_it_is_reached),
		ROLE_TEST(place__is_found_with_what_lies_around_it),
		ROLE_TEST(list__by_name_role_place_and_words),
		ROLE_TEST(list__takes_in_those_from_before),
		ROLE_TEST(changes__stay_as_they_were_written),
		ROLE_TEST(changes__are_read_within_reach),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
