/* A database, blobs, imports and jobs, without a server around them. */
#ifndef CURB_TESTS_INGEST_HOUSE_H
#define CURB_TESTS_INGEST_HOUSE_H

#include "blobs.h"
#include "inside.h"
#include "temp.h"
#include "work.h"

/* Of "some BYTES", which the worker called "honest" sends. */
#define BLOB "d4775930ae5f728b8049cfbffe636894cf76b7d6804cdd930cbea44ecaac8ac5"

struct house {
	struct temp_folder folder;
	struct curb_store *store;
	struct blobs *blobs;
	struct ingest *ingest;
	struct plugins *plugins;
	struct work *work;
	struct content_watcher watcher;
	int made;
	void (*while_made)(void); /* called while a version is made; NULL: nothing is */
};

void open_house(struct house *house);
void close_house(struct house *house);
/* `threads`: that run jobs. */
void start_work(struct house *house, int threads);
/* Until a job has ended that nobody has waited for yet. */
void wait_end(void);
/* The one number that a query gives. */
int64_t count(struct house *house, const char *sql);
/* The worker "honest" as an import of the command line; what it returned. */
int import_honest(struct house *house);

#endif
