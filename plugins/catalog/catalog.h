/* Inside of catalog: courses that people find, and their states.
 * The rule: routes.c speaks HTTP, pages.c makes pages, service.c decides, store.c holds the SQL.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "catalog/catalog_api.h"
#include "content/content_api.h"
#include "curb/db.h"
#include "curb/home.h"
#include "curb/plugin.h"
#include "curb/request.h"

enum { CATALOG_PAGE = 20, CATALOG_HITS_MOST = 1000 };

/* What a course offers, over all its units; schema.org accessibilityFeature where it has a word. */
enum catalog_feature {
	CATALOG_CAPTIONS = 1 << 0,
	CATALOG_TRANSCRIPT = 1 << 1,
	CATALOG_SIGN = 1 << 2,
	CATALOG_DESCRIPTIONS = 1 << 3,
	CATALOG_AUDIO = 1 << 4,
	CATALOG_CHAPTERS = 1 << 5
};
enum { CATALOG_FEATURES = 6 };

/* A course goes from draft to waiting, then is sent back or published; published it can be retired and taken back. */
enum catalog_state { CATALOG_DRAFT, CATALOG_WAITING, CATALOG_RETURNED, CATALOG_PUBLISHED, CATALOG_RETIRED };
enum { CATALOG_STATES = 5 };

struct catalog {
	struct catalog_api api;
	struct curb_host *host;
	const struct content_api *content;
	const struct curb_home_api *home;
	const struct catalog_taker *taker; /* NULL: nobody counts classes */
	struct content_watcher watcher;
	struct catalog_opened *opened;
};

struct catalog_course {
	struct curb_id id, version, owner;
	enum catalog_state state;
	struct curb_str name, lang, description, provider, occupation;
	struct curb_str place; /* where its author works; "" everything */
	struct curb_id of;     /* the published course that it is a new version of; "": a course itself */
	bool other;            /* it is shown as a version that is not the one of now */
	int64_t hours_c, units, features, made_ms;
};

/* ---- store.c ---- */
int catalog_course_by_id(struct catalog *c, struct curb_tx *tx, struct curb_str id,
                         struct catalog_course *ret);
/* Replaces name, version and the rest of a course that is there; keeps owner, state and times. */
int catalog_course_put(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course);
int catalog_set_state(struct catalog *c, struct curb_tx *tx, const struct curb_id *id,
                      enum catalog_state state, int64_t now_ms);
int catalog_list_for_search(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                            struct curb_str words);
struct catalog_filter {
	struct curb_str q, category;
	int64_t features;
	int64_t page; /* from 1 */
};
/* A page of published courses: by rank when something is searched for, else by name. */
int catalog_find(struct catalog *c, struct curb_tx *tx, const struct catalog_filter *filter,
                 struct catalog_course **ret_courses, size_t *ret_n, int64_t *ret_total);
/* A part of the courses of a state, the latest first. */
struct catalog_part {
	enum catalog_state state;
	int64_t skip, most;
};
/* Those of an owner; *ret_total counts all of them. */
int catalog_in_state(struct catalog *c, struct curb_tx *tx, const struct catalog_part *part,
                     struct curb_str owner, struct catalog_course **ret_courses, size_t *ret_n,
                     int64_t *ret_total);
/* The first part->skip + part->most of a place, into `keys`, which has room for them. */
struct catalog_key {
	struct curb_id id;
	int64_t made_ms;
};
int catalog_in_place(struct catalog *c, struct curb_tx *tx, const struct catalog_part *part,
                     struct curb_str place, struct catalog_key *keys, size_t *ret_n);
/* The places of the courses of a state, each once, and how many there are of it. */
struct catalog_place {
	struct curb_str place;
	int64_t courses;
};
int catalog_places(struct catalog *c, struct curb_tx *tx, enum catalog_state state,
                   struct catalog_place **ret_places, size_t *ret_n);
/* At most `most` courses whose place is not known yet: id and owner. */
int catalog_placeless(struct catalog *c, struct curb_tx *tx, size_t most, struct catalog_course **ret_courses,
                      size_t *ret_n);
int catalog_set_place(struct catalog *c, struct curb_tx *tx, const struct curb_id *id, struct curb_str place);
/* The draft of a new version beside a published course. CURB_ENOTFOUND. */
int catalog_next_of(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                    struct catalog_course *ret);
int catalog_unlist(struct catalog *c, struct curb_tx *tx, const struct curb_id *id);

/* What somebody did with a course. */
struct catalog_step {
	struct curb_id person;
	struct curb_str act, reason; /* act: a word of catalog_act */
	int64_t at_ms;
};
int catalog_step_add(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                     const struct catalog_step *step);
/* The latest step; CURB_ENOTFOUND when there is none. */
int catalog_last_step(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                      struct catalog_step *ret_step);

/* ---- store_versions.c ---- */
/* A version that was published once. */
struct catalog_published {
	struct curb_id version, withdrawn_by;
	int64_t since_ms, withdrawn_ms; /* withdrawn_ms: 0 while new classes may have it */
};
/* The version of the course is published; one that was withdrawn is so no more. */
int catalog_published_add(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                          int64_t now_ms);
/* CURB_ENOTFOUND: it was never published, or is of another course. */
int catalog_published_by_id(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                            struct curb_str version, struct catalog_published *ret);
/* The latest that is not withdrawn. CURB_ENOTFOUND. */
int catalog_published_last(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                           struct catalog_published *ret);
/* Keeps when and by whom it was withdrawn. */
int catalog_published_turn(struct catalog *c, struct curb_tx *tx, const struct catalog_published *published);
/* The row of a draft beside its course goes; what was done with it is kept with the course. */
int catalog_next_end(struct catalog *c, struct curb_tx *tx, const struct catalog_course *next);

/* ---- opened.c: courses and versions that were seen open to everyone, any thread ---- */
struct catalog_opened *catalog_opened_new(void);
void catalog_opened_free(struct catalog_opened *opened);
bool catalog_opened_has(struct catalog_opened *opened, struct curb_str id);
/* A course, or a version, whose state a reader's snapshot showed. */
void catalog_opened_add(struct catalog_opened *opened, const struct curb_id *id);

/* ---- service.c ---- */
int catalog_version_made(void *self, struct curb_tx *tx, const struct content_version *version, bool publish);
/* Makes a course visible to all, and found. */
int catalog_make_public(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                        int64_t now_ms);
/* What a version holds, into the course that shows it. */
int catalog_take_version(struct catalog *c, struct curb_tx *tx, const struct content_version *version,
                         struct catalog_course *course);
/* CURB_ENOTFOUND for drafts of others. */
int catalog_open(struct catalog *c, struct curb_req *req, struct curb_str id, struct catalog_course *ret);
/* The same check alone; mostly without a read. */
int catalog_may_open(struct catalog *c, struct curb_req *req, const struct curb_id *id);
/* Whether a version of it may be seen: those that were published by all, a draft as catalog_may_open says. */
int catalog_may_see(struct catalog *c, struct curb_req *req, const struct curb_id *course,
                    const struct curb_id *version);
/* The draft beside a published course, for those who may open it; `id` "": none. */
int catalog_next_for(struct catalog *c, struct curb_req *req, const struct catalog_course *course,
                     struct catalog_course *ret_next);
/* True for a reviewer whose grant covers the place of the course. */
bool catalog_reviews(struct curb_req *req, const struct catalog_course *course);
/* A part of the courses that this reviewer may approve; *ret_total counts all of them. */
int catalog_to_review(struct catalog *c, struct curb_req *req, const struct catalog_part *part,
                      struct catalog_course **ret_courses, size_t *ret_n, int64_t *ret_total);
/* From start: looks up where the courses belong whose place is not known yet. */
int catalog_find_places(struct catalog *c);
const char *catalog_feature_word(int i); /* of bit i: for the API; NULL past the last */
struct curb_str catalog_feature_text(struct curb_req *req, int i); /* of bit i: for people */
int64_t catalog_feature_of(struct curb_str word);                  /* the bit, 0 for none */

const char *catalog_state_word(enum catalog_state state); /* for the API */
struct curb_str catalog_state_text(struct curb_req *req, enum catalog_state state);

/* ---- aids.c ---- */
struct catalog_aids {
	const struct content_aid *rows;
	size_t n;
};
/* None when she chose neither easy texts nor pinyin. */
int catalog_aids(struct catalog *c, struct curb_req *req, const struct curb_id *version,
                 struct catalog_aids *ret_aids);
/* For a card: what stands for the version itself, without its lessons. */
int catalog_card_aids(struct catalog *c, struct curb_req *req, const struct curb_id *version,
                      struct catalog_aids *ret_aids);
/* Into a row {title, text}, of which `name` is a part of the title: title_ruby, text_ruby; an easy text in place of the
 * usual one, which becomes full_text. `unit` "": of the course. */
void catalog_put_aid(struct curb_req *req, const struct catalog_aids *aids, const char *unit,
                     struct curb_str name, struct curb_value *row);

/* ---- lacks.c: what a course lacks for whom, for those who decide about it ---- */
/* True for who may do anything with it, in its state now. */
bool catalog_lacks_shown(struct curb_req *req, const struct catalog_course *course);
/* Into the model of its page: "lacks", of which the first LACKS_MOST stand there, and "lacks_more" or "lacks_none". */
int catalog_put_lacks(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                      struct curb_value *model);
/* All of them as a member of its JSON. */
int catalog_json_lacks(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                       struct curb_json *j);

/* ---- review.c ---- */
enum catalog_act {
	ACT_SUBMIT,
	ACT_WITHDRAW,
	ACT_APPROVE,
	ACT_REJECT,
	ACT_PUBLISH,
	ACT_RETIRE,
	ACT_RESTORE,
	ACTS
};
const char *catalog_act_word(enum catalog_act act);
/* True when this person may do it with a course in that state. */
bool catalog_may(struct curb_req *req, const struct catalog_course *course, enum catalog_act act);
/* It is her own, and she works with courses still. */
bool catalog_owns(struct curb_req *req, const struct catalog_course *course);
/* It waits for a decision that is not hers: she may review courses there, and this one is her own. */
bool catalog_needs_another(struct curb_req *req, const struct catalog_course *course);
/* POST /courses/:id/submit … and their API, one handler for all acts; GET /courses/:id/retire asks before it is done. */
int catalog_post_act(struct curb_req *req, void *state);
int catalog_page_act(struct curb_req *req, void *state);

/* 0 when she may do it at all, whatever the state. CURB_EDENIED. */
int catalog_check_who(struct curb_req *req, const struct catalog_course *course, enum catalog_act act);
/* Bringing back is undoing: an author undoes what she did herself, not what a reviewer decided. CURB_EDENIED. */
int catalog_check_undo(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                       const struct curb_id *person);

/* ---- versions.c ---- */
/* Into a course that is opened: the version that the query asks for in place of that of now. */
int catalog_open_version(struct catalog *c, struct curb_req *req, struct catalog_course *course);
/* The draft of a new version, which is to be published, becomes its course; *course is that then. */
int catalog_take_over(struct catalog *c, struct curb_tx *tx, struct catalog_course *course);
/* As catalog_api says of may_take and shown. */
int catalog_may_take(struct catalog *c, struct curb_tx *tx, const struct curb_id *id,
                     const struct curb_id *version);
int catalog_shown(struct catalog *c, struct curb_req *req, const struct content_version *version,
                  struct catalog_shown *ret_shown);
/* As content_watcher says. */
int catalog_about(void *self, struct curb_req *req, const struct content_version *version,
                  struct curb_value *row);
/* POST /courses/:id/versions/:version/retire and …/restore. */
int catalog_post_version(struct curb_req *req, void *state);

/* ---- home.c ---- */
struct curb_home_part catalog_home_part(struct catalog *c);

/* ---- routes.c, pages.c, mine.c ---- */
int catalog_get_courses(struct curb_req *req, void *state);
int catalog_get_course(struct curb_req *req, void *state);
int catalog_page_first(struct curb_req *req, void *state);
int catalog_page_list(struct curb_req *req, void *state);
int catalog_page_course(struct curb_req *req, void *state);
int catalog_page_mine(struct curb_req *req, void *state);
/* Links to the pages beside `page` of CATALOG_PAGE, or "beyond" when there is no such page; `list`: the address of the first. */
void catalog_put_pager(struct curb_req *req, const char *list, int64_t page, int64_t total,
                       struct curb_value *model);
/* The card of a course in a list. */
struct curb_value *catalog_card(struct curb_req *req, const struct catalog_course *course);
/* The page of a course; `error` (may be absent) stands at the reason that was `typed`. */
int catalog_show_course(struct curb_req *req, struct catalog *c, const struct catalog_course *course,
                        struct curb_str typed, struct curb_str error, int status);
/* What list and page read from the query. CURB_EINVAL. */
int catalog_read_filter(struct curb_req *req, struct catalog_filter *ret_filter);

#endif
