/* Maps and comparisons in the database: what was changed meanwhile is told, what names a person is sealed and goes with her. */
#include "curb/err.h"
#include "exchange_embedded.h"
#include "helper.h"
#include "lists.h"

#define NAME "Ouyang Canary"

static struct curb_host exchange_host = { .magic = CURB_HOST_MAGIC, .owner = "exchange" };
static const struct curb_id somebody = { "01900000-0000-7000-8000-000000000001" };

struct house {
	struct fixture f;
	struct exchange x;
	struct map map;
	struct comparison comparison;
	struct difference difference;
	struct curb_str text;
	int64_t n;
};

static int open_house(void **state)
{
	static struct house house;
	house = (struct house){ .x = { .host = &exchange_host } };
	fixture_open(&house.f);
	assert_int_equal(store_migrate(house.f.store, &exchange_host, exchange_migrations), 0);
	(void)store_begin(house.f.reader, house.f.arena);
	*state = &house;
	return 0;
}

static int close_house(void **state)
{
	struct house *house = *state;
	store_end(house->f.reader);
	fixture_close(&house->f);
	return 0;
}

static struct curb_tx *look(struct house *house)
{
	store_end(house->f.reader);
	return store_begin(house->f.reader, house->f.arena);
}

/* ---- maps ---- */

static int add_map(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return map_add(&house->x, tx, &house->map, &somebody, 7);
}

static int set_map(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return map_set(&house->x, tx, &house->map, house->text);
}

static int remove_map(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return map_remove(&house->x, tx, &house->map.id);
}

static void lists__there_is_a_map_to_start_from(void **state)
{
	struct house *house = *state;
	struct map *maps = NULL;
	size_t n = 0;
	assert_int_equal(maps_at(&house->x, look(house), curb_str("[]"), &maps, &n), 0);
	assert_int_equal(n, 1);
	struct curb_str *places = NULL;
	assert_int_equal(map_places(&house->x, look(house), &places, &n), 0);
	assert_true(n == 1 && places[0].len == 0);
	assert_int_equal(maps_at(&house->x, look(house), curb_str("[]"), &maps, &n), 0);
	assert_int_equal(maps[0].n, 12);
	assert_int_equal(maps[0].place.len, 0);
	assert_string_equal(maps[0].columns[0].kind->word, "name");
	assert_string_equal(maps[0].columns[9].kind->word, "result");
	assert_true(maps[0].columns[9].yes.len > 0 && maps[0].columns[9].no.len > 0);
	assert_string_equal(maps[0].columns[11].kind->word, "issued");
}

static void lists__a_map_that_was_changed_meanwhile_is_left_as_it_is(void **state)
{
	struct house *house = *state;
	struct map found;
	house->map = (struct map){ .id = curb_id_new(1),
		                   .place = curb_str("370000"),
		                   .name = curb_str("M"),
		                   .text = curb_str("name\tA\t\t\n") };
	assert_int_equal(write_fn(&house->f, add_map, house), 0);
	house->text = curb_str("name\tB\t\t\n");
	assert_int_equal(write_fn(&house->f, set_map, house), 0);
	house->text = curb_str("name\tC\t\t\n");
	assert_int_equal(write_fn(&house->f, set_map, house), CURB_ECONFLICT); /* it still names A */
	assert_int_equal(map_by_id(&house->x, look(house), curb_id_str(&house->map.id), &found), 0);
	assert_true(curb_str_is(found.text, "name\tB\t\t\n"));
	assert_int_equal(write_fn(&house->f, remove_map, house), 0);
	assert_int_equal(map_by_id(&house->x, look(house), curb_id_str(&house->map.id), &found),
	                 CURB_ENOTFOUND);
}

/* ---- comparisons ---- */

static int begin(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return comparison_begin(&house->x, tx, &house->comparison);
}

static int end(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return comparison_end(&house->x, tx, &house->comparison.id);
}

static int add(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return difference_add(&house->x, tx, &house->comparison.id, house->n, &house->difference,
	                      curb_str("{\"name\":\"" NAME "\"}"));
}

static int forget(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return differences_forget(&house->x, tx, curb_str("person-1"), house->text);
}

static int remove_comparison(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return comparison_remove(&house->x, tx, &house->comparison.id);
}

static void begun(struct house *house)
{
	house->comparison = (struct comparison){ .id = curb_id_new(1),
		                                 .by = somebody,
		                                 .place = curb_str("370000"),
		                                 .scope = curb_str("Base"),
		                                 .list = curb_str("M"),
		                                 .made_ms = 5,
		                                 .listed = 4,
		                                 .records = 3,
		                                 .findings = 2,
		                                 .part = true };
	assert_int_equal(write_fn(&house->f, begin, house), 0);
}

static void found(struct house *house, enum difference_kind kind, int64_t row, const char *person,
                  const char *mark)
{
	house->difference = (struct difference){
		.kind = kind, .row = row, .person = curb_str(person), .mark = curb_str(mark)
	};
	assert_int_equal(write_fn(&house->f, add, house), 0);
	house->n++;
}

/* The codes that are left, one behind the other. */
static const char *left(struct house *house, int64_t skip, int64_t most)
{
	struct kept_difference *kept = NULL;
	const char *text = "";
	int64_t total = 0;
	size_t n = 0;
	assert_int_equal(
		differences_of(&house->x, look(house), &house->comparison.id, skip, most, &kept, &n, &total),
		0);
	for (size_t i = 0; i < n; i++)
		text = curb_printf(house->f.arena, "%s%.*s:%d ", text, (int)kept[i].code.len,
		                   kept[i].code.ptr, (int)kept[i].row);
	return curb_printf(house->f.arena, "%sof %d", text, (int)total);
}

static void lists__a_comparison_is_there_when_it_is_whole(void **state)
{
	struct house *house = *state;
	struct comparison *all = NULL, one;
	struct curb_str *places = NULL;
	int64_t total = 0;
	size_t n = 0;
	begun(house);
	found(house, DIFFERENCE_FIGURE, 2, "person-1", NULL);
	assert_int_equal(
		comparisons_at(&house->x, look(house), curb_str("[][370000]"), 0, 9, &all, &n, &total), 0);
	assert_int_equal(n, 0);
	assert_int_equal(comparison_by_id(&house->x, look(house), curb_id_str(&house->comparison.id), &one),
	                 CURB_ENOTFOUND);
	assert_int_equal(write_fn(&house->f, end, house), 0);
	assert_int_equal(
		comparisons_at(&house->x, look(house), curb_str("[][370000]"), 0, 9, &all, &n, &total), 0);
	assert_int_equal(n, 1);
	assert_int_equal(comparison_by_id(&house->x, look(house), curb_id_str(&house->comparison.id), &one),
	                 0);
	assert_int_equal(comparisons_at(&house->x, look(house), curb_str("[370000]"), 1, 9, &all, &n, &total),
	                 0);
	assert_true(n == 0 && total == 1);
	assert_int_equal(comparisons_at(&house->x, look(house), curb_str("[3700]"), 0, 9, &all, &n, &total),
	                 0);
	assert_true(n == 0 && total == 0);
	assert_int_equal(comparison_places(&house->x, look(house), &places, &n), 0);
	assert_true(n == 1 && curb_str_is(places[0], "370000"));
	assert_true(curb_str_is(one.scope, "Base") && curb_str_is(one.list, "M") &&
	            curb_str_is(one.place, "370000"));
	assert_true(one.made_ms == 5 && one.listed == 4 && one.records == 3 && one.findings == 2 && one.part);
	assert_int_equal(write_fn(&house->f, remove_comparison, house), 0);
	assert_int_equal(comparison_by_id(&house->x, look(house), curb_id_str(&house->comparison.id), &one),
	                 CURB_ENOTFOUND);
	assert_string_equal(left(house, 0, 9), "of 0");
}

static void lists__what_was_not_ended_goes_when_the_next_one_begins(void **state)
{
	struct house *house = *state;
	begun(house);
	found(house, DIFFERENCE_FIGURE, 2, NULL, NULL);
	const struct comparison first = house->comparison;
	begun(house);
	const struct comparison second = house->comparison;
	house->comparison = first;
	assert_string_equal(left(house, 0, 9), "of 0");
	assert_int_equal(write_fn(&house->f, end, house), CURB_ECONFLICT);
	house->comparison = second;
	assert_int_equal(write_fn(&house->f, end, house), 0);
	begun(house);
	house->comparison = second;
	assert_int_equal(write_fn(&house->f, end, house), 0); /* what is whole stays */
}

static void lists__findings_come_in_pages_and_go_with_the_person(void **state)
{
	struct house *house = *state;
	begun(house);
	found(house, DIFFERENCE_FIGURE, 2, "person-1", "m1");
	found(house, DIFFERENCE_ONLY_HERE, 0, "person-2", NULL);
	found(house, DIFFERENCE_ONLY_THERE, 4, NULL, "m1");
	found(house, DIFFERENCE_ONLY_THERE, 5, NULL, NULL);
	assert_string_equal(left(house, 0, 2), "L3:2 L1:0 of 4");
	assert_string_equal(left(house, 2, 9), "L2:4 L2:5 of 4");
	house->text = curb_str(NULL); /* no number of hers is recorded */
	assert_int_equal(write_fn(&house->f, forget, house), 0);
	assert_string_equal(left(house, 0, 9), "L1:0 L2:4 L2:5 of 3");
	house->text = curb_str("m1");
	assert_int_equal(write_fn(&house->f, forget, house), 0);
	assert_string_equal(left(house, 0, 9), "L1:0 L2:5 of 2");
}

static void lists__what_is_said_of_somebody_is_sealed(void **state)
{
	struct house *house = *state;
	struct kept_difference *kept = NULL;
	struct curb_str plain;
	int64_t total = 0;
	size_t n = 0;
	begun(house);
	found(house, DIFFERENCE_FIGURE, 2, "person-1", NULL);
	struct curb_tx *tx = look(house);
	assert_int_equal(differences_of(&house->x, tx, &house->comparison.id, 0, 9, &kept, &n, &total), 0);
	assert_int_equal(n, 1);
	assert_null(memmem(kept[0].sealed.ptr, kept[0].sealed.len, NAME, strlen(NAME)));
	assert_int_equal(
		curb_unseal(tx, "exchange_difference", "sealed", &kept[0].id, kept[0].sealed, &plain), 0);
	assert_true(curb_str_is(plain, "{\"name\":\"" NAME "\"}"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)
	const struct CMUnitTest tests[] = {
		TEST(lists__there_is_a_map_to_start_from),
		TEST(lists__a_map_that_was_changed_meanwhile_is_left_as_it_is),
		TEST(lists__a_comparison_is_there_when_it_is_whole),
		TEST(lists__what_was_not_ended_goes_when_the_next_one_begins),
		TEST(lists__findings_come_in_pages_and_go_with_the_person),
		TEST(lists__what_is_said_of_somebody_is_sealed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
