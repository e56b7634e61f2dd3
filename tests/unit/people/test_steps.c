/* Signing in: known devices, codes for the first time, and the steps of one sign-in. */
#include <stdio.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "people_case.h"

/* ---- known devices ---- */

struct keeping {
	const char *token;
	const struct curb_id *person;
	int64_t now_ms;
	char made[PEOPLE_TOKEN_SIZE];
};

static int keep_fn(struct curb_tx *tx, void *arg)
{
	struct keeping *keeping = arg;
	return people_device_keep(tx, curb_str(keeping->token), keeping->person, keeping->now_ms,
	                          keeping->made);
}

static struct keeping keep(const char *token, const struct curb_id *person, int64_t now_ms)
{
	struct keeping keeping = { token, person, now_ms, "" };
	assert_int_equal(write_now(keep_fn, &keeping), 0);
	assert_int_equal(strlen(keeping.made), PEOPLE_TOKEN_SIZE - 1);
	return keeping;
}

static bool known(const char *token, const struct curb_id *person, int64_t now_ms)
{
	struct curb_str device;
	assert_int_equal(
		people_device_known(store_begin(f.reader, f.arena), curb_str(token), person, now_ms, &device),
		0);
	store_end(f.reader);
	return device.ptr != NULL;
}

static void device__is_known_for_who_signed_in_there(void **state)
{
	(void)state;
	struct keeping first = keep(NULL, &f.li, NOW);
	assert_true(known(first.made, &f.li, NOW));
	assert_false(known(first.made, &f.wang, NOW));
	assert_false(known("somebody else's", &f.li, NOW));
	assert_false(known(NULL, &f.li, NOW));
	assert_false(known(first.made, &f.li, NOW + 180LL * DAY_MS));
	assert_string_equal(keep(first.made, &f.li, NOW + 1).made, first.made);
	/* somebody new on it: the cookie is another one, and both know it */
	struct keeping second = keep(first.made, &f.wang, NOW + 2);
	assert_string_not_equal(second.made, first.made);
	assert_true(known(second.made, &f.li, NOW + 2));
	assert_true(known(second.made, &f.wang, NOW + 2));
	assert_false(known(first.made, &f.li, NOW + 2));
}

static void device__the_last_ten_are_known(void **state)
{
	(void)state;
	char first[PEOPLE_TOKEN_SIZE] = "", last[PEOPLE_TOKEN_SIZE] = "";
	for (int i = 0; i < 11; i++) {
		struct keeping keeping = keep(NULL, &f.li, NOW + i);
		memcpy(i ? last : first, keeping.made, sizeof first);
	}
	assert_false(known(first, &f.li, NOW + 20));
	assert_true(known(last, &f.li, NOW + 20));
	assert_int_equal(count_of("SELECT count(*) FROM core_device"), 10);
}

static int forget_fn(struct curb_tx *tx, void *arg)
{
	return people_device_forget(tx, &f.li, curb_str(arg));
}

static void device__is_forgotten_with_the_others(void **state)
{
	(void)state;
	struct keeping here = keep(NULL, &f.li, NOW), there = keep(NULL, &f.li, NOW),
		       other = keep(NULL, &f.wang, NOW);
	assert_int_equal(write_now(forget_fn, here.made), 0);
	assert_true(known(here.made, &f.li, NOW));
	assert_false(known(there.made, &f.li, NOW));
	assert_true(known(other.made, &f.wang, NOW));
	assert_int_equal(write_now(forget_fn, NULL), 0);
	assert_false(known(here.made, &f.li, NOW));
}

/* ---- codes ---- */

struct coding {
	int64_t now_ms;
	char text[PEOPLE_CODE_TEXT];
};

static int make_fn(struct curb_tx *tx, void *arg)
{
	struct coding *coding = arg;
	return people_code_make(tx, &f.li, &f.wang, coding->now_ms, coding->text);
}

static struct coding make_code(int64_t now_ms)
{
	struct coding coding = { now_ms, "" };
	assert_int_equal(write_now(make_fn, &coding), 0);
	return coding;
}

static struct curb_id found(const struct curb_id *person, const char *text, int64_t now_ms)
{
	struct curb_id id;
	assert_int_equal(
		people_code_find(store_begin(f.reader, f.arena), person, curb_str(text), now_ms, &id), 0);
	store_end(f.reader);
	return id;
}

static int use_fn(struct curb_tx *tx, void *arg)
{
	return people_code_use(tx, arg, NOW + 5);
}

static void code__is_found_as_it_is_typed(void **state)
{
	(void)state;
	struct coding coding = make_code(NOW);
	char plain[PEOPLE_CODE_TEXT] = "", dashes[PEOPLE_CODE_TEXT + 4];
	for (size_t i = 0, n = 0; coding.text[i]; i++)
		if (coding.text[i] != ' ')
			plain[n++] = coding.text[i];
	assert_int_equal(strlen(plain), PEOPLE_CODE_DIGITS);
	(void)snprintf(dashes, sizeof dashes, " %.6s-%.6s ", plain, plain + 6);
	assert_true(found(&f.li, coding.text, NOW).text[0] != 0);
	assert_true(found(&f.li, plain, NOW).text[0] != 0);
	assert_true(found(&f.li, dashes, NOW).text[0] != 0);
	assert_string_equal(found(&f.wang, plain, NOW).text, "");
	plain[11] = plain[11] == '1' ? '2' : '1';
	assert_string_equal(found(&f.li, plain, NOW).text, "");
	plain[11] = 'a';
	assert_false(people_is_code(curb_str(plain)));
	assert_false(people_is_code(curb_str("1234567890123")));
	assert_false(people_is_code(curb_str(NULL)));
}

static void code__is_used_once_and_ends(void **state)
{
	(void)state;
	struct coding coding = make_code(NOW);
	assert_string_equal(found(&f.li, coding.text, NOW + 7LL * DAY_MS).text, "");
	struct curb_id id = found(&f.li, coding.text, NOW + 7LL * DAY_MS - 1);
	assert_int_equal(write_now(use_fn, &id), 0);
	assert_int_equal(write_now(use_fn, &id), CURB_ECONFLICT);
	assert_string_equal(found(&f.li, coding.text, NOW + 6).text, "");
	struct people_code open;
	assert_int_equal(people_code_open(store_begin(f.reader, f.arena), &f.li, NOW + 6, &open), 0);
	store_end(f.reader);
	assert_int_equal(open.made_ms, 0);
}

static void code__a_new_one_ends_the_one_before(void **state)
{
	(void)state;
	struct coding first = make_code(NOW), second = make_code(NOW + 1);
	struct people_code open;
	assert_string_equal(found(&f.li, first.text, NOW + 2).text, "");
	assert_true(strlen(found(&f.li, second.text, NOW + 2).text) > 0);
	assert_int_equal(people_code_open(store_begin(f.reader, f.arena), &f.li, NOW + 2, &open), 0);
	assert_int_equal(open.made_ms, NOW + 1);
	assert_true(curb_str_is(open.made_by, "13800000001"));
	store_end(f.reader);
	/* nobody who reads the database finds the digits */
	assert_int_equal(count_of("SELECT count(*) FROM core_code WHERE length(code_index) <> 64"), 0);
}

/* ---- steps ---- */

struct stepping {
	const char *data;
	int64_t now_ms;
	char token[PEOPLE_TOKEN_SIZE];
	enum people_step_kind kind; /* 0: that of setting up a second step */
};

static int step_fn(struct curb_tx *tx, void *arg)
{
	struct stepping *stepping = arg;
	return people_step_open(tx, &f.li, stepping->kind ? stepping->kind : PEOPLE_STEP_ENROL,
	                        curb_str(stepping->data), stepping->now_ms, stepping->token);
}

static int end_fn(struct curb_tx *tx, void *arg)
{
	return people_step_end(tx, arg);
}

static int find_step(const char *token, int64_t now_ms, struct people_step *ret_step)
{
	int err = people_step_find(store_begin(f.reader, f.arena), curb_str(token), now_ms, ret_step);
	store_end(f.reader);
	return err;
}

static void step__is_open_for_a_day_and_taken_once(void **state)
{
	(void)state;
	struct stepping stepping = { .data = "a secret", .now_ms = NOW };
	struct people_step step;
	assert_int_equal(write_now(step_fn, &stepping), 0);
	assert_int_equal(find_step("another", NOW, &step), CURB_EAUTH);
	assert_int_equal(find_step(stepping.token, NOW + DAY_MS, &step), CURB_EAUTH);
	assert_int_equal(find_step(stepping.token, NOW + DAY_MS - 1, &step), 0);
	assert_string_equal(step.person.text, f.li.text);
	assert_int_equal(step.kind, PEOPLE_STEP_ENROL);
	assert_true(curb_str_is(step.data, "a secret"));
	assert_int_equal(write_now(end_fn, &step.id), 0);
	assert_int_equal(write_now(end_fn, &step.id), CURB_ECONFLICT);
	assert_int_equal(find_step(stepping.token, NOW, &step), CURB_EAUTH);
}

static void step__of_a_new_password_is_open_as_long_as_a_proof(void **state)
{
	(void)state;
	struct stepping stepping = { .now_ms = NOW, .kind = PEOPLE_STEP_CHANGE };
	struct people_step step;
	assert_int_equal(write_now(step_fn, &stepping), 0);
	assert_int_equal(find_step(stepping.token, NOW + PEOPLE_PROVED_MS - 1, &step), 0);
	assert_int_equal(step.kind, PEOPLE_STEP_CHANGE);
	assert_int_equal(find_step(stepping.token, NOW + PEOPLE_PROVED_MS, &step), CURB_EAUTH);
}

static void step__a_person_has_five(void **state)
{
	(void)state;
	struct stepping first = { .now_ms = NOW }, later = { .now_ms = NOW };
	struct people_step step;
	assert_int_equal(write_now(step_fn, &first), 0);
	for (int i = 1; i <= 5; i++) {
		later.now_ms = NOW + i;
		assert_int_equal(write_now(step_fn, &later), 0);
	}
	assert_int_equal(find_step(first.token, NOW + 6, &step), CURB_EAUTH);
	assert_int_equal(find_step(later.token, NOW + 6, &step), 0);
	assert_null(step.data.ptr);
}

static int new_password(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return people_set_password(tx, &f.li, "another hash", false);
}

static int steps_of_wang(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return people_steps_end(tx, &f.wang);
}

static void step__ends_with_the_password_that_opened_it(void **state)
{
	(void)state;
	struct stepping stepping = { .data = "a secret", .now_ms = NOW };
	struct people_step step;
	assert_int_equal(write_now(step_fn, &stepping), 0);
	assert_int_equal(write_now(steps_of_wang, NULL), 0);
	assert_int_equal(find_step(stepping.token, NOW, &step), 0);
	assert_int_equal(write_now(new_password, NULL), 0);
	assert_int_equal(find_step(stepping.token, NOW, &step), CURB_EAUTH);
}

static int change_fn(struct curb_tx *tx, void *arg)
{
	char token[PEOPLE_TOKEN_SIZE];
	return people_step_open(tx, &f.li, PEOPLE_STEP_CHANGE, curb_str((const char *)arg), NOW, token);
}

static int change_of(const struct curb_id *person, const char *data, int64_t now_ms,
                     struct people_step *ret_step)
{
	int err = people_step_of(store_begin(f.reader, f.arena), person, PEOPLE_STEP_CHANGE, curb_str(data),
	                         now_ms, ret_step);
	store_end(f.reader);
	return err;
}

static void step__is_found_by_what_it_is_of(void **state)
{
	(void)state;
	struct stepping other = { .data = "here", .now_ms = NOW };
	struct people_step step;
	assert_int_equal(write_now(step_fn, &other), 0);
	assert_int_equal(change_of(&f.li, "here", NOW, &step), CURB_EAUTH);
	assert_int_equal(write_now(change_fn, (char[]){ "here" }), 0);
	assert_int_equal(write_now(change_fn, (char[]){ "elsewhere" }), 0);
	assert_int_equal(change_of(&f.li, "there", NOW, &step), CURB_EAUTH);
	assert_int_equal(change_of(&f.wang, "here", NOW, &step), CURB_EAUTH);
	assert_int_equal(change_of(&f.li, "here", NOW + DAY_MS, &step), CURB_EAUTH);
	assert_int_equal(change_of(&f.li, "here", NOW, &step), 0);
	assert_string_equal(step.person.text, f.li.text);
	assert_true(curb_str_is(step.data, "here"));
	assert_int_equal(write_now(end_fn, &step.id), 0);
	assert_int_equal(change_of(&f.li, "here", NOW, &step), CURB_EAUTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(device__is_known_for_who_signed_in_there),
		PEOPLE_TEST(device__the_last_ten_are_known),
		PEOPLE_TEST(device__is_forgotten_with_the_others),
		PEOPLE_TEST(code__is_found_as_it_is_typed),
		PEOPLE_TEST(code__is_used_once_and_ends),
		PEOPLE_TEST(code__a_new_one_ends_the_one_before),
		PEOPLE_TEST(step__is_open_for_a_day_and_taken_once),
		PEOPLE_TEST(step__of_a_new_password_is_open_as_long_as_a_proof),
		PEOPLE_TEST(step__a_person_has_five),
		PEOPLE_TEST(step__ends_with_the_password_that_opened_it),
		PEOPLE_TEST(step__is_found_by_what_it_is_of),
	};
	return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
