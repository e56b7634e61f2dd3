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
	struct curb_value *section = curb_object(arena), *items = curb_array(arena),
			  *item = curb_object(arena);
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
	curb_put_str(section, "title", curb_tr(req, "My credits", NULL));
	curb_put(section, "items", items);
	curb_push(sections, section);
	return 0;
}

static int fill_waiting(struct bank *b, struct curb_req *req, struct curb_value *sections)
{
	struct curb_value *section = curb_object(curb_req_arena(req)),
			  *items = curb_array(curb_req_arena(req)), *more = curb_object(curb_req_arena(req));
	int err = transfer_cards(req, b, CARDS_MOST, items);
	if (err || curb_value_count(items) == 0)
		return err;
	curb_put_str(section, "title", curb_tr(req, "Credits of others to countersign", NULL));
	curb_put(section, "items", items);
	curb_put_text(more, "href", "/credits/waiting");
	curb_put_str(more, "label", curb_tr(req, "All credits to countersign", NULL));
	curb_put(section, "more", more);
	curb_push(sections, section);
	return 0;
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
