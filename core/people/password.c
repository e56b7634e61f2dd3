#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "people.h"

enum { SHORTEST = 6, LONGEST = 1024, MOST_WAITING = 8, OPS = 2, MEMORY = 46 << 20 };

_Static_assert(PEOPLE_HASH_SIZE == crypto_pwhash_STRBYTES, "the room for a hash is libsodium's");

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static atomic_int waiting;

/* Counts the caller in; more than a few waiting would only all be late. */
static int queue_up(void)
{
	if (atomic_fetch_add(&waiting, 1) < MOST_WAITING)
		return 0;
	atomic_fetch_sub(&waiting, 1);
	return curb_fail(CURB_EBUSY, "many people are signing in now; try again in a few seconds");
}

static int hash_now(struct curb_str password, char *ret_hash)
{
	CURB_LOCKED(lock, &one_at_a_time);
	if (crypto_pwhash_str_alg(ret_hash, password.ptr, password.len, OPS, MEMORY,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		return curb_fail(CURB_EINTERNAL, "no memory for a password hash");
	return 0;
}

int people_password_hash(struct curb_str password, char *ret_hash)
{
	if (!password.ptr || curb_utf8_count(password) < SHORTEST)
		return curb_fail(CURB_EINVAL, "the password is too short: use at least %d characters",
		                 SHORTEST);
	if (password.len > LONGEST)
		return curb_fail(CURB_EINVAL, "the password is too long: use at most %d bytes", LONGEST);
	int err = queue_up();
	if (err)
		return err;
	err = hash_now(password, ret_hash);
	atomic_fetch_sub(&waiting, 1);
	return err;
}

/* The hash of a random password nobody knows, so that an unknown name costs as much as a known one. */
static char nobody[PEOPLE_HASH_SIZE];

static void make_nobody(void)
{
	unsigned char random[32];
	randombytes_buf(random, sizeof random);
	if (crypto_pwhash_str_alg(nobody, (const char *)random, sizeof random, OPS, MEMORY,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		nobody[0] = '\0'; /* no memory: the check then fails at once, as it must */
}

static int check_now(const char *hash, struct curb_str password)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	CURB_LOCKED(lock, &one_at_a_time);
	(void)pthread_once(&once, make_nobody);
	bool known = hash[0] != '\0';
	bool same = crypto_pwhash_str_verify(known ? hash : nobody, password.ptr, password.len) == 0;
	if (same && known)
		return 0;
	return curb_fail(CURB_EAUTH, "That did not match. Try again, or ask your teacher for a sign-in code");
}

int people_password_check(const char *hash, struct curb_str password)
{
	if (!password.ptr || password.len > LONGEST)
		password = curb_str("");
	int err = queue_up();
	if (err)
		return err;
	err = check_now(hash, password);
	atomic_fetch_sub(&waiting, 1);
	return err;
}
