/* For the files of this folder. */
#ifndef CURB_ACCESS_INSIDE_H
#define CURB_ACCESS_INSIDE_H

#include <pthread.h>

#include "access.h"
#include "curb/db.h"
#include "curb/json.h"
#include "curb/request.h"

enum {
	ACCESS_TEXT_MOST = 4000,
	ACCESS_CODE_SIZE = 15,
	ACCESS_SLOTS = 256,
	ACCESS_AN_HOUR = 30,
	ACCESS_PAGE = 25 /* reports on a page of a list */
};

struct access {
	struct curb_arena *arena;
	char folder[4096];
	const struct curb_value *report; /* NULL: none was made */
	pthread_mutex_t mutex;
	struct {
		int64_t hour;
		int count;
	} slots[ACCESS_SLOTS]; /* under mutex: reports of this hour, by hash of the address */
};

/* ---- barriers.c: the rows ---- */

struct barrier {
	struct curb_id id, person; /* person "" when she was not signed in */
	struct curb_str code, page, text, contact;
	int64_t made_ms, answer_by_ms, seen_ms, answered_ms; /* 0: not yet */
};

struct barrier_answer {
	struct curb_str text;
	int64_t made_ms;
};

/* Writes one; its id, code and days are filled in. */
int barrier_add(struct curb_tx *tx, struct barrier *barrier, int64_t now_ms);
/* Texts are unsealed. CURB_ENOTFOUND. Arena. */
int barrier_by_code(struct curb_tx *tx, struct curb_str code, struct barrier *ret_barrier);
int barrier_by_id(struct curb_tx *tx, struct curb_str id, struct barrier *ret_barrier);
/* Those without answer, the one that must be answered first at the top; then the answered ones, the latest first:
 * `most` behind the first `past`. With `person`: hers alone. */
int barrier_list(struct curb_tx *tx, const struct curb_id *person, int64_t past, int64_t most,
                 struct barrier **ret_list, size_t *ret_n);
int barrier_count(struct curb_tx *tx, const struct curb_id *person, int64_t *ret_n);
int barrier_answers(struct curb_tx *tx, const struct curb_id *barrier, struct barrier_answer **ret_list,
                    size_t *ret_n);
int barrier_seen(struct curb_tx *tx, const struct curb_id *id, int64_t now_ms);
int barrier_answer(struct curb_tx *tx, const struct curb_id *id, const struct curb_id *by,
                   struct curb_str text, int64_t now_ms);

/* ---- report.c: what ./dev access found ---- */

/* A member that is a text, or an object with a text for each language: the one of the request. Absent when there is none. */
struct curb_str report_text(struct curb_req *req, const struct curb_value *object, const char *key);
/* Fills a page's model with the summary, the criteria, or one journey (CURB_ENOTFOUND). */
void report_summary(struct curb_req *req, const struct access *access, struct curb_value *model);
void report_criteria(struct curb_req *req, const struct access *access, struct curb_value *model);
int report_journey(struct curb_req *req, const struct access *access, struct curb_str id,
                   struct curb_value *model);
/* Bytes of a picture that the report names. CURB_ENOTFOUND. */
int report_picture(const struct access *access, struct curb_str name, struct curb_buf *out);

/* ---- inbox.c: the handlers of those who answer; pages.c has the others ---- */

int access_get_inbox(struct curb_req *req, void *state);
int access_get_one(struct curb_req *req, void *state);
int access_post_answer(struct curb_req *req, void *state);
/* What pages show of a report: when, until when, which page, state in words, text, answers. */
struct curb_value *access_barrier_model(struct curb_req *req, const struct barrier *barrier);
int access_put_answers(struct curb_req *req, const struct barrier *barrier, struct curb_value *model);
/* The day of a moment, in words. */
struct curb_str access_day(struct curb_req *req, int64_t ms);
/* The number in the query; CURB_EINVAL when it cannot be a page. */
int access_read_page(struct curb_req *req, const char *name, int64_t *ret_page);
/* A text that was typed: trimmed, line ends as \n. */
struct curb_str access_typed(struct curb_req *req, const char *field);

#endif
