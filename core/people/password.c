/* Passwords: argon2id, one at a time in the whole process, on a thread of low priority.
 *
 * Callers wait in lanes. Somebody whose device is known goes before everybody else, so a flood of tries costs her one
 * hash of waiting at most; the others share a few places, no address more than half of them, and the thread rests as long
 * after each of their tries as it took: a flood takes half a processor of low priority, not more. A known device has two
 * places, and behind each of its lane one of the others comes, when they have rested: who floods with a password of her own
 * keeps nobody out either.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "argon.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "people.h"

enum { SHORTEST = 6, LONGEST = 1024, OPS = 2, MEMORY_MB = 46, LANES = 2 };
enum { NICE = 10, SLICE_NS = 100 * 1000 * 1000 };
enum { KEEP_US = 1000000 }; /* the memory of a hash, for the next one */
enum { KNOWN_PLACES = 32, OTHER_PLACES = 8, OF_ONE_DEVICE = 2, OF_ONE_ADDRESS = 4 };

_Static_assert(PEOPLE_HASH_SIZE == crypto_pwhash_STRBYTES, "the room for a hash is libsodium's");

struct task {
	struct curb_str password, place;
	const char *hash; /* to check against; NULL: make one */
	char *made;
	bool same, done;
	pthread_cond_t ready;
	struct task *next;
};

static struct {
	pthread_mutex_t mutex; /* guards all below */
	pthread_cond_t work;
	struct task *first[LANES];
	int waiting[LANES];
	int64_t rest_until_us; /* of the lane of the others */
	bool others_next;      /* the last one was of a known device */
	bool running;
	size_t memory; /* of a hash; not changed while the thread runs */
} line = { .mutex = PTHREAD_MUTEX_INITIALIZER, .memory = (size_t)MEMORY_MB << 20 };

/* ---- the thread ---- */

/* The hash of a random password nobody knows, so that an unknown name costs as much as a known one. */
static char nobody[PEOPLE_HASH_SIZE];

static bool hash_now(const char *password, size_t len, char *ret_hash)
{
	return crypto_pwhash_str_alg(ret_hash, password, len, OPS, line.memory,
	                             crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static void make_nobody(void)
{
	unsigned char random[32];
	randombytes_buf(random, sizeof random);
	if (!hash_now((const char *)random, sizeof random, nobody))
		nobody[0] = '\0'; /* no memory: the check then fails at once, as it must */
}

static void run(struct task *task)
{
	if (!task->hash) {
		task->same = hash_now(task->password.ptr, task->password.len, task->made);
		return;
	}
	bool known = task->hash[0] != '\0';
	bool same = argon_matches(known ? task->hash : nobody, task->password);
	task->same = same && known;
}

/* Under the mutex. False when it took so long. */
static bool wait_at_most(int64_t us)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (until.tv_nsec / 1000 + us) / 1000000;
	until.tv_nsec = (until.tv_nsec / 1000 + us) % 1000000 * 1000;
	return pthread_cond_timedwait(&line.work, &line.mutex, &until) != ETIMEDOUT;
}

/* Under the mutex; waits until there is something to do. */
static struct task *next_task(enum people_lane *ret_lane)
{
	for (;;) {
		int64_t rest_us = line.rest_until_us - curb_tick_us();
		if (line.first[PEOPLE_LANE_KNOWN] || (line.first[PEOPLE_LANE_OTHER] && rest_us <= 0))
			break;
		if (line.first[PEOPLE_LANE_OTHER])
			(void)wait_at_most(rest_us);
		else if (!argon_keeps())
			(void)pthread_cond_wait(&line.work, &line.mutex);
		else if (!wait_at_most(KEEP_US) && !line.first[PEOPLE_LANE_KNOWN] &&
		         !line.first[PEOPLE_LANE_OTHER])
			argon_give_back();
	}
	bool others = line.first[PEOPLE_LANE_OTHER] && line.rest_until_us <= curb_tick_us() &&
	              (line.others_next || !line.first[PEOPLE_LANE_KNOWN]);
	enum people_lane lane = others || !line.first[PEOPLE_LANE_KNOWN] ? PEOPLE_LANE_OTHER :
	                                                                   PEOPLE_LANE_KNOWN;
	struct task *task = line.first[lane];
	line.others_next = lane == PEOPLE_LANE_KNOWN;
	line.first[lane] = task->next;
	*ret_lane = lane;
	return task;
}

/* The kernel's struct sched_attr in its first size; libc has no name for it yet. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t slice_ns, deadline_ns, period_ns;
};

/* Of low priority it would still keep its processor to the next tick of the clock, 4 ms, while a page waits for it: since
 * Linux 6.12 a thread whose slice is longer than others' gives way at once to who wakes. Older ones go by the priority
 * there, and take no notice of the slice. */
static void give_way(void)
{
	int now = getpriority(PRIO_PROCESS, 0); /* of this thread */
	struct attributes attributes = { .size = sizeof attributes,
		                         .policy = SCHED_BATCH,
		                         .nice = now > NICE ? now : NICE,
		                         .slice_ns = SLICE_NS };
	if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0)
		(void)setpriority(PRIO_PROCESS, 0, attributes.nice);
}

static void *hash_for_all(void *unused)
{
	(void)unused;
	give_way();
	make_nobody();
	(void)pthread_mutex_lock(&line.mutex);
	for (;;) {
		enum people_lane lane;
		struct task *task = next_task(&lane);
		(void)pthread_mutex_unlock(&line.mutex);
		int64_t from_us = curb_tick_us();
		run(task);
		int64_t to_us = curb_tick_us();
		(void)pthread_mutex_lock(&line.mutex);
		if (lane == PEOPLE_LANE_OTHER)
			line.rest_until_us = to_us + (to_us - from_us);
		line.waiting[lane]--;
		task->done = true;
		(void)pthread_cond_signal(&task->ready);
	}
	return NULL;
}

/* Under the mutex. */
static bool start_thread(void)
{
	if (line.running)
		return true;
	pthread_condattr_t clock;
	(void)pthread_condattr_init(&clock);
	(void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&line.work, &clock);
	(void)pthread_condattr_destroy(&clock);
	pthread_attr_t detached;
	pthread_t thread;
	(void)pthread_attr_init(&detached);
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	line.running = pthread_create(&thread, &detached, hash_for_all, NULL) == 0;
	(void)pthread_attr_destroy(&detached);
	return line.running;
}

/* ---- the callers ---- */

/* Under the mutex. More than a few waiting would only all be late. */
static bool has_place(enum people_lane lane, struct curb_str place)
{
	bool known = lane == PEOPLE_LANE_KNOWN;
	int same = 0;
	for (const struct task *task = line.first[lane]; task; task = task->next)
		same += place.ptr && curb_str_eq(task->place, place);
	return line.waiting[lane] < (known ? KNOWN_PLACES : OTHER_PLACES) &&
	       same < (known ? OF_ONE_DEVICE : OF_ONE_ADDRESS);
}

static int wait_for(struct task *task, enum people_lane lane)
{
	CURB_LOCKED(lock, &line.mutex);
	if (!has_place(lane, task->place))
		return curb_fail(
			CURB_EBUSY,
			"Many people are signing in now. Press the button again in a few seconds, or use "
			"a passkey or a sign-in code");
	if (!start_thread())
		return curb_fail(CURB_EINTERNAL, "no thread for passwords");
	(void)pthread_cond_init(&task->ready, NULL);
	struct task **last = &line.first[lane];
	while (*last)
		last = &(*last)->next;
	*last = task;
	line.waiting[lane]++;
	(void)pthread_cond_signal(&line.work);
	while (!task->done)
		(void)pthread_cond_wait(&task->ready, &line.mutex);
	(void)pthread_cond_destroy(&task->ready);
	return 0;
}

void people_password_memory(int64_t mb)
{
	CURB_LOCKED(lock, &line.mutex);
	CURB_ASSERT(!line.running);
	line.memory = (size_t)mb << 20;
}

int people_password_hash(struct curb_str password, char *ret_hash)
{
	if (!password.ptr || curb_utf8_count(password) < SHORTEST)
		return curb_fail(CURB_EINVAL, "the password is too short: use at least %d characters",
		                 SHORTEST);
	if (password.len > LONGEST)
		return curb_fail(CURB_EINVAL, "the password is too long: use at most %d bytes", LONGEST);
	struct task task = { .password = password, .made = ret_hash };
	int err = wait_for(&task, PEOPLE_LANE_KNOWN);
	if (!err && !task.same)
		err = curb_fail(CURB_EINTERNAL, "no memory for a password hash");
	return err;
}

int people_password_check(const char *hash, struct curb_str password, enum people_lane lane,
                          struct curb_str place)
{
	if (!password.ptr || password.len > LONGEST)
		password = curb_str("");
	struct task task = { .password = password, .hash = hash, .place = place };
	int err = wait_for(&task, lane);
	if (!err && !task.same)
		err = curb_fail(CURB_EAUTH,
		                "That did not match. Try again, or ask your teacher for a sign-in code");
	return err;
}

/* ---- PINs ---- */

bool people_is_pin(struct curb_str password)
{
	bool digits = password.len > 0 && password.len < PEOPLE_PIN_BELOW;
	for (size_t i = 0; digits && i < password.len; i++)
		digits = password.ptr[i] >= '0' && password.ptr[i] <= '9';
	return digits;
}

/* Each digit follows from the one before by the same step (111111, 123456, 987654), or the first half comes twice. */
static bool is_row(struct curb_str pin)
{
	bool row = true, twice = pin.len % 2 == 0, pairs = pin.len % 2 == 0;
	for (size_t i = 1; i < pin.len; i++)
		row = row && pin.ptr[i] - pin.ptr[i - 1] == pin.ptr[1] - pin.ptr[0];
	for (size_t i = 0; twice && i < pin.len / 2; i++)
		twice = pin.ptr[i] == pin.ptr[i + pin.len / 2];
	for (size_t i = 2; pairs && i < pin.len; i++)
		pairs = pin.ptr[i] == pin.ptr[i - 2];
	return row || twice || pairs;
}

int people_password_fit(struct curb_str password)
{
	if (people_is_pin(password) && password.len >= SHORTEST && is_row(password))
		return curb_fail(CURB_EINVAL,
		                 "This PIN is easy to guess. Choose digits that do not stand in a row");
	if (!password.ptr || curb_utf8_count(password) < SHORTEST)
		return curb_fail(CURB_EINVAL, "This is too short. Use at least %d digits, letters or signs",
		                 SHORTEST);
	return 0;
}
