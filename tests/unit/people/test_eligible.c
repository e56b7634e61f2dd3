/* Why a person may be a trainee: the first record holds, a change waits for another person, nothing readable is in the table. */
#include <sodium.h>

#include "cm.h"
#include "curb/err.h"
#include "curb/person.h"
#include "eligible.h"
#include "people_case.h"

#define NUMBER "11010519491231002X11"
#define OTHER "11010519491231002X12"

static const struct curb_id staff = { "01900000-0000-7000-8000-000000000001" },
			    colleague = { "01900000-0000-7000-8000-000000000002" };

struct recorded {
	struct eligible row;
	int err;
};

static int record_fn(struct curb_tx *tx, void *arg)
{
	return people_eligible_record(tx, arg);
}

static struct recorded record(const struct curb_id *person, const char *number)
{
	struct recorded done = { .row = { .id = curb_id_new(NOW),
		                          .person = *person,
		                          .place = curb_str("place"),
		                          .kind = ELIGIBLE_DISABILITY,
		                          .number = curb_str(number),
		                          .whose = curb_str(""),
		                          .recorded_ms = NOW,
		                          .recorded_by = staff } };
	done.err = write_now(record_fn, &done.row);
	return done;
}

struct deciding {
	const struct curb_id *person, *id, *by;
	bool agree;
};

static int decide_fn(struct curb_tx *tx, void *arg)
{
	const struct deciding *d = arg;
	return people_eligible_decide(tx, d->person, d->id, d->by, d->agree, NOW + 1);
}

static int decide(const struct curb_id *person, const struct curb_id *id, const struct curb_id *by,
                  bool agree)
{
	struct deciding deciding = { person, id, by, agree };
	return write_now(decide_fn, &deciding);
}

static void look(const struct curb_id *person, struct eligible *ret_holds, struct eligible *ret_waits)
{
	assert_int_equal(people_eligible(store_begin(f.reader, f.arena), person, ret_holds, ret_waits), 0);
	store_end(f.reader);
}

static void eligible__first_record_holds(void **state)
{
	struct eligible holds, waits;
	(void)state;
	look(&f.li, &holds, &waits);
	assert_false(curb_id_some(&holds.id));
	assert_int_equal(record(&f.li, " 110105 19491231 002x 11").err, 0);
	look(&f.li, &holds, &waits);
	assert_true(curb_str_is(holds.number, NUMBER));
	assert_int_equal(holds.category, 1);
	assert_int_equal(holds.grade, 1);
	assert_false(curb_id_some(&waits.id));
}

static void eligible__change_waits_for_another_person(void **state)
{
	struct eligible holds, waits;
	(void)state;
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	assert_int_equal(record(&f.li, NUMBER).err, CURB_ECONFLICT);
	struct recorded change = record(&f.li, OTHER);
	assert_int_equal(change.err, 0);
	assert_int_equal(record(&f.li, "").err, CURB_ECONFLICT);
	look(&f.li, &holds, &waits);
	assert_true(curb_str_is(holds.number, NUMBER));
	assert_true(curb_str_is(waits.number, OTHER));
	assert_int_equal(decide(&f.li, &change.row.id, &staff, true), CURB_EDENIED);
	assert_int_equal(decide(&f.li, &change.row.id, &f.li, true), CURB_EDENIED);
	assert_int_equal(decide(&f.li, &holds.id, &colleague, true), CURB_ENOTFOUND);
	assert_int_equal(decide(&f.li, &change.row.id, &colleague, true), 0);
	look(&f.li, &holds, &waits);
	assert_true(curb_str_is(holds.number, OTHER));
	assert_false(curb_id_some(&waits.id));
	assert_int_equal(count_of("SELECT count(*) FROM core_eligible WHERE state = 2"), 1);
}

static void eligible__refused_change_leaves_what_holds(void **state)
{
	struct eligible holds, waits;
	(void)state;
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	struct recorded change = record(&f.li, OTHER);
	assert_int_equal(decide(&f.li, &change.row.id, &colleague, false), 0);
	look(&f.li, &holds, &waits);
	assert_true(curb_str_is(holds.number, NUMBER));
	assert_int_equal(decide(&f.li, &change.row.id, &colleague, true), CURB_ENOTFOUND);
	assert_int_equal(record(&f.li, OTHER).err, 0);
}

static void eligible__number_is_of_one_person(void **state)
{
	(void)state;
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	assert_int_equal(record(&f.wang, NUMBER).err, CURB_EUNFIT);
	assert_int_equal(record(&f.wang, "").err, 0);
	struct recorded change = record(&f.wang, OTHER);
	assert_int_equal(change.err, 0);
	struct recorded first = record(&f.li, OTHER);
	assert_int_equal(decide(&f.li, &first.row.id, &colleague, true), 0);
	assert_int_equal(decide(&f.wang, &change.row.id, &colleague, true), CURB_EUNFIT);
}

static struct curb_id place;

static int learn_there(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = people_region_add(tx, curb_str("370100"), curb_str(NULL), curb_str("Jinan"));
	if (!err)
		err = people_institution_add(tx, curb_str("370100"), curb_str("Base"), NOW, &place);
	return err ? err : people_grant(tx, &f.li, CURB_LEARNER, curb_str(NULL), curb_id_str(&place), NOW);
}

static size_t waiting(const struct curb_id *at, const struct curb_id *who, int64_t now_ms)
{
	struct curb_id *persons = NULL;
	size_t n = 0;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(people_eligible_waiting(tx, at, who, now_ms, 5, &persons, &n), 0);
	if (n)
		assert_string_equal(persons[0].text, f.li.text);
	store_end(f.reader);
	return n;
}

static void eligible__waits_where_she_learns_for_somebody_else(void **state)
{
	const struct curb_id other = { "other" };
	(void)state;
	assert_int_equal(write_now(learn_there, NULL), 0);
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	assert_int_equal(waiting(&place, &colleague, NOW), 0);
	assert_int_equal(record(&f.li, OTHER).err, 0);
	assert_int_equal(waiting(&place, &colleague, NOW), 1);
	assert_int_equal(waiting(&place, &staff, NOW), 0);
	assert_int_equal(waiting(&place, &f.li, NOW), 0);
	assert_int_equal(waiting(&other, &colleague, NOW), 0);
	assert_int_equal(waiting(&place, &colleague, NOW - 1), 0);
}

static void eligible__nobody_records_herself(void **state)
{
	struct eligible row = { .id = curb_id_new(NOW),
		                .person = staff,
		                .place = curb_str("place"),
		                .kind = ELIGIBLE_EMPLOYEE,
		                .number = curb_str(""),
		                .whose = curb_str(""),
		                .recorded_ms = NOW,
		                .recorded_by = staff };
	(void)state;
	assert_int_equal(write_now(record_fn, &row), CURB_EDENIED);
	row.person = f.li;
	row.number = curb_str("77");
	assert_int_equal(write_now(record_fn, &row), CURB_EINVAL);
	row.number = curb_str("");
	assert_int_equal(write_now(record_fn, &row), 0);
}

static void eligible__nothing_in_the_table_can_be_read(void **state)
{
	(void)state;
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	assert_int_equal(count_of("SELECT count(*) FROM core_eligible WHERE instr(sealed, '110105') > 0 OR "
	                          "instr(number_index, '110105') > 0 OR instr(sealed, 'number') > 0"),
	                 0);
	assert_int_equal(count_of("SELECT length(number_index) FROM core_eligible"), 64);
}

static struct curb_person_number number_of(const struct curb_id *person, const unsigned char *key)
{
	struct curb_person_number number;
	assert_int_equal(curb_person_number(store_begin(f.reader, f.arena), person, key, &number), 0);
	store_end(f.reader);
	return number;
}

static void eligible__number_for_another_server_is_opened_there_alone(void **state)
{
	unsigned char public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES], plain[64] = "";
	(void)state;
	(void)crypto_box_keypair(public, secret);
	assert_null(number_of(&f.li, public).box.ptr);
	assert_null(number_of(&f.li, public).mark.ptr);
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	assert_int_equal(record(&f.wang, OTHER).err, 0);
	const struct curb_person_number one = number_of(&f.li, public), again = number_of(&f.li, public);
	assert_int_equal(one.box.len, strlen(NUMBER) + crypto_box_SEALBYTES);
	assert_int_equal(
		crypto_box_seal_open(plain, (const unsigned char *)one.box.ptr, one.box.len, public, secret),
		0);
	assert_string_equal((const char *)plain, NUMBER);
	assert_false(curb_str_eq(one.box, again.box));
	assert_true(curb_str_eq(one.mark, again.mark));
	assert_int_equal(one.mark.len, 64);
	assert_true(curb_str_eq(one.mark, number_of(&f.li, NULL).mark));
	assert_null(number_of(&f.li, NULL).box.ptr);
	assert_false(curb_str_eq(one.mark, number_of(&f.wang, public).mark));
}

/* A change counts once it was countersigned. */
static void eligible__number_for_another_server_is_the_one_that_holds(void **state)
{
	unsigned char public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
	(void)state;
	(void)crypto_box_keypair(public, secret);
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	const struct curb_str before = number_of(&f.li, public).mark;
	const struct recorded change = record(&f.li, OTHER);
	assert_true(curb_str_eq(number_of(&f.li, public).mark, before));
	assert_int_equal(decide(&f.li, &change.row.id, &colleague, true), 0);
	assert_false(curb_str_eq(number_of(&f.li, public).mark, before));
}

static const char *text_of(const struct curb_id *person, bool whole)
{
	struct curb_str text;
	assert_int_equal(curb_person_number_text(store_begin(f.reader, f.arena), person, whole, &text), 0);
	store_end(f.reader);
	return curb_cstr(f.arena, text);
}

static void eligible__number_is_told_as_far_as_it_is_shown_or_whole(void **state)
{
	(void)state;
	assert_string_equal(text_of(&f.li, false), "");
	assert_string_equal(text_of(&f.li, true), "");
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	assert_string_equal(text_of(&f.li, false), "110105");
	assert_string_equal(text_of(&f.li, true), NUMBER);
}

static const char *mark_of(const char *typed, bool fits)
{
	bool is = !fits;
	struct curb_str mark;
	curb_number_mark(store_begin(f.reader, f.arena), curb_str(typed), &is, &mark);
	store_end(f.reader);
	assert_int_equal(is, fits);
	return curb_cstr(f.arena, mark);
}

static void eligible__a_number_that_is_typed_has_the_mark_of_whose_it_is(void **state)
{
	(void)state;
	assert_int_equal(record(&f.li, NUMBER).err, 0);
	const char *mark = curb_cstr(f.arena, number_of(&f.li, NULL).mark);
	assert_string_equal(mark_of(NUMBER, true), mark);
	assert_string_equal(mark_of(" 110105 19491231 002x 11 ", true), mark);
	assert_string_not_equal(mark_of(OTHER, true), mark);
	assert_string_not_equal(mark_of("11010519491231002X", false), mark); /* no certificate's */
	assert_string_equal(mark_of("soldier 7", false), mark_of(" soldier 7 ", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(eligible__first_record_holds),
		PEOPLE_TEST(eligible__change_waits_for_another_person),
		PEOPLE_TEST(eligible__refused_change_leaves_what_holds),
		PEOPLE_TEST(eligible__number_is_of_one_person),
		PEOPLE_TEST(eligible__waits_where_she_learns_for_somebody_else),
		PEOPLE_TEST(eligible__nobody_records_herself),
		PEOPLE_TEST(eligible__nothing_in_the_table_can_be_read),
		PEOPLE_TEST(eligible__number_for_another_server_is_opened_there_alone),
		PEOPLE_TEST(eligible__number_for_another_server_is_the_one_that_holds),
		PEOPLE_TEST(eligible__number_is_told_as_far_as_it_is_shown_or_whole),
		PEOPLE_TEST(eligible__a_number_that_is_typed_has_the_mark_of_whose_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
