/* A server with one class, and another one that it makes bundles for. */
#ifndef OFFICE_CASE_H
#define OFFICE_CASE_H

#include "exchange.h"
#include "helper.h"

enum { MEMBERS_MOST = 4000 };

/* What its keeper of hours says; set up anew for each test. */
struct school {
	size_t members;
	size_t waste; /* bytes that each look at somebody's hours leaves in the arena */
	const char *programme;
	size_t without;             /* this one is not on the roster; MEMBERS_MOST: all are */
	struct curb_id institution; /* of its class */
	struct curb_str shown[MEMBERS_MOST];
	int64_t counted_s;
};
extern struct school school;
extern const struct curb_id office_institution; /* what bundles are made of */
struct curb_id id_of(size_t i);

struct office {
	struct fixture f;
	struct exchange x;
	struct bundle_keys receiver;
	struct server server;
	struct collected collected;
};

int open_office(void **state);
int close_office(void **state);
/* In a write function, arg is the office: its server is entered. */
int put_server(struct curb_tx *tx, void *arg);
/* Collects what differs; `anew`: all. */
int look(struct office *office, bool anew);
/* Makes the bundle that was collected. */
int make(struct office *office);
/* Tells what differs; how many records that were. */
size_t tell(struct office *office);
/* As the other side opens it. */
size_t read_back(struct office *office, struct record **ret_records);
/* What a statement counts in its rows. */
int64_t sent(struct office *office, const char *sql);

#endif
