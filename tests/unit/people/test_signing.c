/* Signing in: who is meant, and tries that are slowed. */
#include <stdio.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "people_case.h"

static int sql_fn(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, arg, CURB_NO_BINDS, NULL);
}

/* ---- who is meant ---- */

static struct people_account find(const char *name)
{
	struct people_account account;
	assert_int_equal(people_account_find(store_begin(f.reader, f.arena), curb_str(name), &account), 0);
	store_end(f.reader);
	return account;
}

static int set_phone(struct curb_tx *tx, void *arg)
{
	return people_set_phone(tx, &f.li, curb_str(arg));
}

static void account__is_found_by_name_and_by_phone(void **state)
{
	(void)state;
	char phone[] = "+86 138-0000-0000", none[] = "";
	assert_string_equal(find(" LI ").id.text, f.li.text);
	assert_string_equal(find("li").hash, "x");
	assert_string_equal(find("lo").id.text, "");
	assert_string_equal(find("lo").hash, "");
	assert_string_equal(find("13800000000").id.text, "");
	assert_int_equal(write_now(set_phone, phone), 0);
	assert_string_equal(find("13800000000").id.text, f.li.text);
	assert_string_equal(find("0086 138 0000 0000").id.text, f.li.text);
	assert_string_equal(find("１３８００００００００").id.text, f.li.text);
	assert_string_equal(find("+86(138)0000.0000").id.text, f.li.text);
	assert_int_equal(write_now(set_phone, none), 0);
	assert_string_equal(find("13800000000").id.text, "");
}

static void account__a_phone_is_sealed_and_one_persons(void **state)
{
	(void)state;
	char phone[] = "13800000000", name_of_wang[] = "13800000001", bad[] = "my phone";
	assert_int_equal(write_now(set_phone, phone), 0);
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_str shown;
	assert_int_equal(curb_query(&curb_core_host, tx,
	                            "SELECT phone, phone_index FROM core_person "
	                            "WHERE phone IS NOT NULL",
	                            CURB_NO_BINDS, &stmt),
	                 0);
	assert_int_equal(curb_step(stmt), 1);
	struct curb_str sealed = curb_col_blob(stmt, 0), index = curb_col_text(stmt, 1);
	assert_null(memmem(sealed.ptr, sealed.len, "1380000", 7));
	assert_null(memmem(index.ptr, index.len, "1380000", 7));
	assert_int_equal(people_phone(tx, &f.li, &shown), 0);
	assert_true(curb_str_is(shown, "13800000000"));
	assert_int_equal(people_phone(tx, &f.wang, &shown), 0);
	assert_null(shown.ptr);
	curb_reset(stmt);
	store_end(f.reader);
	assert_int_equal(write_now(set_phone, bad), CURB_EINVAL);
	/* who signs in by these digits keeps doing so */
	assert_int_equal(write_now(set_phone, name_of_wang), 0);
	assert_string_equal(find("13800000001").id.text, f.wang.text);
}

static int set_phone_of_wang(struct curb_tx *tx, void *arg)
{
	return people_set_phone(tx, &f.wang, curb_str(arg));
}

static void account__two_do_not_share_a_phone(void **state)
{
	(void)state;
	char phone[] = "13800000000";
	assert_int_equal(write_now(set_phone, phone), 0);
	assert_int_equal(write_now(set_phone_of_wang, phone), CURB_ECONFLICT);
}

static void account__a_closed_one_is_nobodys(void **state)
{
	(void)state;
	char closed[] = "UPDATE core_person SET closed_ms = 1";
	assert_int_equal(write_now(sql_fn, closed), 0);
	assert_string_equal(find("li").id.text, "");
	assert_string_equal(find("li").hash, "");
}

static void account__browsers_have_words(void **state)
{
	(void)state;
	static const struct {
		const char *agent, *words;
	} rows[] = {
		{ "Mozilla/5.0 (Linux; Android 13; V2) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
		  "Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0",
		  "WeChat, Android" },
		{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0",
		  "Edge, Windows" },
		{ "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0",
		  "Firefox, Linux" },
		{ "curl/7.88", NULL },
	};
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct curb_str words = people_agent(tx, curb_str(rows[i].agent));
		assert_true(rows[i].words ? curb_str_is(words, rows[i].words) : words.ptr == NULL);
	}
	assert_null(people_agent(tx, curb_str(NULL)).ptr);
	store_end(f.reader);
}

/* ---- tries ---- */

struct trying {
	struct people_try try;
	bool ok;
	int64_t now_ms;
};

static int note_fn(struct curb_tx *tx, void *arg)
{
	const struct trying *trying = arg;
	return people_note_try(tx, &trying->try, trying->ok, trying->now_ms);
}

static struct people_try a_try(enum people_try_kind kind, const char *name, const char *address,
                               const char *device)
{
	return (struct people_try){ kind, curb_str(name), curb_str(address), curb_str(device) };
}

static struct people_try from(const char *name, const char *address)
{
	return a_try(PEOPLE_TRY_PASSWORD, name, address, NULL);
}

static void note(struct people_try try, bool ok, int64_t now_ms)
{
	assert_int_equal(write_now(note_fn, &(struct trying){ try, ok, now_ms }), 0);
}

/* The seconds to wait, 0 when a try is allowed, -1 when none will be for long. */
static int64_t wait_of(struct people_try try, int64_t now_ms)
{
	int64_t wait_s = 0;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	int err = people_try_allowed(tx, &try, now_ms, &wait_s);
	store_end(f.reader);
	if (wait_s)
		assert_int_equal(err, CURB_ESLOW);
	return err && !wait_s ? -1 : wait_s;
}

static void tries__wait_longer_and_never_over_a_minute(void **state)
{
	(void)state;
	static const int64_t waits[] = { 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	int64_t now_ms = NOW;
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		assert_int_equal(wait_of(from("li", "1.2.3.4"), now_ms), waits[i]);
		assert_int_equal(wait_of(from("li", "1.2.3.4"), now_ms + waits[i] * 1000), 0);
		now_ms += waits[i] * 1000;
		note(from("li", "1.2.3.4"), false, now_ms);
	}
}

static void tries__of_somebody_else_lock_nobody_out(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++)
		note(from("LI ", "6.6.6.6"), false, NOW);
	assert_int_equal(wait_of(from("li", "6.6.6.6"), NOW), 60);
	assert_int_equal(wait_of(from("li", "1.2.3.4"), NOW), 0);   /* she, from where she is */
	assert_int_equal(wait_of(from("wang", "6.6.6.6"), NOW), 0); /* somebody else in the same room */
	/* she, behind the same address, with a device that is known, with a code, at the second step */
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PASSWORD, "li", "6.6.6.6", "device 1"), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_CODE, "li", "6.6.6.6", NULL), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_SECOND, "li", "6.6.6.6", NULL), NOW), 0);
}

/* Who is signed in is counted by herself; behind their address all of a room together are slowed long after. */
static void tries__of_a_room_are_many_more_than_it_mistypes(void **state)
{
	(void)state;
	const struct people_try room = a_try(PEOPLE_TRY_ROOM, "sign-in code", "6.6.6.6", NULL);
	for (int i = 0; i < PEOPLE_ROOM_TRIES - 1; i++)
		note(room, false, NOW);
	assert_int_equal(wait_of(room, NOW), 0);
	note(room, false, NOW);
	assert_int_equal(wait_of(room, NOW), 1);
	note(room, false, NOW);
	assert_int_equal(wait_of(room, NOW), 2);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_GUESS, "sign-in code", "6.6.6.6", NULL), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_ROOM, "sign-in code", "7.7.7.7", NULL), NOW), 0);
}

static void tries__of_a_known_device_have_a_count_of_their_own(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		note(a_try(PEOPLE_TRY_PIN, "li", "6.6.6.6", "device 1"), false, NOW);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "7.7.7.7", "device 1"), NOW), 8);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "6.6.6.6", "device 2"), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "6.6.6.6", NULL), NOW), 0);
}

static void tries__of_pins_from_new_devices_end_for_a_day(void **state)
{
	(void)state;
	char address[32];
	for (int i = 0; i < 20; i++) {
		(void)snprintf(address, sizeof address, "9.9.9.%d", i);
		assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", address, NULL), NOW), 0);
		note(a_try(PEOPLE_TRY_PIN, "li", address, NULL), false, NOW);
	}
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "9.9.8.1", NULL), NOW), -1);
	/* every other way is open to her */
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "9.9.8.1", "device 1"), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PASSWORD, "li", "9.9.8.1", NULL), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_CODE, "li", "9.9.8.1", NULL), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "wang", "9.9.8.1", NULL), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "9.9.8.1", NULL), NOW + DAY_MS), 0);
}

static void tries__are_forgotten_by_a_good_one_and_by_time(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		note(from("li", "1.2.3.4"), false, NOW);
	assert_int_equal(wait_of(from("li", "1.2.3.4"), NOW), 8);
	assert_int_equal(wait_of(from("li", "1.2.3.4"), NOW - 5000), 0); /* a clock that was set back */
	assert_int_equal(wait_of(from("li", "1.2.3.4"), NOW + HOUR_MS), 0);
	note(from("li", "1.2.3.4"), false, NOW + HOUR_MS + 1);
	assert_int_equal(wait_of(from("li", "1.2.3.4"), NOW + HOUR_MS + 1), 0);
	for (int i = 0; i < 8; i++)
		note(from("li", "1.2.3.4"), false, NOW + HOUR_MS + 2);
	note(from("li", "1.2.3.4"), true, NOW + HOUR_MS + 3);
	assert_int_equal(wait_of(from("li", "1.2.3.4"), NOW + HOUR_MS + 3), 0);
}

static void tries__do_not_pile_up(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		note(from("li", "1.2.3.4"), false, NOW);
	note(from("wang", "1.2.3.4"), false, NOW + DAY_MS + 1);
	assert_int_equal(count_of("SELECT count(*) FROM core_try"), 1);
}

static void tries__of_one_phone_are_one_however_it_is_spelled(void **state)
{
	(void)state;
	static const char *const spelled[] = { "13900000000", "139-0000-0000", " +86 13900000000",
		                               "１３９００００００００" };
	for (size_t i = 0; i < 20; i++)
		note(a_try(PEOPLE_TRY_PIN, spelled[i % 4], "1.2.3.4", NULL), false, NOW);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(wait_of(from(spelled[i], "1.2.3.4"), NOW), 60);
		assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, spelled[i], "9.9.9.9", NULL), NOW), -1);
	}
}

/* It may be a phone number, or a password in the wrong field. */
static void tries__do_not_tell_what_was_typed(void **state)
{
	(void)state;
	note(from("13900000000", "1.2.3.4"), false, NOW);
	note(from("my password", "1.2.3.4"), false, NOW);
	assert_int_equal(count_of("SELECT count(*) FROM core_try WHERE length(name) = 64"), 2);
	assert_int_equal(count_of("SELECT count(*) FROM core_try WHERE instr(name, '139') > 0 OR instr(name, "
	                          "'my p') > 0"),
	                 0);
}

static void tries__of_pins_are_forgotten_by_a_good_one(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		note(a_try(PEOPLE_TRY_PIN, "li", "1.2.3.4", NULL), false, NOW + i * HOUR_MS / 4);
		if (i % 4 == 3)
			note(a_try(PEOPLE_TRY_PIN, "li", "1.2.3.4", NULL), true, NOW + i * HOUR_MS / 4);
	}
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, "li", "9.9.9.9", NULL), NOW + 10 * HOUR_MS), 0);
}

static int take_fn(struct curb_tx *tx, void *arg)
{
	const struct trying *trying = arg;
	return people_take_try(tx, &trying->try, trying->now_ms);
}

static int forget_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return people_forget_tries(tx, &f.li);
}

static void tries__that_are_taken_count_before_they_are_looked_at(void **state)
{
	(void)state;
	struct trying second = { a_try(PEOPLE_TRY_SECOND, f.li.text, "1.2.3.4", NULL), false, NOW };
	for (int i = 0; i < 5; i++)
		assert_int_equal(write_now(take_fn, &second), 0);
	assert_int_equal(write_now(take_fn, &second), CURB_ESLOW);
	note(second.try, true, NOW);
	assert_int_equal(write_now(take_fn, &second), 0);
}

static void tries__of_numbers_end_for_a_day_and_with_a_new_password(void **state)
{
	(void)state;
	char address[32];
	for (int i = 0; i < 20; i++) {
		(void)snprintf(address, sizeof address, "9.9.9.%d", i);
		note(a_try(PEOPLE_TRY_SECOND, f.li.text, address, NULL), false, NOW);
	}
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_SECOND, f.li.text, "9.9.8.1", NULL), NOW), -1);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_SECOND, f.li.text, "9.9.8.1", "device 1"), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_RECOVERY, f.li.text, "9.9.8.1", NULL), NOW), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_PIN, f.li.text, "9.9.8.1", NULL), NOW), 0);
	assert_int_equal(write_now(forget_fn, NULL), 0);
	assert_int_equal(wait_of(a_try(PEOPLE_TRY_SECOND, f.li.text, "9.9.8.1", NULL), NOW), 0);
}

/* Names that nobody can have are slowed all the same, and cost no more room than others. */
static void tries__with_overlong_names_are_slowed_too(void **state)
{
	(void)state;
	char name[301];
	for (size_t i = 0; i < 100; i++)
		memcpy(name + 3 * i, "李", 3);
	name[300] = '\0';
	for (int i = 0; i < 8; i++)
		note(from(name, "1.2.3.4"), false, NOW);
	assert_int_equal(wait_of(from(name, "1.2.3.4"), NOW), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(account__is_found_by_name_and_by_phone),
		PEOPLE_TEST(account__a_phone_is_sealed_and_one_persons),
		PEOPLE_TEST(account__two_do_not_share_a_phone),
		PEOPLE_TEST(account__a_closed_one_is_nobodys),
		PEOPLE_TEST(account__browsers_have_words),
		PEOPLE_TEST(tries__wait_longer_and_never_over_a_minute),
		PEOPLE_TEST(tries__of_somebody_else_lock_nobody_out),
		PEOPLE_TEST(tries__of_a_room_are_many_more_than_it_mistypes),
		PEOPLE_TEST(tries__of_a_known_device_have_a_count_of_their_own),
		PEOPLE_TEST(tries__of_pins_from_new_devices_end_for_a_day),
		PEOPLE_TEST(tries__are_forgotten_by_a_good_one_and_by_time),
		PEOPLE_TEST(tries__do_not_pile_up),
		PEOPLE_TEST(tries__with_overlong_names_are_slowed_too),
		PEOPLE_TEST(tries__of_one_phone_are_one_however_it_is_spelled),
		PEOPLE_TEST(tries__do_not_tell_what_was_typed),
		PEOPLE_TEST(tries__of_pins_are_forgotten_by_a_good_one),
		PEOPLE_TEST(tries__that_are_taken_count_before_they_are_looked_at),
		PEOPLE_TEST(tries__of_numbers_end_for_a_day_and_with_a_new_password),
	};
	return cmocka_run_group_tests_name("signing", tests, NULL, NULL);
}
