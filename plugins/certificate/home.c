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

static int push_waiting(struct curb_req *req, struct certificate *c, const struct waiting *waiting,
                        struct curb_value *items)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *facts = curb_array(arena),
			  *values = curb_object(arena);
	struct credit_class class;
	int err = c->credit->class_by_id(c->credit, curb_req_tx(req), curb_id_str(&waiting->cohort), &class);
	if (err)
		return err;
	curb_put_int(values, "number", waiting->results);
	curb_put_str(item, "title",
	             tr_one(req, CURB_TEXT("Final assessment: {programme}"), "programme", class.programme));
	curb_put_text(item, "href", curb_printf(arena, "/assessments/%s", class.id.text));
	curb_push(facts, curb_string(arena, curb_tr(req, "Results that wait: {number}", values)));
	curb_put(item, "facts", facts);
	curb_push(items, item);
	return 0;
}

static int push_institution(struct curb_req *req, struct certificate *c, const struct curb_id *institution,
                            struct curb_value *items)
{
	struct waiting *waiting = NULL;
	size_t n = 0;
	int err = sittings_waiting(c, curb_req_tx(req), institution, &curb_req_user(req)->id, &waiting, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = push_waiting(req, c, &waiting[i], items);
	return err;
}

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
	struct curb_value *items = curb_array(curb_req_arena(req));
	const struct curb_id *institutions = NULL;
	size_t n = 0;
	int err = curb_req_institutions(req, CERTIFICATE_SIGNERS, &institutions, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = push_institution(req, c, &institutions[i], items);
	if (!err)
		push_section(req, sections, CURB_TEXT("Results of final assessments to countersign"), items,
		             NULL, NULL);
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
