/* Questions about hours: a trainee asks about a line of her record, those who look after the class answer.
 * The rule: what was written stays as it was written, sealed; the ledger has that it was written, when, by whom, and a salted
 * hash of the text, so that neither a question nor an answer can vanish or change.
 */
#ifndef CREDIT_QUESTION_H
#define CREDIT_QUESTION_H

#include "pages.h"

enum {
	QUESTION_TEXT_MOST = 2000, /* characters */
	QUESTION_MESSAGES_MOST = 100,
	QUESTIONS_OPEN_MOST = 20 /* that wait, of one person in one class */
};

/* About the line of a unit on a day; unit "" and day 0: about the class as a whole. */
struct question {
	struct curb_id id, cohort, person, unit;
	int64_t day, asked_ms, said_ms; /* said_ms: when the last message came */
	bool waiting;                   /* for an answer of those who look after the class */
};

struct question_message {
	struct curb_id by;
	struct curb_str text;
	int64_t at_ms;
};

/* ---- store_question.c ---- */
int question_add(struct credit *c, struct curb_tx *tx, const struct question *question);
/* CURB_ENOTFOUND. */
int question_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct question *ret);
/* Adds it, and says whether the question waits for an answer from then on. */
int question_add_message(struct credit *c, struct curb_tx *tx, const struct question *question,
                         const struct curb_id *id, const struct question_message *message, bool waits);
/* All of them, as they were written. Arena of tx. */
int question_messages(struct credit *c, struct curb_tx *tx, const struct question *question,
                      struct question_message **ret_messages, size_t *ret_n);
/* Those of a class: what waits first, the oldest of it in front. *ret_total counts all. */
int questions_of_class(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t skip,
                       int64_t most, struct question **ret_questions, size_t *ret_n, int64_t *ret_total);
/* How many messages it has. */
int question_length(struct credit *c, struct curb_tx *tx, const struct question *question, int64_t *ret_n);
/* How many of a class wait; `person` "": of anybody. */
int questions_waiting(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                      const struct curb_id *person, int64_t *ret_n);
/* Those that wait in the classes of an institution, the oldest in front; at most `most`. */
int questions_of_institution(struct credit *c, struct curb_tx *tx, const struct curb_id *institution,
                             int64_t most, struct question **ret_questions, size_t *ret_n);
/* A person's, what was said last in front; cohort "": in any class; only those of which something was said since `since_ms`. */
int questions_of_person(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        const struct curb_id *cohort, int64_t since_ms, struct question **ret_questions,
                        size_t *ret_n);

/* ---- question.c: in a write function ---- */
struct question_saying {
	struct credit *c;
	struct question question; /* a new one has no id yet; it gets one */
	struct curb_id by;
	const char *role; /* static: "learner", "staff", "teacher" */
	struct curb_str text;
	int64_t now_ms;
};
/* A new question with its first message. CURB_EUNFIT: too many of hers wait already. CURB_ENOTFOUND: she is not on the roster. */
int question_ask(struct curb_tx *tx, void *saying);
/* One more message: of the trainee, then it waits; of anybody else, then it does not. CURB_EUNFIT: it has so many already. */
int question_say(struct curb_tx *tx, void *saying);

/* ---- question_words.c ---- */
/* "3 May 2027, lesson 2: Greeting", or the programme's name. */
int question_about(struct curb_req *req, struct credit *c, const struct question *question,
                   struct curb_str *ret_words);
const char *question_state(const struct question *question); /* for curb_tr */
/* Where the asking person reads it: hers, or that of the class. */
const char *question_page(struct curb_req *req, const struct question *question);
/* What stands on first pages: questions to answer, answers that came. Nothing when there is none. */
int question_home_staff(struct curb_req *req, struct credit *c, struct curb_value *sections);
int question_home_trainee(struct curb_req *req, struct credit *c, struct curb_value *sections);
/* Puts "questions" [{href, label}] of a person in a class into the model of her record, and for herself "ask". */
int question_put_list(struct curb_req *req, struct credit *c, const struct curb_id *person,
                      const struct credit_cohort *cohort, struct curb_value *model);
/* For one line of her own record: "ask", and its "ask_label". */
void question_put_ask(struct curb_req *req, const struct credit_cohort *cohort,
                      const struct credit_line *line, struct curb_value *row);
/* For the page of a class: where its questions are, and how many wait. */
int question_put_class(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                       struct curb_value *model);

/* ---- question_pages.c: rows of the table in table.c ---- */
int credit_page_ask(struct curb_req *req, void *state);
int credit_post_ask(struct curb_req *req, void *state);
int credit_page_question(struct curb_req *req, void *state); /* hers */
int credit_post_question(struct curb_req *req, void *state);
int credit_page_questions(struct curb_req *req, void *state); /* of a class */
int credit_page_class_question(struct curb_req *req, void *state);
int credit_post_class_question(struct curb_req *req, void *state);

#endif
