/* Passwords and PINs, and who waits where for a hash. */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cm.h"
#include "curb/err.h"
#include "people.h"

/* ---- passwords ---- */

static int check(const char *hash, const char *password)
{
	return people_password_check(hash, curb_str(password), PEOPLE_LANE_OTHER, curb_str("1.2.3.4"));
}

static void password__matches_itself_alone(void **state)
{
	(void)state;
	char hash[PEOPLE_HASH_SIZE];
	assert_int_equal(people_password_hash(curb_str("密码密码密码"), hash), 0);
	assert_non_null(strstr(hash, "$argon2id$"));
	assert_int_equal(check(hash, "密码密码密码"), 0);
	assert_int_equal(check(hash, "密码密码密"), CURB_EAUTH);
	assert_int_equal(check("", "密码密码密码"), CURB_EAUTH);
	assert_int_equal(check(hash, NULL), CURB_EAUTH);
}

static void password__has_a_length(void **state)
{
	(void)state;
	char hash[PEOPLE_HASH_SIZE], longest[1026];
	memset(longest, 'p', 1025);
	longest[1025] = '\0';
	assert_int_equal(people_password_hash(curb_str("密码密码密"), hash), CURB_EINVAL);
	assert_int_equal(people_password_hash(curb_str(NULL), hash), CURB_EINVAL);
	assert_int_equal(people_password_hash(curb_str(longest), hash), CURB_EINVAL);
}

static void password__a_pin_is_short_digits_and_no_row(void **state)
{
	(void)state;
	static const char *const easy[] = { "111111", "123456", "987654", "0000000", "121212", "456456" };
	assert_true(people_is_pin(curb_str("804512")));
	assert_true(people_is_pin(curb_str("123456789012")));
	assert_false(people_is_pin(curb_str("1234567890123")));
	assert_false(people_is_pin(curb_str("80451a")));
	for (size_t i = 0; i < sizeof easy / sizeof *easy; i++)
		assert_int_equal(people_password_fit(curb_str(easy[i])), CURB_EINVAL);
	assert_int_equal(people_password_fit(curb_str("80451")), CURB_EINVAL);
	assert_int_equal(people_password_fit(curb_str(NULL)), CURB_EINVAL);
	assert_int_equal(people_password_fit(curb_str("804512")), 0);
	assert_int_equal(people_password_fit(curb_str("六个字的密码")), 0);
}

/* ---- lanes ---- */

static struct flood {
	char hash[PEOPLE_HASH_SIZE];
	int busy, answered; /* the mutex guards these */
	bool over;
} flood;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void wait_for_both(void)
{
	(void)pthread_mutex_lock(&mutex);
	while (flood.busy == 0 || flood.answered == 0)
		(void)pthread_cond_wait(&changed, &mutex);
	(void)pthread_mutex_unlock(&mutex);
}

static void end_flood(pthread_t *threads, int count)
{
	(void)pthread_mutex_lock(&mutex);
	flood.over = true;
	(void)pthread_cond_broadcast(&changed);
	(void)pthread_mutex_unlock(&mutex);
	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

/* Tries on and on. Who is refused tries again as soon as somebody's place came free: all places are taken at all times,
 * and the hashes get the processors, not the refusals. */
static void try_on(const char *password, enum people_lane lane, const char *place)
{
	(void)pthread_mutex_lock(&mutex);
	while (!flood.over) {
		int before = flood.answered;
		(void)pthread_mutex_unlock(&mutex);
		int err = people_password_check(flood.hash, curb_str(password), lane, curb_str(place));
		(void)pthread_mutex_lock(&mutex);
		*(err == CURB_EBUSY ? &flood.busy : &flood.answered) += 1;
		(void)pthread_cond_broadcast(&changed);
		while (err == CURB_EBUSY && flood.answered == before && !flood.over)
			(void)pthread_cond_wait(&changed, &mutex);
	}
	(void)pthread_mutex_unlock(&mutex);
}

static void *flood_on(void *arg)
{
	char address[32];
	(void)snprintf(address, sizeof address, "6.6.6.%d", (int)(intptr_t)arg % 4);
	try_on("guess", PEOPLE_LANE_OTHER, address);
	return NULL;
}

/* While more try than there are places, a known device gets its answer every time. */
static void lanes__a_known_device_is_served_in_a_flood(void **state)
{
	(void)state;
	enum { GUESSERS = 16 };
	pthread_t threads[GUESSERS];
	assert_int_equal(people_password_hash(curb_str("correct horse"), flood.hash), 0);
	for (intptr_t i = 0; i < GUESSERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, flood_on, (void *)i), 0);
	wait_for_both();
	for (int i = 0; i < 5; i++)
		assert_int_equal(people_password_check(flood.hash, curb_str("correct horse"),
		                                       PEOPLE_LANE_KNOWN, curb_str("6.6.6.1")),
		                 0);
	end_flood(threads, GUESSERS);
}

static void *known_flood(void *arg)
{
	(void)arg;
	try_on("correct horse", PEOPLE_LANE_KNOWN, "device 1");
	return NULL;
}

/* Somebody with a password of her own who signs in again and again, at many times at once. */
static void lanes__one_known_device_keeps_nobody_out(void **state)
{
	(void)state;
	enum { OF_HERS = 4 };
	pthread_t threads[OF_HERS];
	flood = (struct flood){ .over = false };
	assert_int_equal(people_password_hash(curb_str("correct horse"), flood.hash), 0);
	for (int i = 0; i < OF_HERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, known_flood, NULL), 0);
	wait_for_both();
	assert_int_equal(people_password_check(flood.hash, curb_str("correct horse"), PEOPLE_LANE_KNOWN,
	                                       curb_str("device 2")),
	                 0);
	assert_int_equal(check(flood.hash, "correct horse"), 0); /* from a device that nobody knows */
	end_flood(threads, OF_HERS);
}

/* ---- the thread ---- */

/* The kernel's struct sched_attr in its first size. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t slice_ns, deadline_ns, period_ns;
};

static struct attributes attributes_of(pid_t thread)
{
	struct attributes attributes = { 0 };
	assert_int_equal(syscall(SYS_sched_getattr, thread, &attributes, sizeof attributes, 0), 0);
	return attributes;
}

static void thread__of_hashes_gives_way_to_pages(void **state)
{
	(void)state;
	char hash[PEOPLE_HASH_SIZE];
	int found = 0;
	assert_int_equal(people_password_hash(curb_str("correct horse"), hash), 0);
	const struct attributes own = attributes_of(0);
	DIR *tasks = opendir("/proc/self/task");
	assert_non_null(tasks);
	for (const struct dirent *task; (task = readdir(tasks)) != NULL;) {
		pid_t thread = (pid_t)strtol(task->d_name, NULL, 10);
		struct attributes attributes = { 0 };
		if (thread > 0)
			attributes = attributes_of(thread);
		if (attributes.policy != SCHED_BATCH)
			continue;
		found++;
		assert_in_range(attributes.nice, 10, 19);
		/* A kernel that knows slices tells them; a longer one is what lets others in at once. */
		assert_true(own.slice_ns == 0 || attributes.slice_ns > own.slice_ns);
	}
	assert_int_equal(closedir(tasks), 0);
	assert_int_equal(found, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(password__matches_itself_alone),
		cmocka_unit_test(password__has_a_length),
		cmocka_unit_test(password__a_pin_is_short_digits_and_no_row),
		cmocka_unit_test(lanes__a_known_device_is_served_in_a_flood),
		cmocka_unit_test(lanes__one_known_device_keeps_nobody_out),
		cmocka_unit_test(thread__of_hashes_gives_way_to_pages),
	};
	return cmocka_run_group_tests_name("passwords", tests, NULL, NULL);
}
