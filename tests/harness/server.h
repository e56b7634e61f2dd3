/* The real core in this process: store, people, pages and HTTP on 127.0.0.1 with a port of its own, and a folder that
 * goes away with it.
 * The rule: the test gives the route table; everything else is what the product runs.
 */
#ifndef CURB_TESTS_SERVER_H
#define CURB_TESTS_SERVER_H

#include "curb/plugin.h"
#include "http.h"
#include "store.h"
#include "temp.h"

struct test_server {
	struct temp_folder folder;
	struct curb_store *store;
	struct pages *pages;
	struct http *http;
	int port;
	struct http_routes tables[3];
	struct http_options options; /* as it was started; may be changed between prepare and start */
};

/* Opens the store with the tables of people in it, and fills `options`: 16 threads, 4 permits, plain cookies. */
void test_server_prepare(struct test_server *server, const struct curb_route *routes, void *state);
/* Starts to listen; fails the test when it cannot. */
void test_server_start(struct test_server *server);
void test_server_stop(struct test_server *server);

/* Adds a person with one grant and a session: her token (PEOPLE_TOKEN_SIZE) and the id of her institution. Region and
 * institution are made when `somewhere`; else the grant covers everything. */
void test_server_person(struct test_server *server, const char *name, uint32_t role, bool somewhere,
                        char *ret_token, struct curb_id *ret_institution);

#endif
