/* What stands on a first page of certificates': results that wait for a countersignature; and the help. */
#include "certificate.h"
#include "curb/err.h"

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct curb_home_help help[] = {
	{ CURB_STAFF | CURB_TEACHER, CURB_TEXT("Final assessment and certificates"),
	  TEXTS(CURB_TEXT("The page of a class leads to its final assessment. Enter there for each trainee "
	                  "theory, practice, the examiner, and what adjustments were given."),
	        CURB_TEXT("A result counts once another person has countersigned it. A correction is a new "
	                  "entry; the old one is kept."),
	        CURB_TEXT("The page Certificates of a class says for each trainee what is still missing. Who "
	                  "has all of it gets a certificate there.")) },
	{ CURB_REVIEWER | CURB_AUDITOR, CURB_TEXT("Payments"),
	  TEXTS(CURB_TEXT(
			"The page Payments makes the list by which subsidies are paid, of an institution and "
			"days, or of a class. Each line leads to the entries of the ledger that it rests "
			"on."),
	        CURB_TEXT(
			"When the entries and what the server goes by differ, there is no list, and the page "
			"says where.")) },
	{ CURB_LEARNER, CURB_TEXT("Your certificate"),
	  TEXTS(CURB_TEXT("When all class hours are counted and the final assessment is passed, the "
	                  "institution issues your certificate. It stands on your first page."),
	        CURB_TEXT("Print it, show it, or read its code aloud. Whoever wants to know whether it is "
	                  "valid types the code on the page Check a certificate.")) },
	{ 0 },
};

static int fill_mine(struct certificate *c, struct curb_req *req, struct curb_value *sections)
{
	struct curb_value *items = curb_array(curb_req_arena(req));
	int err = certificate_cards(req, c, items);
	if (!err)
		push_section(req, sections, CURB_TEXT("My certificates"), items, NULL, NULL);
	return err;
}

static int fill_waiting(struct certificate *c, struct curb_req *req, struct curb_value *sections)
{
	enum { CARDS_MOST = 6 };
	struct curb_value *items = curb_array(curb_req_arena(req));
	int64_t total = 0;
	int err = assess_waiting_cards(req, c, 0, CARDS_MOST, items, &total);
	if (!err)
		push_section(req, sections, CURB_TEXT("Results of final assessments to countersign"), items,
		             "/assessments", CURB_TEXT("All results to countersign"));
	return err;
}

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	(void)ret_next;
	uint32_t roles = curb_req_user(req)->roles;
	int err = roles & CURB_LEARNER ? fill_mine(self, req, sections) : 0;
	return err || !(roles & CERTIFICATE_SIGNERS) ? err : fill_waiting(self, req, sections);
}

struct curb_home_part certificate_home_part(struct certificate *c)
{
	return (struct curb_home_part){ .self = c,
		                        .name = "certificate",
		                        .roles = CERTIFICATE_SIGNERS | CURB_LEARNER,
		                        .rank = 40,
		                        .fill = fill,
		                        .help = help };
}
