/* Tracks with their place that were read before. Their rows are written once and never changed, so what was read holds.
 * A fixed table: who comes to a slot that is taken takes it over, and the other is read again.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { SLOTS = 1024, LOCKS = 64, TEXTS = 9, TEXT_MOST = 512 };

struct slot {
	bool taken;
	struct content_placed placed; /* its texts lie in `text`, each NUL-ended as one that is read */
	size_t length;
	char text[TEXT_MOST];
};

struct placed {
	pthread_mutex_t locks[LOCKS]; /* one guards every LOCKSth slot */
	struct slot slots[SLOTS];
};

struct placed *placed_new(void)
{
	struct placed *all = curb_xcalloc(1, sizeof *all);
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_init(&all->locks[i], NULL);
	return all;
}

void placed_free(struct placed *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_destroy(&all->locks[i]);
	free(all);
}

static size_t place_of(struct curb_str id)
{
	uint32_t hash = 2166136261U; /* FNV-1a */
	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.ptr[i]) * 16777619U;
	return hash % SLOTS;
}

static void texts_of(struct content_placed *placed, struct curb_str *ret_texts[static TEXTS])
{
	struct curb_str *const texts[TEXTS] = {
		&placed->track.kind,  &placed->track.lang,  &placed->track.label,
		&placed->track.type,  &placed->track.codec, &placed->track.blob,
		&placed->track.index, &placed->unit.key,    &placed->unit.kind,
	};
	memcpy(ret_texts, texts, sizeof texts);
}

bool placed_recall(struct placed *all, struct curb_tx *tx, struct curb_str id,
                   struct content_placed *ret_placed)
{
	size_t place = place_of(id);
	const struct slot *slot = &all->slots[place];
	struct curb_str *texts[TEXTS];
	CURB_LOCKED(lock, &all->locks[place % LOCKS]);
	if (!slot->taken || !curb_str_is(id, slot->placed.track.id.text))
		return false;
	char *text = curb_alloc(curb_tx_arena(tx), slot->length);
	memcpy(text, slot->text, slot->length);
	*ret_placed = slot->placed;
	texts_of(ret_placed, texts);
	for (size_t i = 0; i < TEXTS; i++)
		if (texts[i]->ptr)
			texts[i]->ptr = text + (texts[i]->ptr - slot->text);
	return true;
}

void placed_remember(struct placed *all, const struct content_placed *placed)
{
	struct content_placed kept = *placed;
	struct curb_str *texts[TEXTS];
	size_t length = 0;
	texts_of(&kept, texts);
	for (size_t i = 0; i < TEXTS; i++)
		length += texts[i]->len + 1;
	if (length > TEXT_MOST)
		return;
	size_t place = place_of(curb_id_str(&kept.track.id));
	struct slot *slot = &all->slots[place];
	CURB_LOCKED(lock, &all->locks[place % LOCKS]);
	slot->length = 0;
	for (size_t i = 0; i < TEXTS; i++) {
		if (!texts[i]->ptr)
			continue;
		memcpy(slot->text + slot->length, texts[i]->ptr, texts[i]->len);
		texts[i]->ptr = slot->text + slot->length;
		slot->length += texts[i]->len;
		slot->text[slot->length++] = '\0';
	}
	slot->placed = kept;
	slot->taken = true;
}
