/* Pages of credit: hours in words, the list of classes, planning a class, its roster, and the help for all that.
 * The rule: what is typed is kept as it was typed; only a plan without faults becomes a class.
 */
#ifndef CREDIT_PAGES_H
#define CREDIT_PAGES_H

#include "credit.h"
#include "curb/person.h"

/* ---- help.c ---- */
extern const struct curb_home_help credit_help[];

/* ---- words.c ---- */
/* "less than a minute", "about 12 min", "about 1 h 20 min". */
struct curb_str credit_words_about(struct curb_req *req, int64_t seconds);
/* "From 1 May 2027 to 30 June 2027". */
struct curb_str credit_words_days(struct curb_req *req, const struct credit *c,
                                  const struct credit_cohort *cohort);
/* What pages call a person, also one whose account is closed. */
int credit_name_of(struct curb_req *req, const struct curb_id *person, struct curb_str *ret_name);
/* Class hours of the class, of seconds: "12.5". */
struct curb_str credit_words_hours(struct curb_req *req, const struct credit_cohort *cohort, int64_t seconds);
/* How a trainee stands in a class, as sentences pushed to `facts`: earned, the share, what waits and why. */
void credit_push_hours(struct curb_req *req, const struct credit_cohort *cohort,
                       const struct credit_earned *earned, struct curb_value *facts);
/* The next offline unit that has a day, when there is one. */
int credit_push_meeting(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                        struct curb_value *facts);

/* The page of a list that is asked for with ?page=, or another word; 1 for whatever is none. */
int64_t credit_asked_page(struct curb_req *req, const char *word);
/* Each page of a long list is told from the others by its title. */
struct curb_str credit_page_title(struct curb_req *req, struct curb_str name, int64_t page);
struct credit_list {
	const char *address; /* of its pages: see curb_put_pager */
	int64_t page, per_page, total;
};
/* curb_put_pager for a page with several lists: the links say of which. */
void credit_put_named_pager(struct curb_req *req, struct curb_value *model, struct curb_str name,
                            const struct credit_list *list);
/* The same as "WORD_pager": of one of several lists of a page. */
void credit_put_pager_of(struct curb_req *req, struct curb_value *model, const char *word,
                         struct curb_str name, const struct credit_list *list);

/* ---- store_class.c ---- */
enum class_state { CLASS_ANY, CLASS_UNDER_WAY, CLASS_TO_COME, CLASS_ENDED };
struct class_wanted {
	struct curb_id institution;
	enum class_state state;
	int64_t now_ms, skip, most;
};
/* What begins last comes first. */
int credit_cohorts_in_state(struct credit *c, struct curb_tx *tx, const struct class_wanted *wanted,
                            struct credit_cohort **ret_cohorts, size_t *ret_n);
/* How many there are in all. */
int credit_cohorts_count(struct credit *c, struct curb_tx *tx, const struct class_wanted *wanted,
                         int64_t *ret_n);
int credit_trainee_count(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t *ret_n);
/* True while nothing of what the person learned in the class was written down, nor that she is to leave it. */
int credit_trainee_blank(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                         const struct curb_id *person, bool *ret_blank);
int credit_trainee_remove(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                          const struct curb_id *person);
/* Persons of the institution's classes who are called so; two at most, that is all that matters. */
int credit_trainees_called(struct credit *c, struct curb_tx *tx, const struct curb_id *institution,
                           struct curb_str shown, struct curb_id **ret_persons, size_t *ret_n);

struct credit_draft {
	struct curb_id id, person, cohort; /* cohort: "" until it is opened */
	struct curb_str body;              /* JSON: the fields of its forms */
	int64_t changed_ms;
	bool dropped;
};
/* CURB_ENOTFOUND for those of others. */
int credit_draft_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, const struct curb_id *person,
                       struct credit_draft *ret_draft);
/* Not opened and not dropped, the latest first: `most` of them behind the first `skip`; *ret_total counts all. */
int credit_drafts_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t skip,
                     int64_t most, struct credit_draft **ret_drafts, size_t *ret_n, int64_t *ret_total);
int credit_draft_save(struct credit *c, struct curb_tx *tx, const struct credit_draft *draft);
/* Those dropped before that moment go for good. */
int credit_drafts_forget(struct credit *c, struct curb_tx *tx, int64_t before_ms);

/* ---- classes.c ---- */
struct class_filter {
	struct curb_str q; /* words of the programme's name */
	enum class_state state;
	size_t skip, most;
};
struct credit_class_row {
	struct credit_cohort cohort;
	struct curb_str institution;
	int64_t trainees;
};
/* Classes of the institutions that the person's grants cover. Arena. */
int credit_find_classes(struct curb_req *req, struct credit *c, const struct class_filter *filter,
                        struct credit_class_row **ret_rows, size_t *ret_n);
enum class_state credit_class_state(const struct credit_cohort *cohort, int64_t now_ms);
/* The class of the path, when the person may look after it. CURB_ENOTFOUND. */
int credit_class_of(struct curb_req *req, struct credit *c, struct credit_cohort *ret_cohort);
/* The same, also for those who only read it. */
int credit_class_seen(struct curb_req *req, struct credit *c, struct credit_cohort *ret_cohort);
int credit_page_classes(struct curb_req *req, void *state);

/* ---- study.c ---- */
/* What the page about a person shows of her classes: for the service study.v1, which the core asks. */
int credit_study_classes(const struct curb_study *self, struct curb_req *req, const struct curb_id *person,
                         struct curb_value **ret_cards);

/* ---- cells.c: for the component of tables; labels are source texts, NULL behind the last ---- */
struct curb_value *credit_cell(struct curb_req *req, const char *label, struct curb_str text);
/* The first of a row; href may be NULL. */
struct curb_value *credit_head(struct curb_req *req, const char *label, struct curb_str text,
                               const char *href);
void credit_put_columns(struct curb_req *req, struct curb_value *model, const char *const *labels);
/* One more of a select, of radio buttons or of boxes; the label is translated. */
void credit_option(struct curb_value *options, struct curb_str value, struct curb_str label, bool selected);

/* ---- class.c ---- */
/* A row for the component of facts; `term` is a source text. */
void credit_push_fact(struct curb_req *req, struct curb_value *facts, const char *term, struct curb_str text);
/* "Practice: 8 class hours, on 3 June 2027, the base". */
struct curb_str credit_offline_words(struct curb_req *req, const struct credit_offline *unit);
/* Where the rule of its online share is shown. Arena. */
const char *credit_rule_address(struct curb_req *req, const struct credit_cohort *cohort);
/* What was planned: "facts", "courses", "offline". */
int credit_class_plan(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                      struct curb_value *model);
int credit_page_class(struct curb_req *req, void *state);
int credit_page_trainee(struct curb_req *req, void *state);
/* The class once more after `typed` could not be added: the error beside the field, what was typed kept in it. */
int credit_page_class_wrong(struct curb_req *req, struct credit *c, struct curb_str typed,
                            struct curb_str error, int status);

/* ---- record.c ---- */
/* The classes of `person` that the asking one may see; none is no error. Arena. */
int credit_classes_seen(struct curb_req *req, struct credit *c, const struct curb_id *person,
                        struct credit_cohort **ret_cohorts, size_t *ret_n);
/* What the pages show of a person in a class: figures, sentences, and a page of the lines that add up to them. `list`: the
 * address of their pages, as curb_put_pager wants it. *page: the one that is asked for; the last one when there are not as many. */
int credit_record_model(struct curb_req *req, struct credit *c, const struct curb_id *person,
                        const struct credit_cohort *cohort, const char *list, int64_t *page,
                        struct curb_value *model);

/* One line of it: "day", "played", "granted", "reasons", and its lesson. */
int credit_line_model(struct curb_req *req, struct credit *c, const struct credit_line *line,
                      struct curb_value *row);

/* Its members, into an open object. */
void credit_json_line(struct curb_json *j, const struct credit_line *line);

/* ---- stretches.c ---- */
int credit_page_entries(struct curb_req *req, void *state); /* hers */
int credit_page_trainee_entries(struct curb_req *req, void *state);
int credit_get_entries(struct curb_req *req, void *state); /* of a trainee, for programs */

/* ---- dossier.c ---- */
int credit_page_dossier(struct curb_req *req, void *state);

/* ---- roster.c ---- */
int credit_post_trainee(struct curb_req *req, void *state);  /* one, for programs */
int credit_post_trainees(struct curb_req *req, void *state); /* the form: one or several */
int credit_post_remove(struct curb_req *req, void *state);

/* ---- routes.c ---- */
/* When something begins or (`past`) is over: a day of the place, or milliseconds UTC. CURB_EINVAL. */
int credit_read_moment(const struct credit *c, const struct curb_value *value, bool past, int64_t *ret_ms);
/* CURB_ENOTFOUND when the person may not open a course of the plan. */
int credit_check_courses(struct curb_req *req, const struct credit *c, const struct credit_plan *plan);

/* ---- typed.c ---- */
/* Days since 1970-01-01 of a year, month and day; false when there is no such day. */
bool credit_day_of(int64_t year, int64_t month, int64_t day, int64_t *ret_day);
/* Days since 1970-01-01 of a date such as 2027-03-01; false when there is no such day. */
bool credit_read_date(struct curb_str text, int64_t *ret_day);

/* A form: what was typed comes back as v.NAME (dates as {year,month,day}), what is wrong as e.NAME and in mistakes[]. */
struct typed_form {
	struct curb_req *req;
	struct curb_value *model, *v, *e, *mistakes;
	bool wrong;
};
struct typed_form typed_form(struct curb_req *req);
struct curb_str typed_field(struct typed_form *form, const char *name); /* trimmed, never absent */
/* Days since 1970-01-01, 0 when nothing is typed or (then it is a mistake) no day. `label`: the field's, a source text. */
int64_t typed_date(struct typed_form *form, const char *name, const char *label);
/* `label`, translated, stands before the text in the list of mistakes, where several fields may be wrong in the same words. */
void typed_wrong_called(struct typed_form *form, const char *name, struct curb_str label,
                        struct curb_str text);
void typed_wrong(struct typed_form *form, const char *name, struct curb_str text); /* text is translated */
void typed_wrong_error(struct typed_form *form, const char *name);                 /* the thread's error */
/* credit_option, selected when its value is the chosen one. */
void typed_option(struct curb_value *options, struct curb_str value, struct curb_str label,
                  struct curb_str chosen);

/* ---- policy_words.c ---- */
/* What a figure says: "at most 40 of every hundred class hours". */
struct curb_str policy_figure_words(struct curb_req *req, enum policy_field field, int64_t value);
struct curb_str policy_field_name(struct curb_req *req, enum policy_field field);
/* Of the three tiers, "the federation of the county". */
struct curb_str policy_tier_words(struct curb_req *req, enum policy_tier tier);
struct curb_str policy_kind_words(struct curb_req *req, struct curb_str kind);
/* The name of a region, in the place of "" the word for everywhere. */
struct curb_str policy_region_words(struct curb_req *req, struct curb_str region);

/* ---- policy_pages.c, policy_form.c ---- */
int policy_page_all(struct curb_req *req, void *state);
int policy_page_one(struct curb_req *req, void *state);
int policy_page_new(struct curb_req *req, void *state);
int policy_post_new(struct curb_req *req, void *state);

/* ---- draft.c: what was typed, and the plan it makes ---- */
enum { DRAFT_UNITS_MOST = 20, DRAFT_COURSES_MOST = 64 };
enum draft_step { DRAFT_PLAN, DRAFT_COURSES, DRAFT_OFFLINE, DRAFT_DATES, DRAFT_CHECK, DRAFT_STEPS };
/* The body with the fields of a step taken from the form; the others stay. Arena. */
struct curb_value *draft_merge(struct curb_req *req, const struct curb_value *body, enum draft_step step);
/* A number as people type it, also with the wide digits and points of Chinese keyboards, times 10^decimals. */
bool draft_read_number(struct curb_str text, int decimals, int64_t most, int64_t *ret_number);
/* Days since 1970-01-01 of the fields ID-year, ID-month and ID-day of a body; *ret_some: whether anything is typed there.
 * False when there is no such day. */
bool draft_read_day(struct curb_req *req, const struct curb_value *body, const char *id, bool *ret_some,
                    int64_t *ret_day);
/* Reads a plan from a body. Puts what is wrong with a field into `errors` as {field: text}; true when that is nothing. */
bool draft_plan(struct curb_req *req, struct credit *c, const struct curb_value *body,
                struct credit_plan *plan, struct curb_value *errors);
/* The step that a field belongs to. */
enum draft_step draft_step_of(struct curb_str field);
const char *draft_step_word(enum draft_step step);

/* ---- lacks.c: what the courses of a class lack for whom; a class is opened all the same ---- */
/* Into a model: "lacks" [{name, lang, items:[{what, means}]}] by course, and "lacks_more" where a page has no room for all. */
int lacks_put(struct curb_req *req, struct credit *c, const struct curb_str *versions, size_t n,
              struct curb_value *model);
/* For programs: [{version, lesson, code, what, means}], the first 200. Arena. */
int lacks_list(struct curb_req *req, struct credit *c, const struct curb_str *versions, size_t n,
               struct curb_value **ret_list);

/* ---- draft_rule.c ---- */
/* The kinds of training, and what the share would be; by the policy of the institution `first` while none is chosen. */
int draft_put_rule(struct curb_req *req, struct credit *c, const struct curb_value *body,
                   struct curb_str first, struct curb_value *model);

/* ---- draft_form.c: the models of the steps ---- */
int draft_model(struct curb_req *req, struct credit *c, const struct credit_draft *draft,
                const struct curb_value *body, enum draft_step step, const struct curb_value *errors,
                struct curb_value *model);

/* ---- draft_pages.c ---- */
int credit_page_new_class(struct curb_req *req, void *state);
int credit_post_new_class(struct curb_req *req, void *state);
int credit_page_draft(struct curb_req *req, void *state);
int credit_post_draft(struct curb_req *req, void *state);
int credit_post_draft_open(struct curb_req *req, void *state);
int credit_post_draft_drop(struct curb_req *req, void *state);
int credit_post_draft_restore(struct curb_req *req, void *state);

#endif
