/* Credit's rows and a ledger in a folder of their own.
 * The rule: each test opens its own (house_setup) and closes it.
 */
#ifndef CURB_TESTS_CREDIT_HOUSE_H
#define CURB_TESTS_CREDIT_HOUSE_H

#include "credit.h"
#include "helper.h"
#include "ledger.h"

extern struct curb_host credit_host;

struct house {
	struct fixture f;
	struct note_signer signer;
	struct ledger *ledger;
	struct credit credit;
};

int house_setup(void **state);
int house_teardown(void **state);

#endif
