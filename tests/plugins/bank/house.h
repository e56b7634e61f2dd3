/* An account with its rows and the ledger; what certificates there are and which rule holds, the test says. */
#ifndef TESTS_BANK_HOUSE_H
#define TESTS_BANK_HOUSE_H

#include "helper.h"
#include "ledger.h"
#include "transfer.h"

extern struct curb_host bank_host;

struct house {
	struct fixture f;
	struct note_signer signer;
	struct ledger *ledger;
	struct bank b;
	struct credit_api credit;
	struct certificate_api certificate;
	struct certificate_held held; /* the one in force; hours_c 0: there is none */
	struct credit_rule rule;      /* value POLICY_LESS: nobody has entered one */
	struct curb_id cohort, person;
	int64_t now_ms;
};
enum { POLICY_LESS = -1 };

int open_house(void **state);
int close_house(void **state);
/* Settles the class; what the account has then, in hundredths. */
int64_t settle(struct house *house);
int64_t lines(struct house *house);
/* From now on this certificate is in force; hours_c 0: none is. */
void hold(struct house *house, const char *id, int64_t hours_c);
/* How many things the doctor finds. */
int findings(struct house *house);

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

#endif
