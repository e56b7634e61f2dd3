/* Inside of bank: accounts of credits, their lines, and the rules by which lines are added.
 * The rule: an account is the sum of its lines; a line is never changed, and each is an entry of the ledger in the write that moves
 * the sum. What takes something back is a line of its own.
 *
 * Credits are kept in hundredths, never as floating point.
 */
#ifndef BANK_H
#define BANK_H

#include "cells.h"
#include "certificate/certificate_api.h"
#include "credit/credit_api.h"
#include "curb/db.h"
#include "curb/doctor.h"
#include "curb/erasure.h"
#include "curb/home.h"
#include "curb/ledger.h"
#include "curb/plugin.h"
#include "curb/request.h"
#include "rows.h"

/* Who reads the credits of the classes of her places; an auditor sees names masked. */
enum { BANK_READERS = CURB_STAFF | CURB_TEACHER | CURB_REVIEWER | CURB_AUDITOR };

struct bank {
	struct curb_host *host;
	const struct credit_api *credit;
	const struct certificate_api *certificate;
	const struct curb_home_api *home;
	const struct curb_doctor_api *doctor;
	const struct curb_erasure_api *erasure;
};

/* What a certificate brought. */
struct deposit {
	struct curb_id id, person, cohort, institution, certificate;
	struct curb_str programme;
	int64_t hours_c;               /* class hours of the certificate, hundredths */
	int64_t credits_t;             /* ten-thousandths of a credit for each class hour */
	struct curb_id rule;           /* that has entered that figure */
	struct curb_str title, number; /* of its document */
};

enum line_kind { LINE_DEPOSIT, LINE_DEPOSIT_RETURN, LINE_TRANSFER, LINE_TRANSFER_RETURN, LINE_KINDS };

struct line {
	struct curb_id id;
	struct deposit deposit; /* that it is of */
	enum line_kind kind;
	int64_t credits_c;                   /* below 0 when it takes credits away */
	struct curb_id corrects;             /* the line that it takes back; "": none */
	struct curb_id transfer;             /* that it is of; "": of none */
	struct curb_id recogniser;           /* the institution of that */
	struct curb_str programme, document; /* what it recognises them for, and its paper */
	int64_t at_ms;
	int64_t entry; /* of the ledger */
};

/* ---- store.c ---- */
int deposit_add(struct bank *b, struct curb_tx *tx, const struct deposit *deposit);
/* Adds the line, and to its account; line->entry is known. */
int line_add(struct bank *b, struct curb_tx *tx, const struct line *line);
/* The line of the deposit of a person's certificate of a class that was not taken back. CURB_ENOTFOUND: none stands. */
int line_standing(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person, struct line *ret_line);
/* Lines in the order of their entries: of a person; of a class, and there of one person or (NULL) of all. Arena of tx. */
int lines_of_person(struct bank *b, struct curb_tx *tx, const struct curb_id *person, struct line **ret_lines,
                    size_t *ret_n);
int lines_of_class(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *person, struct line **ret_lines, size_t *ret_n);
/* What is on the account of a person; 0 when there is none. */
int account_of(struct bank *b, struct curb_tx *tx, const struct curb_id *person, int64_t *ret_credits_c);

/* ---- service.c: the rules ---- */
/* Hundredths of a credit for so many hours, rounded down. */
int64_t deposit_credits_c(int64_t hours_c, int64_t credits_t);
/* In a write function: brings the account to what the person's certificates of the class say now. Without one in force what it had
 * brought is taken back; one in force brings its credits once, by the rule of its place, of its kind of training, on the day it was
 * issued. Nothing where that is so already, or where no rule gives credits. What was recognised of a certificate stays recognised
 * when another one takes its place, at once or later. */
int deposit_settle(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *person, int64_t now_ms);
/* Events: of certificates, of rules, and of its own: how far a walk over all certificates has come. */
extern const struct curb_hook deposit_hooks[];
/* In a write function: begins such a walk. */
int deposit_begin_walk(struct curb_tx *tx, void *bank);

/* ---- check.c ---- */
struct curb_doctor_check bank_doctor_check(struct bank *b); /* the check is state */

/* ---- erase.c ---- */
struct curb_erasure_part bank_erasure_part(struct bank *b);

/* ---- merge.c ---- */
/* For the part: credits of two records that are one person's come onto one account. In a write function. */
int bank_merge(void *bank, struct curb_tx *tx, const struct curb_merging *merging);

/* ---- home.c ---- */
struct curb_home_part bank_home_part(struct bank *b); /* the part is state */

/* ---- statement.c ---- */
/* The name of an institution, also when it is not there any more. */
struct curb_str institution_text(struct curb_req *req, const struct curb_id *institution);
/* Credits from hundredths: "2.5", "minus 2.5". */
struct curb_str credits_text(struct curb_req *req, int64_t credits_c);
/* "columns" and "rows" of the component table: the lines, each with the sum up to it. */
void statement_put(struct curb_req *req, const struct line *lines, size_t n, struct curb_value *model);
/* The same as a file for spreadsheets; `whose` (NULL: no such column) has the name for each line. */
int statement_reply_csv(struct curb_req *req, const struct line *lines, size_t n,
                        const struct curb_str *whose);

/* ---- routes.c, person.c ---- */
/* The class of the parameter "class", when a grant of one of `roles` covers it. CURB_ENOTFOUND. */
int bank_find_class(struct curb_req *req, struct bank *b, uint32_t roles, struct credit_class *ret_class);
/* A trainee's name as whoever asks may see it by her role at an institution. */
struct curb_str bank_name(struct curb_req *req, struct bank *b, const struct curb_id *institution,
                          const struct curb_id *person);
int bank_page_mine(struct curb_req *req, void *state);
int bank_get_mine(struct curb_req *req, void *state);
int bank_page_class(struct curb_req *req, void *state);
int bank_get_class(struct curb_req *req, void *state);
int bank_page_person(struct curb_req *req, void *state);
/* True when the class has credits to show, or a rule would give some. */
int bank_has_credits(struct bank *b, struct curb_tx *tx, const struct credit_class *class, bool *ret_has);

#endif
