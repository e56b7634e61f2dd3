/* The house of the tests of needs: people of two institutions, and browsers that keep what they are told.
 * The rule: each test begins with nothing kept (house_anew).
 */
#ifndef CURB_TESTS_NEEDS_HOUSE_H
#define CURB_TESTS_NEEDS_HOUSE_H

#include "client.h"
#include "people.h"
#include "server.h"

/* A learner and her family's helper, staff of her institution and of another, an author. */
enum { LEARNER, FAMILY, STAFF, ELSEWHERE, AUTHOR, PEOPLE };

extern struct test_server server;
extern char tokens[PEOPLE][PEOPLE_TOKEN_SIZE];
extern struct curb_id ids[PEOPLE];

int house_open(void **unused);
int house_close(void **unused);
int house_anew(void **unused);

struct browser {
	int who; /* -1: nobody */
	char needs[128], form[64], token[64], place[512];
	char *page;
};

/* A browser that has opened /needs; `who` -1: signed out. */
struct browser open_as(int who);
void shut(struct browser *b);
/* Its headers, with the whole lines `more` in front of the cookies. */
void browser_cookies(const struct browser *b, const char *more, char *ret_headers, size_t room);
void browser_take(struct browser *b, const struct answer *answer);
int get(struct browser *b, const char *path);
/* `body` with the token of the page that was opened last. */
int post(struct browser *b, const char *path, const char *body);
int post_raw(struct browser *b, const char *path, const char *type, const char *more, const char *body);
void has(const struct browser *b, const char *text);
void lacks(const struct browser *b, const char *text);

#endif
