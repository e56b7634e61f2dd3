/* Sessions that were read before, by the hash of their token.
 *
 * A fixed table; who comes to a slot that is taken takes it over, and the other is read again. What is kept holds while
 * the store's version is the same and nothing in it begins or ends by itself; a clock that was set back ends it too.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "people.h"
#include "token.h"

enum { SLOTS = 4096, LOCKS = 64, NAME_MOST = 64, LANG_MOST = 16, REACH_MOST = 4 };

struct slot {
	unsigned char hash[PEOPLE_TOKEN_HASH];
	uint64_t version;
	int64_t from_ms; /* when it was read; 0: empty */
	struct people_session session;
	char name[NAME_MOST], lang[LANG_MOST];
	struct people_reach reach[REACH_MOST];
};

struct people_sessions {
	pthread_mutex_t locks[LOCKS]; /* one guards every LOCKSth slot */
	struct slot slots[SLOTS];
};

struct people_sessions *people_sessions_new(void)
{
	struct people_sessions *sessions = curb_xcalloc(1, sizeof *sessions);
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_init(&sessions->locks[i], NULL);
	return sessions;
}

void people_sessions_free(struct people_sessions *sessions)
{
	if (!sessions)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_destroy(&sessions->locks[i]);
	free(sessions);
}

static size_t place_of(const unsigned char *hash)
{
	return ((size_t)hash[0] << 8 | hash[1]) % SLOTS;
}

/* Texts and lists of a slot die with the next one who takes it: the arena keeps copies. */
static bool recall(struct people_sessions *sessions, struct curb_tx *tx, const unsigned char *hash,
                   int64_t now_ms, struct people_session *ret_session)
{
	size_t place = place_of(hash);
	const struct slot *slot = &sessions->slots[place];
	CURB_LOCKED(lock, &sessions->locks[place % LOCKS]);
	if (!slot->from_ms || slot->version != store_tx_version(tx) || now_ms < slot->from_ms ||
	    now_ms >= slot->session.until_ms || memcmp(slot->hash, hash, PEOPLE_TOKEN_HASH) != 0)
		return false;
	*ret_session = slot->session;
	ret_session->user.name = curb_dup(curb_tx_arena(tx), slot->session.user.name);
	ret_session->lang = curb_dup(curb_tx_arena(tx), slot->session.lang);
	if (slot->session.reach_count) {
		struct people_reach *reach = curb_alloc_n(curb_tx_arena(tx), REACH_MOST, sizeof *reach);
		memcpy(reach, slot->reach, sizeof slot->reach);
		ret_session->reach = reach;
	}
	return true;
}

static struct curb_str keep(char *to, struct curb_str text)
{
	if (!text.ptr)
		return text;
	memcpy(to, text.ptr, text.len);
	return curb_str_n(to, text.len);
}

static void remember(struct people_sessions *sessions, struct curb_tx *tx, const unsigned char *hash,
                     int64_t now_ms, const struct people_session *session)
{
	if (session->user.name.len > NAME_MOST || session->lang.len > LANG_MOST ||
	    session->reach_count > REACH_MOST || curb_id_some(&session->helper))
		return;
	size_t place = place_of(hash);
	struct slot *slot = &sessions->slots[place];
	CURB_LOCKED(lock, &sessions->locks[place % LOCKS]);
	memcpy(slot->hash, hash, PEOPLE_TOKEN_HASH);
	slot->version = store_tx_version(tx);
	slot->from_ms = now_ms;
	slot->session = *session;
	slot->session.user.name = keep(slot->name, session->user.name);
	slot->session.lang = keep(slot->lang, session->lang);
	slot->session.reach = slot->reach;
	if (session->reach_count)
		memcpy(slot->reach, session->reach, session->reach_count * sizeof *session->reach);
}

int people_session_recall(struct people_sessions *sessions, struct curb_tx *tx, struct curb_str token,
                          int64_t now_ms, struct people_session *ret_session)
{
	unsigned char hash[PEOPLE_TOKEN_HASH];
	people_token_hash(token, hash);
	if (recall(sessions, tx, hash, now_ms, ret_session))
		return 0;
	struct people_session session;
	int err = people_session_find(tx, token, now_ms, &session);
	if (err)
		return err;
	remember(sessions, tx, hash, now_ms, &session);
	*ret_session = session;
	return 0;
}
