/* Checkpoints go to the witnesses of the trust, C2SP tlog-witness. Each has a thread of its own: one that is slow or gone delays
 * nobody, neither the others nor the signing. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "fetch.h"
#include "inside.h"
#include "proof.h"

enum {
	FETCH_MS = 10000,
	ANSWER_MOST = NOTE_MOST,
	FIRST_MS = 1000,
	LONGEST_MS = 300000,
	ARENA_MOST = 8 << 20,
	ROUNDS = 3
};

/* One checkpoint on its way to one witness. */
struct offer {
	struct publisher *publisher;
	struct curb_arena *arena;
	struct ledger_shown shown;
	struct note note;
	struct curb_buf answer;
};

static bool stopped(void *arg)
{
	struct ledger *ledger = ((struct publisher *)arg)->ledger;
	CURB_LOCKED(lock, &ledger->mutex);
	return ledger->stop;
}

static const struct trust_party *party_of(const struct publisher *publisher)
{
	return &publisher->ledger->trust->witnesses[publisher->witness];
}

/* The witness's address with something behind it. */
static const char *address(const struct offer *offer, const char *path)
{
	const char *url = party_of(offer->publisher)->url;
	size_t len = strlen(url);
	return curb_printf(offer->arena, "%.*s/%s", (int)(len && url[len - 1] == '/' ? len - 1 : len), url,
	                   path);
}

static int ask(struct offer *offer, const char *url, struct curb_str body, int *ret_status)
{
	const struct fetch fetch = { url, body, FETCH_MS, stopped, offer->publisher };
	return fetch_do(offer->publisher->fetcher, &fetch, ret_status, &offer->answer);
}

/* What the witness has of us, when it says that it is not what we have. */
static int look_closer(struct offer *offer)
{
	struct publisher *publisher = offer->publisher;
	struct note_key key;
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1];
	int status = 0;
	ledger_key(publisher->ledger, &key);
	(void)crypto_hash_sha256(hash, (const unsigned char *)key.name, strlen(key.name));
	curb_hex(hash, sizeof hash, hex);
	int err = ask(offer, address(offer, curb_printf(offer->arena, "%s/checkpoint", hex)), curb_str(NULL),
	              &status);
	if (err || status != 200)
		return err;
	struct curb_tx *tx = store_begin(publisher->reader, offer->arena);
	err = cosign_evidence(publisher->ledger, tx, curb_buf_view(&offer->answer));
	store_end(publisher->reader);
	return err;
}

static int take_cosignature(struct offer *offer)
{
	CURB_AUTO(buf) struct curb_buf text = curb_buf(NOTE_MOST);
	struct note answer;
	curb_buf_str(&text, offer->note.body);
	curb_buf_char(&text, '\n');
	curb_buf_str(&text, curb_buf_view(&offer->answer));
	int err = curb_buf_check(&text);
	if (!err)
		err = note_read(curb_buf_view(&text), &answer);
	if (!err)
		err = cosign_add(offer->publisher->ledger, offer->publisher->witness, &answer);
	if (!err)
		offer->publisher->known = offer->shown.size;
	return err;
}

static int write_submission(struct offer *offer, struct curb_buf *out)
{
	struct publisher *publisher = offer->publisher;
	const struct merkle_source source = { ledger_tile_hash,
		                              store_begin(publisher->reader, offer->arena) };
	struct merkle_proof hashes;
	if (publisher->known > offer->shown.size) /* of the ledger under the key before */
		publisher->known = 0;
	int err = merkle_consistency(&source, publisher->known, offer->shown.size, &hashes);
	store_end(publisher->reader);
	if (err)
		return err;
	submission_write(out, publisher->known, &hashes, offer->shown.note);
	return curb_buf_check(out);
}

/* What the witness knows instead. True: it is asked once more, from there. */
static bool take_size(struct offer *offer)
{
	struct curb_str text = curb_str_trim(curb_buf_view(&offer->answer));
	return note_number(text, &offer->publisher->known) && offer->publisher->known <= offer->shown.size;
}

static int send_offer(struct offer *offer)
{
	const char *url = address(offer, "add-checkpoint");
	int status = 0;
	for (int round = 0; round < ROUNDS; round++) {
		CURB_AUTO(buf) struct curb_buf body = curb_buf(PROOF_MOST);
		int err = write_submission(offer, &body);
		if (!err)
			err = ask(offer, url, curb_buf_view(&body), &status);
		if (err)
			return err;
		if (status == 200)
			return take_cosignature(offer);
		if (status != 409 || !take_size(offer))
			break;
	}
	offer->publisher->known = 0;
	int err = status == 409 || status == 422 ? look_closer(offer) : 0;
	return err ? err : curb_fail(CURB_EBUSY, "%s answers with %d", url, status);
}

static int publish_one(struct publisher *publisher)
{
	struct ledger *ledger = publisher->ledger;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct offer offer = { .publisher = publisher, .arena = arena, .answer = curb_buf(ANSWER_MOST) };
	{
		CURB_LOCKED(lock, &ledger->mutex);
		publisher->serial = ledger->serial;
	}
	offer.shown = ledger_checkpoint(ledger, arena);
	int err = note_read(offer.shown.note, &offer.note);
	if (!err)
		err = send_offer(&offer);
	curb_buf_free(&offer.answer);
	return err;
}

/* ---- the thread ---- */

static int64_t pause_of(unsigned tries)
{
	return tries > 9 ? LONGEST_MS : (int64_t)FIRST_MS << (tries - 1);
}

/* Until there is a checkpoint that the witness has not, or behind a failure until it is time to try again. False: stopped. */
static bool wait_for_news(struct publisher *publisher)
{
	struct ledger *ledger = publisher->ledger;
	int64_t due_ms = publisher->tries ? curb_tick_ms() + pause_of(publisher->tries) : 0;
	CURB_LOCKED(lock, &ledger->mutex);
	while (!ledger->stop && due_ms && sign_wait(ledger, &ledger->shown, due_ms))
		;
	while (!ledger->stop &&
	       (ledger->held || !ledger->note || (!due_ms && ledger->serial == publisher->serial)))
		(void)pthread_cond_wait(&ledger->shown, &ledger->mutex);
	return !ledger->stop;
}

static void note_outcome(struct publisher *publisher, int err)
{
	struct ledger *ledger = publisher->ledger;
	if (err && publisher->tries == 0)
		curb_log(CURB_WARN, "witness-fails name=%s reason=\"%s\"", party_of(publisher)->key.name,
		         curb_error_text());
	publisher->tries = err ? publisher->tries + 1 : 0;
	CURB_LOCKED(lock, &ledger->mutex);
	publisher->failing = err != 0;
	(void)pthread_cond_broadcast(&ledger->shown); /* who waits for this one waits no more */
}

static void *publish_until_stopped(void *arg)
{
	struct publisher *publisher = arg;
	while (wait_for_news(publisher)) {
		int err = publish_one(publisher);
		if (!stopped(publisher))
			note_outcome(publisher, err);
	}
	return NULL;
}

static int start_one(struct publisher *publisher)
{
	int err = store_reader_open(publisher->ledger->store, &publisher->reader);
	if (err)
		return err;
	publisher->fetcher = fetch_new();
	if (!publisher->fetcher ||
	    pthread_create(&publisher->thread, NULL, publish_until_stopped, publisher) != 0)
		return curb_fail(CURB_EINTERNAL, "the thread of a witness cannot be started");
	CURB_LOCKED(lock, &publisher->ledger->mutex);
	publisher->started = true;
	return 0;
}

int publish_start(struct ledger *ledger)
{
	int err = 0;
	for (size_t i = 0; !err && ledger->trust && i < ledger->trust->witness_count; i++) {
		struct publisher *publisher = &ledger->publishers[i];
		if (ledger->trust->witnesses[i].url[0] && !publisher->started)
			err = start_one(publisher);
	}
	return err;
}

void publish_stop(struct ledger *ledger)
{
	{
		CURB_LOCKED(lock, &ledger->mutex);
		ledger->stop = true;
		(void)pthread_cond_broadcast(&ledger->shown);
	}
	for (size_t i = 0; ledger->trust && i < ledger->trust->witness_count; i++) {
		struct publisher *publisher = &ledger->publishers[i];
		if (publisher->started)
			(void)pthread_join(publisher->thread, NULL);
		store_reader_close(publisher->reader);
		fetch_free(publisher->fetcher);
	}
	free(ledger->publishers);
	ledger->publishers = NULL;
}
