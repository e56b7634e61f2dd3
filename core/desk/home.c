/* What the desk has for a person's first page, and its help. */
#include "curb/err.h"
#include "eligible_view.h"
#include "inside.h"

static struct curb_value *section(struct curb_req *req, struct curb_value *sections, const char *title)
{
	struct curb_value *one = curb_object(curb_req_arena(req));
	curb_put_str(one, "title", curb_tr(req, title, NULL));
	curb_put(one, "items", curb_array(curb_req_arena(req)));
	curb_push(sections, one);
	return one;
}

static void item(struct curb_req *req, struct curb_value *section, const char *href, const char *title,
                 const char *text)
{
	struct curb_value *one = curb_object(curb_req_arena(req));
	curb_put_text(one, "href", href);
	curb_put_str(one, "title", curb_tr(req, title, NULL));
	curb_put_str(one, "text", curb_tr(req, text, NULL));
	curb_push(curb_value_get(section, "items"), one);
}

static bool runs_machine(struct curb_req *req)
{
	return curb_may(req, CURB_ADMIN, &(struct curb_id){ "" });
}

static void fill_admin(struct curb_req *req, struct curb_value *sections)
{
	bool machine = runs_machine(req);
	struct curb_value *one = section(
		req, sections, machine ? CURB_TEXT("Running the machine") : CURB_TEXT("People and roles"));
	if (machine)
		item(req, one, "/machine", CURB_TEXT("Running the machine"),
		     CURB_TEXT("Health, jobs, storage, plugins and the log at a glance"));
	item(req, one, "/people", CURB_TEXT("People and roles"),
	     CURB_TEXT("Find somebody, add somebody, give and end roles"));
	item(req, one, "/places", CURB_TEXT("Institutions and regions"),
	     CURB_TEXT("Where roles hold, and what lies where"));
}

static void fill_staff(struct curb_req *req, struct curb_value *sections)
{
	struct curb_value *one = section(req, sections, CURB_TEXT("People of your institution"));
	item(req, one, "/people", CURB_TEXT("People"), CURB_TEXT("Find a trainee, see classes and hours"));
	item(req, one, "/people/new", CURB_TEXT("Add a trainee"), CURB_TEXT("By name and learner number"));
	item(req, one, "/people/many", CURB_TEXT("Add many trainees"), CURB_TEXT("From lines of a table"));
}

static void fill_auditor(struct curb_req *req, struct curb_value *sections)
{
	struct curb_value *one = section(req, sections, CURB_TEXT("What you may read"));
	item(req, one, "/people", CURB_TEXT("People"),
	     CURB_TEXT("Those of your region, with their roles, classes and hours. You change nothing"));
	item(req, one, "/changes", CURB_TEXT("Who changed what"),
	     CURB_TEXT("What administrators and staff of your region did"));
}

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	struct desk *desk = self;
	uint32_t roles = curb_req_user(req)->roles;
	struct curb_value *complaints = curb_array(curb_req_arena(req));
	if (roles & CURB_STAFF)
		fill_staff(req, sections);
	if (roles & CURB_AUDITOR)
		fill_auditor(req, sections);
	int err = roles & ELIGIBLE_DECIDERS ? desk_put_waiting(req, sections) : 0;
	if (err || !(roles & CURB_ADMIN))
		return err;
	fill_admin(req, sections);
	if (!runs_machine(req))
		return 0;
	err = desk_complaints(req, desk, complaints);
	if (err)
		return err;
	struct curb_value *next = curb_object(curb_req_arena(req));
	bool well = curb_value_count(complaints) == 0;
	curb_put_str(next, "label", curb_tr(req, "Look after the machine", NULL));
	curb_put_text(next, "href", "/machine");
	curb_put_str(next, "text",
	             well ? curb_tr(req, "All is well.", NULL) :
	                    curb_value_str(curb_value_at(complaints, 0)));
	*ret_next = next;
	return 0;
}

static const char *const admin_roles[] = { CURB_TEXT("Under People you find everybody by name or learner "
	                                             "number. Open a person to give or end a role."),
	                                   CURB_TEXT("A role holds at a place and in all that lies below it, "
	                                             "from a day and, if you like, to a day."),
	                                   CURB_TEXT("An administrator cannot hold a role that moves hours. "
	                                             "Whoever needs both uses two accounts."),
	                                   NULL };
static const char *const admin_machine[] = {
	CURB_TEXT("Running the machine shows at the top whether something needs a look, and says why."),
	CURB_TEXT("A job that failed says the reason. Once it is mended, press Try it again."),
	CURB_TEXT(
		"Under Backups you make a backup and see those that there are. Learning goes on meanwhile."),
	CURB_TEXT("The key is never shown. Keep a copy of it in a place that backups do not reach."), NULL
};
static const char *const staff_people[] = {
	CURB_TEXT("Add a trainee by name and learner number, or paste many lines at once. All lines are "
	          "added, or "
	          "none."),
	CURB_TEXT("Open a person to hand out a first sign-in code and to see classes and hours."), NULL
};

static const struct curb_home_help help[] = {
	{ CURB_ADMIN, CURB_TEXT("People and roles"), admin_roles },
	{ CURB_ADMIN | CURB_HELP_MACHINE, CURB_TEXT("Running the machine"), admin_machine },
	{ CURB_STAFF, CURB_TEXT("People of your institution"), staff_people },
	{ 0 },
};

struct curb_home_part desk_home_part(struct desk *desk)
{
	return (struct curb_home_part){ .self = desk,
		                        .name = "core/desk",
		                        .roles = CURB_ADMIN | CURB_STAFF | CURB_AUDITOR | CURB_REVIEWER,
		                        .rank = 50,
		                        .fill = fill,
		                        .help = help };
}
