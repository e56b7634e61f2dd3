/* What the courses of a class lack becomes tasks when it opens: what, who owes it, by which day. Until they are done somebody is named
 * who interprets or captions for the class.
 * The rule: nobody is kept out of a class by them, and who needs it is neither looked at nor kept. A class keeps its version of a
 * course: a newer one takes the task from its author, but not from the class.
 */
#ifndef CREDIT_TASK_H
#define CREDIT_TASK_H

#include "support.h"

enum { TASKS_MOST = 5000, TASK_WORDS_MOST = 200, TASK_NAME_MOST = 100 }; /* characters */
/* Who brings courses, and may so owe something. */
enum { TASK_OWNERS = CURB_AUTHOR | CURB_STAFF | CURB_REVIEWER };

struct task {
	struct curb_id id, cohort, course, owner, done_by;
	struct curb_str key, name, fact; /* as content_lack has them */
	struct curb_str code, words;
	int64_t due_day, done_ms; /* done_ms 0: nobody has said that it is done */
	int64_t classes;          /* that wait for it; 1 in the list of one */
	bool there;               /* what new classes take lacks it no longer */
};

/* ---- task_store.c ---- */
/* All of a class in the order of its courses; arena. */
int tasks_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct task **ret_list,
             size_t *ret_n);
/* What somebody owes in classes that have not ended and nobody has called done, each thing once whatever the classes, with the first of
 * their days, a course behind the other; arena. */
int tasks_owed(struct credit *c, struct curb_tx *tx, const struct curb_id *owner, int64_t now_ms,
               struct task **ret_list, size_t *ret_n);
int task_add(struct credit *c, struct curb_tx *tx, const struct task *task, int64_t position,
             int64_t ends_ms);
/* CURB_ECONFLICT: it was done already. */
int task_set_done(struct credit *c, struct curb_tx *tx, const struct task *task);
/* Takes that word back. CURB_ECONFLICT: nobody has said it. */
int task_set_open(struct credit *c, struct curb_tx *tx, const struct task *task);

/* Who helps meanwhile. */
struct task_help {
	struct curb_id cohort, by;
	enum support_kind kind; /* SUPPORT_INTERPRETER or SUPPORT_CAPTIONER */
	struct curb_str name;
	int64_t named_ms;
};
int task_help_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 struct task_help **ret_list, size_t *ret_n);
int task_set_help(struct credit *c, struct curb_tx *tx, const struct task_help *help);
/* CURB_ECONFLICT: nobody is named. */
int task_drop_help(struct credit *c, struct curb_tx *tx, const struct task_help *help);

/* ---- task.c ---- */
/* In a write function, when a class opens: its tasks, owed by who brought the course, until the first day of the class. */
int tasks_open(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
               const struct credit_cohort *cohort);
/* Sets `there` of each; without a catalog nobody knows which version new classes take. */
int tasks_look(struct credit *c, struct curb_tx *tx, struct task *list, size_t n);

/* ---- task_pages.c ---- */
/* The page of a class, with what was typed and is wrong. */
int task_show(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
              struct typed_form *form, int status);
/* What a form of a page is sent to: what was chosen there is found again behind a mistake. Arena. */
const char *task_at_page(struct curb_req *req);
/* For the page of a class: "tasks", the address of its tasks. */
void task_put_link(struct curb_req *req, const struct credit_cohort *cohort, struct curb_value *model);
/* A section for the first page of who owes something; nothing when she does not. */
int task_home(struct curb_req *req, struct credit *c, struct curb_value *sections);
int task_page_class(struct curb_req *req, void *state);
int task_page_mine(struct curb_req *req, void *state);

/* ---- task_forms.c ---- */
int task_post_done(struct curb_req *req, void *state);
int task_post_again(struct curb_req *req, void *state);
int task_post_help(struct curb_req *req, void *state);
int task_post_nobody(struct curb_req *req, void *state);

#endif
