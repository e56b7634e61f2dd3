/* How many connections each address has: a small hash table of those that have one. */
#include <stdlib.h>

#include "curb/cleanup.h"
#include "inside.h"

enum { BUCKETS = 1024 };

struct guest {
	struct guest *next;
	int count;
	char address[48];
};

struct crowd {
	pthread_mutex_t mutex; /* guards the table */
	int limit;
	struct guest *buckets[BUCKETS];
};

struct crowd *crowd_new(int limit)
{
	struct crowd *crowd = curb_xcalloc(1, sizeof *crowd);
	(void)pthread_mutex_init(&crowd->mutex, NULL);
	crowd->limit = limit;
	return crowd;
}

void crowd_free(struct crowd *crowd)
{
	if (!crowd)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (crowd->buckets[i]) {
			struct guest *next = crowd->buckets[i]->next;
			free(crowd->buckets[i]);
			crowd->buckets[i] = next;
		}
	(void)pthread_mutex_destroy(&crowd->mutex);
	free(crowd);
}

static struct guest **place(struct crowd *crowd, struct curb_str address)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < address.len; i++)
		hash = (hash ^ (unsigned char)address.ptr[i]) * 16777619u;
	struct guest **at = &crowd->buckets[hash % BUCKETS];
	while (*at && !curb_str_is(address, (*at)->address))
		at = &(*at)->next;
	return at;
}

bool crowd_enter(struct crowd *crowd, struct curb_str address)
{
	CURB_LOCKED(lock, &crowd->mutex);
	struct guest **at = place(crowd, address);
	if (!*at) {
		struct guest *guest = curb_xcalloc(1, sizeof *guest);
		size_t most = sizeof guest->address - 1;
		memcpy(guest->address, address.ptr, address.len < most ? address.len : most);
		*at = guest;
	}
	(*at)->count++;
	return (*at)->count <= crowd->limit;
}

void crowd_leave(struct crowd *crowd, struct curb_str address)
{
	CURB_LOCKED(lock, &crowd->mutex);
	struct guest **at = place(crowd, address);
	struct guest *guest = *at;
	if (guest && --guest->count == 0) {
		*at = guest->next;
		free(guest);
	}
}
