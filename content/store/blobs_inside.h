/* Between the files of the store of blobs. */
#ifndef CONTENT_STORE_BLOBS_INSIDE_H
#define CONTENT_STORE_BLOBS_INSIDE_H

#include <pthread.h>

#include "blobs.h"

enum { BLOBS_PATH = 80 };

struct blobs {
	int root, temporary;      /* folders */
	uint64_t next;            /* names of temporary files; see blob_new */
	pthread_mutex_t lock;     /* guards next */
	pthread_mutex_t removing; /* guards keepers, and is held while a part of a removal is under way */
	int keepers;
};

/* Of 64 hex digits, from the root; room for BLOBS_PATH. */
void blobs_path(const char *sha256, char *ret_path);

#endif
