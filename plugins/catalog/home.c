/* What the catalog has for a first page: courses that authors mend, courses that reviewers look at; and its help. */
#include "catalog.h"
#include "curb/err.h"

enum { SHOWN = 6 };

static struct curb_value *section_of(struct curb_req *req, const struct catalog_course *courses, size_t n,
                                     struct curb_str title)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *section = curb_object(arena), *items = curb_array(arena),
			  *more = curb_object(arena);
	for (size_t i = 0; i < n; i++)
		curb_push(items, catalog_card(req, &courses[i]));
	curb_put_str(section, "title", title);
	curb_put(section, "items", items);
	curb_put_text(more, "href", "/drafts");
	curb_put_str(more, "label", curb_tr(req, "All of them", NULL));
	curb_put(section, "more", more);
	return section;
}

static struct curb_value *next_link(struct curb_req *req, const struct catalog_course *course,
                                    const char *label)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *next = curb_object(arena), *values = curb_object(arena);
	curb_put_str(values, "name", course->name);
	curb_put_str(next, "label", curb_tr(req, label, values));
	curb_put_text(next, "href", curb_printf(arena, "/courses/%s", course->id.text));
	return next;
}

struct ask {
	enum catalog_state state;
	bool own;
	const char *empty, *next; /* next: what is done with the first of them */
};

static int fill_one(struct catalog *c, struct curb_req *req, const struct ask *ask,
                    struct curb_value *sections, struct curb_value **next)
{
	const struct catalog_part part = { ask->state, 0, SHOWN };
	struct catalog_course *courses = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = ask->own ? catalog_in_state(c, curb_req_tx(req), &part,
	                                      curb_id_str(&curb_req_user(req)->id), &courses, &n, &total) :
	                     catalog_to_review(c, req, &part, &courses, &n, &total);
	if (err || (n == 0 && !ask->empty))
		return err;
	struct curb_value *section = section_of(req, courses, n, catalog_state_text(req, ask->state));
	if (n == 0)
		curb_put_str(section, "empty", curb_tr(req, ask->empty, NULL));
	else if (!*next)
		*next = next_link(req, &courses[0], ask->next);
	curb_push(sections, section);
	return 0;
}

static int fill(void *self, struct curb_req *req, struct curb_value *sections, struct curb_value **ret_next)
{
	static const struct ask author[] = {
		{ CATALOG_RETURNED, true, NULL, CURB_TEXT("Mend the course {name}") },
		{ CATALOG_DRAFT, true, CURB_TEXT("You have no draft now."),
		  CURB_TEXT("Look at your draft {name}") },
	};
	static const struct ask reviewer = { CATALOG_WAITING, false,
		                             CURB_TEXT("No course waits for you now."),
		                             CURB_TEXT("Look at the course {name}") };
	uint32_t roles = curb_req_user(req)->roles;
	struct curb_value *next = NULL;
	int err = roles & CURB_REVIEWER ? fill_one(self, req, &reviewer, sections, &next) : 0;
	for (size_t i = 0; !err && (roles & CURB_AUTHOR) && i < sizeof author / sizeof *author; i++)
		err = fill_one(self, req, &author[i], sections, &next);
	if (!err)
		*ret_next = next;
	return err;
}

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct curb_home_help help[] = {
	{ CURB_LEARNER, CURB_TEXT("Find a course"),
	  TEXTS(CURB_TEXT("Type a word of the subject into the search; two characters are enough. Then "
	                  "choose a course "
	                  "from the list."),
	        CURB_TEXT("The page of a course says how long it is and what it offers: captions, sign "
	                  "language, a "
	                  "spoken description, a transcript.")) },
	{ CURB_AUTHOR, CURB_TEXT("From package to course"),
	  TEXTS(CURB_TEXT(
			"A course that you hand in is a draft at first. Only you and the reviewers see it."),
	        CURB_TEXT("Open your draft, look at every lesson, then press the button that sends it to a "
	                  "reviewer."),
	        CURB_TEXT("When it comes back, the reason stands on its page. Mend the package and hand it "
	                  "in once "
	                  "more.")) },
	{ CURB_REVIEWER, CURB_TEXT("Approve or send back"),
	  TEXTS(CURB_TEXT("The page Courses to review lists what waits for you. Open a course and go through "
	                  "its "
	                  "lessons as a trainee would."),
	        CURB_TEXT("Approve it, and everybody finds it. Or send it back and say what should be "
	                  "mended; the "
	                  "author reads exactly what you write."),
	        CURB_TEXT("A published course can be retired. Classes that have it keep it.")) },
	{ 0 },
};

struct curb_home_part catalog_home_part(struct catalog *c)
{
	return (struct curb_home_part){ .self = c,
		                        .name = "catalog",
		                        .roles = CURB_AUTHOR | CURB_REVIEWER,
		                        .rank = 20,
		                        .fill = fill,
		                        .help = help };
}
