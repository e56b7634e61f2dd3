/* A class of ten hours, six of them offline, with a trainee and two of the staff; what the service of hours says is the test's.
 * The rule: each test opens its own (open_house) and closes it.
 */
#ifndef TESTS_CERTIFICATE_HOUSE_H
#define TESTS_CERTIFICATE_HOUSE_H

#include "certificate.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "helper.h"
#include "ledger.h"

struct house {
	struct fixture f;
	struct note_signer signer;
	struct ledger *ledger;
	struct certificate c;
	struct credit_api credit;
	struct credit_earned earned; /* what the service of hours says of everybody */
	struct curb_id staff, colleague, trainee;
	int64_t now_ms;
};

struct doing {
	struct house *house;
	struct issuing issuing;
	struct withdrawing withdrawing;
	struct sitting sitting;
	struct issued issued;
	struct curb_id made;
};

extern struct curb_host certificate_host;
extern char told[512]; /* what others were told, one event behind the other */

int open_house(void **state);
int close_house(void **state);
struct credit_class class_of_ten(void);
/* To the trainee; `ret` may be NULL. */
int issue_as(struct house *house, uint32_t roles, struct issued *ret);
int issue(struct house *house, struct issued *ret);
/* A result of hers that a colleague countersigns. */
void assess(struct house *house, enum outcome theory, enum outcome practice);
int do_withdraw(struct curb_tx *tx, void *arg);
int do_sign(struct curb_tx *tx, void *arg);
/* fn: do_withdraw or do_sign, of what was asked for last. */
int withdraw(struct house *house, const struct issued *issued, curb_write_fn fn, const struct curb_id *by,
             bool renew, struct curb_id *ret_made);
int64_t count(struct house *house, const char *sql);

#endif
