/* What was noted as delivered, remembered so that a player's next range of known bytes costs no write.
 *
 * A fixed table, one slot a hash of (person, unit): a newcomer takes the slot over, and the loser's next delivery is
 * written once more, which changes nothing. A slot keeps one span that grows at its ends; that is how people watch.
 */
#include <stdlib.h>
#include <string.h>

#include "credit.h"
#include "curb/cleanup.h"

enum { SLOTS = 8192 };

struct slot {
	struct curb_id person, unit;
	int64_t from_s, to_s;
};

struct delivered_cache {
	pthread_mutex_t lock; /* guards slots */
	struct slot slots[SLOTS];
};

struct delivered_cache *delivered_new(void)
{
	struct delivered_cache *cache = curb_xcalloc(1, sizeof *cache);
	(void)pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void delivered_free(struct delivered_cache *cache)
{
	if (!cache)
		return;
	(void)pthread_mutex_destroy(&cache->lock);
	free(cache);
}

/* FNV-1a over both ids. */
static struct slot *slot_of(struct delivered_cache *cache, const struct credit_delivery *delivery)
{
	uint32_t hash = 2166136261u;
	const char *const texts[] = { delivery->person.text, delivery->unit.text };
	for (size_t i = 0; i < 2; i++)
		for (const char *p = texts[i]; *p; p++)
			hash = (hash ^ (unsigned char)*p) * 16777619u;
	return &cache->slots[hash % SLOTS];
}

static bool is_of(const struct slot *slot, const struct credit_delivery *delivery)
{
	return strcmp(slot->unit.text, delivery->unit.text) == 0 &&
	       strcmp(slot->person.text, delivery->person.text) == 0;
}

bool delivered_known(struct delivered_cache *cache, const struct credit_delivery *delivery)
{
	CURB_LOCKED(lock, &cache->lock);
	const struct slot *slot = slot_of(cache, delivery);
	return is_of(slot, delivery) && slot->from_s <= delivery->from_s && delivery->to_s <= slot->to_s;
}

void delivered_remember(struct delivered_cache *cache, const struct credit_delivery *delivery)
{
	CURB_LOCKED(lock, &cache->lock);
	struct slot *slot = slot_of(cache, delivery);
	bool touches = is_of(slot, delivery) && delivery->from_s <= slot->to_s &&
	               slot->from_s <= delivery->to_s;
	if (!touches) {
		*slot = (struct slot){ delivery->person, delivery->unit, delivery->from_s, delivery->to_s };
		return;
	}
	if (delivery->from_s < slot->from_s)
		slot->from_s = delivery->from_s;
	if (delivery->to_s > slot->to_s)
		slot->to_s = delivery->to_s;
}
