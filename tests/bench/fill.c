/* bench_fill DATABASE trainees N          N learners, signed in; a line "ID TOKEN" each
 * bench_fill DATABASE courses N COURSE    N copies of a published course; a line "ID" each
 * bench_fill DATABASE budget              gives each play a day of the server's clock, so that every beat is credited
 * bench_fill DATABASE days PERSON COHORT UNIT N   a line in her record for each of the last N days before today
 */
#include "fill.h"

#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "people.h"
#include "tally.h"

enum { AT_A_TIME = 100 };

struct trainee {
	int64_t number;
	struct curb_id id;
	char token[PEOPLE_TOKEN_SIZE];
};

struct some {
	struct trainee trainees[AT_A_TIME];
	int64_t from, count;
};

static int add_trainee(struct curb_tx *tx, struct trainee *trainee)
{
	char name[32];
	(void)snprintf(name, sizeof name, "trainee%lld", (long long)trainee->number);
	const struct people_new person = { .name = curb_str(name),
		                           .password_hash = "none",
		                           .role = CURB_LEARNER };
	int64_t now_ms = curb_wall_ms();
	int err = people_add(tx, &person, now_ms, &trainee->id);
	return err ? err : people_session_open(tx, &trainee->id, false, now_ms, trainee->token);
}

static int add_some(struct curb_tx *tx, void *arg)
{
	struct some *some = arg;
	int err = 0;
	for (int64_t i = 0; !err && i < some->count; i++) {
		some->trainees[i].number = some->from + i;
		err = add_trainee(tx, &some->trainees[i]);
	}
	return err;
}

static int fill_trainees(struct curb_store *store, int64_t n)
{
	int err = 0;
	for (int64_t from = 0; !err && from < n; from += AT_A_TIME) {
		struct some some = { .from = from, .count = n - from < AT_A_TIME ? n - from : AT_A_TIME };
		struct store_write write = { .fn = add_some, .arg = &some };
		err = store_write(store, &write);
		for (int64_t i = 0; !err && i < some.count; i++)
			(void)printf("%s %s\n", some.trainees[i].id.text, some.trainees[i].token);
	}
	return err;
}

static struct curb_host credit = { .magic = CURB_HOST_MAGIC, .owner = "credit" };

static int give_budget(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&credit, tx, "UPDATE credit_play SET budget_ms = budget_ms + 86400000",
	                 CURB_NO_BINDS, NULL);
}

static int fill_budget(struct curb_store *store)
{
	struct store_write write = { .fn = give_budget };
	return store_write(store, &write);
}

struct days {
	const char *person, *cohort, *unit;
	int64_t from, count;
};

static int add_days(struct curb_tx *tx, void *arg)
{
	static const char sql[] =
		"INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, "
		"hours_s, clock_s, undelivered_s) VALUES ($1, $2, $3, $4, 900, 600, 120, 0, 0, 100, 80)";
	const struct days *days = arg;
	int err = 0;
	for (int64_t day = days->from; !err && day < days->from + days->count; day++)
		err = curb_exec(&credit, tx, sql,
		                CURB_BINDS(curb_cstring(days->person), curb_cstring(days->cohort),
		                           curb_int(day), curb_cstring(days->unit)),
		                NULL);
	return err;
}

static int fill_days(struct curb_store *store, char **args)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	int64_t n = number_of(args[3]), first = curb_wall_ms() / DAY_MS - n;
	int err = 0;
	struct days days = { .person = args[0], .cohort = args[1], .unit = args[2] };
	for (int64_t at = 0; !err && at < n; at += days.count) {
		days.from = first + at;
		days.count = n - at < AT_A_TIME ? n - at : AT_A_TIME;
		struct store_write write = { .fn = add_days, .arg = &days };
		err = store_write(store, &write);
	}
	return err;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	const struct store_options options = { .path = argv[1] };
	struct curb_store *store = NULL;
	int err = argc > 2 ? store_open(&options, &store) : CURB_EINVAL;
	if (!err && strcmp(what, "trainees") == 0 && argc == 4)
		err = fill_trainees(store, number_of(argv[3]));
	else if (!err && strcmp(what, "courses") == 0 && argc == 5)
		err = fill_courses(store, number_of(argv[3]), argv[4]);
	else if (!err && strcmp(what, "budget") == 0 && argc == 3)
		err = fill_budget(store);
	else if (!err && strcmp(what, "days") == 0 && argc == 7)
		err = fill_days(store, argv + 3);
	else if (!err)
		err = curb_fail(CURB_EINVAL, "bench_fill DATABASE trainees N | courses N COURSE | budget | "
		                             "days PERSON COHORT UNIT N");
	if (err)
		(void)fprintf(stderr, "%s\n", curb_error_text());
	store_close(store);
	return err != 0;
}
