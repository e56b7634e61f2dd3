/* A province's server that is told by a county's: bundles as that makes them, with its ledger, and how they are handed in. */
#ifndef HOUSE_CASE_H
#define HOUSE_CASE_H

#include "exchange.h"
#include "helper.h"
#include "ledger.h"

#define NUMBER "11010519491231002X44"

struct house {
	struct fixture f;
	struct note_signer signer;
	struct ledger *ledger;
	struct exchange x;
	struct bundle_keys sender;
	struct server server;
};

extern struct curb_host exchange_host;

int open_house(void **state);
int close_house(void **state);
/* In a write function, arg is the house: its server is entered. */
int put_server(struct curb_tx *tx, void *arg);
/* What stands in the rows now. */
struct curb_tx *look(struct house *house);
int64_t number(struct house *house, const char *sql);
int64_t counted(struct house *house); /* seconds of all records */

struct told {
	struct house *house;
	struct bundle bundle;
	const char *kind; /* of its entry in the ledger */
	int64_t entry;
};

/* Records of `n` persons, each with `counted` seconds; of GONE seconds each is gone. */
enum { GONE = -1 };
struct told new_bundle(struct house *house, int64_t sequence, int n, int64_t counted_s);
/* The file of it, with the receipt of its entry. */
struct curb_str file_of(struct told *told);
struct curb_str bundle_of(struct house *house, int64_t sequence, int n, int64_t counted_s);
int hand_in(struct house *house, struct curb_str bytes);

#endif
