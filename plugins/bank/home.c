/* What stands on a first page of credits, and the help. */
#include "bank.h"
#include "curb/err.h"

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct curb_home_help help[] = {
	{ CURB_STAFF | CURB_TEACHER, CURB_TEXT("Credits"),
	  TEXTS(CURB_TEXT("Where the rules of a place give credits, a certificate brings them by itself when "
	                  "it is "
	                  "issued. The page of the class leads to the credits of its trainees."),
	        CURB_TEXT("Credits of a certificate that is withdrawn are taken back. Both stay as lines of "
	                  "the "
	                  "account.")) },
	{ CURB_LEARNER, CURB_TEXT("Your credits"),
	  TEXTS(CURB_TEXT(
		  "Where the rules of your place give credits for certificates, your first page says how "
		  "many you have, and leads to the statement, line by line.")) },
	{ 0 },
};

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	(void)ret_next;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena),
			  *item = curb_object(arena);
	struct line *lines = NULL;
	size_t n = 0;
	int64_t credits_c = 0;
	int err = lines_of_person(self, curb_req_tx(req), &curb_req_user(req)->id, &lines, &n);
	if (err || n == 0)
		return err;
	err = account_of(self, curb_req_tx(req), &curb_req_user(req)->id, &credits_c);
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

struct curb_home_part bank_home_part(struct bank *b)
{
	return (struct curb_home_part){
		.self = b, .name = "bank", .roles = CURB_LEARNER, .rank = 50, .fill = fill, .help = help
	};
}
