#include "home.h"

#include <pthread.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

struct home *home_new(void)
{
	struct home *home = curb_xcalloc(1, sizeof *home);
	(void)pthread_mutex_init(&home->lock, NULL);
	home_fill_service(&home->api);
	return home;
}

void home_free(struct home *home)
{
	if (!home)
		return;
	(void)pthread_mutex_destroy(&home->lock);
	free(home);
}

const struct curb_home_api *home_service(const struct home *home)
{
	return &home->api;
}

static struct home *home_of(const struct curb_home_api *self)
{
	return CURB_CONTAINER_OF(self, struct home, api);
}

static size_t find(const struct home *home, const char *name)
{
	size_t i = 0;
	while (i < home->count && strcmp(home->parts[i].name, name) != 0)
		i++;
	return i;
}

static int offer(const struct curb_home_api *self, const struct curb_home_part *part)
{
	struct home *home = home_of(self);
	CURB_LOCKED(lock, &home->lock);
	if (find(home, part->name) < home->count)
		return curb_fail(CURB_EABI, "there is a part %s on the first page already", part->name);
	if (home->count == HOME_PARTS)
		return curb_fail(CURB_EABI, "more than %d parts on the first page", HOME_PARTS);
	size_t at = home->count++;
	for (; at > 0 && home->parts[at - 1].rank > part->rank; at--)
		home->parts[at] = home->parts[at - 1];
	home->parts[at] = *part;
	return 0;
}

static void withdraw(const struct curb_home_api *self, const char *name)
{
	struct home *home = home_of(self);
	CURB_LOCKED(lock, &home->lock);
	size_t i = find(home, name);
	if (i == home->count)
		return;
	home->count--;
	for (; i < home->count; i++)
		home->parts[i] = home->parts[i + 1];
}

size_t home_parts(struct home *home, struct curb_home_part ret_parts[HOME_PARTS])
{
	CURB_LOCKED(lock, &home->lock);
	memcpy(ret_parts, home->parts, home->count * sizeof *ret_parts);
	return home->count;
}

static int fill(const struct curb_home_api *self, struct curb_req *req, struct curb_value *model)
{
	struct curb_home_part parts[HOME_PARTS];
	struct curb_value *sections = curb_array(curb_req_arena(req)), *next = NULL;
	size_t n = home_parts(home_of(self), parts);
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *one = NULL;
		if (!(parts[i].roles & curb_req_user(req)->roles))
			continue;
		err = parts[i].fill(parts[i].self, req, sections, &one);
		if (!next)
			next = one;
	}
	if (err)
		return err;
	if (next)
		curb_put(model, "next", next);
	curb_put(model, "sections", sections);
	return 0;
}

void home_fill_service(struct curb_home_api *api)
{
	*api = (struct curb_home_api){
		.head = { sizeof *api }, .offer = offer, .withdraw = withdraw, .fill = fill
	};
}
