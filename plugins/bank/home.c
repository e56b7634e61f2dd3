/* What stands on a first page of credits, and the help. */
#include "curb/err.h"
#include "transfer.h"

enum { CARDS_MOST = 6 };

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct curb_home_help help[] = {
	{ CURB_STAFF | CURB_TEACHER, CURB_TEXT("Credits"),
	  TEXTS(CURB_TEXT("Where the rules of a place give credits, a certificate brings them by itself when "
	                  "it is "
	                  "issued. The page of the class leads to the credits of its trainees."),
	        CURB_TEXT("When an institution recognises credits for a programme of its own, ask for it on "
	                  "the page "
	                  "of the trainee's credits. Somebody of that institution countersigns on the first "
	                  "page; "
	                  "then the credits leave the account."),
	        CURB_TEXT("Credits of a certificate that is withdrawn are taken back. Both stay as lines of "
	                  "the "
	                  "account.")) },
	{ CURB_LEARNER, CURB_TEXT("Your credits"),
	  TEXTS(CURB_TEXT(
		  "Where the rules of your place give credits for certificates, your first page says how "
		  "many you have, and leads to the statement, line by line.")) },
	{ 0 },
};

static int fill_mine(struct bank *b, struct curb_req *req, struct curb_value *sections)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *items = curb_array(arena), *item = curb_object(arena);
	struct line *lines = NULL;
	size_t n = 0;
	int64_t credits_c = 0;
	int err = lines_of_person(b, curb_req_tx(req), &curb_req_user(req)->id, &lines, &n);
	if (err || n == 0)
		return err;
	err = account_of(b, curb_req_tx(req), &curb_req_user(req)->id, &credits_c);
	if (err)
		return err;
	curb_put_str(item, "title",
	             tr_one(req, CURB_TEXT("{credits} credits"), "credits", credits_text(req, credits_c)));
	curb_put_text(item, "href", "/credits");
	curb_push(items, item);
	push_section(req, sections, CURB_TEXT("My credits"), items, NULL, NULL);
	return 0;
}

static int fill_waiting(struct bank *b, struct curb_req *req, struct curb_value *sections)
{
	struct curb_value *items = curb_array(curb_req_arena(req));
	int err = transfer_cards(req, b, CARDS_MOST, items);
	if (!err)
		push_section(req, sections, CURB_TEXT("Credits of others to countersign"), items,
		             "/credits/waiting", CURB_TEXT("All credits to countersign"));
	return err;
}

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	(void)ret_next;
	uint32_t roles = curb_req_user(req)->roles;
	int err = roles & CURB_LEARNER ? fill_mine(self, req, sections) : 0;
	return err || !(roles & TRANSFER_SIGNERS) ? err : fill_waiting(self, req, sections);
}

struct curb_home_part bank_home_part(struct bank *b)
{
	return (struct curb_home_part){ .self = b,
		                        .name = "bank",
		                        .roles = CURB_LEARNER | TRANSFER_SIGNERS,
		                        .rank = 50,
		                        .fill = fill,
		                        .help = help };
}
