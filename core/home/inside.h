/* Between the files of home. */
#ifndef CURB_HOME_INSIDE_H
#define CURB_HOME_INSIDE_H

#include <pthread.h>

#include "home.h"

enum { HOME_PARTS = 32 };

struct home {
	struct curb_home_api api;
	pthread_mutex_t lock; /* guards parts and count */
	struct curb_home_part parts[HOME_PARTS];
	size_t count;
};

void home_fill_service(struct curb_home_api *api);
/* A copy of the parts as they are now, by rank. */
size_t home_parts(struct home *home, struct curb_home_part ret_parts[HOME_PARTS]);

#endif
