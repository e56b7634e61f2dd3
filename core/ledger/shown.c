/* What others see of the ledger's state: the last checkpoint, the one they wait for, and how far it all is. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

static struct ledger_shown newest(const struct ledger *ledger, struct curb_arena *arena)
{
	return (struct ledger_shown){ .note = ledger->note ? curb_dup(arena, curb_str(ledger->note)) :
		                                             curb_str(""),
		                      .size = ledger->signed_size };
}

struct ledger_shown ledger_checkpoint(struct ledger *ledger, struct curb_arena *arena)
{
	CURB_LOCKED(lock, &ledger->mutex);
	return newest(ledger, arena);
}

/* Whether it is worth waiting: the witnesses that answered last would do. */
static bool quorum_likely(const struct ledger *ledger)
{
	bool answering[TRUST_WITNESSES] = { false };
	for (size_t i = 0; i < ledger->trust->witness_count; i++)
		answering[i] = ledger->publishers[i].started && !ledger->publishers[i].failing;
	return trust_met(ledger->trust, answering);
}

/* True when there is what was asked for: signed, and by the quorum where one is wanted. */
static bool reaches(const struct ledger *ledger, uint64_t size, struct curb_arena *arena,
                    struct ledger_shown *ret_shown)
{
	bool wants = ledger->trust && ledger->trust->wants_some && size > 0;
	if (wants && ledger->witnessed && ledger->witnessed_size >= size) {
		*ret_shown = (struct ledger_shown){ curb_dup(arena, curb_str(ledger->witnessed)),
			                            ledger->witnessed_size };
		return true;
	}
	*ret_shown = newest(ledger, arena);
	return ledger->note && ledger->signed_size >= size && !(wants && quorum_likely(ledger));
}

int ledger_await(struct ledger *ledger, uint64_t size, struct curb_arena *arena,
                 struct ledger_shown *ret_shown)
{
	int64_t until_ms = curb_tick_ms() + LEDGER_WAIT_MS;
	struct ledger_shown shown;
	bool in_time = true;
	CURB_LOCKED(lock, &ledger->mutex);
	if (size > ledger->tree.size)
		return curb_fail(CURB_ENOTFOUND, "The ledger has no entry %llu",
		                 (unsigned long long)size - 1);
	if (ledger->signed_size > ledger->tree.size)
		return ledger_held(ledger);
	while (in_time && !reaches(ledger, size, arena, &shown)) {
		bool is_signed = ledger->note && ledger->signed_size >= size;
		int err = is_signed ? 0 : ledger_held(ledger);
		if (err)
			return err;
		if (!is_signed) {
			ledger->hurry = true;
			(void)pthread_cond_signal(&ledger->wake);
		}
		in_time = sign_wait(ledger, &ledger->shown, until_ms);
	}
	(void)reaches(ledger, size, arena, &shown);
	if (shown.note.len == 0 || shown.size < size)
		return curb_fail(CURB_EBUSY, "The ledger has not signed this entry yet; it does so within a "
		                             "minute. Try again then");
	*ret_shown = shown;
	return 0;
}

void ledger_state(struct ledger *ledger, struct ledger_state *ret_state)
{
	CURB_LOCKED(lock, &ledger->mutex);
	struct ledger_state state = {
		.held = ledger->held != FREE,
		.entries = ledger->tree.size,
		.signed_size = ledger->signed_size,
		.witnessed_size = ledger->witnessed_size,
		.unsigned_ms = ledger->waits_since_ms ? curb_tick_ms() - ledger->waits_since_ms : 0,
		.wants_quorum = ledger->trust && ledger->trust->wants_some,
		.witness_count = ledger->trust ? ledger->trust->witness_count : 0,
	};
	for (size_t i = 0; i < state.witness_count; i++) {
		const struct publisher *publisher = &ledger->publishers[i];
		state.witnesses[i] = (struct ledger_witness){ ledger->trust->witnesses[i].key.name,
			                                      publisher->size, publisher->at_ms,
			                                      publisher->failing };
	}
	*ret_state = state;
}
