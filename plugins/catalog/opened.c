/* Courses that were seen open to everyone. What is published stays open: it can be retired, and that hides it from the
 * lists alone. So what was seen holds, and players need no read for each range of a file.
 * A fixed table: who comes to a slot that is taken takes it over, and the other is read again.
 */
#include <pthread.h>
#include <stdlib.h>

#include "catalog.h"
#include "curb/arena.h"
#include "curb/cleanup.h"

enum { SLOTS = 1024, LOCKS = 16 };

struct catalog_opened {
	pthread_mutex_t locks[LOCKS]; /* one guards every LOCKSth slot */
	struct curb_id slots[SLOTS];
};

struct catalog_opened *catalog_opened_new(void)
{
	struct catalog_opened *opened = curb_xcalloc(1, sizeof *opened);
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_init(&opened->locks[i], NULL);
	return opened;
}

void catalog_opened_free(struct catalog_opened *opened)
{
	if (!opened)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		(void)pthread_mutex_destroy(&opened->locks[i]);
	free(opened);
}

static size_t place_of(struct curb_str id)
{
	uint32_t hash = 2166136261U; /* FNV-1a */
	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.ptr[i]) * 16777619U;
	return hash % SLOTS;
}

bool catalog_opened_has(struct catalog_opened *opened, struct curb_str id)
{
	size_t place = place_of(id);
	CURB_LOCKED(lock, &opened->locks[place % LOCKS]);
	return id.len > 0 && curb_str_is(id, opened->slots[place].text);
}

void catalog_opened_add(struct catalog_opened *opened, const struct curb_id *id)
{
	size_t place = place_of(curb_id_str(id));
	CURB_LOCKED(lock, &opened->locks[place % LOCKS]);
	opened->slots[place] = *id;
}
